"""How a learner brings pictures: a zip archive with a folder for each class, or a new set, class by class.

What was brought is kept at once and chosen. An archive is read to its end although the page is loaded anew;
then its pictures are among the learner's. It does not know how an archive is read.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import streamlit as st

from cnnlab.arithmetic.units import grouped
from cnnlab.errors import CnnLabError
from cnnlab.inspection.uploads import clean_name
from cnnlab.inspection.work import Desk, Progress, Work
from cnnlab.training import own_data
from cnnlab.training.archives import MAX_ARCHIVE_BYTES, MAX_CLASSES, MAX_PICTURES, read_archive
from cnnlab.ui.inspection.why_words import remark
from cnnlab.ui.inspection.working import Hands, with_progress
from cnnlab.ui.problems import apologise
from cnnlab.ui.training.choice import choose
from cnnlab.ui.training.learner import learner

PROBLEM = "data.problem"
ARRIVED = "data.arrived."


@dataclass(frozen=True, slots=True)
class Brought:
    """An archive that is being read: what the work is called, the file's name, and the work."""

    key: tuple[str, str, str]
    name: str
    work: Work


_brought: dict[str, Brought] = {}  # by learner: a page that is loaded anew has lost its file


@cache
def _desk() -> Desk:
    """Return the queue of archives: reading them needs no PyTorch, and one at a time bounds the memory."""
    return Desk(hands=1, places=20)


def bring(key: str) -> None:
    """Offer both ways, and go on with an archive that is being read."""
    with st.expander("Bring your own pictures", icon=":material/add_photo_alternate:", key=f"{key}.open"):
        left, right = st.columns(2, gap="large")
        with left:
            _archive(key)
        with right:
            _class_by_class(key)
    one = _brought.get(learner())
    if one and st.session_state.get(f"{key}.zip") is None and _desk().going(one.key):
        remark(f"“{clean_name(one.name)}” is still being read.")
        _read(one)
    if problem := st.session_state.pop(PROBLEM, None):
        apologise(problem)


def _archive(key: str) -> None:
    st.markdown("**A zip archive** with a folder for each class, named like the class.")
    file = st.file_uploader(
        "Your zip archive",
        key=f"{key}.zip",
        max_upload_size=MAX_ARCHIVE_BYTES // 1_000_000,
        help=f"At most {MAX_ARCHIVE_BYTES // 1_000_000} MB, {grouped(MAX_PICTURES)} pictures and "
        f"{MAX_CLASSES} classes. Pictures are made small and kept on this server until you delete them; the "
        "archive is not kept.",
    )
    if file is not None:
        _read(_of_file(learner(), file))


def _read(one: Brought) -> None:
    """Read an archive, or show how far that is."""
    arrived = f"{ARRIVED}{one.key[-1]}"
    if arrived in st.session_state:
        remark("This archive was read; its pictures are among yours.")
        return
    made = with_progress(one.key, one.work, lambda: st.session_state.get(arrived), Hands(_desk))
    if made:
        st.session_state[arrived] = made
        choose(data=made)
        remark("The archive was read; its pictures are kept and chosen.")
    elif _desk().going(one.key):
        _brought[one.key[1]] = one
        for owner, other in list(_brought.items()):
            if not _desk().going(other.key):  # given up before anybody began with it
                _brought.pop(owner, None)


def _of_file(owner: str, file: Any) -> Brought:
    key, data, name = ("archive", owner, file.file_id), file.getvalue(), file.name

    def work(progress: Progress) -> str:
        try:
            found = read_archive(data, name, progress)
            return own_data.keep(owner, name, found.pictures, found.notes).name
        finally:
            _brought.pop(owner, None)

    return Brought(key, name, work)


def _class_by_class(key: str) -> None:
    st.markdown("**Class by class**: name a class, add pictures to it from files or from the camera.")
    st.button("Begin a set", key=f"{key}.begin", icon=":material/add:", on_click=_begin)
    remark(
        "Your pictures stay on this server until you delete them. Whoever has the link can learn from them."
    )


def _begin() -> None:
    """Begin a set, or go on with one that has no classes yet."""
    try:
        empty = next((one for one in own_data.sets(learner()) if not one.classes), None)
        choose(data=(empty or own_data.begin(learner(), "My pictures")).name)
    except CnnLabError as problem:
        st.session_state[PROBLEM] = problem

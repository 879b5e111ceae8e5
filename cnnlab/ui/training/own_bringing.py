"""How a learner brings pictures: a zip archive with a folder for each class, or a new set, class by class.

What was brought is kept at once and chosen. It does not know how an archive is read.
"""

from functools import cache

import streamlit as st

from cnnlab.arithmetic.units import grouped
from cnnlab.errors import CnnLabError
from cnnlab.inspection.work import Desk, Progress
from cnnlab.training import own_data
from cnnlab.training.archives import MAX_ARCHIVE_BYTES, MAX_CLASSES, MAX_PICTURES, read_archive
from cnnlab.ui.inspection.why_words import remark
from cnnlab.ui.inspection.working import Hands, with_progress
from cnnlab.ui.problems import apologise
from cnnlab.ui.training.choice import choose
from cnnlab.ui.training.learner import learner

PROBLEM = "data.problem"
ARRIVED = "data.arrived."


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
    if file is None:
        return
    arrived, owner, data, name = f"{ARRIVED}{file.file_id}", learner(), file.getvalue(), file.name
    if arrived in st.session_state:
        remark("This archive was read; its pictures are among yours.")
        return

    def work(progress: Progress) -> str:
        found = read_archive(data, name, progress)
        return own_data.keep(owner, name, found.pictures, found.notes).name

    made = with_progress(
        ("archive", owner, file.file_id), work, lambda: st.session_state.get(arrived), Hands(_desk)
    )
    if made:
        st.session_state[arrived] = made
        choose(data=made)
        remark("The archive was read; its pictures are kept and chosen.")


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

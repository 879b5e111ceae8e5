"""A learner's own set, changed class by class: names, pictures from files and the camera, taken out again.

Everything is kept at once, so nothing is lost by leaving. It does not know how pictures are kept.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import streamlit as st

from cnnlab.errors import CnnLabError
from cnnlab.inspection.uploads import MAX_BYTES, read_upload
from cnnlab.training import own_data
from cnnlab.training.archives import square
from cnnlab.training.data_sets import DATA_SETS
from cnnlab.training.own_sets import NoOwnSet, OwnSet, isolated
from cnnlab.training.previews import small
from cnnlab.ui.assets import browser_component
from cnnlab.ui.inspection.why_words import remark
from cnnlab.ui.problems import apologise
from cnnlab.ui.training.choice import choose
from cnnlab.ui.training.learner import learner

camera = browser_component("cnnlab.data_camera", "data-camera.js", "data.css")
pictures = browser_component("cnnlab.data_pictures", "data-pictures.js", "data.css")
PROBLEMS = "data.problems"
ROUND = "data.round"  # a new one empties the field that files came from
SHOWN = 60
MOST_SHOTS = 60
JPEG = "data:image/jpeg;base64,"


def editor(key: str, one: OwnSet) -> None:
    """Offer to change a set; only a remark where it is somebody else's."""
    for problem in st.session_state.pop(PROBLEMS, []):
        apologise(problem)
    if not own_data.is_of(one, learner()):
        remark("Somebody else made this set: you can learn from it, but not change it.")
        return
    key = f"{key}.{one.name}"  # what a browser still sends of another set's fields must not change this one
    with st.expander(
        "Change this set", icon=":material/edit:", expanded=bool(one.missing), key=f"{key}.open"
    ):
        _names(key, one)
        if one.classes:
            _one_class(key, one)
        _delete(key, one)


def _names(key: str, one: OwnSet) -> None:
    left, right = st.columns(2, gap="large", vertical_alignment="bottom")
    title, new = f"{key}.title", f"{key}.new"
    st.session_state[title] = one.title
    left.text_input(
        "What the set is called",
        key=title,
        max_chars=60,
        on_change=lambda: _do(own_data.rename, one.name, st.session_state[title]),
    )
    with (
        right.form(f"{key}.adding", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        st.text_input("Name of a new class", key=new, max_chars=40, placeholder="such as: cup")
        st.form_submit_button("Add class", on_click=lambda: _add_class(key, one, str(st.session_state[new])))


def _add_class(key: str, one: OwnSet, title: str) -> None:
    """Add a class, and empty its field: a form would do so at once; a second press would bring no text."""
    if changed := _do(own_data.add_class, one.name, title):
        st.session_state.update({f"{key}.class": len(changed.classes) - 1, f"{key}.new": ""})


def _one_class(key: str, one: OwnSet) -> None:
    """Draw the class that is worked on."""
    field = f"{key}.class"
    last = len(one.classes) - 1
    st.session_state[field] = min(st.session_state.get(field) or 0, last)
    number = st.radio(
        "Class to work on",
        range(len(one.classes)),
        format_func=lambda place: f"{isolated(one.classes[place].name)} ({one.classes[place].count})",
        key=field,
        horizontal=True,
    )
    _bring(key, one, number)
    _pictures(key, one, number)
    name, drop = (f"{key}.{what}-{number}-of-{len(one.classes)}" for what in ("class-name", "drop"))
    st.session_state[name] = one.classes[number].name
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "What the class is called",
            key=name,
            max_chars=40,
            on_change=lambda: _change_class(one, number, own_data.rename_class, st.session_state[name]),
        )
        st.button(
            f"Take out the class “{one.classes[number].name}”",
            key=drop,
            on_click=lambda: _change_class(one, number, own_data.drop_class),
        )


def _change_class(one: OwnSet, number: int, change: Callable[..., Any], *arguments: Any) -> None:
    """Change a class, unless another has its place by now: a second press means the same one."""
    with suppress(NoOwnSet):
        if own_data.own_set(one.name).classes[number : number + 1] == one.classes[number : number + 1]:
            _do(change, one.name, number, *arguments)


def _bring(key: str, one: OwnSet, number: int) -> None:
    title, turn = one.classes[number].name, st.session_state.get(ROUND, 0)
    files, shots = f"{key}.files-{turn}", f"{key}.camera"
    left, right = st.columns(2, gap="large")
    with left:
        st.file_uploader(
            f"Add pictures to “{title}”",
            key=files,
            accept_multiple_files=True,
            max_upload_size=MAX_BYTES // 1_000_000,
            help="Each up to 20 MB. Each is cut to the square in its middle.",
            on_change=lambda: _add_files(one, number, st.session_state[files]),
        )
    with right:
        camera(
            key=shots,
            data={"name": title},
            on_shots_change=lambda: _add_shots(one, number, st.session_state[shots].get("shots")),
        )


def _add_files(one: OwnSet, number: int, files: list[Any]) -> None:
    _add(one, number, [(file.name, file.getvalue()) for file in files])
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1


def _add_shots(one: OwnSet, number: int, shots: Any) -> None:
    """Add photographs that the browser sent as addresses that hold their bytes."""
    sent = [str(shot).removeprefix(JPEG) for shot in (shots or [])[:MOST_SHOTS]]
    try:
        photographs = [("photograph", b64decode(shot, validate=True)) for shot in sent]
    except ValueError:
        photographs = [("photograph", b"")]  # told like any other broken picture
    _add(one, number, photographs)


def _add(one: OwnSet, number: int, given: list[tuple[str, bytes]]) -> None:
    """Add what can be read, and tell of the rest."""
    added, problems = [], []
    for name, data in given:
        try:
            added.append(square(read_upload(data, name, 4 * one.side), one.side))
        except CnnLabError as problem:
            problems.append(problem)
    if added:
        _do(own_data.add_pictures, one.name, number, added)
    st.session_state[PROBLEMS] = [*st.session_state.get(PROBLEMS, []), *problems[:5]]


def _pictures(key: str, one: OwnSet, number: int) -> None:
    kept = own_data.pictures_of(one, number)
    shown = [{"row": row, "src": _address(kept[row])} for row in range(min(SHOWN, len(kept)))]
    field = f"{key}.pictures"

    def taken() -> None:
        row, version, *_ = str(st.session_state[field].get("taken") or "").split() or ["", ""]
        if version == one.classes[number].file.partition(".")[0] and row.isdecimal():
            _do(own_data.take_out, one.name, number, int(row))

    pictures(
        key=field,
        data={
            "name": one.classes[number].name,
            "pictures": shown,
            "more": len(kept) - len(shown),
            "version": one.classes[number].file.partition(".")[0],
        },
        on_taken_change=taken,
    )


def _address(pixels: Any) -> str:
    return f"data:image/webp;base64,{b64encode(small(pixels)).decode()}"


def _delete(key: str, one: OwnSet) -> None:
    with st.popover("Delete this set", key=f"{key}.deleting"):
        st.markdown(f"Delete “{one.title}” with its {one.pictures:,} pictures? This cannot be undone.")
        st.button("Delete it", key=f"{key}.delete", on_click=lambda: _deleted(one.name))


def _deleted(name: str) -> None:
    with suppress(NoOwnSet):  # pressed twice
        own_data.delete(learner(), name)
    choose(data=next(iter(DATA_SETS)))


def _do(change: Callable[..., Any], name: str, *arguments: Any) -> Any:
    """Change a set; what goes wrong is told at the next drawing."""
    try:
        return change(learner(), name, *arguments)
    except CnnLabError as problem:
        st.session_state[PROBLEMS] = [*st.session_state.get(PROBLEMS, []), problem]
        return None

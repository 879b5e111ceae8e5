"""The part of a page in which a learner picks a picture, or brings one: by file, by camera, by hand.

It puts what is brought into the session's gallery and tells the place which picture is looked at.
"""

from base64 import b64encode
from contextlib import suppress
from typing import Any

import numpy as np
import streamlit as st
from PIL import Image

from cnnlab.errors import CnnLabError
from cnnlab.inspection.pictures import NETWORK_SIDE_PX, Picture
from cnnlab.inspection.samples import SAMPLES
from cnnlab.ui.addresses import address
from cnnlab.ui.assets import browser_component
from cnnlab.ui.caching import cached_read_upload
from cnnlab.ui.inspection.gallery import add, drawn, gallery
from cnnlab.ui.inspection.place import go_to
from cnnlab.ui.labs.uploading import uploaded_picture
from cnnlab.ui.problems import apologise

component = browser_component("cnnlab.inside-pictures", "inside-pictures.js", "values.css", "inside.css")
KINDS = {"digit": "Digits", "shape": "Shapes"}
THUMBNAIL_PX = 72
PHOTOGRAPH = "Photograph"
HINT = "Up to 20 MB. The server keeps it in its memory for a while, never on disk."


def pick_picture(key: str, name: str, picture: Picture) -> None:
    """Show which picture is looked at, and a button that opens a choice of others."""
    with st.container(horizontal=True, vertical_alignment="center"):
        title, words = title_of(name, picture), described(name, picture)
        st.image(_small_png(picture), width=THUMBNAIL_PX, alt=title)
        with st.container(gap="small"):
            st.markdown(f":small[Picture: **{title}**. {words}]")
            with st.popover("Choose the picture", key=f"{key}.choose", width="content"):
                _bring(key)
                _thumbnails(key, name)


def title_of(name: str, picture: Picture) -> str:
    """Return what a picture is called."""
    return SAMPLES[name].title if name in SAMPLES else picture.name


def described(name: str, picture: Picture) -> str:
    """Return what a bundled picture shows and whose it is, or what was changed in one that was brought."""
    if name in SAMPLES:
        sample = SAMPLES[name]
        return f"{sample.alt} From: {sample.source}. Licence: {sample.licence}."
    return " ".join(picture.notes)


def _thumbnails(key: str, name: str) -> None:
    groups: dict[str, list[dict[str, Any]]] = {}
    for own, picture in gallery().items():
        groups.setdefault("Yours", []).append(
            {"name": own, "title": picture.name, "src": _thumbnail(picture)}
        )
    for sample in SAMPLES.values():
        group = KINDS.get(sample.name.partition("-")[0], "Photographs")
        source = address(f"pictures/{sample.name}.png")
        groups.setdefault(group, []).append({"name": sample.name, "title": sample.title, "src": source})
    order = sorted(groups, key=["Yours", "Photographs", "Shapes", "Digits"].index)
    component(
        key=f"{key}.pictures",
        data={"groups": [{"title": one, "pictures": groups[one]} for one in order], "chosen": name},
        on_choice_change=lambda: _chosen(key),
        on_drawing_change=lambda: _drawn(key),
    )


def _chosen(key: str) -> None:
    name = str(st.session_state[f"{key}.pictures"].get("choice") or "")
    if name in SAMPLES or name in gallery():
        go_to(picture=name)


def _drawn(key: str) -> None:
    try:
        go_to(picture=add(drawn(str(st.session_state[f"{key}.pictures"].get("drawing") or ""))))
    except CnnLabError as problem:
        apologise(problem)


def _thumbnail(picture: Picture) -> str:
    return f"data:image/png;base64,{b64encode(_small_png(picture)).decode()}"


def _small_png(picture: Picture) -> bytes:
    image = Image.fromarray(picture.pixels)
    image.thumbnail((2 * THUMBNAIL_PX, 2 * THUMBNAIL_PX))  # twice as fine, for fine screens
    return Picture(np.asarray(image), picture.name).png()


def take_brought(key: str) -> None:
    """Look at a picture that came by file or camera since the page ran last; call it before one is chosen.

    Each is taken once: later choices of another one stand. Why one cannot be read is said at its field.
    """
    for field, name in ((f"{key}.upload", ""), (f"{key}.camera", PHOTOGRAPH)):
        file = st.session_state.get(field)
        if file is None or not hasattr(file, "getvalue"):  # or one that was taken away again
            st.session_state.pop(f"{field}.taken", None)
        elif st.session_state.get(f"{field}.taken") != file.file_id:
            st.session_state[f"{field}.taken"] = file.file_id
            with suppress(CnnLabError):
                picture = cached_read_upload(file.getvalue(), name or file.name, NETWORK_SIDE_PX)
                go_to(picture=add(picture))


def _bring(key: str) -> None:
    """Offer the field for a file and the camera; `take_brought` takes what comes."""
    uploaded_picture(key, HINT, NETWORK_SIDE_PX)
    if st.toggle("Use the camera", key=f"{key}.camera-on"):
        _photograph(key)


def _photograph(key: str) -> None:
    file = st.camera_input("A photograph", key=f"{key}.camera", help="It stays on this server, in memory.")
    if file is None:
        return
    try:
        cached_read_upload(file.getvalue(), PHOTOGRAPH, NETWORK_SIDE_PX)
    except CnnLabError as problem:
        apologise(problem)

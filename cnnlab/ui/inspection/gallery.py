"""The learner's own pictures of this session: uploads, photographs of the camera, drawings.

The session holds the last few itself, so that they stay however many pictures others bring. It does not know
how a picture is chosen.
"""

import re

import numpy as np
import streamlit as st

from cnnlab.errors import CnnLabError
from cnnlab.inspection.pictures import Picture
from cnnlab.inspection.samples import SAMPLES, sample_picture
from cnnlab.ui.architectures.flowing import shared

KEPT = "remembered.gallery"
MOST = 8
SKETCH_SIDE = 28
GREYS = (0, 85, 170, 255)


class NoDrawing(CnnLabError):
    """What came from the drawing area is no drawing."""


def gallery() -> dict[str, Picture]:
    """Return the learner's own pictures by name, the newest first."""
    return dict(st.session_state.get(KEPT, {}))


def add(picture: Picture) -> str:
    """Put a picture into the gallery and return its name; the oldest goes where there are too many."""
    name = shared().pictures.keep(picture)
    others = {old: one for old, one in gallery().items() if old != name}
    st.session_state[KEPT] = dict(list({name: picture, **others}.items())[:MOST])
    return name


def picture_named(name: str) -> Picture:
    """Return a picture of the gallery, a bundled one, or one that somebody else sent the address of.

    Raises `ForgottenPicture` or `MissingPicture` where there is none.
    """
    own = gallery().get(name)
    if own is not None:
        shared().pictures.keep(own)  # others may have brought many since
        return own
    return sample_picture(name) if name in SAMPLES else shared().pictures.get(name)


def drawn(cells: str) -> Picture:
    """Return what was drawn: 28 × 28 cells, row by row, a digit from 0 (black) to 3 (white) each.

    Raises `NoDrawing`.
    """
    if not re.fullmatch(rf"[0-3]{{{SKETCH_SIDE**2}}}", cells):
        raise NoDrawing(
            f"A drawing has {SKETCH_SIDE} × {SKETCH_SIDE} cells of four greys; something else came. "
            "Draw again."
        )
    grey = np.array([GREYS[int(level)] for level in cells], np.uint8).reshape(SKETCH_SIDE, SKETCH_SIDE)
    return Picture(np.repeat(grey[..., None], 3, axis=2), "Drawing")

"""The field in which a learner gives a lab a picture of theirs.

It does not know what a lab does with it.
"""

import streamlit as st

from cnnlab.errors import CnnLabError
from cnnlab.inspection.pictures import LONGEST_SIDE_PX, Picture
from cnnlab.inspection.uploads import MAX_BYTES
from cnnlab.language import translate
from cnnlab.ui.caching import cached_read_upload
from cnnlab.ui.problems import apologise


def uploaded_picture(key: str, remark: str, most: int = LONGEST_SIDE_PX) -> Picture | None:
    """Offer an upload field and return its picture, None as long as there is none; say so where it is broken.

    `remark` says how large it may be and how long it is kept; `most` pixels are its longest side then.
    """
    file = st.file_uploader(
        translate("Your picture"), key=f"{key}.upload", max_upload_size=MAX_BYTES // 1_000_000, help=remark
    )
    if file is None:
        return None
    try:
        return cached_read_upload(file.getvalue(), file.name, most)
    except CnnLabError as problem:
        apologise(problem)
        return None

"""How small print is written on the page Why?: smaller, and as dark as all text.

Streamlit's own captions are too pale for small letters (WCAG 2.2, 1.4.3).
"""

from typing import Any

import streamlit as st


def remark(text: str, place: Any = st) -> None:
    """Write a remark in small letters, here or in a column; it may hold Markdown, but no brackets."""
    place.markdown(f":small[{text}]")

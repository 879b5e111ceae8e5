"""What the menu has beyond Streamlit's: how far one is in each lesson, whole titles, roles of its lists.

`menu.css` and `browser/menu.js` add the latter two. It does not know which pages there are.
"""

import sys
from urllib.parse import urlsplit

import streamlit as st
from streamlit.components import v2

from cnnlab.ui.assets import FOLDER

COUNTS = "cnnlab.ui.lessons.overview"
component = v2.component(
    "cnnlab.menu",
    html="<span></span>",
    css=(FOLDER.parent / "menu.css").read_text(encoding="utf-8"),
    js=(FOLDER / "menu.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def with_progress(title: str, url_path: str) -> str:
    """Return a lesson's title with how far the learner is in it.

    What counts this takes half a second to load, once a process; it is loaded for pages that need it anyway.
    Until one has been opened, the menu on a lab's page has the titles alone.
    """
    if COUNTS not in sys.modules and not _needs_counts():
        return title
    from cnnlab.ui.lessons.overview import menu_title

    return menu_title(title, url_path)


def _needs_counts() -> bool:
    page = urlsplit(st.context.url or "").path.rpartition("/")[2]
    return not page or page.startswith("lesson-")


def repair_menu() -> None:
    """Draw nothing; from then on the menu is right, whatever Streamlit changes in it."""
    component(key="menu")

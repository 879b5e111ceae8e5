"""The frame of every page: its title, its purpose, and where its errors appear.

It does not know what a page shows between them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from cnnlab.errors import CnnLabError
from cnnlab.language import ENGLISH, language, translate_marked
from cnnlab.ui.languages import say_that_labs_are_in_english, written_in
from cnnlab.ui.pages import PageEntry, page_entry
from cnnlab.ui.problems import apologise


@contextmanager
def open_page(url_path: str) -> Iterator[PageEntry]:
    """Draw the title of the page at `url_path`; an expected problem inside becomes a sentence in place."""
    entry = page_entry(url_path)
    st.title(translate_marked(entry.heading or entry.title), anchor=False)
    st.markdown(translate_marked(entry.purpose))
    with _body(entry):
        try:
            yield entry
        except CnnLabError as problem:
            apologise(problem)
            st.stop()


@contextmanager
def _body(entry: PageEntry) -> Iterator[None]:
    """Draw what stands below the title; to readers of another language, a lab is one in English."""
    if language() == ENGLISH or entry.group == "Class":
        yield
        return
    say_that_labs_are_in_english()
    with written_in(ENGLISH, f"page-{entry.url_path or 'home'}"):
        yield

"""Texts that learners wrote, in Markdown that shows them letter by letter; tables of such texts."""

import re
from collections.abc import Sequence

import streamlit as st

_SIGNS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&])")


def plain(text: str) -> str:
    """Return a text as Markdown that shows it as it is: no link, picture or formula comes of it."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split())).replace("/", "\\/")


def table(head: Sequence[str], lines: Sequence[Sequence[str]], alt: str) -> None:
    """Draw a table of cells that are Markdown; where it is too wide, it is moved in its own frame.

    A number and its percent sign stay on one line.
    """
    cells = [[cell.replace(" %", "\N{NO-BREAK SPACE}%") for cell in line] for line in lines]
    rows = [dict(zip(head, line, strict=True)) for line in cells]
    st.table(rows, hide_header=False, hide_index=True, border="horizontal", width="content", alt=alt)

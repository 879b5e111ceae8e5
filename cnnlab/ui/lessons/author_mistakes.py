"""A lesson's mistakes as its author sees them: a list with the place of each, and a box above its block.

It shows; which mistakes there are is told by `cnnlab.course.checking`.
"""

from collections.abc import Sequence

import streamlit as st

from cnnlab.course.mistakes import LONGEST_SOURCE, Mistake, Severity
from cnnlab.course.normalising import Addresses, normalised
from cnnlab.language import translate, translate_count

MOST_LISTED = 40
ICONS = {Severity.ERROR: ":material/error:", Severity.WARNING: ":material/warning:"}


def counted(mistakes: Sequence[Mistake]) -> str:
    """Return how many errors and warnings there are, in words; "" where there are none."""
    errors = sum(one.severity is Severity.ERROR for one in mistakes)
    warnings = len(mistakes) - errors
    parts = [
        translate_count("{n} error", "{n} errors", errors) if errors else "",
        translate_count("{n} warning", "{n} warnings", warnings) if warnings else "",
    ]
    return ", ".join(filter(None, parts))


def list_mistakes(mistakes: Sequence[Mistake]) -> None:
    """Draw each mistake with its line, its column, a caret below the source, and what to do."""
    for one in mistakes[:MOST_LISTED]:
        st.markdown(f"{ICONS[one.severity]} **{_place(one)}** {_plain(one.message)}")
        if one.source.strip():
            st.code(_with_caret(one), language=None)
        if one.help:
            st.markdown(f"{translate('What to do:')} {_plain(one.help)}")
    if len(mistakes) > MOST_LISTED:
        more = len(mistakes) - MOST_LISTED
        st.markdown(translate_count("{n} more is not listed.", "{n} more are not listed.", more))


def box(one: Mistake) -> None:
    """Draw a mistake where it stands in the lesson."""
    help = f" {translate('What to do:')} {_plain(one.help)}" if one.help else ""
    show = st.error if one.severity is Severity.ERROR else st.warning
    show(f"**{_place(one)}** {_plain(one.message)}.{help}", icon=ICONS[one.severity])


def _place(one: Mistake) -> str:
    said = {
        Severity.ERROR: translate("Error in line {line}, column {column}:"),
        Severity.WARNING: translate("Warning in line {line}, column {column}:"),
    }
    return said[one.severity].format(line=one.line, column=one.column)


def _plain(text: str) -> str:
    """Return a mistake's words so that a dollar in them starts no formula."""
    return normalised(text, Addresses(picture=str))


def _with_caret(one: Mistake) -> str:
    start = min(one.column, LONGEST_SOURCE) - 1
    carets = "^" * max(1, min(one.length, LONGEST_SOURCE - start))
    number = f"{one.line:>4}"
    return f"{number} | {one.source}\n{' ' * len(number)} | {' ' * start}{carets}"

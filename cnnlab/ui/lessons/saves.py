"""Showing an author what they have just saved: the page looks at the lessons folder twice a second.

Only pages of a server that runs for authors do so, each for its own session; learners' pages never rerun by
themselves. It does not read lessons.
"""

import time
from pathlib import Path

import streamlit as st

LOOK_EVERY_S = 0.5
SETTLED_S = 0.05
MOST_FILES = 5_000
SEEN = "author.seen-files"

Fingerprint = tuple[tuple[str, int, int], ...]


def fingerprint(folder: Path) -> Fingerprint:
    """Return name, time and size of each file in a folder; equal fingerprints mean that nobody has saved."""
    found: list[tuple[str, int, int]] = []
    for path in folder.rglob("*"):
        try:
            stat = path.stat()
        except OSError:
            continue  # an editor has just moved it
        if path.is_file() and not path.name.startswith("."):
            found.append((path.relative_to(folder).as_posix(), stat.st_mtime_ns, stat.st_size))
        if len(found) >= MOST_FILES:
            break
    return tuple(sorted(found))


def follow_saves(folder: Path) -> None:
    """Draw nothing; from then on the whole page is drawn anew when a file in the folder has changed."""
    st.session_state[SEEN] = fingerprint(folder)
    _look(folder)


@st.fragment(run_every=LOOK_EVERY_S)
def _look(folder: Path) -> None:
    if fingerprint(folder) == st.session_state.get(SEEN):
        return
    time.sleep(SETTLED_S)  # editors write a file in several steps; during them it may be away
    st.rerun()

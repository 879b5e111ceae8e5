"""A lesson of the course; which one, the address says."""

import streamlit as st

from cnnlab.ui.lessons.page import draw_lesson
from cnnlab.ui.lessons.shelf import shelf
from cnnlab.ui.state import opened_lesson

entries = {entry.url_path: entry for entry in shelf()}
if opened_lesson() in entries:
    draw_lesson(entries[opened_lesson()])
else:
    st.error("This lesson cannot be shown now: its file has a mistake. Please choose another one.")

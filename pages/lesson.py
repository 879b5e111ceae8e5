"""A lesson of the course; which one, the address says."""

from cnnlab.ui.lessons.page import draw_lesson
from cnnlab.ui.lessons.shelf import shelf
from cnnlab.ui.state import opened_lesson

for entry in shelf():
    if entry.url_path == opened_lesson():
        draw_lesson(entry)

"""A lesson of the course; which one, the address says."""

from cnnlab.ui.lessons.page import draw_opened
from cnnlab.ui.state import opened_lesson

draw_opened(opened_lesson())

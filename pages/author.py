"""For those who write lessons: which there are, what is wrong in them, and how to write one."""

from cnnlab.ui.frame import open_page
from cnnlab.ui.lessons.author_overview import author_overview

with open_page("author"):
    author_overview()

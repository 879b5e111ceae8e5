"""The home page's browser component: a small convolution at work, and a card for each thing one can do.

What it shows is in `cnnlab/ui/browser/home*.js`. This module tells it where the labs are, with which
settings the learner left the first, and how far they are in the course.
"""

from cnnlab.ui.addresses import address
from cnnlab.ui.architectures.overview import networks_overview
from cnnlab.ui.assets import browser_component
from cnnlab.ui.lessons.overview import course_overview
from cnnlab.ui.state import recall

component = browser_component("cnnlab.home", "home.js", "home.css", "architectures.css")


def home() -> None:
    """Draw the home page below its title."""
    component(
        key="home",
        data={
            "lab": address("convolution"),
            "layers": address("layers"),
            "left": recall("convolution"),
            "course": course_overview(),
            "networks": networks_overview(),
        },
    )

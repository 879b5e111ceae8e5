"""Home: what one can do here, shown at a glance."""

from cnnlab.ui.frame import open_page
from cnnlab.ui.home import home

with open_page(""):
    home()

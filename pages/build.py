"""A network of the learner's own as a page; its text is in the address."""

from cnnlab.ui.frame import open_page
from cnnlab.ui.labs.building import building_lab

with open_page("build"):
    building_lab("build")

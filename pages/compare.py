"""Networks against each other; the choices are in the address."""

from cnnlab.ui.compare import compare
from cnnlab.ui.frame import open_page

with open_page("compare"):
    compare()

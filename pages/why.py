"""Why a network said what it said: attribution maps, and tests of them; the choices are in the address."""

from cnnlab.ui.frame import open_page
from cnnlab.ui.labs.why import why

with open_page("why"):
    why("why")

"""What is inside trained networks: predictions, filters, feature maps; the choices are in the address."""

from cnnlab.ui.frame import open_page
from cnnlab.ui.labs.look_inside import look_inside

with open_page("look-inside"):
    look_inside("look-inside")

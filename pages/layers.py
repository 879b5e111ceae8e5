"""The Layers lab as a page of its own; its settings are in the address."""

from cnnlab.ui.frame import open_page
from cnnlab.ui.labs.layers import layers_lab

with open_page("layers"):
    layers_lab("layers")

"""The convolution lab as a page of its own; its settings are in the address."""

from cnnlab.ui.frame import open_page
from cnnlab.ui.labs.convolution import convolution_lab

with open_page("convolution"):
    convolution_lab("convolution")

"""The architectures as a page of their own; its settings are in the address."""

from cnnlab.ui.frame import open_page
from cnnlab.ui.labs.architectures import architectures_lab

with open_page("architectures"):
    architectures_lab("architectures")

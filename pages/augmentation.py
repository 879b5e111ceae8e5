"""The Augmentation lab as a page of its own; the policy and the picture are in the address."""

from cnnlab.ui.frame import open_page
from cnnlab.ui.labs.augmentation import augmentation_lab

with open_page("augmentation"):
    augmentation_lab("augmentation")

"""Train a network on pictures, here and now: pictures, recipe, run, comparison; all is in the address."""

from cnnlab.ui.frame import open_page
from cnnlab.ui.labs.finetune import finetune

with open_page("finetune"):
    finetune("finetune")

"""What the fork server loads once for all runs: whatever a run would otherwise load when it begins."""

import gc
import importlib
from contextlib import suppress

import torch

# A part that is missing or broken is met again, and told, by the run that needs it.
for _part in ("working", "data_sets", "engine", "networks", "snapshots"):
    with suppress(Exception):
        importlib.import_module(f"cnnlab.training.{_part}")
with suppress(Exception):
    # The first optimiser of a process loads PyTorch's compiler, which takes longer than many a run.
    torch.optim.SGD([torch.zeros(1, requires_grad=True)])
gc.collect()
gc.freeze()  # pages that no collection touches stay shared between runs

"""A run as it stands, on the disk: weights, what the optimiser remembers, and where it is.

All of it is one file, which is replaced whole. It does not know when one is written.
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from cnnlab.errors import CnnLabError
from cnnlab.training.run_folder import RunFolder

_FILE = "checkpoint/last.safetensors"


class BrokenCheckpoint(CnnLabError):
    """A run cannot go on from what is on the disk."""


@dataclass(slots=True)
class Position:
    """Where a run is, and what it has added up in this epoch.

    Attributes:
        stage: The stage, from 0.
        epoch: Epochs that are complete.
        step: Steps that are done.
        batch: Batches of this epoch that are done.
        stage_step: Steps of this stage that are done.
        stage_epoch: Epochs of this stage that are complete.
        seconds: How long it has worked, pauses left out.
        loss: The sum of the losses of the pictures of this epoch.
        right: How many of them were answered rightly.
        seen: How many they are.
        rate: The learning rate of the last step.
        gradients: Norms of the last step's gradients, once all batches of this epoch are done.
        best: The least validation loss so far; below 0 there is none.
        best_epoch: The epoch (from 1) of it.
    """

    stage: int = 0
    epoch: int = 0
    step: int = 0
    batch: int = 0
    stage_step: int = 0
    stage_epoch: int = 0
    seconds: float = 0.0
    loss: float = 0.0
    right: float = 0.0
    seen: int = 0
    rate: float = 0.0
    gradients: dict[str, float] = field(default_factory=dict)
    best: float = -1.0
    best_epoch: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """What was kept: where the run was, and all tensors by their names."""

    position: Position
    tensors: dict[str, Tensor]

    def part(self, name: str) -> dict[str, Tensor]:
        """Return the tensors of a part, "model", "best" or "optimiser", by their own names."""
        return {key.partition("/")[2]: one for key, one in self.tensors.items() if key.startswith(f"{name}/")}


def keep(
    folder: RunFolder,
    position: Position,
    model: nn.Module,
    optimiser: torch.optim.Optimizer,
    best: dict[str, Tensor],
) -> None:
    """Write where a run stands; what was there is replaced once all is written."""
    tensors = {f"model/{key}": one for key, one in model.state_dict().items()}
    tensors |= {f"best/{key}": one for key, one in best.items()}
    for number, remembered in optimiser.state_dict()["state"].items():
        tensors |= {
            f"optimiser/{number}/{key}": one for key, one in remembered.items() if torch.is_tensor(one)
        }
    path = folder.path / _FILE
    path.parent.mkdir(exist_ok=True)
    beside = path.with_name(".last.safetensors")
    save_file(plain(tensors), beside, metadata={"position": json.dumps(asdict(position))})
    beside.replace(path)


def plain(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return tensors as safetensors take them: on the CPU, in order, none of them twice."""
    return {key: one.detach().cpu().contiguous().clone() for key, one in tensors.items()}


def kept(folder: RunFolder) -> Checkpoint | None:
    """Return what was kept last, None where there is nothing; raises `BrokenCheckpoint`."""
    path: Path = folder.path / _FILE
    if not path.is_file():
        return None
    try:
        with safe_open(path, "pt") as file:
            position = Position(**json.loads(file.metadata()["position"]))
            return Checkpoint(position, {key: file.get_tensor(key) for key in file.keys()})  # noqa: SIM118
    except (OSError, SafetensorError, ValueError, KeyError, TypeError) as problem:
        raise BrokenCheckpoint(
            "What was kept of this run is damaged, so it cannot go on. Start it again from its recipe."
        ) from problem


def is_there(folder: RunFolder) -> bool:
    """Return whether something was kept."""
    return (folder.path / _FILE).is_file()


def forget(folder: RunFolder) -> None:
    """Delete what was kept; a run that is done needs it no more."""
    (folder.path / _FILE).unlink(missing_ok=True)


def restore_optimiser(optimiser: torch.optim.Optimizer, remembered: dict[str, Tensor]) -> None:
    """Give an optimiser back what it remembered."""
    state: dict[int, dict[str, Any]] = {}
    for key, one in remembered.items():
        number, _, name = key.partition("/")
        state.setdefault(int(number), {})[name] = one
    if state:
        optimiser.load_state_dict({**optimiser.state_dict(), "state": state})

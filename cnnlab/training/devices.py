"""Which processor a network learns on, chosen by itself: an NVIDIA GPU, Apple's, or the CPU.

It is asked in the process of a run only: asking makes a context on the GPU, which takes memory.
"""

import os
from contextlib import AbstractContextManager
from dataclasses import dataclass

import torch

from cnnlab.errors import CnnLabError

SWITCH = "CNNLAB_DEVICE"  # cuda, mps or cpu; without it, the first of them that is there


class NoSuchDevice(CnnLabError):
    """A device was asked for that this machine does not have."""


@dataclass(frozen=True, slots=True)
class Device:
    """A processor: `kind` is PyTorch's name of it; `bf16` says that it multiplies bfloat16 natively."""

    kind: str
    title: str
    bf16: bool

    def autocast(self) -> AbstractContextManager[object]:
        """Compute in bfloat16 where that is native; elsewhere nothing changes."""
        return torch.autocast(self.kind, torch.bfloat16, enabled=self.bf16)

    @property
    def generators(self) -> list[str]:
        """Return the devices whose random numbers must be kept, besides the CPU's."""
        return [self.kind] if self.kind == "cuda" else []


PLAIN_CPU = Device("cpu", "CPU", bf16=False)


def chosen_device() -> Device:
    """Return this machine's best device, or the one that `CNNLAB_DEVICE` names; raises `NoSuchDevice`."""
    there = [kind for kind, found in (("cuda", torch.cuda.is_available()), ("mps", _has_mps())) if found]
    there.append("cpu")
    wanted = os.environ.get(SWITCH) or there[0]
    if wanted not in there:
        raise NoSuchDevice(f"{SWITCH} names “{wanted}”; this machine has: {', '.join(there)}.")
    return {"cuda": _cuda, "mps": _mps, "cpu": _cpu}[wanted]()


def _has_mps() -> bool:
    return torch.backends.mps.is_available()


def _cuda() -> Device:
    torch.backends.cudnn.benchmark = True  # batches are of one size or two
    return Device(
        "cuda", torch.cuda.get_device_name(), torch.cuda.is_bf16_supported(including_emulation=False)
    )


def _mps() -> Device:
    return Device("mps", "Apple GPU", bf16=False)


def _cpu() -> Device:
    native = bool(getattr(torch.cpu, "_is_avx512_bf16_supported", bool)())
    threads = torch.get_num_threads()
    return Device("cpu", f"CPU, {threads} thread{'s' * (threads > 1)}", native)

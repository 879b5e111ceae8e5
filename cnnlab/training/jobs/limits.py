"""How many runs go on at once, and what each may take of the machine. It knows neither runs nor PyTorch."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cnnlab.errors import CnnLabError

MEBI = 1 << 20
ACTIVE_OF_A_LEARNER = 3  # one that goes on and two that wait
RUNS_OF_A_LEARNER = 200
LEAST_FREE_MB = 300
_GPU_MB_OF_A_RUN, _MOST_ON_A_GPU = 16_000, 4
AT_ONCE, MEMORY, SECONDS, IDLE = (
    "CNNLAB_JOBS_AT_ONCE",
    "CNNLAB_JOBS_MEMORY_MB",
    "CNNLAB_JOBS_SECONDS",
    "CNNLAB_JOBS_IDLE_SECONDS",
)


class UnsuitableLimit(CnnLabError):
    """A variable of the environment that sets a limit holds no sensible number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a machine gives to runs.

    Attributes:
        at_once: How many runs compute at the same time.
        threads: How many threads each has; always the same, so that the same run gives the same bits.
        memory_mb: How much data each may hold on a CPU; 0 sets no limit.
        seconds: How long each may take.
        idle_seconds: After how long without work the broker leaves.
        parked_seconds: After how long a paused run gives its memory back.
        alone_seconds: How long the broker goes on without an app.
        gpu: Whether runs share a GPU.
    """

    at_once: int = 1
    threads: int = 1
    memory_mb: int = 0
    seconds: float = 3600.0
    idle_seconds: float = 600.0
    parked_seconds: float = 120.0
    alone_seconds: float = 60.0
    gpu: bool = False


def limits(environment: Mapping[str, str] = os.environ) -> Limits:
    """Return what this machine gives, or what the environment says; raises `UnsuitableLimit`."""
    cores, gpu_mb = _cores(), _gpu_mb()
    usual = min(cores, _MOST_ON_A_GPU, max(1, gpu_mb // _GPU_MB_OF_A_RUN)) if gpu_mb else min(2, cores)
    at_once = _number(environment, AT_ONCE, usual, least=1)
    memory = max(1024, round(_machine_mb() * 0.7 / at_once))
    return Limits(
        at_once=at_once,
        threads=max(1, cores // at_once),
        memory_mb=_number(environment, MEMORY, memory, least=0),
        seconds=_number(environment, SECONDS, 3600, least=1),
        idle_seconds=_number(environment, IDLE, 600, least=0),
        gpu=gpu_mb > 0,
    )


def _number(environment: Mapping[str, str], name: str, default: int, least: int) -> int:
    text = environment.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or int(text) < least:
        raise UnsuitableLimit(f"{name} is “{text}”; write a whole number from {least} on.")
    return int(text)


def _cores() -> int:
    """Return on how many cores this process may run."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _gpu_mb() -> int:
    """Return the memory of NVIDIA's first GPU, 0 where there is none.

    Its own tool is asked: PyTorch would make a context of several hundred MB in this process.
    """
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return 0
    command = [tool, "--query-gpu=memory.total", "--format=csv,noheader,nounits"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
        return int(found.stdout.split()[0])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return 0


def _machine_mb() -> int:
    """Return the memory of this machine, or of the container that it is in."""
    try:
        pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // MEBI
    except (ValueError, OSError, AttributeError):
        return 8192
    try:
        return min(pages, int(Path("/sys/fs/cgroup/memory.max").read_text("ascii")) // MEBI)
    except (ValueError, OSError):
        return pages

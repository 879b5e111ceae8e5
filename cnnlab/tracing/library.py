"""The trace of a network by its name: read from a file for the zoo, recorded now for every other.

Reading loads no PyTorch. `python -m cnnlab.tracing` records the zoo again.
"""

import gzip
from functools import lru_cache
from pathlib import Path
from typing import Any

from cnnlab import zoo
from cnnlab.tracing.files import read, written
from cnnlab.tracing.recording import record
from cnnlab.tracing.trace import Shape, Trace, TraceProblem

USUAL_INPUT = (3, 224, 224)
RECORDED = Path(__file__).parent / "recorded"


def trace_of(name: str) -> Trace:
    """Return the steps of a network: of the zoo, of torchvision, of timm, or of an instructor.

    Raises `CnnLabError` if there is no such network, or if it cannot be recorded.
    """
    file = recorded_file(name)
    if file is not None:
        return read_file(file)
    resolved = zoo.resolve(name)
    came = zoo.guest(resolved)
    if came is not None and came.trace.is_file():
        return read_file(came.trace)
    return _recorded(resolved) if ":" in resolved or came else recorded_now(resolved)


def keep_trace_of_guest(name: str) -> Path:
    """Record a guest's steps, if that was not done before, and return the file in which they are kept."""
    came = zoo.guest(name)
    if came is None:
        raise zoo.UnknownNetwork(f"`{name}` is no network that was trained here.")
    if not came.trace.is_file():
        beside = came.trace.with_name(f".{came.trace.name}")
        beside.write_bytes(_packed(recorded_now(name)))
        beside.replace(came.trace)
    return came.trace


def recorded_names() -> tuple[str, ...]:
    """Return the names of the networks whose steps are kept in files, in the order of the zoo."""
    return tuple(name for name in zoo.names() if recorded_file(name) is not None)


def recorded_file(name: str) -> Path | None:
    """Return the file of a network of the zoo, or None if there is none."""
    if name not in zoo.names():
        return None
    file = RECORDED / f"{name}.json.gz"
    return file if file.is_file() else None


@lru_cache(maxsize=128)
def read_file(file: Path) -> Trace:
    """Return the trace that a file holds."""
    return read(gzip.decompress(file.read_bytes()).decode())


@lru_cache(maxsize=32)
def _recorded(name: str) -> Trace:
    return recorded_now(name)


def recorded_now(name: str, input_shape: Shape | None = None, **options: Any) -> Trace:
    """Build a network and record its steps, on the input that it was made for or on another.

    `options` go to its constructor: another width or depth, groups or growth rate is another network.
    """
    from cnnlab.tracing.building import Unallocated

    try:
        with Unallocated():
            model = zoo.build(name, **options)
    except (RuntimeError, zoo.ImpossibleOption):  # it runs a part of itself while it is made, as SSDlite
        model = zoo.build_on_meta(name, **options)
    if input_shape:
        return record(model, input_shape, name)
    try:
        return record(model, zoo.input_shape(name), name)
    except TraceProblem:  # its newest weights are for another size than its constructor
        return record(model, USUAL_INPUT, name)


def keep(trace: Trace, folder: Path = RECORDED) -> Path:
    """Write a trace into the folder of recorded ones; the same steps give the same bytes."""
    folder.mkdir(exist_ok=True)
    file = folder / f"{trace.name}.json.gz"
    file.write_bytes(_packed(trace))
    return file


def _packed(trace: Trace) -> bytes:
    return gzip.compress(written(trace).encode(), compresslevel=9, mtime=0)

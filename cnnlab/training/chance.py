"""Random numbers of a run: what is drawn at a step depends on the seed and the number of the step alone.

So a run that was interrupted goes on with the numbers that it would have had.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch

from cnnlab.training.devices import Device

ORDER, DISTORTION, DROPOUT, COPIES = range(4)  # what the numbers are for


def number_for(*key: int) -> int:
    """Return a seed for a key of whole numbers, such as (seed of the run, purpose, step)."""
    return int(np.random.SeedSequence(key).generate_state(1, np.uint64)[0] >> 1)


def order(seed: int, epoch: int, count: int) -> np.ndarray:
    """Return the rows of all pictures in the order of an epoch (from 0)."""
    return np.random.default_rng((seed, ORDER, epoch)).permutation(count)


def generator(device: str, *key: int) -> torch.Generator:
    """Return a generator of a device that begins at a key."""
    return torch.Generator(device).manual_seed(number_for(*key))


@contextmanager
def drawn(device: Device, *key: int) -> Iterator[None]:
    """Let PyTorch's layers draw from a key, for dropout has no generator; afterwards all is as before."""
    with torch.random.fork_rng(devices=device.generators):
        torch.manual_seed(number_for(*key))
        yield


def batches(rows: np.ndarray, size: int) -> list[np.ndarray]:
    """Cut rows into batches; a last one of a single row is joined to the one before.

    Batch normalisation cannot tell the spread of one picture.

    >>> [len(one) for one in batches(np.arange(9), 4)]
    [4, 5]
    """
    cuts = list(range(size, len(rows), size))
    if cuts and size > 1 and len(rows) - cuts[-1] == 1:
        cuts.pop()
    return np.split(rows, cuts)

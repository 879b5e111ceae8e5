"""Random numbers of a run: what is drawn at a step depends on the seed and the number of the step alone.

So a run that was interrupted goes on with the numbers that it would have had.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch

from cnnlab.training.devices import Device
from cnnlab.training.recipe import count_of_batches

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
    """Cut rows into as few batches as may be of at most `size`, all nearly as large; none of a single row.

    A small last batch would count as much as the others, and batch normalisation would take its few pictures
    for what all are like; of a single one it cannot tell the spread. So an odd row too many makes one batch
    larger than `size` where that is 2.

    >>> [len(one) for one in batches(np.arange(10), 4)]
    [4, 3, 3]
    """
    return np.array_split(rows, count_of_batches(len(rows), size))

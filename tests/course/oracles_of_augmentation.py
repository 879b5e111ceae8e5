"""What PyTorch and torchvision say to the questions on augmentation.

`lesson_oracles.py` has the table of all lessons; a question's numbers go in by their names.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch.nn import functional
from torch.utils.data import BatchSampler, SequentialSampler
from torchvision.transforms.v2 import functional as transforms

Answer = float | tuple[float, ...]
V = Any  # a question's numbers, read as attributes


def crops(v: V) -> int:
    """Return how many windows PyTorch cuts out of a picture, and out of its mirror image."""
    picture = torch.empty(1, 1, v.n, v.n, device="meta")
    windows = functional.unfold(picture, v.n - v.d)
    return windows.shape[-1] + functional.unfold(picture.flip(-1), v.n - v.d).shape[-1]


def side_left(v: V) -> float:
    """Return the side of the square with as much area, by halving."""
    low, high = 0.0, float(v.n)
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if middle**2 < v.n**2 * (100 - v.s) / 100 else (low, middle)
    return low


def read_from(v: V) -> tuple[float, ...]:
    """Return from which column and row torch takes a pixel when it mirrors, rolls and turns."""
    numbers = torch.arange(v.n * v.n).reshape(v.n, v.n)
    made = numbers.flip(1), numbers.roll(v.m, 0), numbers.rot90(2)
    places = [divmod(int(one[v.y, v.x]), v.n) for one in made]
    return tuple(float(number) for row, column in places for number in (column, row))


def colour_sums(v: V) -> tuple[float, ...]:
    """Return what torchvision makes of a grey pixel among others, and of the mean of all."""
    picture = torch.full((3, 1, 100), v.m, dtype=torch.float64)
    picture[..., 0], picture[..., 1] = v.v, 2 * v.m - v.v
    picture = picture / 4  # so that nothing leaves the range
    bright = transforms.adjust_brightness(picture, v.f)
    # torchvision's grey weighs red, green and blue by numbers that sum to 0.9999
    contrasted = transforms.adjust_contrast(picture[:1], v.f)
    return tuple(
        4 * one.item() for one in (bright[0, 0, 0], bright[0].mean(), contrasted[0, 0, 0], contrasted.mean())
    )


def red_of_pca(v: V) -> float:
    """Return the first number of [p₁ p₂ p₃] [α₁λ₁ α₂λ₂ α₃λ₃]ᵀ."""
    axes = torch.tensor([[0.6, -0.8, 0], [0.8, 0.6, 0], [0, 0, 1]], dtype=torch.float64)
    torch.testing.assert_close(axes.T @ axes, torch.eye(3, dtype=torch.float64))
    steps = torch.tensor([v.a * v.k, v.b * v.l, 0.0], dtype=torch.float64)
    return (axes @ steps)[0].item()


def mixture(v: V) -> tuple[float, ...]:
    """Return a mixed pixel and the mixed labels of two pictures."""
    cat = torch.tensor([v.v, 1, 0], dtype=torch.float64)
    dog = torch.tensor([v.w, 0, 1], dtype=torch.float64)
    return tuple(torch.lerp(dog, cat, v.l).tolist())


def batches(v: V) -> int:
    """Return how many batches an epoch has."""
    return len(BatchSampler(SequentialSampler(range(v.n)), v.b, drop_last=False))


# lesson, question → what a learner changes in the lab, by the names in its address
REACHED: dict[tuple[str, str], dict[str, str]] = {
    ("augmentation", "policy-for-l"): {"policy": "rotate:15,crop:0.3,brightness:0.2"},
}
# lesson, question → the answer, or the blanks of a table row by row
ORACLES: dict[tuple[str, str], Callable[[V], Answer]] = {
    ("augmentation", "count-crops"): crops,
    ("augmentation", "crop-side"): side_left,
    ("augmentation", "read-from"): read_from,
    ("augmentation", "colour-sums"): colour_sums,
    ("augmentation", "pca-by-hand"): red_of_pca,
    ("augmentation", "mixed-labels"): mixture,
    ("augmentation", "draws-an-epoch"): batches,
}

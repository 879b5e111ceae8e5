"""How a picture becomes the numbers that a network reads, one step after the other, each to be looked at.

The steps are those of `flow_input`, which does them. It does not know networks.
"""

from dataclasses import dataclass

import numpy as np

from cnnlab.inspection.flow_input import Preparing, Shape, centre, cut_at, numbers, resized
from cnnlab.inspection.pictures import Picture

CHANNELS = {1: ("grey",), 3: ("red", "green", "blue")}


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """What there is after one step: uint8 pixels to look at, height × width × channels, and a sentence."""

    title: str
    sentence: str
    pixels: np.ndarray


@dataclass(frozen=True, slots=True)
class Travelled:
    """One colour of the pixel in the middle: as it is, from 0 to 1, and as the network reads it."""

    channel: str
    value: int
    share: float
    mean: float
    deviation: float
    number: float


@dataclass(frozen=True, slots=True, eq=False)
class Preparation:
    """The steps, the way of one pixel, and least and largest of all numbers that the network reads."""

    stages: tuple[Stage, ...]
    pixel: tuple[Travelled, ...]
    least: float
    most: float


def prepared(picture: Picture, shape: Shape, preparing: Preparing) -> Preparation:
    """Prepare a picture for an input of channels × height × width, and keep what there is on the way."""
    image = resized(picture, shape, preparing)
    channels, height, width = shape
    left, top = centre(image, shape)
    inside = cut_at(image, left, top, shape)
    read = numbers(inside, preparing)[0].transpose(1, 2, 0)
    before = picture.pixels.shape
    same = (image.height, image.width) == (height, width)
    outside = "Nothing is lost." if same else "What is outside, the network never sees."
    grey = " and made grey" if channels == 1 else ""
    stages = (
        Stage("The picture", f"{before[0]} × {before[1]} pixels (height × width).", picture.pixels),
        Stage(
            "Resized",
            f"To {image.height} × {image.width}{grey}, the shorter side to {min(image.size)}: "
            f"{preparing.resampling} interpolation.",
            np.asarray(image).reshape(image.height, image.width, channels),
        ),
        Stage(
            "Cut",
            f"{height} × {width} from the middle: from row {top} and column {left}. {outside}",
            inside,
        ),
        Stage(
            "Normalised",
            "Each value divided by 255, minus the channel's mean, divided by its standard deviation. Drawn "
            f"from {_signed(read.min())} (dark) to {_signed(read.max())} (bright).",
            _seen(read),
        ),
    )
    middle = height // 2, width // 2
    pixel = tuple(
        Travelled(
            name,
            int(inside[*middle, channel]),
            float(inside[*middle, channel]) / 255,
            preparing.mean[channel],
            preparing.deviation[channel],
            float(read[*middle, channel]),
        )
        for channel, name in enumerate(CHANNELS[channels])
    )
    return Preparation(stages, pixel, float(read.min()), float(read.max()))


def _seen(read: np.ndarray) -> np.ndarray:
    """Draw numbers of any range: the least is 0, the largest 255."""
    span = read.max() - read.min()
    return np.rint((read - read.min()) * (255 / span if span else 0)).astype(np.uint8)


def _signed(number: float) -> str:
    return f"{number:.2f}".replace("-", "−")

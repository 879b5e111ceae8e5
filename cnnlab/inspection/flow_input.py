"""How a picture becomes what a network reads: resized, cut to the input's size, and scaled to its numbers.

For trained weights it is what torchvision's own transforms do. It does not know networks.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from cnnlab.errors import CnnLabError
from cnnlab.inspection.pictures import Picture

Shape = tuple[int, ...]


class UnsuitableInput(CnnLabError):
    """An input that no picture can be made into."""


@dataclass(frozen=True, slots=True)
class Preparing:
    """What is done to pixels from 0 to 1: (pixel − mean) / deviation, one of each per channel.

    `margin` is how much larger than the input the shorter side is made before the middle is cut out.
    """

    mean: tuple[float, ...]
    deviation: tuple[float, ...]
    margin: float = 1.0
    resampling: str = "bilinear"


IMAGENET = Preparing((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
PLAIN = Preparing((0.5,), (0.5,))
_RESAMPLINGS = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "nearest": Image.Resampling.NEAREST,
}


def cut(picture: Picture, shape: Shape, preparing: Preparing) -> np.ndarray:
    """Return the pixels that the network reads, as uint8: height × width × channels."""
    image = resized(picture, shape, preparing)
    left, top = centre(image, shape)
    return cut_at(image, left, top, shape)


def resized(picture: Picture, shape: Shape, preparing: Preparing) -> Image.Image:
    """Return a picture in the network's colours, so large that an input can be cut out of it."""
    if len(shape) != 3 or shape[0] not in (1, 3):
        raise UnsuitableInput(
            f"This network reads {' × '.join(map(str, shape))}; a picture has 3 channels of colour or "
            "1 of grey. Choose another network to let a picture flow through."
        )
    channels, height, width = shape
    image = Image.fromarray(picture.pixels)
    image = image.convert("L") if channels == 1 else image
    shorter = preparing.margin * min(height, width)
    enough = max(shorter / min(image.size), height / image.height, width / image.width)
    size = max(width, _scaled(image.width, enough)), max(height, _scaled(image.height, enough))
    return image.resize(size, _RESAMPLINGS[preparing.resampling])


def centre(image: Image.Image, shape: Shape) -> tuple[int, int]:
    """Return left and top of the input in the middle of a resized picture, rounded as torchvision does."""
    _, height, width = shape
    return round((image.width - width) / 2), round((image.height - height) / 2)


def cut_at(image: Image.Image, left: int, top: int, shape: Shape) -> np.ndarray:
    """Return the pixels of an input that begins there, as uint8: height × width × channels."""
    channels, height, width = shape
    return np.asarray(image.crop((left, top, left + width, top + height))).reshape(height, width, channels)


def _scaled(size: int, factor: float) -> int:
    """Give the new length of a side, as torchvision does: rounded down, but for errors of floating point."""
    return int(size * factor + 1e-6)


def numbers(pixels: np.ndarray, preparing: Preparing) -> np.ndarray:
    """Return pixels as the network's numbers: 1 × channels × height × width, float32."""
    mean, deviation = (np.asarray(one, np.float32) for one in (preparing.mean, preparing.deviation))
    scaled = (pixels.astype(np.float32) / np.float32(255) - mean) / deviation
    return np.ascontiguousarray(scaled.transpose(2, 0, 1)[None])

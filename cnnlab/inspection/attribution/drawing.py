"""Maps become pictures: one number a pixel, a scale that may be shared, a table of colours, a PNG file.

Signed maps are drawn diverging, with nothing in the middle. It does not know methods, nor PyTorch.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from cnnlab.errors import CnnLabError

CLIPPED_PERCENT = 1.0  # of the pixels may lie beyond the scale, so that a few do not hide the others
_ENTRIES = 256
# Blue against, white nothing, red for; white nothing, dark much: readable without telling red from green.
_DIVERGING = ((33, 102, 172), (146, 197, 222), (247, 247, 247), (244, 165, 130), (178, 24, 43))
_RISING = ((247, 247, 247), (254, 217, 142), (254, 153, 41), (204, 76, 2), (102, 37, 6))


class NoMap(CnnLabError):
    """Values that cannot be drawn as a map."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from −`limit` (or from 0, where `signed` is false) to `limit` have colours of their own.

    `clipped` is the share of all pixels that lie beyond and are drawn in the last colour.
    """

    limit: float
    signed: bool
    clipped: float = 0.0

    @property
    def told(self) -> str:
        """The scale in a sentence."""
        low = f"−{self.limit:.3g}" if self.signed else "0"
        more = f"; {self.clipped:.1%} of the pixels lie beyond it" if self.clipped else ""
        return f"The colours go from {low} to {self.limit:.3g}{more}."


def flat(values: np.ndarray) -> np.ndarray:
    """Return one value a pixel, H × W: the sum over the channels, which keeps the total.

    >>> flat(np.array([[[1.0, 2.0]], [[-3.0, 1.0]]])).tolist()
    [[-2.0, 3.0]]
    """
    if values.ndim != 3 or not values.size:
        raise NoMap(
            f"A map is channels × height × width; {' × '.join(map(str, values.shape)) or 'one number'} was "
            "given."
        )
    if not np.isfinite(values).all():
        raise NoMap("The map has values that are no numbers, so it cannot be drawn. Try another method.")
    return values.sum(axis=0, dtype=np.float64)


def scale_of(maps: Sequence[np.ndarray], clipped_percent: float = CLIPPED_PERCENT) -> Scale:
    """Return a scale for one map or, shared, for several, each C × H × W; it is signed where one map is."""
    together = np.concatenate([flat(one).ravel() for one in maps])
    sizes = np.abs(together)
    limit = float(np.percentile(sizes, 100 - clipped_percent)) or float(sizes.max())
    clipped = float((sizes > limit).mean())
    return Scale(limit, bool((together < 0).any()), clipped)


def told(values: np.ndarray) -> str:
    """Return what a learner should hear of a map that shows less than expected, else nothing.

    >>> told(np.zeros((1, 2, 2)))
    'The map is 0 everywhere: nothing in the picture speaks for or against the category, says this method.'
    """
    found = flat(values)
    if not found.any():
        return (
            "The map is 0 everywhere: nothing in the picture speaks for or against the category, says this "
            "method."
        )
    if found.max() <= 0:
        return "No value is above 0: all that the method found speaks against the category."
    return ""


def heat_png(values: np.ndarray, scale: Scale) -> bytes:
    """Return a map as a PNG file, one pixel a value; the file's palette is the scale's colours."""
    image = Image.fromarray(_entries(flat(values), scale))
    image.putpalette(_colours(scale.signed).tobytes())
    return _png(image)


def overlay_png(values: np.ndarray, scale: Scale, pixels: np.ndarray, opacity: float = 0.6) -> bytes:
    """Return a map over its picture in grey (H × W × 3, uint8); where the map is 0, the picture shows."""
    found = flat(values)
    if pixels.shape != (*found.shape, 3):
        raise NoMap(
            f"The picture is {' × '.join(map(str, pixels.shape))} and the map "
            f"{' × '.join(map(str, found.shape))}; they have to have the same height and width."
        )
    entries = _entries(found, scale)
    grey = np.asarray(Image.fromarray(np.ascontiguousarray(pixels)).convert("L"), np.float32)[..., None]
    shares = np.abs(np.linspace(-1 if scale.signed else 0, 1, _ENTRIES, dtype=np.float32))
    share = np.sqrt(shares)[entries][..., None] * opacity
    mixed = grey * (1 - share) + _colours(scale.signed)[entries] * share
    return _png(Image.fromarray(np.rint(mixed).astype(np.uint8)))


def _entries(found: np.ndarray, scale: Scale) -> np.ndarray:
    """Return the place of each value in the table of colours."""
    shares = found / scale.limit if scale.limit else found
    shares = (shares + 1) / 2 if scale.signed else shares
    return np.rint(shares.clip(0, 1) * (_ENTRIES - 1)).astype(np.uint8)


def _colours(signed: bool) -> np.ndarray:
    """Return the table of colours: 256 × 3, uint8."""
    anchors = np.asarray(_DIVERGING if signed else _RISING, np.float64)
    at = np.linspace(0, len(anchors) - 1, _ENTRIES)
    channels = [np.interp(at, np.arange(len(anchors)), channel) for channel in anchors.T]
    return np.rint(np.stack(channels, axis=1)).astype(np.uint8)


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, format="PNG", compress_level=1)
    return file.getvalue()

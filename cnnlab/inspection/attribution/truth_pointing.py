"""Does a map point at the thing? For pictures of which it is known where the thing is.

The pointing game is that of Zhang et al. 2016, who also count what lies within a margin around the thing.
That a map misses it need not be the map's fault: a network may look at the background. It loads no PyTorch.
"""

from dataclasses import dataclass

import numpy as np

from cnnlab.errors import CnnLabError
from cnnlab.inspection.attribution.truth_maps import net_strength


class UnsuitableMask(CnnLabError):
    """A mask that does not say where the thing is in this map."""


@dataclass(frozen=True, slots=True)
class Pointing:
    """Whether the map's maximum is inside of the thing, and how much of what is positive is.

    `mass` is the share of the positive values, None where nothing is positive; `area` is the thing's share of
    the picture, which a map that knows nothing reaches on average.
    """

    hit: bool
    mass: float | None
    area: float
    row: int
    column: int


def pointing(attribution: np.ndarray, mask: np.ndarray) -> Pointing:
    """Play the pointing game: a map, C × H × W, and where the thing is, H × W, true inside.

    A map that is the same everywhere points nowhere. Raises UnsuitableMask for a mask of another size, or one
    that is empty or full.

    >>> pointing(np.array([[[3.0, 0.0], [1.0, -5.0]]]), np.array([[True, False], [False, False]]))
    Pointing(hit=True, mass=0.75, area=0.25, row=0, column=0)
    """
    strength = net_strength(attribution)
    inside = np.asarray(mask, bool)
    if inside.shape != strength.shape or not inside.any() or inside.all():
        raise UnsuitableMask(
            f"A mask of {' × '.join(map(str, inside.shape))} with {int(inside.sum())} pixels inside does not "
            f"fit a map of {' × '.join(map(str, strength.shape))}; give one of the map's size, with pixels "
            "inside and outside."
        )
    row, column = (int(one) for one in np.unravel_index(strength.argmax(), strength.shape))
    positive = strength.clip(min=0)
    total = float(positive.sum())
    return Pointing(
        bool(inside[row, column]) and float(np.ptp(strength)) > 0,
        float(positive[inside].sum()) / total if total else None,
        float(inside.mean()),
        row,
        column,
    )


@dataclass(frozen=True, slots=True)
class Tally:
    """How a method did: `hits` of `pictures`; `mass` is the mean share of what is positive that lies inside.

    `area` is the mean share of the pictures that counts as a hit, which chance reaches on average. `mass` is
    None where no map had anything positive.
    """

    hits: int
    pictures: int
    mass: float | None
    area: float


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """A game that was played: where a method `pointed` in each of some pictures.

    `pixels` are uint8, pictures × H × W × 3; `masks` pictures × H × W, true inside of the thing.
    """

    pointed: tuple[Pointing, ...]
    pixels: np.ndarray
    masks: np.ndarray

    def hit(self, margin: int = 0) -> tuple[bool, ...]:
        """Return for each picture whether its maximum is inside of the thing or up to `margin` pixels beside.

        A map without anything positive points nowhere.
        """
        inside = near(self.masks, margin)
        return tuple(
            one.hit or (one.mass is not None and bool(inside[at, one.row, one.column]))
            for at, one in enumerate(self.pointed)
        )

    def tally(self, margin: int = 0) -> Tally:
        """Count the hits with a margin of some pixels."""
        masses = [one.mass for one in self.pointed if one.mass is not None]
        mass = float(np.mean(masses)) if masses else None
        area = float(near(self.masks, margin).mean())
        return Tally(sum(self.hit(margin)), len(self.pointed), mass, area)


def near(masks: np.ndarray, margin: int) -> np.ndarray:
    """Return what is inside, or at most `margin` pixels from it: pictures × H × W.

    >>> near(np.array([[[False, False, True]]]), 1).tolist()
    [[[False, True, True]]]
    """
    if margin == 0:
        return masks
    from skimage.morphology import isotropic_dilation

    return np.stack([isotropic_dilation(mask, margin) for mask in masks])

"""What can be measured of a bank of filters: strength, direction, how alike they are, how colourful.

A bank is an array of filters × planes × height × width, a plane for each channel that a filter reads.
Directions and frequencies are those of the frequency response: the Fourier transform of the filter on a field
of zeros. It does not know networks.
"""

from dataclasses import dataclass

import numpy as np

FIELD = 32  # sides of the field of zeros; filters above 16 × 16 take more
NEARLY_DEAD = 0.01  # of the median norm
CLEAR = 0.3  # at least so sure is a direction that is told
Array = np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Measures:
    """One number for each filter.

    `norms` are Euclidean lengths. `zeros` is the share of weights that are exactly 0. `direction` is the
    angle, in degrees from 0 up to 180, along which the filter changes most: 0 is left to right, 90 down. Its
    stripes or edges stand at a right angle to it. `sure` says how clear that is: 0 where no direction is
    preferred, 1 where the filter does not change at all along the other. `frequency` is the mean frequency of
    the response in cycles a pixel, weighted by power. `colour` is the share of squared weights that is left
    when each pixel's mean over the planes is taken away: 0 for grey filters.
    """

    norms: Array
    zeros: Array
    direction: Array
    sure: Array
    frequency: Array
    colour: Array

    @property
    def nearly_dead(self) -> Array:
        """Which filters are shorter than a hundredth of the median."""
        return self.norms < NEARLY_DEAD * np.median(self.norms)


def measure(bank: Array) -> Measures:
    """Measure every filter of a bank."""
    weights = bank.astype(np.float64)
    squares = (weights**2).sum((1, 2, 3))
    chroma = weights - weights.mean(1, keepdims=True)
    direction, sure, frequency = _spectral(weights)
    return Measures(
        norms=np.sqrt(squares),
        zeros=(bank == 0).mean((1, 2, 3)),
        direction=direction,
        sure=sure,
        frequency=frequency,
        colour=(chroma**2).sum((1, 2, 3)) / np.maximum(squares, np.finfo(float).tiny),
    )


def power(weights: Array) -> tuple[Array, Array, Array]:
    """Return the power of each filter's response, summed over planes, with its frequencies (rows, columns).

    Only frequencies up to half a cycle a pixel in every direction are kept, so that none is preferred.
    """
    side = max(FIELD, 1 << (2 * max(weights.shape[2:]) - 1).bit_length())
    rows, columns = np.meshgrid(np.fft.fftfreq(side), np.fft.rfftfreq(side), indexing="ij")
    twice = np.where((columns == 0) | (columns == 0.5), 1.0, 2.0)  # the half that rfft leaves out
    total = np.fft.rfft2(_autocorrelation(weights, side)).real  # Wiener and Khinchin: the power
    return np.maximum(total, 0) * twice * (np.hypot(rows, columns) <= 0.5), rows, columns


def _autocorrelation(weights: Array, side: int) -> Array:
    """Return the sum over planes of each filter's correlation with itself, lag 0 in the field's corner."""
    height, width = weights.shape[2:]
    flat = weights.reshape(*weights.shape[:2], -1)
    products = (flat.transpose(0, 2, 1) @ flat).reshape(-1, height, width, height, width)
    field = np.zeros((len(weights), side, side))
    for row, column in np.ndindex(height, width):
        moved = products[:, row, column]  # of the weight here with every other one
        field[:, (np.arange(height) - row)[:, None], np.arange(width) - column] += moved
    return field


def _spectral(weights: Array) -> tuple[Array, Array, Array]:
    """Return direction, how sure it is, and mean frequency, by the second moments of the power."""
    if weights.shape[2:] == (1, 1):  # neither directions nor frequencies
        none = np.zeros(len(weights))
        return none, none, none
    spread, rows, columns = power(weights)
    total = np.maximum(spread.sum((1, 2)), np.finfo(float).tiny)

    def mean(values: Array) -> Array:
        return (spread * values).sum((1, 2)) / total

    across, down, both = mean(columns**2), mean(rows**2), mean(rows * columns)
    angle = np.degrees(0.5 * np.arctan2(2 * both, across - down)) % 180
    size = across + down
    sure = np.hypot(across - down, 2 * both) / np.maximum(size, np.finfo(float).tiny)
    return angle, sure, mean(np.hypot(rows, columns))


def alike(bank: Array) -> Array:
    """Return how alike each two filters are: the cosine of the angle between them, 0 for filters of zeros."""
    flat = bank.reshape(len(bank), -1).astype(np.float64)
    lengths = np.linalg.norm(flat, axis=1, keepdims=True)
    unit = flat / np.where(lengths == 0, 1, lengths)
    return unit @ unit.T


def in_a_row(likeness: Array, first: int) -> Array:
    """Return an order in which each filter is followed by the most similar one of those left.

    Opposite filters count as similar: they see the same, with the other sign.
    """
    left = np.abs(likeness).copy()
    order = [first]
    left[:, first] = -1
    for _ in range(len(left) - 1):
        following = int(left[order[-1]].argmax())
        order.append(following)
        left[:, following] = -1
    return np.array(order)


SORTS = ("number", "norm", "similarity", "direction")


def ordered(bank: Array, measures: Measures, sort: str) -> Array:
    """Return the filters' numbers in an order of `SORTS`; in "direction" unclear ones come last."""
    if sort == "norm":
        return np.argsort(-measures.norms, kind="stable")
    if sort == "similarity":
        return in_a_row(alike(bank), int(measures.norms.argmax()))
    if sort == "direction":
        unclear = measures.sure < CLEAR
        return np.lexsort((measures.direction, unclear))
    return np.arange(len(bank))

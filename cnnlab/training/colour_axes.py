"""Along which axes do the colours of a set of pictures vary, and how much?

Numpy only, so that a page can show them. It does not know what is done with them: `augmentation` shifts
colours along them, as AlexNet did.
"""

from dataclasses import dataclass

import numpy as np

MOST_PICTURES = 2000


@dataclass(frozen=True, slots=True, eq=False)
class ColourAxes:
    """The principal axes of red, green and blue, with the values of pixels from 0 to 1.

    Attributes:
        vectors: A unit vector a column, the one along which colours vary most first, 3 × 3. Its largest part
            is positive.
        variances: The variance along each, 3; they sum to the variance of all three colours.
    """

    vectors: np.ndarray
    variances: np.ndarray

    @property
    def shares(self) -> np.ndarray:
        """Return which share of all variance each axis has; 0 where all pixels are alike."""
        total = self.variances.sum()
        return self.variances / total if total > 0 else np.zeros(3)


def colour_axes(pixels: np.ndarray) -> ColourAxes:
    """Return the axes of pictures, count × height × width × 3, uint8 or from 0 to 1.

    As Krizhevsky et al. 2012 (section 4.1): the eigenvectors and eigenvalues of the covariance matrix of the
    RGB values. Of more than 2,000 pictures, so many at even distances are taken.
    """
    step = -(-len(pixels) // MOST_PICTURES) or 1
    total, products, count = np.zeros(3), np.zeros((3, 3)), 0
    for picture in pixels[::step]:
        values = picture.reshape(-1, 3).astype(np.float64)
        if pixels.dtype == np.uint8:
            values /= 255
        total += values.sum(0)
        products += values.T @ values
        count += len(values)
    mean = total / max(1, count)
    variances, vectors = np.linalg.eigh(products / max(1, count) - np.outer(mean, mean))
    variances, vectors = variances[::-1].clip(min=0), vectors[:, ::-1]
    largest = vectors[np.abs(vectors).argmax(0), np.arange(3)]
    return ColourAxes(vectors * np.where(largest < 0, -1.0, 1.0), variances)

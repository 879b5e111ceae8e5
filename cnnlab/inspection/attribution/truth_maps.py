"""How alike two maps are, and maps that know nothing of the network, to compare with.

A map that scores no better than the picture's edges, its middle or chance has explained nothing. It knows
neither networks nor methods, and loads no PyTorch.
"""

import numpy as np

WINDOW = 7  # of the structural similarity, in pixels, as scikit-image has it


def net_strength(attribution: np.ndarray) -> np.ndarray:
    """Return how much each pixel speaks for the category: channels × H × W -> H × W, the channels added."""
    return attribution.sum(axis=0, dtype=np.float64)


def size_of(attribution: np.ndarray) -> np.ndarray:
    """Return how much each pixel matters, for or against: the channels' absolute values added."""
    return np.abs(attribution).sum(axis=0, dtype=np.float64)


def ranks(values: np.ndarray) -> np.ndarray:
    """Return each value's rank from 1, equal values sharing the mean of theirs.

    >>> ranks(np.array([5, 1, 5, 9])).tolist()
    [2.5, 1.0, 2.5, 4.0]
    """
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return ((last - count + 1 + last) / 2)[place.reshape(values.shape)]


def correlation(one: np.ndarray, other: np.ndarray) -> float | None:
    """Return Pearson's correlation; None where a map is the same everywhere."""
    a, b = one.ravel() - one.mean(), other.ravel() - other.mean()
    product = float(np.linalg.norm(a) * np.linalg.norm(b))
    if np.ptp(one) == 0 or np.ptp(other) == 0 or product == 0:
        return None
    return float(np.clip(a @ b / product, -1, 1))


def rank_correlation(one: np.ndarray, other: np.ndarray) -> float | None:
    """Return Spearman's rank correlation; None where a map is the same everywhere.

    >>> f"{rank_correlation(np.array([1, 2, 3]), np.array([1, 10, 100])):.3f}"
    '1.000'
    """
    return correlation(ranks(one), ranks(other))


def structural_similarity(one: np.ndarray, other: np.ndarray) -> float | None:
    """Return the structural similarity (Wang et al. 2004) of two H × W maps, each brought to at most 1.

    None where a map is zero everywhere, or where the maps have fewer than 3 pixels a side.
    """
    from skimage.metrics import structural_similarity as similarity

    tops = float(np.abs(one).max()), float(np.abs(other).max())
    window = min(WINDOW, *(side - 1 + side % 2 for side in one.shape))
    if min(tops) == 0 or window < 3:
        return None
    scaled = one.astype(np.float64) / tops[0], other.astype(np.float64) / tops[1]
    return float(similarity(*scaled, data_range=1.0, win_size=window))  # pyright: ignore[reportArgumentType]


def sobel_map(pixels: np.ndarray) -> np.ndarray:
    """Return the strength of the picture's edges, 1 × H × W; `pixels` are uint8, H × W × 1 or 3."""
    from skimage.filters import sobel

    return sobel(pixels.mean(axis=2) / 255)[None].astype(np.float32)


def centre_map(height: int, width: int) -> np.ndarray:
    """Return a hill in the middle, 1 × H × W: 1 at its top, and nothing at the corners.

    >>> centre_map(3, 3)[0].argmax(), centre_map(3, 3)[0].min()
    (np.int64(4), np.float32(0.0))
    """
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    return (1 - np.hypot(y, x) / np.sqrt(2))[None].astype(np.float32)


def random_map(height: int, width: int, seed: int = 0) -> np.ndarray:
    """Return chance, 1 × H × W, from 0 to 1; the same seed gives the same map."""
    return np.random.default_rng(seed).random((1, height, width), dtype=np.float32)


def controls(pixels: np.ndarray, seed: int = 0) -> dict[str, np.ndarray]:
    """Return the maps to compare with, by the name that a learner reads."""
    height, width = pixels.shape[:2]
    return {
        "Edges (Sobel)": sobel_map(pixels),
        "Centre": centre_map(height, width),
        "Random": random_map(height, width, seed),
    }

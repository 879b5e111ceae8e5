"""What counts as “nothing there”: the picture that a method compares with. This module imports PyTorch."""

import numpy as np
import torch
from PIL import Image, ImageFilter
from torch import Tensor

from cnnlab.inspection.flow_input import Preparing, numbers

BLUR_SHARE = 8  # of the shorter side is the blur's standard deviation


def baseline(kind: str, given: np.ndarray, preparing: Preparing, seed: int = 0) -> Tensor:
    """Return a baseline as the network's numbers, 1 × C × H × W; `given` are its pixels, uint8, H × W × C.

    `kind` is one of `method.BASELINES`. The same seed gives the same random one.
    """
    height, width, channels = given.shape
    if kind == "mean":
        return torch.zeros(1, channels, height, width)
    if kind == "blur":
        image = Image.fromarray(given if channels == 3 else given[..., 0])
        blurred = image.filter(ImageFilter.GaussianBlur(min(height, width) / BLUR_SHARE))
        made = np.asarray(blurred).reshape(given.shape)
    elif kind == "random":
        made = np.random.default_rng(seed).integers(0, 256, given.shape, dtype=np.uint8)
    else:
        made = np.full_like(given, 255 if kind == "white" else 0)
    return torch.from_numpy(numbers(made, preparing))

"""`python -m cnnlab.training.bundled_pictures`: draw and write the pictures of shapes that come along.

Beside each lies its mask, grey from 0 to 255: how much of each pixel is the shape, where nothing hides it.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from cnnlab.inspection.bundled.models import FOLDER
from cnnlab.inspection.bundled.shape_names import SHAPES
from cnnlab.inspection.bundled.shape_pictures import DIFFICULTY, SHAPE_PICTURES, ShapePicture
from cnnlab.inspection.bundled.shapes import Dials, Rendered, render


def rendered(picture: ShapePicture) -> Rendered:
    """Draw a picture again, with what is known of it: a batch of one."""
    shape = torch.tensor([SHAPES.index(picture.shape)])
    return render(shape, torch.Generator().manual_seed(picture.seed), Dials(DIFFICULTY))


def pixels_of(picture: ShapePicture) -> np.ndarray:
    """Draw a picture again: height × width × 3, uint8."""
    return rendered(picture).pixels[0].permute(1, 2, 0).contiguous().numpy()


def mask_of(picture: ShapePicture) -> np.ndarray:
    """Draw a picture's mask again: height × width, uint8."""
    return (rendered(picture).masks[0] * 255).round().to(torch.uint8).numpy()


def main() -> int:
    """Draw, write and tell; return the exit code."""
    folder = FOLDER / "pictures"
    masks = folder / "masks"
    masks.mkdir(parents=True, exist_ok=True)
    for picture in SHAPE_PICTURES:
        path = folder / Path(picture.file).name
        Image.fromarray(pixels_of(picture)).save(path, optimize=True)
        Image.fromarray(mask_of(picture)).save(masks / path.name, optimize=True)
        print(f"{path.name}: {path.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())

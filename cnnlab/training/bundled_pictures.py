"""`python -m cnnlab.training.bundled_pictures`: draw and write the pictures of shapes that come along."""

import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from cnnlab.inspection.bundled.models import FOLDER
from cnnlab.inspection.bundled.shape_names import SHAPES
from cnnlab.inspection.bundled.shape_pictures import DIFFICULTY, SHAPE_PICTURES, ShapePicture
from cnnlab.inspection.bundled.shapes import Dials, render


def pixels_of(picture: ShapePicture) -> np.ndarray:
    """Draw a picture again: height × width × 3, uint8."""
    shape = torch.tensor([SHAPES.index(picture.shape)])
    rendered = render(shape, torch.Generator().manual_seed(picture.seed), Dials(DIFFICULTY))
    return rendered.pixels[0].permute(1, 2, 0).contiguous().numpy()


def main() -> int:
    """Draw, write and tell; return the exit code."""
    folder = FOLDER / "pictures"
    folder.mkdir(exist_ok=True)
    for picture in SHAPE_PICTURES:
        path = folder / Path(picture.file).name
        Image.fromarray(pixels_of(picture)).save(path, optimize=True)
        print(f"{path.name}: {path.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Where is the object in a bundled picture? Known for the drawn shapes, whose masks come along as files.

It does not know what the pictures show (see `samples`).
"""

from functools import lru_cache
from pathlib import Path

from cnnlab.inspection.bundled.shape_pictures import SHAPE_PICTURES
from cnnlab.inspection.samples import MissingPicture

MASKED: tuple[str, ...] = tuple(picture.name for picture in SHAPE_PICTURES)
_FOLDER = Path(__file__).parent / "bundled" / "pictures" / "masks"


@lru_cache(maxsize=32)
def mask_png(name: str) -> bytes:
    """Return the mask of a bundled picture as a PNG file, grey, 255 where a pixel is all object.

    Raises `MissingPicture` where none is known.
    """
    if name not in MASKED:
        raise MissingPicture(f"There is no mask of a picture '{name}'; there is one of: {', '.join(MASKED)}.")
    return (_FOLDER / f"{name}.png").read_bytes()

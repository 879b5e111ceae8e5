"""What a picture is in CNN Lab: a small, read-only block of red, green and blue values.

It does not know where a picture came from (see `samples` and `uploads`), nor how a network wants it prepared.
"""

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from cnnlab.errors import CnnLabError

LONGEST_SIDE_PX = 256
# For networks that make the shorter side 256 before they cut: enough that hardly a picture is enlarged.
NETWORK_SIDE_PX = 640


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture ready to be convolved.

    pixels: (height, width, 3), uint8, 0 is dark and 255 is bright; copied, and nobody can write to the copy.
    notes: sentences for the learner about what was changed on the way in.

    >>> Picture(np.zeros((2, 3, 3), dtype=np.uint8), "black").png()[1:4]
    b'PNG'
    """

    pixels: np.ndarray
    name: str
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is no RGB picture, and keep a copy that cannot be written to."""
        given = np.asarray(self.pixels)
        if given.dtype != np.uint8 or given.ndim != 3 or given.shape[2] != 3 or given.size == 0:
            shape = " × ".join(map(str, given.shape)) or "a single number"
            raise CnnLabError(
                f"A picture cannot be made of {given.dtype} values shaped {shape}; "
                "give height × width × 3 values of type uint8, at least one pixel."
            )
        frozen = np.frombuffer(given.tobytes(), dtype=np.uint8).reshape(given.shape)
        object.__setattr__(self, "pixels", frozen)

    def png(self) -> bytes:
        """Return the picture as a PNG file: lossless, and the same bytes every time."""
        file = io.BytesIO()
        Image.fromarray(self.pixels).save(file, format="PNG")
        return file.getvalue()


def shrink(image: Image.Image, most: int = LONGEST_SIDE_PX) -> Image.Image:
    """Make the longest side at most `most` pixels, each new pixel the mean of its area; never enlarge.

    >>> shrink(Image.new("L", (1024, 1))).size
    (256, 1)
    """
    longest = max(image.size)
    if longest <= most:
        return image
    width, height = (max(1, round(side * most / longest)) for side in image.size)
    return image.resize((width, height), Image.Resampling.BOX)

"""How the pixels of any kind of picture file become red, green and blue from 0 to 255.

Pictures are made small on the way. This module does not know files, names or limits.
"""

import numpy as np
from PIL import Image, ImageCms

from cnnlab.inspection.pictures import LONGEST_SIDE_PX, shrink

WIDE_MODES = ("I", "F", "I;16", "I;16L", "I;16B", "I;16N")
_BLOCK_VALUES = 1 << 20  # of a large picture, converted at a time: exact values need 8 bytes each

_CONVERSION_NOTES = {
    "CMYK": "Its printing colours (CMYK) were turned into red, green and blue without a colour profile.",
    "LAB": "Its Lab colours were turned into red, green and blue.",
    "YCbCr": "Its YCbCr colours were turned into red, green and blue.",
}


def small_rgb(image: Image.Image, most: int = LONGEST_SIDE_PX) -> tuple[Image.Image, tuple[str, ...]]:
    """Shrink a loaded image of any mode and turn it into RGB; also say in sentences what that changed.

    The longest side has at most `most` pixels afterwards.
    Transparent parts go on white; values beyond 8 bits are scaled to 0..255; colour profiles are ignored.
    """
    if image.mode in WIDE_MODES:
        grey, note = _scaled_grey(image)
        return shrink(grey, most).convert("RGB"), (note,)
    if image.has_transparency_data:
        return _on_white(image, most)
    note = _CONVERSION_NOTES.get(image.mode)
    notes = () if note is None else (note,)
    if image.mode == "LAB":
        return _lab_to_rgb(shrink(image, most)), notes
    if image.mode in ("1", "L"):
        return shrink(image.convert("L"), most).convert("RGB"), notes
    if image.mode == "CMYK":
        return shrink(image, most).convert("RGB"), notes
    return shrink(image.convert("RGB"), most), notes


def _on_white(image: Image.Image, most: int) -> tuple[Image.Image, tuple[str, ...]]:
    small = shrink(image.convert("RGBA"), most)
    lowest_alpha = np.asarray(small)[..., 3].min()
    white = Image.new("RGBA", small.size, "white")
    rgb = Image.alpha_composite(white, small).convert("RGB")
    return rgb, (("Transparent parts were put on white.",) if lowest_alpha < 255 else ())


def _lab_to_rgb(image: Image.Image) -> Image.Image:
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    transform = ImageCms.buildTransformFromOpenProfiles(lab, srgb, "LAB", "RGB")
    rgb = ImageCms.applyTransform(image, transform)
    assert rgb is not None  # None is returned only when the change is made in place
    return rgb


def _scaled_grey(image: Image.Image) -> tuple[Image.Image, str]:
    """Scale so that 0 (or the lowest value, if negative) is black and the highest value is white."""
    given = np.asarray(image)
    blocks = np.array_split(given.ravel(), given.size // _BLOCK_VALUES + 1)
    low = min(0.0, *(float(_finite(block).min()) for block in blocks))
    high = max(0.0, *(float(_finite(block).max()) for block in blocks))
    scale = 255.0 / (high - low) if high > low else 0.0
    grey = np.concatenate([np.rint((_finite(block) - low) * scale).astype(np.uint8) for block in blocks])
    note = f"Its grey values were scaled: {low:g} is black (0) and {high:g} is white (255)."
    if low == high:
        note = "All its grey values are 0, so it is black."
    if not all(np.isfinite(block).all() for block in blocks):
        note += " Values that are infinite or not a number were read as 0."
    return Image.fromarray(grey.reshape(given.shape)), note


def _finite(values: np.ndarray) -> np.ndarray:
    return np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)

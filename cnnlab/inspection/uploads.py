"""What picture is in these bytes that somebody sent, and if none can be had, why not.

The bytes are not trusted: the kinds of file, their length and their size in pixels are bounded before any
pixel is decoded, and whatever goes wrong becomes one sentence. Nothing here is kept, and nothing is shown.
"""

import io
import re
import threading
import unicodedata
import warnings

import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError

from cnnlab.errors import CnnLabError
from cnnlab.inspection.colours import WIDE_MODES, small_rgb
from cnnlab.inspection.pictures import LONGEST_SIDE_PX, Picture

MAX_BYTES = 20_000_000
MAX_PIXELS = 50_000_000
MAX_JPEG_SCAN_PIXELS = 4_000_000_000  # a scan passes over every pixel; honest files have about ten
MAX_NAME_LENGTH = 60

# Only Pillow's readers that need no other program and no network; EPS, for one, would start Ghostscript.
FORMATS = {
    "JPEG": "JPEG", "PNG": "PNG", "GIF": "GIF", "BMP": "BMP", "PPM": "PPM", "WEBP": "WebP", "TIFF": "TIFF",
    "AVIF": "AVIF", "ICO": "ICO", "TGA": "TGA",
}  # fmt: skip
_ALLOWED = f"{', '.join(list(FORMATS.values())[:-1])} or {list(FORMATS.values())[-1]}"

# Files that people take for pictures, and what they are.
_OTHER_KINDS = {
    rb"....ftyp(heic|heix|hevc|mif1|msf1)": "a HEIC photograph",
    rb"%PDF": "a PDF document",
    rb"%!PS|\xc5\xd0\xd3\xc6": "a PostScript drawing",
    rb"\s*(<\?xml.*)?<svg": "an SVG drawing",
}

_UPRIGHT = {  # EXIF 2.3, tag 0x0112: what undoes each orientation
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Bounds memory to one large picture, and keeps `catch_warnings`, which is global, from meeting itself.
_one_at_a_time = threading.Lock()


class UnreadablePicture(CnnLabError):
    """The bytes hold no picture that may be read; the sentence says what was given and what to do."""


def read_upload(data: bytes, name: str, most: int = LONGEST_SIDE_PX) -> Picture:
    """Read a picture from bytes not trusted: first frame, upright, RGB, at most `most` pixels a side.

    Raises UnreadablePicture. `name` is cleaned before it appears anywhere, and may be shown as Markdown.
    """
    shown = clean_name(name)
    if not data:
        raise UnreadablePicture(f"'{shown}' is empty (0 bytes); choose a file that holds a picture.")
    if len(data) > MAX_BYTES:
        raise UnreadablePicture(
            f"'{shown}' is {len(data) / 1e6:.1f} MB; at most {MAX_BYTES / 1e6:.0f} MB can be read. "
            "Save it smaller, for example as JPEG."
        )
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            image = _open(data, shown)
            _check_work(image, data, shown)
            return _decode(image, shown, most)
        except UnreadablePicture:
            raise
        except Exception as problem:  # Pillow's readers raise whatever broken bytes lead them to
            raise UnreadablePicture(
                f"'{shown}' looks like a picture, but it is damaged, cut short or of an unusual kind; "
                "save or download it again, as PNG or JPEG."
            ) from problem


def clean_name(name: str) -> str:
    r"""Make a file's name fit to show: last part of the path, printable, no Markdown, at most 60 characters.

    >>> clean_name("C:\\photos\\my\ncat[1].png")
    'mycat-1-.png'
    """
    last = re.split(r"[/\\]", name)[-1]
    printable = "".join(mark for mark in last if unicodedata.category(mark)[0] != "C")
    plain = " ".join(re.sub(r"[`*$~|<>#:\[\]]", "-", printable).split())
    if len(plain) > MAX_NAME_LENGTH:
        plain = f"{plain[: MAX_NAME_LENGTH - 9]}…{plain[-8:]}"
    return plain or "the picture"


def _open(data: bytes, shown: str) -> Image.Image:
    """Read the header only. Sizes inside an icon are checked before that: Pillow decodes it on opening."""
    if data.startswith(b"\0\0\1\0"):
        for match in re.finditer(rb"IHDR(.{4})(.{4})", data, re.DOTALL):
            width, height = (int.from_bytes(side, "big") for side in match.groups())
            _check_pixels(width, height, shown)
    try:
        return Image.open(io.BytesIO(data), formats=tuple(FORMATS))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(f"more than {MAX_PIXELS / 1e6:.0f} million pixels", shown) from None
    except UnidentifiedImageError:
        what = next(
            (kind for start, kind in _OTHER_KINDS.items() if re.match(start, data[:1000], re.DOTALL)), None
        )
        raise UnreadablePicture(
            f"'{shown}' is {what or 'not a picture, or one of a kind'} that cannot be read here; "
            f"{_ALLOWED} can. Open it in a picture program and save it as PNG or JPEG."
        ) from None


def _check_work(image: Image.Image, data: bytes, shown: str) -> None:
    """Refuse a small file that would unfold into too much work, before it does."""
    _check_pixels(*image.size, shown)
    if image.format == "TIFF":
        tags = getattr(image, "tag_v2", {})
        width, height = (tags.get(tag, 1) for tag in (ExifTags.Base.TileWidth, ExifTags.Base.TileLength))
        if isinstance(width, int) and isinstance(height, int):  # otherwise decoding finds it damaged
            _check_pixels(width, height, shown)
    if image.format in ("JPEG", "MPO"):
        scans = data.count(b"\xff\xda")
        if scans * image.width * image.height > MAX_JPEG_SCAN_PIXELS:
            raise UnreadablePicture(
                f"'{shown}' is a JPEG picture drawn in {scans:,} passes, which takes too long; "
                "open it in a picture program and save it again, or make it smaller."
            )


def _check_pixels(width: int, height: int, shown: str) -> None:
    if width * height > MAX_PIXELS:
        raise _too_many_pixels(f"{height:,} × {width:,} pixels (height × width)", shown)


def _too_many_pixels(size: str, shown: str) -> UnreadablePicture:
    return UnreadablePicture(
        f"'{shown}' has {size}; at most {MAX_PIXELS / 1e6:.0f} million can be read. "
        "Make it smaller first: a few hundred a side are all that is used."
    )


def _decode(image: Image.Image, shown: str, most: int) -> Picture:
    deep_colour = ";16" in repr(getattr(image, "tile", "")) and image.mode not in WIDE_MODES
    turned = _orientation(image) in _UPRIGHT  # TIFF is turned, and the tag removed, by load()
    image.draft(None, (2 * most, 2 * most))  # a JPEG is decoded only as large as needed
    image.load()
    rgb, notes = small_rgb(image, most)
    orientation = _orientation(image)
    if orientation in _UPRIGHT:
        rgb, turned = rgb.transpose(_UPRIGHT[orientation]), True
    if deep_colour:
        notes += ("Its 16-bit colours were reduced to 8 bits.",)
    if turned:
        notes += ("It was turned upright, as the camera noted.",)
    if _has_more_frames(image):
        notes += ("The file holds several pictures; only the first is used.",)
    return Picture(np.asarray(rgb), shown, notes)


def _orientation(image: Image.Image) -> int:
    try:
        return image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # broken notes beside sound pixels: the picture counts
        return 1


def _has_more_frames(image: Image.Image) -> bool:
    try:
        return bool(getattr(image, "is_animated", False))
    except Exception:  # the second frame is broken; the first was read
        return True

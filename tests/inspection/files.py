"""Picture files in memory, for the tests of what is read."""

import io
import struct
import zlib

import numpy as np
from PIL import Image


def file_of(image: Image.Image, file_format: str, **options: object) -> bytes:
    """Save an image with Pillow and return the file's bytes."""
    file = io.BytesIO()
    image.save(file, file_format, **options)
    return file.getvalue()


def noise(height: int, width: int, seed: int = 0) -> Image.Image:
    """Return an RGB image of seeded random values."""
    values = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(values)


def _png(header: bytes, compressed_rows: bytes) -> bytes:
    """Put a PNG together from its header's content and its rows, without Pillow."""
    file = b"\x89PNG\r\n\x1a\n"
    for kind, content in ((b"IHDR", header), (b"IDAT", compressed_rows), (b"IEND", b"")):
        check = zlib.crc32(kind + content)
        file += struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
    return file


def png_header(width: int, height: int) -> bytes:
    """Return a PNG of 1 bit a pixel that says it is this large, and holds not one pixel."""
    return _png(struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0), b"")


def png_of_16_bits(values: np.ndarray) -> bytes:
    """Return a PNG of height × width × 3 values of 16 bits, which Pillow cannot write."""
    height, width, _ = values.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    return _png(struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0), zlib.compress(rows))


def icon_around(png: bytes) -> bytes:
    """Return a Windows icon of one entry, said to be 16 × 16, that holds this PNG."""
    entry = struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 32, len(png), 22)
    return struct.pack("<HHH", 0, 1, 1) + entry + png


def tiff_with_tile(width: int, length: int) -> bytes:
    """Return a TIFF of 16 × 16 grey pixels whose one tile is said to be this large."""
    tags = {256: 16, 257: 16, 258: 8, 259: 8, 262: 1, 277: 1, 322: width, 323: length, 324: 8, 325: 16}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    return struct.pack("<2sHI", b"II", 42, 8) + struct.pack("<H", len(tags)) + entries + struct.pack("<I", 0)

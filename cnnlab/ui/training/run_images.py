"""Pictures of a run as PNG, many on one sheet: validation pictures, filters, maps.

It does not know what is beside them on the page.
"""

import io

import numpy as np
from PIL import Image

from cnnlab.training.run_folder import NoSuchRun, RunFolder
from cnnlab.ui.training.run_views import NOT_KEPT, kept_epochs

SHEET = 256  # validation pictures on a sheet
COLUMNS = 16
FILTER_COLUMNS = 8
MAPS = ("cam", "saliency", "early", "middle", "late")


def sheet_of_pictures(run: RunFolder, sheet: int) -> bytes:
    """Return a sheet of validation pictures, 16 a row; raises `NoSuchRun` where there is none."""
    kept = run.arrays(0, "pictures")
    thumbs = np.zeros((0, 1, 1, 3), np.uint8) if kept is None else kept["thumbs"]
    chosen = thumbs[sheet * SHEET : (sheet + 1) * SHEET]
    if not len(chosen):
        raise NoSuchRun("This run has kept no such pictures.")
    return png(tiled(chosen, COLUMNS))


def thumb_count(run: RunFolder) -> tuple[int, int]:
    """Return how many validation pictures have a small copy, and how many pixels a side it has."""
    kept = run.arrays(0, "pictures")
    return (0, 0) if kept is None else kept["thumbs"].shape[:2]


def filters_sheet(run: RunFolder, epoch: int) -> bytes:
    """Return the first filters after an epoch, 8 a row; those that did not change are those of before.

    Grey is 0. All epochs share one scale: the largest weight of the first and the last one that are kept.
    """
    epochs = kept_epochs(run)["filters"]
    before = [one for one in epochs if one <= epoch]
    if not before:
        raise NoSuchRun(NOT_KEPT.format(epoch=epoch))
    most = max(float(np.abs(_filters(run, one)).max()) for one in (epochs[0], epochs[-1])) or 1.0
    filters = _filters(run, before[-1])
    if filters.shape[1] != 3:
        filters = np.repeat(filters[:, :1], 3, axis=1)
    pixels = np.clip(np.rint(127.5 + 127.5 * filters / most), 0, 255).astype(np.uint8)
    seen = np.full((*pixels.transpose(0, 2, 3, 1).shape[:3], 4), 255, np.uint8)
    seen[..., :3] = pixels.transpose(0, 2, 3, 1)
    return png(tiled(np.pad(seen, ((0, 0), (0, 1), (0, 1), (0, 0))), FILTER_COLUMNS))


def _filters(run: RunFolder, epoch: int) -> np.ndarray:
    kept = run.arrays(epoch, "filters")
    if kept is None:
        raise NoSuchRun(NOT_KEPT.format(epoch=epoch))
    return np.nan_to_num(kept["filters"].astype(np.float32))


def maps_sheet(run: RunFolder, epoch: int, name: str) -> bytes:
    """Return maps of the probes in grey, a row for each probe, a column for each channel."""
    probes = run.arrays(epoch, "probes") if name in MAPS else None
    if probes is None or name not in probes:
        raise NoSuchRun(NOT_KEPT.format(epoch=epoch))
    maps = probes[name] if probes[name].ndim == 4 else probes[name][:, None]
    count, channels = maps.shape[:2]
    return png(tiled(maps.reshape(count * channels, *maps.shape[2:]), channels))


def tiled(pictures: np.ndarray, columns: int) -> np.ndarray:
    """Put pictures, N × height × width (× 3), beside each other, so many a row; what is left over is 0."""
    count, height, width, *rest = pictures.shape
    rows = -(-count // columns)
    sheet = np.zeros((rows * columns, height, width, *rest), pictures.dtype)
    sheet[:count] = pictures
    sheet = sheet.reshape(rows, columns, height, width, *rest).swapaxes(1, 2)
    return sheet.reshape(rows * height, columns * width, *rest)


def png(pixels: np.ndarray) -> bytes:
    """Return pixels, height × width (× 3 or 4), uint8, as PNG."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG", compress_level=3)
    return out.getvalue()

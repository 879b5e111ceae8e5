"""The pictures of the lessons, drawn by a program: `python -m tests.course.lesson_figures` writes them again.

Which maps share a mean is asked of PyTorch's layers, not typed. It does not know what a lesson says about it.
"""

import colorsys
from pathlib import Path

import torch
from PIL import Image, ImageDraw, ImageFont
from torch import nn

from tests.running_app import ROOT

FOLDER = ROOT / "lessons" / "img"
SAMPLES, CHANNELS, GROUPS = 3, 4, 2
LAYERS: dict[str, nn.Module] = {
    "Batch": nn.BatchNorm2d(CHANNELS),
    "Layer": nn.LayerNorm([CHANNELS, 2, 2]),
    "Instance": nn.InstanceNorm2d(CHANNELS),
    "Group, 2 groups": nn.GroupNorm(GROUPS, CHANNELS),
}
INKS = {False: "#1d2524", True: "#e7ecea"}
PAPERS = {False: "#fdfcf9", True: "#12181a"}  # of the themes, and opaque: readable on the other one, too
Box = tuple[int, int, int, int]
Place = tuple[int, int]

# in pixels of a picture that is shown at half its size
PANEL, MARGIN, CELL = (640, 560), (92, 136), (170, 92)


def sets_of(layer: nn.Module) -> list[frozenset[Place]]:
    """Return which maps (sample, channel) move together: what a change of one map changes beside it."""
    x = torch.randn(SAMPLES, CHANNELS, 2, 2, generator=torch.Generator().manual_seed(0))
    found = []
    for n in range(SAMPLES):
        for c in range(CHANNELS):
            other = x.clone()
            other[n, c, 0, 0] += 3
            moved = (layer(other) != layer(x)).flatten(2).any(2).nonzero().tolist()
            found.append(frozenset((int(one), int(two)) for one, two in moved))
    return list(dict.fromkeys(found))


def cell_box(panel: int, place: Place) -> Box:
    """Return left, top, right and bottom of a map in the picture of the four kinds."""
    left = (panel % 2) * PANEL[0] + MARGIN[0] + place[0] * CELL[0]
    top = (panel // 2) * PANEL[1] + MARGIN[1] + place[1] * CELL[1]
    return left + 4, top + 4, left + CELL[0] - 4, top + CELL[1] - 4


def tint(index: int, count: int, *, dark: bool) -> tuple[int, int, int]:
    """Return one of several colours on which ink is easily read."""
    lightness, saturation = (0.27, 0.5) if dark else (0.84, 0.6)
    red, green, blue = colorsys.hls_to_rgb((0.47 + index / count) % 1, lightness, saturation)
    return round(255 * red), round(255 * green), round(255 * blue)


def draw_who_shares(*, dark: bool) -> Image.Image:
    """Draw four tables of maps, each with the letter and the colour of its set."""
    picture = Image.new("RGBA", (2 * PANEL[0], 2 * PANEL[1] - 40), PAPERS[dark])
    pen = ImageDraw.Draw(picture)
    for panel, (name, layer) in enumerate(LAYERS.items()):
        left, top = (panel % 2) * PANEL[0], (panel // 2) * PANEL[1]
        middle = left + MARGIN[0] + SAMPLES * CELL[0] // 2
        pen.text((left + MARGIN[0] + 4, top + 14), name, INKS[dark], font(46))
        pen.text((middle, top + 122), "samples", INKS[dark], font(34), anchor="ms")
        picture.alpha_composite(upright("channels", dark=dark), (left + 34, top + MARGIN[1]))
        sets = sets_of(layer)
        for index, members in enumerate(sets):
            for place in members:
                box = cell_box(panel, place)
                pen.rounded_rectangle(box, 14, tint(index, len(sets), dark=dark), INKS[dark], 2)
                centre = ((box[0] + box[2]) // 2, (box[1] + box[3]) // 2)
                pen.text(centre, chr(ord("A") + index), INKS[dark], font(46), anchor="mm")
    return picture.convert("RGB")


def upright(words: str, *, dark: bool) -> Image.Image:
    """Return words that run upwards beside a table."""
    paper = Image.new("RGBA", (CHANNELS * CELL[1], 52), (0, 0, 0, 0))
    ImageDraw.Draw(paper).text((paper.width // 2, 26), words, INKS[dark], font(34), anchor="mm")
    return paper.rotate(90, expand=True)


def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return the font that comes with Pillow."""
    return ImageFont.load_default(size)


def file_of(*, dark: bool) -> Path:
    """Return where the picture of the four kinds lies."""
    return FOLDER / f"who-shares-a-mean{'-dark' if dark else ''}.png"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for is_dark in (False, True):
        drawn = draw_who_shares(dark=is_dark).quantize(256, dither=Image.Dither.NONE)
        drawn.save(file_of(dark=is_dark), optimize=True)

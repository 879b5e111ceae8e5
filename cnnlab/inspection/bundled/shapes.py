"""Pictures of "shapes in clutter": one shape in front of a texture, small ones, a bar, light and noise.

They are made, not collected: from numbers drawn by one generator, so the same generator gives the same
pictures, with what is known of each: its class, its texture and where the shape is seen. Shapes and textures
have modules of their own. It does not know networks.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from cnnlab.inspection.bundled.outlines import OUTLINES, Plane, between, turned
from cnnlab.inspection.bundled.shape_names import DISTRACTORS, SHAPES, TEXTURES, texture_of
from cnnlab.inspection.bundled.textures import textured

SIDE = 64
_OUTLINES = tuple(OUTLINES.values())
_TEXTURE_OF = torch.tensor([TEXTURES.index(texture_of(shape)) for shape in SHAPES])
_DISTRACTORS = torch.tensor([SHAPES.index(shape) for shape in DISTRACTORS])


@dataclass(frozen=True, slots=True)
class Dials:
    """How hard the pictures are.

    Attributes:
        difficulty: 0 has no small shapes, no bar, no noise and undistorted shapes; 1 has much of all.
        texture_share: How often a shape has the texture of its class rather than any, from 0 to 1.
        rotation: The largest turn to either side, in radians.
        scale: The least and the largest half side of the shape; the picture reaches from −1 to 1.
    """

    difficulty: float = 0.5
    texture_share: float = 0.0
    rotation: float = 0.45
    scale: tuple[float, float] = (0.55, 0.9)


@dataclass(frozen=True, slots=True, eq=False)
class Rendered:
    """Pictures and what is known of them.

    Attributes:
        pixels: uint8, pictures × 3 × side × side.
        shapes: Which of `SHAPES` each picture shows, pictures.
        textures: Which of `TEXTURES` the shape has, pictures.
        masks: How much of each pixel is the shape, where nothing hides it: 0 to 1, pictures × side × side.
    """

    pixels: Tensor
    shapes: Tensor
    textures: Tensor
    masks: Tensor


def render(shapes: Tensor, generator: torch.Generator, dials: Dials = Dials(), side: int = SIDE) -> Rendered:
    """Draw a picture for each entry of `shapes` (numbers of `SHAPES`), all at once.

    How many numbers are drawn, and which, does not depend on the classes: the same generator with other
    shapes gives the same backgrounds, places and colours.
    """
    return _Renderer(len(shapes), generator, dials, side).pictures(shapes)


class _Renderer:
    """One batch of pictures in the making; every method returns a value for each picture."""

    def __init__(self, count: int, generator: torch.Generator, dials: Dials, side: int) -> None:
        self._count, self._generator, self._dials, self._side = count, generator, dials, side
        line = (torch.arange(side) + 0.5) / side * 2 - 1
        self._y, self._x = torch.meshgrid(line, line, indexing="ij")

    def pictures(self, shapes: Tensor) -> Rendered:
        picture = self._background()
        for _ in range(3):
            picture = self._with_distractor(picture)
        picture, mask, textures = self._with_shape(picture, shapes)
        picture, hidden = self._with_bar(picture)
        pixels = (self._lit(picture).clamp(0, 1) * 255).round().to(torch.uint8)
        return Rendered(pixels, shapes, textures, mask * (1 - hidden))

    def _drawn(self, *shape: int) -> Tensor:
        return torch.rand(self._count, *shape, generator=self._generator)

    def _number(self, least: float = 0.0, most: float = 1.0) -> Tensor:
        return between(self._drawn(1, 1), least, most)

    def _any(self, choices: int) -> Tensor:
        return torch.randint(0, choices, (self._count,), generator=self._generator)

    def _noise(self, cells: int) -> Tensor:
        coarse = self._drawn(1, cells, cells)
        size = (self._side, self._side)
        smooth = functional.interpolate(coarse, size, mode="bicubic", align_corners=False)
        return smooth.clamp(0, 1)[:, 0]

    def _colours(self, unlike: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Return two colours (batch × 3 × 1 × 1), the second one drawn towards the first."""
        first, second = self._colour(unlike), self._colour(unlike)
        contrast = between(self._drawn(1, 1, 1), 0.3, 0.9)
        return first, torch.lerp(first, second, contrast)

    def _colour(self, unlike: Tensor | None) -> Tensor:
        colour = self._drawn(3, 1, 1)
        if unlike is None:
            return colour
        for _ in range(4):  # so that a shape can be told from what is behind it
            other = self._drawn(3, 1, 1)
            alike = (colour - unlike).abs().sum(1, keepdim=True) < 0.55
            colour = torch.where(alike, other, colour)
        return colour

    def _background(self) -> Tensor:
        coarse, fine = self._noise(5), self._noise(17)
        x, y = turned(self._x * 1.3, self._y * 1.3, self._number(0, 2 * math.pi))
        texture = textured(self._any(len(TEXTURES)), x, y, self._number())
        weight = self._number()
        share = (0.7 * weight * texture + (1 - weight) * coarse + 0.3 * fine).clamp(0, 1)
        return torch.lerp(*self._colours(), share[:, None])

    def _with_distractor(self, picture: Tensor) -> Tensor:
        shapes = _DISTRACTORS[self._any(len(_DISTRACTORS))]
        plane, scale = self._placed((0.12, 0.24), math.pi, reach=0.95)
        stripes = 0.5 + 0.5 * torch.sin(6 * turned(plane.x, plane.y, self._number(0, 2 * math.pi))[0])
        there = self._number() < 0.6 * self._dials.difficulty
        mask = self._mask(shapes, plane, scale) * there
        return torch.lerp(picture, torch.lerp(*self._colours(), stripes[:, None]), mask[:, None])

    def _with_shape(self, picture: Tensor, shapes: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        plane, scale = self._placed(self._dials.scale, self._dials.rotation, reach=0.8)
        own, other = self._number()[:, 0, 0] < self._dials.texture_share, self._any(len(TEXTURES))
        textures = torch.where(own, _TEXTURE_OF[shapes], other)
        x, y = turned(plane.x, plane.y, self._number(0, 2 * math.pi))
        texture = textured(textures, x, y, self._number())
        colours = self._colours(unlike=picture.mean((2, 3), keepdim=True))
        mask = self._mask(shapes, plane, scale)
        return torch.lerp(picture, torch.lerp(*colours, texture[:, None]), mask[:, None]), mask, textures

    def _placed(self, scales: tuple[float, float], turn: float, reach: float) -> tuple[Plane, Tensor]:
        """Return the pixels as seen from a shape that is moved, sized, turned, sheared and wobbled."""
        scale, harder = self._number(*scales), self._dials.difficulty
        room = reach * (1 - 0.6 * scale)
        x = (self._x - self._number(-1, 1) * room) / scale
        y = (self._y - self._number(-1, 1) * room) / scale
        x, y = turned(x, y, self._number(-turn, turn))
        aspect = 1 + 0.25 * harder * self._number(-1, 1)
        x, y = x * aspect + 0.25 * harder * self._number(-1, 1) * y, y / aspect
        x = x + 0.06 * harder * torch.sin(3.1 * y + self._number(0, 6))
        y = y + 0.06 * harder * torch.sin(2.7 * x + self._number(0, 6))
        return Plane(x, y, self._number(), self._number()), scale

    def _mask(self, shapes: Tensor, plane: Plane, scale: Tensor) -> Tensor:
        outline = torch.empty_like(plane.x)
        for number in shapes.unique().tolist():
            one = shapes == number
            seen = Plane(plane.x[one], plane.y[one], plane.first[one], plane.second[one])
            outline[one] = _OUTLINES[number](seen)
        return torch.sigmoid(-outline * scale * (self._side / 0.9))  # soft over about one pixel

    def _with_bar(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        angle, offset, half = self._number(0, math.pi), self._number(-0.6, 0.6), self._number(0.03, 0.1)
        away = (self._x * torch.cos(angle) + self._y * torch.sin(angle) - offset).abs()
        there = self._number() < 0.35 * self._dials.difficulty
        bar = torch.sigmoid((half - away) * self._side * 0.9) * there
        return torch.lerp(picture, self._drawn(3, 1, 1).expand_as(picture), bar[:, None]), bar

    def _lit(self, picture: Tensor) -> Tensor:
        slope = self._x * self._number(-1, 1) + self._y * self._number(-1, 1)
        light = 1 + 0.3 * self._dials.difficulty * slope[:, None]
        strength = between(self._drawn(1, 1, 1), 0, 0.07 * self._dials.difficulty)
        noise = torch.randn(picture.shape, generator=self._generator)
        return picture * light + noise * strength

"""The outline of each shape as an implicit function: negative inside, zero on the edge, positive outside.

A shape fills about the square from −1 to 1; x goes to the right and y downwards. Sizes of parts vary with
two free proportions from 0 to 1. Union is the least, intersection the greatest of functions. Near its edge a
value is about the distance to it, which is what gives a smooth rim. It knows neither colours nor pixels.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

import torch
from torch import Tensor

from cnnlab.inspection.bundled.shape_names import SHAPES


@dataclass(frozen=True, slots=True)
class Plane:
    """Where pixels are, seen from the shape (batch × height × width), and two proportions (batch × 1 × 1)."""

    x: Tensor
    y: Tensor
    first: Tensor
    second: Tensor

    @property
    def radius(self) -> Tensor:
        """Return the distance from the middle."""
        return torch.hypot(self.x, self.y)

    @property
    def angle(self) -> Tensor:
        """Return the direction from the middle, from −π to π."""
        return torch.atan2(self.y, self.x)


Outline = Callable[[Plane], Tensor]
Size = Tensor | float


def turned(x: Tensor, y: Tensor, angle: Tensor) -> tuple[Tensor, Tensor]:
    """Return coordinates turned by an angle in radians."""
    cos, sin = torch.cos(angle), torch.sin(angle)
    return cos * x - sin * y, sin * x + cos * y


def between(share: Tensor, least: float, most: float) -> Tensor:
    """Return the number that lies that share of the way from `least` to `most`."""
    return least + (most - least) * share


def _union(*parts: Tensor) -> Tensor:
    return reduce(torch.minimum, parts)


def _common(*parts: Tensor) -> Tensor:
    return reduce(torch.maximum, parts)


def _box(x: Tensor, y: Tensor, half_width: Size, half_height: Size) -> Tensor:
    return torch.maximum(x.abs() - half_width, y.abs() - half_height)


def _disc(plane: Plane, radius: Size, x: Size = 0.0, y: Size = 0.0) -> Tensor:
    return torch.hypot(plane.x - x, plane.y - y) - radius


def _from_corner(angle: Tensor, corners: int) -> Tensor:
    """Return how far an angle is from the middle of its side of a polygon, 0 to π / corners."""
    part = 2 * math.pi / corners
    return (torch.remainder(angle, part) - part / 2).abs()


def _polygon(plane: Plane, corners: int, radius: Size) -> Tensor:
    height = math.cos(math.pi / corners) * radius
    return plane.radius * torch.cos(_from_corner(plane.angle, corners)) - height


def _star(plane: Plane, points: int, inner: Tensor) -> Tensor:
    towards_tip = _from_corner(plane.angle, points) / (math.pi / points)
    return plane.radius - 1 / ((1 - towards_tip) / inner + towards_tip / 0.95)


def _stroke(plane: Plane, start: tuple[float, float], end: tuple[float, float], half_width: Size) -> Tensor:
    (x0, y0), (x1, y1) = start, end
    along_x, along_y = x1 - x0, y1 - y0
    share = ((plane.x - x0) * along_x + (plane.y - y0) * along_y) / (along_x**2 + along_y**2)
    share = share.clamp(0, 1)
    return torch.hypot(plane.x - x0 - share * along_x, plane.y - y0 - share * along_y) - half_width


def _disc_shape(plane: Plane) -> Tensor:
    return _disc(plane, between(plane.first, 0.75, 0.9))


def _square(plane: Plane) -> Tensor:
    return _box(plane.x, plane.y, between(plane.first, 0.65, 0.75), between(plane.second, 0.65, 0.75))


def _triangle(plane: Plane) -> Tensor:
    return _polygon(plane, 3, 0.95)


def _pentagon(plane: Plane) -> Tensor:
    return _polygon(plane, 5, 0.92)


def _hexagon(plane: Plane) -> Tensor:
    return _polygon(plane, 6, 0.92)


def _five_points(plane: Plane) -> Tensor:
    return _star(plane, 5, between(plane.first, 0.36, 0.48))


def _four_points(plane: Plane) -> Tensor:
    return _star(plane, 4, between(plane.first, 0.28, 0.4))


def _gear(plane: Plane) -> Tensor:
    teeth = 0.72 + 0.18 * torch.tanh(6 * torch.cos(9 * plane.angle))
    return _common(plane.radius - teeth, -_disc(plane, between(plane.first, 0.2, 0.35)))


def _plus(plane: Plane) -> Tensor:
    thick = between(plane.first, 0.2, 0.32)
    return _union(_box(plane.x, plane.y, 0.85, thick), _box(plane.x, plane.y, thick, 0.85))


def _ring(plane: Plane) -> Tensor:
    return _disc(plane, 0.68).abs() - between(plane.first, 0.13, 0.22)


def _crescent(plane: Plane) -> Tensor:
    return _common(_disc(plane, 0.85), -_disc(plane, 0.72, x=between(plane.first, 0.35, 0.5)))


def _letter_l(plane: Plane) -> Tensor:
    upright = _box(plane.x + 0.45, plane.y, between(plane.first, 0.2, 0.3), 0.8)
    return _union(upright, _box(plane.x - 0.1, plane.y - 0.6, 0.75, between(plane.second, 0.2, 0.3)))


def _flower(plane: Plane) -> Tensor:
    return plane.radius - (0.62 + between(plane.first, 0.2, 0.3) * torch.cos(5 * plane.angle))


def _half_disc(plane: Plane) -> Tensor:
    return _common(_disc(plane, 0.92, y=0.35), plane.y - 0.35)


def _hourglass(plane: Plane) -> Tensor:
    slope = between(plane.first, 0.7, 0.85)
    return _common(plane.y.abs() - 0.85, plane.x.abs() - (0.12 + plane.y.abs() * slope))


def _spiral(plane: Plane) -> Tensor:
    turns = torch.remainder(plane.radius * 2.2 - plane.angle / (2 * math.pi), 1.0)
    return _common((turns - 0.5).abs() * 0.45 - between(plane.first, 0.09, 0.13), plane.radius - 0.95)


def _dumbbell(plane: Plane) -> Tensor:
    radius = between(plane.first, 0.32, 0.4)
    bar = _box(plane.x, plane.y, 0.55, between(plane.second, 0.08, 0.14))
    return _union(_disc(plane, radius, x=-0.55), _disc(plane, radius, x=0.55), bar)


def _letter_h(plane: Plane) -> Tensor:
    thick = between(plane.first, 0.16, 0.24)
    left, right = _box(plane.x + 0.55, plane.y, thick, 0.8), _box(plane.x - 0.55, plane.y, thick, 0.8)
    return _union(left, right, _box(plane.x, plane.y, 0.55, between(plane.second, 0.14, 0.22)))


def _chevron(plane: Plane) -> Tensor:
    bent = plane.x + plane.y.abs() * between(plane.second, 0.7, 1.0) - 0.25
    return _common(bent.abs() - between(plane.first, 0.22, 0.32), plane.y.abs() - 0.8)


def _letter_c(plane: Plane) -> Tensor:
    mouth = plane.y.abs() - plane.x * between(plane.second, 0.5, 0.9)
    return _common(_disc(plane, 0.68).abs() - between(plane.first, 0.15, 0.22), -mouth)


def _hollow_triangle(plane: Plane) -> Tensor:
    return _common(_polygon(plane, 3, 0.98), -_polygon(plane, 3, between(plane.first, 0.4, 0.52)))


def _heart(plane: Plane) -> Tensor:
    tip = _common(plane.x.abs() + plane.y * 0.95 - 0.82, -plane.y - 0.12)
    return _union(_disc(plane, 0.46, -0.38, -0.3), _disc(plane, 0.46, 0.38, -0.3), tip)


def _arrow(plane: Plane) -> Tensor:
    head = _common(plane.x - 0.95, plane.y.abs() - (0.95 - plane.x) * 0.75, 0.1 - plane.x)
    return _union(_box(plane.x + 0.35, plane.y, 0.55, between(plane.first, 0.14, 0.24)), head)


def _letter_t(plane: Plane) -> Tensor:
    bar = _box(plane.x, plane.y + 0.55, 0.8, between(plane.first, 0.2, 0.3))
    return _union(bar, _box(plane.x, plane.y - 0.1, between(plane.second, 0.18, 0.28), 0.8))


def _zigzag(plane: Plane) -> Tensor:
    corners = ((-0.7, -0.7), (0.5, -0.45), (-0.5, 0.4), (0.7, 0.7))
    thick = between(plane.first, 0.13, 0.2)
    return _union(*(_stroke(plane, a, b, thick) for a, b in pairwise(corners)))


def _drop(plane: Plane) -> Tensor:
    tip = _common(plane.x.abs() - (plane.y + 0.95) * 0.5, plane.y - 0.1, -0.95 - plane.y)
    return _union(_disc(plane, 0.55, y=0.3), tip)


def _pie(plane: Plane) -> Tensor:
    mouth = plane.y.abs() - plane.x * between(plane.first, 0.55, 0.9)
    return _common(_disc(plane, 0.85), -mouth)


def _keyhole(plane: Plane) -> Tensor:
    below = _common(plane.y - 0.9, -0.3 - plane.y, plane.x.abs() - (0.16 + 0.24 * (plane.y + 0.3)))
    return _union(_disc(plane, 0.45, y=-0.4), below)


def _letter_u(plane: Plane) -> Tensor:
    thick = between(plane.first, 0.15, 0.2)
    bow = _common(_disc(plane, 0.62, y=0.2).abs() - thick, -plane.y + 0.2)
    left, right = (_box(plane.x + side, plane.y + 0.3, thick, 0.5) for side in (0.62, -0.62))
    return _union(bow, left, right)


def _trefoil(plane: Plane) -> Tensor:
    radius = between(plane.first, 0.38, 0.46)
    middles = ((0.0, -0.45), (-0.4, 0.28), (0.4, 0.28))
    return _union(*(_disc(plane, radius, x, y) for x, y in middles))


def _comb(plane: Plane) -> Tensor:
    teeth = (_box(plane.x - middle, plane.y - 0.1, 0.13, 0.7) for middle in (-0.66, 0.0, 0.66))
    return _union(_box(plane.x, plane.y + 0.6, 0.85, 0.2), *teeth)


_IN_ORDER = (
    *(_disc_shape, _square, _triangle, _pentagon, _hexagon, _five_points, _four_points),
    *(_gear, _plus, _ring, _crescent, _letter_l, _flower, _half_disc, _hourglass, _spiral, _dumbbell),
    *(_letter_h, _chevron, _letter_c, _hollow_triangle),
    *(_heart, _arrow, _letter_t, _zigzag, _drop, _pie, _keyhole, _letter_u, _trefoil, _comb),
)
OUTLINES: dict[str, Outline] = dict(zip(SHAPES, _IN_ORDER, strict=True))

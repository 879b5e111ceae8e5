"""What does a policy make of a batch of pictures? Every picture is distorted in a way of its own.

Parameters are drawn first (`drawn`), then pictures are made of them (`applied`), so that a mask can be moved
as its picture was, and the browser can be compared. All moves become one sampling grid: a picture is read
once, however many transforms there are. torchvision's transforms draw one set of parameters for a whole
batch. It knows no labels but in `mixed`, and no network.
"""

import math

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from cnnlab.training.colour_axes import ColourAxes, colour_axes
from cnnlab.training.policy import Policy, checked_policy, strength_of

# A transform's name → its parameters, one row a picture:
# flip: 1 where it is mirrored; elastic: how far from 4 × 4 places is read, first to the right, then down, in
# sides; lens: k of r ↦ r (1 + k r²), r being 1 in the corners; stretch, scale: logarithms of factors; shear,
# rotate: degrees, to the right; translate: right and down, in sides; crop: its side, and its place from −1 to
# 1, right and down; brightness, contrast: factors; colour: added to red, green, blue; pca: α of each axis;
# cutout: its side, its middle from the left and from the top, in sides.
Draws = dict[str, Tensor]

PLACES = 4  # of the elastic warp, along each side
GREY = 0.5
_LUMA = (0.2989, 0.587, 0.114)  # of red, green and blue in a grey, as torchvision has them


def augmented(
    pixels: Tensor, policy: Policy, generator: torch.Generator, axes: ColourAxes | None = None
) -> Tensor:
    """Return pictures distorted by a policy, each by parameters of its own.

    `pixels` are batch × 3 × height × width from 0 to 1, on any device, and so is what is returned. The same
    generator gives the same pictures. `axes` are those of the whole set; without them, PCA colour takes the
    batch's. Mixup needs labels: see `mixed`.
    """
    return applied(pixels, drawn(policy, len(pixels), generator), axes)


def drawn(policy: Policy, count: int, generator: torch.Generator) -> Draws:
    """Draw the parameters of so many pictures, on the generator's device; raises `UnsuitablePolicy`."""

    def even(columns: int, reach: float = 1.0) -> Tensor:
        return _uniform(count, columns, generator) * reach

    def corner(side: float) -> Tensor:
        return torch.cat([torch.full_like(even(1), side), (even(2) + 1) / 2], dim=1)

    def cropped(most: float) -> Tensor:
        return torch.cat([(1 - most * (even(1) + 1) / 2).sqrt(), even(2)], dim=1)

    ways = {
        "flip": lambda by: ((even(1) + 1) / 2 < by).float(),
        "elastic": lambda by: even(2 * PLACES**2, by),
        "stretch": lambda by: even(1, math.log1p(by)),
        "scale": lambda by: even(1, math.log1p(by)),
        "translate": lambda by: even(2, by),
        "crop": cropped,
        "brightness": lambda by: 1 + even(1, by),
        "contrast": lambda by: 1 + even(1, by),
        "colour": lambda by: even(3, by),
        "pca": lambda by: by * torch.randn(count, 3, generator=generator, device=generator.device),
        "cutout": corner,
    }
    strengths = {name: by for name, by in checked_policy(policy) if name != "mixup"}
    return {name: ways.get(name, lambda by: even(1, by))(by) for name, by in strengths.items()}


def _uniform(count: int, columns: int, generator: torch.Generator) -> Tensor:
    """Return numbers from −1 to 1, count × columns."""
    return torch.rand(count, columns, generator=generator, device=generator.device) * 2 - 1


def applied(pixels: Tensor, draws: Draws, axes: ColourAxes | None = None) -> Tensor:
    """Return pictures distorted by what was drawn for each; `pixels` as in `augmented`."""
    draws = {name: one.to(pixels.device, pixels.dtype) for name, one in draws.items()}
    pixels = _moved(pixels, draws)
    for name, change in _COLOUR_CHANGES.items():
        if name in draws:
            pixels = change(pixels, draws[name][..., None, None])
    if "pca" in draws:
        pixels = _shifted(pixels, draws["pca"], axes or _axes_of(pixels))
    return _covered(pixels, draws, GREY)


def moved_masks(masks: Tensor, draws: Draws) -> Tensor:
    """Return masks moved as their pictures are, and empty where those are covered: batch × height × width."""
    draws = {name: one.to(masks.device, masks.dtype) for name, one in draws.items()}
    return _covered(_moved(masks[:, None], draws), draws, 0.0)[:, 0]


def object_left(masks: Tensor, draws: Draws) -> Tensor:
    """Return which share of each object is still to be seen, from 0 to 1; batch.

    Each pixel of a moved mask counts for as much of the original as it was read from. 0 where there was none.
    """
    draws = {name: one.to(masks.device, masks.dtype) for name, one in draws.items()}
    height, width = masks.shape[-2:]
    grid = _grid(masks[:, None], draws) * masks.new_tensor([width / 2, height / 2])
    down, right = torch.gradient(grid, dim=(1, 2))
    areas = (right[..., 0] * down[..., 1] - right[..., 1] * down[..., 0]).abs()
    seen = (moved_masks(masks, draws) * areas).sum((1, 2))
    return (seen / masks.sum((1, 2)).clamp(min=1e-6)).clamp(0, 1)


def mixed(
    pixels: Tensor, targets: Tensor, policy: Policy, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Return pictures and targets mixed in pairs, if mixup is in the policy; else as they are.

    `targets` are the probabilities wanted of each class, batch × classes. Each picture keeps a share λ of
    Beta(α, α), and gets 1 − λ of another (Zhang et al. 2018, equation 1; there, one λ serves a whole batch).
    """
    alpha = strength_of(checked_policy(policy), "mixup")
    if not alpha:
        return pixels, targets
    count, device = len(pixels), generator.device
    seed = int(torch.randint(2**31, (1,), generator=generator, device=device))
    partners = torch.randperm(count, generator=generator, device=device).to(pixels.device)
    shares = torch.from_numpy(np.random.default_rng(seed).beta(alpha, alpha, count))
    kept = shares.to(pixels.device, pixels.dtype)[:, None]
    mixture = torch.lerp(pixels[partners], pixels, kept[..., None, None])
    return mixture, torch.lerp(targets[partners], targets, kept.to(targets.dtype))


def _moved(pixels: Tensor, draws: Draws) -> Tensor:
    if draws.keys() & {"elastic", "lens", "stretch", "shear", "rotate", "scale", "translate", "crop"}:
        return functional.grid_sample(pixels, _grid(pixels, draws), align_corners=False)
    if "flip" in draws:
        return torch.where(draws["flip"][..., None, None] > 0, pixels.flip(-1), pixels)
    return pixels


def _grid(pixels: Tensor, draws: Draws) -> Tensor:
    """Return where each pixel of the results is read: batch × height × width × 2, from −1 to 1, x first."""
    height, width = pixels.shape[-2:]
    half = pixels.new_tensor([width / 2, height / 2])
    linear, offset = _read_from(pixels, draws)
    rows = torch.cat([linear * half / half[:, None], offset[..., None]], dim=2)
    grid = functional.affine_grid(rows, [len(pixels), 1, height, width], align_corners=False)
    if "lens" in draws:
        squared = ((grid * half) ** 2).sum(-1, keepdim=True) / (half**2).sum()
        grid = grid * (1 + draws["lens"][..., None, None] * squared)
    if "elastic" in draws:
        places = draws["elastic"].unflatten(1, (2, PLACES, PLACES))
        pulls = functional.grid_sample(places, grid, "bicubic", padding_mode="border", align_corners=True)
        grid = grid + 2 * pulls.movedim(1, -1)
    if "flip" in draws:
        sign = torch.cat([1 - 2 * draws["flip"], torch.ones_like(draws["flip"])], dim=1)
        grid = grid * sign[:, None, None]
    return grid


def _read_from(pixels: Tensor, draws: Draws) -> tuple[Tensor, Tensor]:
    """Return the affine part of the way back: in pixels from the middle, batch × 2 × 2, and in half sides."""

    def number(name: str, column: int = 0, default: float = 0.0) -> Tensor:
        return draws[name][:, column] if name in draws else pixels.new_full((len(pixels),), default)

    angle, slant = torch.deg2rad(number("rotate")), torch.tan(torch.deg2rad(number("shear")))
    cos, sin, wide = angle.cos(), angle.sin(), (number("stretch") / 2).exp()
    # forward: turned · slanted · stretched, of determinant 1, times the factor of `scale`
    forward = [cos * wide, (-cos * slant - sin) / wide, sin * wide, (cos - sin * slant) / wide]
    back = torch.stack([forward[3], -forward[1], -forward[2], forward[0]], dim=1).unflatten(1, (2, 2))
    back = back / number("scale").exp()[:, None, None]
    side = number("crop", 0, 1.0)
    height, width = pixels.shape[-2:]
    half = pixels.new_tensor([width / 2, height / 2])
    place = [(1 - side) * number("crop", 1 + axis) - 2 * number("translate", axis) for axis in (0, 1)]
    offset = torch.einsum("bij,bj->bi", back, torch.stack(place, dim=1) * half) / half
    return back * side[:, None, None], offset


def _brightened(pixels: Tensor, factor: Tensor) -> Tensor:
    return (pixels * factor).clamp_(0, 1)


def _contrasted(pixels: Tensor, factor: Tensor) -> Tensor:
    grey = pixels.mean((2, 3)) @ pixels.new_tensor(_LUMA)  # the mean of greys is the grey of means
    return torch.lerp(grey[:, None, None, None], pixels, factor).clamp_(0, 1)


def _tinted(pixels: Tensor, added: Tensor) -> Tensor:
    return (pixels + added).clamp_(0, 1)


_COLOUR_CHANGES = {"brightness": _brightened, "contrast": _contrasted, "colour": _tinted}


def _shifted(pixels: Tensor, alphas: Tensor, axes: ColourAxes) -> Tensor:
    """Add the axes, each times its variance and its α (Krizhevsky et al. 2012, section 4.1)."""
    steps = torch.from_numpy(axes.vectors * axes.variances).to(pixels.device, pixels.dtype)
    return _tinted(pixels, (alphas @ steps.T)[..., None, None])


def _axes_of(pixels: Tensor) -> ColourAxes:
    return colour_axes(pixels.detach().movedim(1, -1).float().cpu().numpy())


def _covered(pixels: Tensor, draws: Draws, value: float) -> Tensor:
    if "cutout" not in draws:
        return pixels
    side, across, down = draws["cutout"].T[..., None]
    height, width = pixels.shape[-2:]
    x, y = ((torch.arange(n, device=pixels.device) + 0.5) / n for n in (width, height))
    columns, rows = (x - across).abs() < side / 2, (y - down).abs() < side / 2
    return pixels.masked_fill((rows[:, :, None] & columns[:, None])[:, None], value)

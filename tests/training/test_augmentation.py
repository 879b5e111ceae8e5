"""Does each picture of a batch become what torchvision makes of it alone, with the same parameters?

AlexNet's colours are compared with numpy's SVD, masks with their pictures, shares left with areas on paper.
"""

import math

import numpy as np
import pytest
import torch
from torch import Tensor
from torchvision.transforms.v2 import InterpolationMode
from torchvision.transforms.v2 import functional as theirs

from cnnlab.training.augmentation import applied, augmented, drawn, mixed, moved_masks, object_left
from cnnlab.training.colour_axes import ColourAxes, colour_axes
from cnnlab.training.policy import Policy
from cnnlab.training.transforms import TRANSFORMS

EVERY: Policy = tuple((name, one.default) for name, one in TRANSFORMS.items())
MOVING = [name for name, one in TRANSFORMS.items() if one.geometric]


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def pictures(count: int = 4, height: int = 20, width: int = 28) -> Tensor:
    return torch.rand(count, 3, height, width, generator=seeded(7))


def columns(*rows: float | list[float]) -> Tensor:
    return torch.tensor([row if isinstance(row, list) else [row] for row in rows])


def close(mine: Tensor, other: Tensor, most: float = 2e-5) -> None:
    torch.testing.assert_close(mine, other, rtol=0, atol=most)


def affine(picture: Tensor, angle: float = 0, move: tuple[float, float] = (0, 0), **more: float) -> Tensor:
    return theirs.affine(
        picture,
        angle=angle,
        translate=list(move),
        scale=more.get("scale", 1),
        shear=[more.get("shear", 0), 0],
        interpolation=InterpolationMode.BILINEAR,
    )


def test_strength_zero_changes_nothing_to_the_bit():
    nothing = tuple((name, 0.0) for name in TRANSFORMS)
    for policy in ((), nothing):
        assert torch.equal(augmented(pictures(), policy, seeded()), pictures())


def test_parameters_that_do_nothing_leave_the_picture():
    draws = {name: torch.zeros(4, 1) for name in MOVING} | {
        "translate": torch.zeros(4, 2),
        "elastic": torch.zeros(4, 32),
        "crop": columns([1, 1, -1]).repeat(4, 1),
        "brightness": torch.ones(4, 1),
        "contrast": torch.ones(4, 1),
        "colour": torch.zeros(4, 3),
        "pca": torch.zeros(4, 3),
        "cutout": torch.zeros(4, 3),
    }
    close(applied(pictures(), draws), pictures(), 1e-5)


def test_a_flip_is_torchs_flip_of_those_that_are_drawn():
    made = applied(pictures(), {"flip": columns(1, 0, 0, 1)})
    for row, turned in enumerate((True, False, False, True)):
        assert torch.equal(made[row], torch.flip(pictures()[row], [-1]) if turned else pictures()[row])
    chosen = drawn((("flip", 0.25),), 4000, seeded())["flip"]
    assert abs(chosen.mean() - 0.25) < 5 * math.sqrt(0.25 * 0.75 / 4000)
    assert drawn((("flip", 1),), 50, seeded())["flip"].min() == 1


def test_rotation_is_torchvisions_picture_by_picture():
    angles = (-170.0, -33.0, 0.0, 90.0)
    made = applied(pictures(), {"rotate": columns(*angles)})
    for one, picture, angle in zip(made, pictures(), angles, strict=True):
        close(one, affine(picture, angle))
        close(one, theirs.rotate(picture, -angle, InterpolationMode.BILINEAR))


def test_moving_is_torchvisions_by_whole_pixels():
    moves = [(7, 0), (0, -5), (-14, 10), (0, 0)]  # torchvision takes pixels, right and down
    made = applied(pictures(), {"translate": columns(*([x / 28, y / 20] for x, y in moves))})
    for one, picture, move in zip(made, pictures(), moves, strict=True):
        close(one, affine(picture, move=move))


def test_scale_and_shear_are_torchvisions():
    factors, slants = (0.6, 0.9, 1.0, 1.7), (-40.0, 10.0, 25.0, 3.0)
    scaled = applied(pictures(), {"scale": columns(*map(math.log, factors))})
    sheared = applied(pictures(), {"shear": columns(*slants)})
    for row, picture in enumerate(pictures()):
        close(scaled[row], affine(picture, scale=factors[row]))
        close(sheared[row], affine(picture, shear=slants[row]))


def test_what_moves_is_composed_as_torchvision_composes_it():
    draws = {
        "shear": columns(12.0, -20.0),
        "rotate": columns(50.0, -110.0),
        "scale": columns(math.log(1.2), math.log(0.8)),
        "translate": columns([3 / 28, -2 / 20], [-4 / 28, 5 / 20]),
    }
    made = applied(pictures(2), draws)
    close(made[0], affine(pictures()[0], 50, (3, -2), scale=1.2, shear=12))
    close(made[1], affine(pictures()[1], -110, (-4, 5), scale=0.8, shear=-20))


def test_a_crop_is_that_part_enlarged():
    square = pictures(2, 24, 24)
    made = applied(square, {"crop": columns([0.5, -1, 1], [0.75, 1, -1])})  # at the left below; right above
    for one, part in ((made[0], square[0, :, 12:, :12]), (made[1], square[1, :, :18, 6:])):
        enlarged = torch.nn.functional.interpolate(part[None], (24, 24), mode="bilinear")[0]
        close(one[:, 2:-2, 2:-2], enlarged[:, 2:-2, 2:-2])  # at its edges it sees its neighbours
    sides = drawn((("crop", 0.4),), 3000, seeded())["crop"][:, 0]
    areas = sides**2
    assert 0.6 <= areas.min() < 0.61 < 0.99 < areas.max() <= 1
    assert abs(areas.mean() - 0.8) < 5 * 0.4 / math.sqrt(12 * 3000)


def test_a_stretch_changes_the_ratio_of_the_sides_and_keeps_the_area():
    dot = torch.zeros(1, 1, 101, 101)
    dot[..., 40:61, 40:61] = 1
    wide = applied(dot.expand(1, 3, -1, -1), {"stretch": columns(math.log(1.44))})[0, 0]
    assert wide.sum().item() == pytest.approx(21**2, rel=0.01)
    assert wide[50].sum().item() == pytest.approx(21 * 1.2, abs=0.3)
    assert wide[:, 50].sum().item() == pytest.approx(21 / 1.2, abs=0.3)


@pytest.mark.parametrize("k", [0.3, -0.3])
def test_the_lens_reads_each_ring_from_where_the_formula_says(k: float):
    side = 64
    line = (torch.arange(side) + 0.5) / side * 2 - 1
    radius = (line[:, None] ** 2 + line**2).sqrt() / math.sqrt(2)  # 1 in the corners
    made = applied((radius / 2).expand(1, 3, -1, -1), {"lens": columns(k)})[0, 0] * 2
    expected = radius * (1 + k * radius**2)
    inside = (line.abs()[:, None].maximum(line.abs()) * (1 + max(k, 0) * radius**2) < 0.97) & (radius > 0.1)
    assert inside.float().mean() > 0.5
    close(made[inside], expected[inside], 0.002)


def test_an_elastic_warp_moves_by_what_was_drawn_and_alike_where_all_is_alike():
    moved = torch.cat([torch.full((1, 16), -3 / 28), torch.full((1, 16), 2 / 20)], dim=1)
    close(applied(pictures(1), {"elastic": moved})[0], affine(pictures()[0], move=(3, -2)))
    corners = drawn((("elastic", 0.05),), 200, seeded())["elastic"]
    assert 0.049 < corners.abs().max() <= 0.05
    one = torch.zeros(1, 32)
    one[0, 5] = 0.1  # x of the second place of the second row
    ramp = (torch.arange(31) / 31).expand(1, 3, 31, 31)
    pulled = (applied(ramp, {"elastic": one}) - ramp)[0, 0]
    peak = divmod(int(pulled.argmax()), 31)
    assert abs(peak[0] - 10) <= 1
    assert abs(peak[1] - 10) <= 1
    assert pulled.max().item() == pytest.approx(0.1, abs=0.005)
    assert pulled[-4:].abs().max() < 0.01


def test_brightness_and_contrast_are_torchvisions():
    for name, reference in (
        ("brightness", theirs.adjust_brightness),
        ("contrast", theirs.adjust_contrast),
    ):
        factors = (0.0, 0.6, 1.0, 1.9)
        made = applied(pictures(), {name: columns(*factors)})
        for row, factor in enumerate(factors):
            close(made[row], reference(pictures()[row], factor), 1e-6)


def test_a_colour_shift_adds_to_each_colour_and_stays_between_black_and_white():
    made = applied(pictures(2), {"colour": columns([0.5, -0.25, 0], [0, 0, 0])})
    assert torch.equal(made[0, 0], (pictures()[0, 0] + 0.5).clamp(max=1))
    assert torch.equal(made[0, 1], (pictures()[0, 1] - 0.25).clamp(min=0))
    assert torch.equal(made[0, 2], pictures()[0, 2])
    assert torch.equal(made[1], pictures()[1])


def coloured() -> np.ndarray:
    random = np.random.default_rng(3)
    mixture = np.array([[60, 10, 4], [50, -14, 3], [40, 5, -9.0]])
    values = 128 + random.standard_normal((5, 8, 9, 3)) @ mixture.T
    return values.clip(0, 255).astype(np.uint8)


def test_colour_axes_are_those_of_numpys_svd():
    pixels = coloured()
    axes = colour_axes(pixels)
    values = pixels.reshape(-1, 3) / 255
    _, singular, rows = np.linalg.svd(values - values.mean(0), full_matrices=False)
    np.testing.assert_allclose(axes.variances, singular**2 / len(values), rtol=1e-9)
    np.testing.assert_allclose(np.abs(axes.vectors), np.abs(rows.T), atol=1e-9)
    np.testing.assert_allclose(axes.shares.sum(), 1)
    assert (axes.vectors.max(0) >= -axes.vectors.min(0)).all()
    same = colour_axes(pixels.astype(np.float32) / 255)
    np.testing.assert_allclose(same.variances, axes.variances, rtol=1e-5)
    np.testing.assert_allclose(colour_axes(np.full((1, 2, 2, 3), 9, np.uint8)).shares, 0)


def test_pca_colour_is_alexnets_formula():
    axes = colour_axes(coloured())
    pixels = torch.from_numpy(coloured()).movedim(-1, 1).float() / 255
    alphas = np.random.default_rng(1).normal(0, 0.1, (5, 3))
    made = applied(pixels, {"pca": torch.from_numpy(alphas)}, axes)
    for row, (first, second, third) in enumerate(alphas):  # [p₁ p₂ p₃] [α₁λ₁ α₂λ₂ α₃λ₃]ᵀ
        p, variances = axes.vectors, axes.variances
        added = p @ np.array([first * variances[0], second * variances[1], third * variances[2]])
        expected = (pixels[row] + torch.from_numpy(added).float()[:, None, None]).clamp(0, 1)
        close(made[row], expected, 1e-6)
    without = applied(pixels, {"pca": torch.from_numpy(alphas)})
    close(without, made, 1e-6)  # the batch is the whole set here
    deviation = drawn((("pca", 0.1),), 4000, seeded())["pca"].std().item()
    assert deviation == pytest.approx(0.1, rel=0.05)


def test_a_cut_out_is_a_grey_square_that_may_reach_over_the_edge():
    made = applied(pictures(2, 20, 20), {"cutout": columns([0.5, 0.5, 0.5], [0.5, 0.0, 1.0])})
    assert (made[0] == 0.5).all(0).sum() == 100
    assert (made[0, :, 5:15, 5:15] == 0.5).all()
    assert (made[1, :, 15:, :5] == 0.5).all()
    assert torch.equal(made[1, :, :15], pictures(2, 20, 20)[1, :, :15])


def test_mixup_mixes_pictures_and_targets_by_the_same_share():
    pixels, targets = pictures(64), torch.eye(64)
    made, wanted = mixed(pixels, targets, (("mixup", 1.0),), seeded())
    close(wanted.sum(1), torch.ones(64), 1e-6)
    assert ((wanted > 0).sum(1) <= 2).all()
    close(made, torch.einsum("ij,jchw->ichw", wanted, pixels), 1e-5)
    own = wanted.diagonal()
    assert own.unique().numel() > 55  # each picture has a share of its own
    assert torch.equal(mixed(pixels, targets, (("mixup", 1.0),), seeded())[1], wanted)


@pytest.mark.parametrize("alpha", [0.1, 0.5, 1.0])
def test_mixups_shares_spread_as_a_beta_distribution(alpha: float):
    own = mixed(torch.zeros(4000, 3, 1, 1), torch.eye(4000), (("mixup", alpha),), seeded())[1].diagonal()
    assert own.mean().item() == pytest.approx(0.5, abs=0.03)
    assert own.var().item() == pytest.approx(1 / (4 * (2 * alpha + 1)), rel=0.08)


def test_without_mixup_labels_stay():
    pixels, targets = pictures(), torch.eye(4)
    assert mixed(pixels, targets, (("flip", 1),), seeded()) == (pixels, targets)


@pytest.mark.parametrize("name", [name for name in TRANSFORMS if name != "mixup"])
def test_every_picture_of_a_batch_is_distorted_in_its_own_way(name: str):
    alike = pictures(1).expand(12, -1, -1, -1)
    made = augmented(alike, ((name, TRANSFORMS[name].default),), seeded())
    different = {one.numpy().tobytes() for one in made}
    assert len(different) == 2 if name == "flip" else len(different) == 12
    assert made.shape == alike.shape
    assert 0 <= made.min() <= made.max() <= 1


def test_the_same_generator_gives_the_same_pictures_and_another_one_others():
    made = augmented(pictures(), EVERY, seeded(5))
    assert torch.equal(made, augmented(pictures(), EVERY, seeded(5)))
    assert not torch.equal(made, augmented(pictures(), EVERY, seeded(6)))


def test_masks_move_with_their_pictures():
    disc = torch.zeros(6, 40, 40)
    disc[:, 12:30, 8:26] = 1
    policy: Policy = tuple((name, TRANSFORMS[name].default) for name in MOVING)
    draws = drawn(policy, 6, seeded(2))
    shown = applied(disc[:, None].expand(-1, 3, -1, -1), draws)
    close(moved_masks(disc, draws), shown[:, 0], 1e-6)
    covered = moved_masks(disc, {"cutout": columns([0.25, 0.5, 0.5]).repeat(6, 1)})
    assert (covered[:, 15:25, 15:25] == 0).all()
    assert covered.sum() == disc.sum() - 6 * 100


def test_what_is_left_of_an_object_is_counted_in_areas_of_the_original():
    square = torch.zeros(5, 64, 64)
    square[:, :32, :32] = 1
    quarter = object_left(square, {"crop": columns(*([0.5, x, y] for x, y in _PLACES))})
    close(quarter, torch.tensor([1.0, 0.5, 0.25, 0.0, 0.5]), 0.02)
    close(object_left(square, {"scale": columns(*[math.log(0.5)] * 5)}), torch.ones(5), 0.02)
    close(object_left(square, {"translate": columns(*[[-0.25, 0.0]] * 5)}), torch.full((5,), 0.5), 0.02)
    close(object_left(square, {"lens": columns(*[0.2] * 5)}), torch.ones(5), 0.02)
    close(object_left(square, {"cutout": columns(*[[0.25, 0.25, 0.25]] * 5)}), torch.full((5,), 0.75), 1e-5)
    assert object_left(torch.zeros(1, 8, 8), {"rotate": columns(9.0)}).item() == 0


_PLACES = [(-1, -1), (0, -1), (0, 0), (1, 1), (-1, 0)]


def test_axes_of_a_set_are_used_where_they_are_given():
    grey = torch.full((1, 3, 4, 4), 0.5)
    red = ColourAxes(np.eye(3), np.array([1.0, 0, 0]))
    made = applied(grey, {"pca": columns([0.25, 1, 1])}, red)
    close(made[0, :, 0, 0], torch.tensor([0.75, 0.5, 0.5]), 1e-6)

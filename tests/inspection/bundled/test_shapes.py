"""Shapes in clutter are drawn as asked: the same from the same seed, and where their masks say."""

from collections.abc import Sequence

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from cnnlab.inspection.bundled.shape_names import DISTRACTORS, SHAPES, TEXTURES, TRAINED, UNSEEN, texture_of
from cnnlab.inspection.bundled.shapes import Dials, render

STILL = Dials(difficulty=0, rotation=0, scale=(0.7, 0.7))


def drawn(shapes: Sequence[str], seed: int = 0, dials: Dials = STILL, side: int = 64):
    numbers = torch.tensor([SHAPES.index(one) for one in shapes])
    return render(numbers, torch.Generator().manual_seed(seed), dials, side)


def test_classes_are_parted_and_none_that_is_held_out_lies_about():
    assert (len(TRAINED), len(UNSEEN), len(set(SHAPES))) == (21, 10, 31)
    assert set(DISTRACTORS) <= set(TRAINED)
    assert {texture_of(one) for one in SHAPES} == set(TEXTURES)


def test_the_same_seed_draws_the_same_pictures_and_another_seed_others():
    first, again, other = (drawn(["star"] * 4, seed, Dials()) for seed in (1, 1, 2))
    for part in ("pixels", "textures", "masks"):
        assert torch.equal(getattr(first, part), getattr(again, part))
    assert not torch.equal(first.pixels, other.pixels)


def test_nobody_else_can_change_what_is_drawn_nor_does_drawing_change_their_numbers():
    torch.manual_seed(1)
    before = torch.random.get_rng_state()
    first = drawn(["disc"], dials=Dials())
    assert torch.equal(before, torch.random.get_rng_state())
    torch.manual_seed(2)
    assert torch.equal(first.pixels, drawn(["disc"], dials=Dials()).pixels)


def test_every_shape_is_drawn_at_the_size_that_was_asked_for():
    picture = drawn(list(SHAPES), dials=Dials(1.0), side=32)
    assert picture.pixels.shape == (31, 3, 32, 32)
    assert picture.pixels.dtype == torch.uint8
    assert picture.masks.shape == (31, 32, 32)
    assert ((picture.masks >= 0) & (picture.masks <= 1)).all()
    assert picture.shapes.tolist() == list(range(31))
    areas = drawn(list(SHAPES)).masks.mean(dim=(1, 2))
    assert ((areas > 0.05) & (areas < 0.6)).all()


def test_pictures_of_two_shapes_differ_exactly_where_their_masks_do():
    """The background, the colours and the textures do not depend on the class: the masks are what is left."""
    one, other = drawn(["disc"] * 16, dials=Dials(0.7)), drawn(["zigzag"] * 16, dials=Dials(0.7))
    moved = (one.pixels.int() - other.pixels.int()).abs().sum(dim=1)
    nowhere = (one.masks < 1e-3) & (other.masks < 1e-3)
    assert moved[nowhere].max() <= 6  # rounding, twice, of three colours
    only_one = (one.masks > 0.95) & (other.masks < 0.05)
    assert (moved[only_one] > 20).float().mean() > 0.85  # a texture may have the colour of the background


def test_the_masks_are_those_of_another_way_to_draw():
    picture = drawn(["square", "triangle", "pentagon"] * 8, seed=3)
    for mask in picture.masks[0::3]:
        rows, columns = (mask.amax(dim=side) > 0.5 for side in (1, 0))
        box = rows[:, None] & columns[None, :]
        assert (mask[box] > 0.4).float().mean() > 0.97
    for corners, masks in ((3, picture.masks[1::3]), (5, picture.masks[2::3])):
        whole = [mask for mask in masks if mask[[0, -1]].max() < 0.1 > mask[:, [0, -1]].max()]
        assert len(whole) >= 3
        assert min(overlap(mask, corners) for mask in whole) > 0.95


def overlap(mask: torch.Tensor, corners: int) -> float:
    """Return intersection over union with Pillow's regular polygon around the mask's middle, drawn finely."""
    ys, xs = torch.meshgrid(torch.arange(64) + 0.5, torch.arange(64) + 0.5, indexing="ij")
    middle = [float((mask * one).sum() / mask.sum()) for one in (xs, ys)]
    radius = 0.7 * 32 * (0.95 if corners == 3 else 0.92)
    found = []
    for first in (0, np.pi / corners):
        image = Image.new("L", (512, 512))
        angles = [first + k * 2 * np.pi / corners for k in range(corners)]
        points = [(middle[0] + radius * np.cos(a), middle[1] + radius * np.sin(a)) for a in angles]
        ImageDraw.Draw(image).polygon([(8 * x, 8 * y) for x, y in points], fill=255)
        other, own = np.asarray(image.resize((64, 64), Image.Resampling.BOX)) > 127, mask.numpy() > 0.5
        found.append(float((own & other).sum() / (own | other).sum()))
    return max(found)


def test_what_hides_a_shape_is_taken_out_of_its_mask():
    hidden = drawn(["disc"] * 64, dials=Dials(1.0, rotation=0)).masks
    free = drawn(["disc"] * 64, dials=Dials(0.0, rotation=0)).masks
    inside = torch.tensor([float((mask[28:36, 28:36] < 0.1).any()) for mask in hidden])
    assert 0.05 < inside.mean() < 0.6
    assert free.amax(dim=(1, 2)).min() > 0.95


@pytest.mark.parametrize(("share", "least", "most"), [(0.0, 0, 0.3), (0.5, 0.35, 0.75), (1.0, 1, 1)])
def test_a_texture_says_as_much_of_the_class_as_the_dial(share: float, least: float, most: float):
    picture = drawn(list(SHAPES) * 4, dials=Dials(texture_share=share), side=8)
    own = torch.tensor([TEXTURES.index(texture_of(SHAPES[one])) for one in picture.shapes.tolist()])
    assert least <= (picture.textures == own).float().mean() <= most


def test_rotation_scale_and_difficulty_are_dials():
    upright, turned = (drawn(["letter L"] * 8, dials=Dials(0, rotation=r)).masks for r in (0.0, 1.5))
    assert not torch.equal(upright, turned)
    small, large = (drawn(["disc"] * 8, dials=Dials(0, scale=(s, s))).masks.mean() for s in (0.3, 0.6))
    assert large / small == pytest.approx(4, rel=0.05)  # twice the radius, four times the area
    noisy = drawn(["disc"] * 8, dials=Dials(1.0)).pixels.float()
    calm = drawn(["disc"] * 8, dials=Dials(0.0)).pixels.float()
    assert noisy.diff(dim=-1).abs().mean() > calm.diff(dim=-1).abs().mean()

"""Maps become pictures: shared scales, signs, what is clipped, and words for maps that show nothing."""

import io

import numpy as np
import pytest
from PIL import Image

from cnnlab.inspection.attribution.drawing import NoMap, Scale, heat_png, overlay_png, scale_of, told


def rgb(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def a_map(*rows: list[float]) -> np.ndarray:
    return np.array([rows], np.float32)


def test_a_signed_map_is_white_at_nothing_red_for_and_blue_against():
    pixels = rgb(heat_png(a_map([-2, 0, 2]), Scale(2, True)))[0]
    assert pixels[0].tolist() == [33, 102, 172]
    assert pixels[1].min() > 240
    assert pixels[2].tolist() == [178, 24, 43]


def test_an_unsigned_map_gets_darker_with_the_value_and_stops_at_the_limit():
    pixels = rgb(heat_png(a_map([0, 1, 2, 3, 9]), Scale(3, False)))[0]
    brightness = pixels.sum(axis=1)
    assert (np.diff(brightness[:4]) < 0).all()
    assert pixels[3].tolist() == pixels[4].tolist() == [102, 37, 6]


def test_opposite_values_are_equally_far_from_white():
    scale = Scale(1, True)
    for value in (0.2, 0.5, 0.9):
        up, down = rgb(heat_png(a_map([value, -value]), scale))[0]
        assert abs(int(up.min()) - 247) == pytest.approx(abs(int(down.min()) - 247), abs=40)
        assert up[0] > up[2]
        assert down[2] > down[0]


def test_a_shared_scale_makes_equal_values_equal_colours():
    strong, weak = a_map([0, 4, 8]), a_map([0, 1, 4])
    shared = scale_of([strong, weak], clipped_percent=0)
    assert shared == Scale(8, False)
    assert rgb(heat_png(strong, shared))[0, 1].tolist() == rgb(heat_png(weak, shared))[0, 2].tolist()
    assert scale_of([strong, -weak]).signed


def test_a_few_extreme_values_are_clipped_and_that_is_told():
    values = np.ones((1, 10, 20), np.float32)
    values[0, 0, 0] = 1000
    scale = scale_of([values])
    assert (scale.limit, scale.clipped) == (1, 1 / 200)
    assert scale.told == "The colours go from 0 to 1; 0.5% of the pixels lie beyond it."
    assert scale_of([values], clipped_percent=0).limit == 1000
    assert Scale(0.25, True).told == "The colours go from −0.25 to 0.25."


def test_a_single_value_among_zeros_is_not_lost_to_clipping():
    values = np.zeros((1, 20, 20), np.float32)
    values[0, 3, 4] = 2
    assert scale_of([values]).limit == 2


def test_channels_are_added():
    values = np.stack([np.full((1, 2), 0.75), np.full((1, 2), 0.25)]).astype(np.float32)
    one = heat_png(a_map([1, 1]), Scale(1, False))
    assert heat_png(values, Scale(1, False)) == one


def test_maps_without_anything_for_the_category_are_told_and_drawn_all_the_same():
    nothing, against = np.zeros((3, 4, 4), np.float32), -np.ones((3, 4, 4), np.float32)
    assert "0 everywhere" in told(nothing)
    assert "speaks against the category" in told(against)
    assert told(a_map([-1, 2])) == ""
    assert len(np.unique(rgb(heat_png(nothing, scale_of([nothing]))))) == 1
    assert rgb(heat_png(against, scale_of([against])))[0, 0].tolist() == [33, 102, 172]


def test_over_a_picture_nothing_leaves_the_picture_and_much_covers_it():
    picture = np.array([[[10, 20, 30], [200, 100, 50], [90, 90, 90]]], np.uint8)
    shown = rgb(overlay_png(a_map([0, 0, 1]), Scale(1, False), picture, opacity=1))[0]
    grey = np.asarray(Image.fromarray(picture).convert("L"))[0]
    assert shown[:2].tolist() == [[int(one)] * 3 for one in grey[:2]]
    assert shown[2].tolist() == [102, 37, 6]


def test_what_is_no_map_is_told():
    with pytest.raises(NoMap, match="channels × height × width; 3 × 4 was given"):
        heat_png(np.zeros((3, 4)), Scale(1, False))
    with pytest.raises(NoMap, match="values that are no numbers"):
        scale_of([a_map([0, float("nan")])])
    with pytest.raises(NoMap, match=r"The picture is 2 × 2 × 3 and the map 1 × 3; they have to"):
        overlay_png(a_map([0, 1, 2]), Scale(1, False), np.zeros((2, 2, 3), np.uint8))

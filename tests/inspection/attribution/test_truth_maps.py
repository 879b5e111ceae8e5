"""Likeness of maps against SciPy and scikit-image; maps to compare with; the pointing game by hand."""

import numpy as np
import pytest
from scipy.stats import pearsonr, rankdata, spearmanr
from skimage.metrics import structural_similarity as ssim

from cnnlab.inspection.attribution.truth_maps import (
    centre_map,
    controls,
    correlation,
    random_map,
    rank_correlation,
    ranks,
    size_of,
    sobel_map,
    structural_similarity,
)
from cnnlab.inspection.attribution.truth_pointing import UnsuitableMask, pointing

DRAW = np.random.default_rng(0)
ONE, OTHER = DRAW.normal(size=(9, 11)), DRAW.normal(size=(9, 11))
WITH_TIES = ONE.clip(min=0)


@pytest.mark.parametrize("values", [ONE, WITH_TIES, np.zeros((3, 2))])
def test_equal_values_share_their_rank_as_in_scipy(values: np.ndarray):
    np.testing.assert_array_equal(ranks(values).ravel(), rankdata(values.ravel()))


@pytest.mark.parametrize("one", [ONE, WITH_TIES])
def test_correlations_are_those_of_scipy(one: np.ndarray):
    mixed = one + 0.3 * OTHER
    assert rank_correlation(one, mixed) == pytest.approx(spearmanr(one.ravel(), mixed.ravel())[0])
    assert correlation(one, mixed) == pytest.approx(pearsonr(one.ravel(), mixed.ravel())[0])


def test_a_map_that_is_the_same_everywhere_is_like_no_other():
    assert correlation(ONE, np.ones_like(ONE)) is None
    assert rank_correlation(np.zeros_like(ONE), ONE) is None
    assert structural_similarity(np.zeros_like(ONE), ONE) is None


def test_structural_similarity_does_not_depend_on_the_unit_of_a_map():
    one, other = np.abs(ONE), np.abs(OTHER)
    wanted = ssim(one / one.max(), other / other.max(), data_range=1)
    assert structural_similarity(one, other) == pytest.approx(wanted)
    assert structural_similarity(one * 1000, other / 7) == pytest.approx(wanted)
    assert structural_similarity(one, one * 5) == pytest.approx(1)


def test_a_map_too_small_for_the_window_gets_a_smaller_one():
    small = np.abs(ONE[:5, :4])
    wanted = ssim(small / small.max(), small[::-1] / small.max(), data_range=1, win_size=3)
    assert structural_similarity(small, small[::-1]) == pytest.approx(wanted)
    assert structural_similarity(small[:2, :2], small[1:3, :2]) is None


def test_sizes_add_what_is_for_and_against():
    assert size_of(np.array([[[1.0, -2.0]], [[-3.0, 0.5]]])).tolist() == [[4.0, 2.5]]


def test_sobel_sees_the_edge_between_dark_and_bright_and_nothing_else():
    pixels = np.zeros((6, 8, 3), np.uint8)
    pixels[:, 4:] = 255
    found = sobel_map(pixels)[0]
    assert set(np.flatnonzero(found.max(axis=0))) == {3, 4}


def test_the_centre_is_highest_in_the_middle_and_the_same_on_all_sides():
    found = centre_map(7, 7)[0]
    assert np.unravel_index(found.argmax(), found.shape) == (3, 3)
    np.testing.assert_allclose(found, found[::-1])
    np.testing.assert_allclose(found, found.T)
    assert found[0, 0] == pytest.approx(0, abs=1e-6)


def test_chance_is_the_same_for_the_same_seed_only():
    np.testing.assert_array_equal(random_map(5, 6, 3), random_map(5, 6, 3))
    assert not np.array_equal(random_map(5, 6, 3), random_map(5, 6, 4))


def test_controls_fit_the_picture():
    found = controls(np.zeros((6, 8, 1), np.uint8))
    assert {one.shape for one in found.values()} == {(1, 6, 8)}
    assert len(found) == 3


def test_pointing_at_the_thing_and_beside_it():
    mask = np.zeros((4, 5), bool)
    mask[1:3, 1:3] = True
    attribution = np.zeros((3, 4, 5))
    attribution[0, 2, 2], attribution[1, 2, 2] = 4, -1
    attribution[2, 0, 4], attribution[2, 3, 0] = 1, -9
    found = pointing(attribution, mask)
    assert (found.hit, found.row, found.column) == (True, 2, 2)
    assert found.mass == pytest.approx(3 / 4)
    assert found.area == pytest.approx(4 / 20)
    assert pointing(attribution, ~mask).hit is False


def test_an_empty_map_points_nowhere():
    mask = np.array([[True, False]])
    found = pointing(np.zeros((1, 1, 2)), mask)
    assert (found.hit, found.mass) == (False, None)
    assert pointing(np.full((1, 1, 2), -3.0), mask).hit is False


@pytest.mark.parametrize("mask", [np.ones((2, 2), bool), np.zeros((2, 2), bool), np.ones((3, 2), bool)])
def test_a_mask_that_says_nothing_is_refused(mask: np.ndarray):
    with pytest.raises(UnsuitableMask, match="pixels inside does not fit a map of 2 × 2"):
        pointing(np.zeros((1, 2, 2)), mask)

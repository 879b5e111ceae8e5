"""What is kept of an output agrees with NumPy's numbers in double precision, and is as small as it says."""

import numpy as np
import pytest
import torch

from cnnlab.inspection.flow_summary import BINS, SORTS, Summary, largest_side, ordered, summarise


@pytest.fixture(scope="module")
def maps() -> torch.Tensor:
    """Return 5 channels of 70 × 45: after a ReLU, one dead, one of another size altogether."""
    made = torch.randn(1, 5, 70, 45, generator=torch.Generator().manual_seed(3)).relu()
    made[0, 2] = 0
    made[0, 4] = made[0, 4] * 40 - 3
    return made


@pytest.fixture(scope="module")
def summary(maps: torch.Tensor) -> Summary:
    return summarise(maps, side=32)


def test_statistics_are_those_of_numpy(maps: torch.Tensor, summary: Summary):
    values = maps[0].double().numpy()
    assert summary.shape == values.shape
    assert summary.mean == pytest.approx(values.mean(), rel=1e-6)
    assert summary.deviation == pytest.approx(values.std(), rel=1e-6)
    assert (summary.low, summary.high) == (values.min(), values.max())
    assert summary.zeros == pytest.approx((values == 0).mean(), rel=1e-12)
    assert (summary.dead, summary.dead_channels.tolist()) == (1, [False, False, True, False, False])
    assert summary.odd == 0
    np.testing.assert_allclose(summary.strengths, np.abs(values).mean((1, 2)), rtol=1e-6)
    np.testing.assert_allclose(summary.deviations, values.std((1, 2)), rtol=1e-5)
    np.testing.assert_array_equal(summary.highest, values.max((1, 2)))


def test_the_histogram_counts_every_value_but_the_exact_zeros(maps: torch.Tensor, summary: Summary):
    values = maps.double().numpy().ravel()
    wanted, _ = np.histogram(values[values != 0], BINS, (values.min(), values.max()))
    assert sum(summary.histogram) == (values != 0).sum()
    # A value on the border of two bins may be counted in either, by rounding.
    assert np.abs(np.array(summary.histogram) - wanted).sum() <= 4


def test_small_maps_are_means_of_units_to_half_a_step_of_their_scale(maps: torch.Tensor, summary: Summary):
    assert summary.factor == 3  # 70 units are 24 cells of 3, the last of 1
    assert summary.tiles.shape == (5, 24, 15)
    values = maps[0].double().numpy()
    for channel, (tile, low, high) in enumerate(
        zip(summary.tiles, summary.tile_low, summary.tile_high, strict=True)
    ):
        shown = low + (high - low) * tile / 255.0
        for row, column in ((0, 0), (11, 7), (23, 14)):
            block = values[channel, 3 * row : 3 * row + 3, 3 * column : 3 * column + 3]
            assert shown[row, column] == pytest.approx(block.mean(), abs=float(high - low) / 509 + 1e-6)


def test_orders_put_the_largest_first(summary: Summary):
    assert ordered(summary, "number").tolist() == [0, 1, 2, 3, 4]
    for sort, values in (("strength", summary.strengths), ("deviation", summary.deviations)):
        assert ordered(summary, sort).tolist() == sorted(range(5), key=lambda one: (-values[one], one))
    assert set(SORTS) == {"number", "strength", "deviation", "highest"}


def test_numbers_that_are_none_are_counted_and_spoil_nothing():
    broken = torch.tensor([[[[1.0, float("nan")], [float("inf"), -2.0]]]])
    summary = summarise(broken)
    assert (summary.odd, summary.low, summary.high) == (2, -2.0, 1.0)
    assert np.isfinite([summary.mean, summary.deviation, *summary.strengths]).all()


@pytest.mark.parametrize("shape", [(1, 10), (1, 3, 1, 1), (1, 7, 16), (1, 2, 3, 8, 8), (4,)])
def test_outputs_of_any_rank_become_maps(shape: tuple[int, ...]):
    values = torch.arange(float(np.prod(shape))).reshape(shape)
    summary = summarise(values)
    assert summary.channels * summary.tiles[0].size == values.numel()
    assert (summary.low, summary.high) == (0, values.numel() - 1)


def test_a_constant_output_has_one_full_bin():
    assert sum(summarise(torch.full((1, 2, 4, 4), 0.5)).histogram) == 32


def test_maps_shrink_until_all_of_them_fit():
    shapes = [(96, 300, 200), (500,), (256, 50, 50)]
    for budget in (10**6, 10**5, 10**4):
        side = largest_side(shapes, budget)
        held = sum(summarise(torch.zeros(1, *shape), side).tiles.nbytes for shape in shapes)
        assert held <= budget

"""The learning-rate finder: rates grow, and the suggestion lies well before the least loss."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from cnnlab.inspection.weights import load
from cnnlab.training.devices import PLAIN_CPU
from cnnlab.training.endings import Ended
from cnnlab.training.finder import (
    LEAST,
    MOST,
    STEPS,
    NothingFound,
    curve,
    find_in,
    find_rate,
    rate_at,
    smoothed,
)
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import DONE, RATES, RunFolder
from tests.training.nets import Asked, few_shapes

RECIPE = Recipe(size=32, batch=4)


def test_rates_grow_by_the_same_factor_over_six_decades():
    rates = [rate_at(step, RECIPE) for step in range(STEPS)]
    assert rates == pytest.approx(np.geomspace(LEAST, MOST, STEPS).tolist())
    assert rate_at(STEPS - 1, replace(RECIPE, optimiser="sgd")) == pytest.approx(10 * MOST)


@pytest.mark.parametrize("regime", ["frozen", "full", "probe-then-full"])
def test_a_rate_is_found_and_nothing_is_kept(regime: str):
    before = {key: one.clone() for key, one in load("shapes_plain").model.state_dict().items()}
    found = find_rate(replace(RECIPE, regime=regime), few_shapes(), Asked(), PLAIN_CPU)
    assert len(found.rates) == len(found.losses) == len(found.smoothed) <= STEPS
    assert found.rates[0] == pytest.approx(LEAST)
    least = found.rates[int(np.argmin(found.smoothed))]
    assert found.suggestion == pytest.approx(least / 10)
    assert 1e-6 < found.suggestion < 0.3
    after = load("shapes_plain").model.state_dict()
    assert all(torch.equal(before[key], after[key]) for key in before)


def test_in_the_folder_of_a_run_it_keeps_its_curve_and_can_be_stopped(tmp_path: Path):
    folder = RunFolder.create(tmp_path / "run", RECIPE, kind=RATES)
    find_in(folder, few_shapes(), Asked(), PLAIN_CPU)
    wanted = find_rate(RECIPE, few_shapes(), Asked(), PLAIN_CPU)
    arrays = folder.arrays(0, "rate") or {}
    assert {name: one.tolist() for name, one in arrays.items()} == {
        "rates": list(wanted.rates),
        "losses": list(wanted.losses),
        "smoothed": list(wanted.smoothed),
        "suggestion": wanted.suggestion,
    }
    assert (folder.state()["state"], folder.state()["step"], folder.epochs()) == (DONE, STEPS, [])
    with pytest.raises(Ended, match="Stopped when asked to"):
        find_in(folder, few_shapes(), Asked(lambda question: "stop" if question > 3 else "go"), PLAIN_CPU)


def test_the_same_seed_finds_the_same_curve():
    recipe = replace(RECIPE, regime="full", dropout=0.2, augmentation=(("flip", 0.5),))
    one, other = (find_rate(recipe, few_shapes(), Asked(), PLAIN_CPU) for _ in range(2))
    assert one == other


def test_it_ends_once_the_loss_has_run_away():
    recipe = replace(RECIPE, regime="full", model="digits_lenet", size=0, optimiser="sgd")
    found = find_rate(recipe, few_shapes(), Asked(), PLAIN_CPU)
    assert len(found.rates) < STEPS


def test_it_can_be_stopped():
    stopped = Asked(lambda question: "stop" if question > 12 else "go")
    assert len(find_rate(RECIPE, few_shapes(), stopped, PLAIN_CPU).rates) == 12
    with pytest.raises(NothingFound, match="Too few rates were tried"):
        find_rate(RECIPE, few_shapes(), Asked(lambda _question: "stop"), PLAIN_CPU)


def test_losses_are_smoothed_as_a_mean_that_forgets():
    """The weighted mean, written out: the newest loss counts 1, each one before it 0.9 times as much."""
    losses = [3.0, 1.0, 2.0, 5.0]
    for count in range(1, 5):
        weights = 0.9 ** np.arange(count)[::-1]
        wanted = (weights * losses[:count]).sum() / weights.sum()
        assert smoothed(losses)[count - 1] == pytest.approx(wanted)


def test_a_loss_that_is_no_number_is_left_out_of_the_curve():
    found = curve([0.1, 0.2, 0.3, 0.4], [3.0, 2.0, 1.0, float("nan")])
    assert found.rates == (0.1, 0.2, 0.3)
    assert found.suggestion == pytest.approx(0.03)

"""Series of runs: one thing changes at a time, and what came out is read from runs as they end."""

from dataclasses import asdict
from pathlib import Path

import pytest

from cnnlab.training.recipe import REGIMES, Recipe
from cnnlab.training.run_folder import RunFolder
from cnnlab.training.study import COUNTS, STEPS, in_words, overfitting, pictures_needed, points

TITLES = {name: one.title for name, one in REGIMES.items()}
USUAL = {"frozen": {"learning_rate": 0.01}, "scratch": {"learning_rate": 0.004, "epochs": 7}}


def changed(first: Recipe, second: Recipe) -> set[str]:
    before, after = asdict(first), asdict(second)
    return {name for name in before if before[name] != after[name]}


def test_a_series_tries_each_number_of_pictures_in_each_regime_from_several_seeds():
    recipes = pictures_needed(Recipe(seed=5, batch=16), 10, USUAL)
    asked = {(one.regime, one.per_class, one.seed) for one in recipes}
    assert asked == {(r, n, s) for r in ("frozen", "full", "scratch") for n in COUNTS for s in (5, 6)}
    assert len(recipes) == len(asked) <= 40
    assert {one.learning_rate for one in recipes if one.regime == "scratch"} == {0.004}
    assert {one.batch for one in recipes} == {16}


def test_all_runs_of_a_regime_take_about_as_many_steps():
    for one in pictures_needed(Recipe(batch=32), 10, {}):
        steps = one.epochs * -(-10 * one.per_class // 32)
        assert steps == pytest.approx(STEPS[one.regime], rel=0.1), one


def ended(path: Path, recipe: Recipe, accuracy: float | None, state: str = "done") -> RunFolder:
    run = RunFolder.create(path, recipe)
    if accuracy is not None:
        run.add_epoch(epoch=1, accuracy=0.0)
        run.add_epoch(epoch=2, accuracy=accuracy)
    run.stand(state=state)
    return run


def test_points_are_means_over_seeds_of_runs_that_have_ended(tmp_path: Path):
    few, many = Recipe(per_class=2, regime="full"), Recipe(per_class=10, regime="full")
    runs = [
        ended(tmp_path / "a", few, 0.5),
        ended(tmp_path / "b", few, 0.75),
        ended(tmp_path / "c", many, 0.9),
        ended(tmp_path / "d", many, 0.1, "running"),
        ended(tmp_path / "e", many, None, "failed"),
        ended(tmp_path / "f", Recipe(per_class=2), 0.8),
    ]
    found = points(runs)
    assert list(found) == ["frozen", "full"]
    assert [(one.per_class, one.mean, one.least, one.most, one.runs) for one in found["full"]] == [
        (2, 0.625, 0.5, 0.75, 2),
        (10, 0.9, 0.9, 0.9, 1),
    ]
    assert in_words(found, TITLES) == "With 2 pictures of each class, “Head only” is ahead (80 %)."


def test_words_say_who_is_ahead_at_both_ends(tmp_path: Path):
    values = {("frozen", 2): 0.7, ("frozen", 50): 0.8, ("scratch", 2): 0.2, ("scratch", 50): 0.9}
    runs = [
        ended(tmp_path / f"{regime}{count}", Recipe(regime=regime, per_class=count), value)
        for (regime, count), value in values.items()
    ]
    said = in_words(points(runs), TITLES)
    assert said == (
        "With 2 pictures of each class, “Head only” is ahead (70 %); with 50, “From scratch” (90 %)."
    )
    assert in_words(points(runs[:2]), TITLES) == ""


def test_words_say_where_the_same_stays_ahead(tmp_path: Path):
    values = {("frozen", 2): 0.7, ("frozen", 5): 0.8, ("full", 2): 0.6, ("full", 5): 0.75}
    runs = [
        ended(tmp_path / f"{regime}{count}", Recipe(regime=regime, per_class=count), value)
        for (regime, count), value in values.items()
    ]
    assert in_words(points(runs), TITLES).endswith("with 5, still “Head only” (80 %).")


def test_cures_change_one_thing_each():
    recipes = overfitting(Recipe(data="digits", weight_decay=0.1, dropout=0.2), 0.004)
    ill, *cured = recipes.values()
    assert (ill.regime, ill.per_class, ill.weight_decay, ill.augmentation) == ("scratch", 4, 0.0, ())
    assert [changed(ill, one) for one in cured] == [
        {"augmentation"},
        {"weight_decay"},
        {"dropout"},
        {"patience"},
    ]
    assert ill.data == "digits"

"""Runs beside each other: which are shown, what differs, what may be done with them, and series of runs."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnlab.training import own_data, study
from cnnlab.training.jobs import client
from cnnlab.training.jobs.board import Board
from cnnlab.training.picture_set import PictureSet
from cnnlab.training.places import DATA, new_run_id, runs_root
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import RunFolder
from cnnlab.ui.training import choice
from cnnlab.ui.training.following import Followed
from cnnlab.ui.training.run_list import differing, named, results, rows_of, setting_told

ADA, BOB = "a" * 32, "b" * 32
FIRST = Recipe(data="digits", model="digits_lenet", regime="frozen")
SECOND = Recipe(data="digits", model="digits_lenet", regime="full", learning_rate=0.004)


def show() -> None:
    from cnnlab.ui.training.choice import settle
    from cnnlab.ui.training.compare_panel import compare_panel

    settle()
    compare_panel("try", "a" * 32)


@pytest.fixture(autouse=True)
def _runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CNNLAB_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr(client, "ensure_broker", lambda: None)


def made(name: str, recipe: Recipe, accuracies: list[float], state: str = "done", **about: str) -> RunFolder:
    learner, run_id = about.pop("learner", ADA), new_run_id()
    board = Board(runs_root())
    board.make()
    run = RunFolder.create(runs_root() / run_id, recipe, learner=learner, name=name, **about)
    board.own(learner, run_id)
    for epoch, accuracy in enumerate(accuracies, start=1):
        run.add_epoch(
            epoch=epoch, accuracy=accuracy, train_accuracy=1.0, loss=0.5, train_loss=0.1, seconds=3.0
        )
    run.stand(state=state)
    return run


def panel(**query: str) -> AppTest:
    app = AppTest.from_function(show, default_timeout=30)
    for name, text in query.items():
        app.query_params[name] = text
    app.run()
    assert not app.exception
    return app


def said(app: AppTest, name: str) -> str:
    value = app.query_params[name]
    return value[0] if isinstance(value, list) else value


def texts(app: AppTest) -> str:
    return "\n".join(one.value for one in app.markdown)


def button(app: AppTest, label: str):
    return next(one for one in app.button if one.label == label)


def row(app: AppTest, name: str) -> list[str]:
    lines = [line for table in app.table for line in table.value.astype(str).values.tolist()]
    found = next(line[1:] for line in lines if line[0].strip("*") == name)
    return [cell.replace("\N{NO-BREAK SPACE}", " ") for cell in found]


def test_without_runs_the_way_to_a_recipe_is_shown():
    app = panel()
    assert "No runs yet" in app.info[0].value
    button(app, "Go to the recipe").click().run()
    assert said(app, "section") == "recipe"


def test_runs_are_laid_over_each_other_and_what_differs_stands_first():
    made("One", FIRST, [0.5, 0.75, 0.7])
    made("Two", SECOND, [0.25, 0.9])
    app = panel()
    assert row(app, "What learns") == ["Everything", "Head only"]
    assert row(app, "Learning rate") == ["0.004", "0.001"]
    assert row(app, "Accuracy at the end") == ["90.0 %", "70.0 %"]
    assert row(app, "Best accuracy") == ["90.0 %", "75.0 %"]
    assert row(app, "Epochs done") == ["2", "3"]
    assert "Early stopping" not in texts(app)
    assert "differ in 2 settings" in texts(app)
    assert "Network" not in app.table[0].value.iloc[:, 0].tolist()


def test_runs_of_a_set_that_was_changed_in_between_do_not_promise_the_same_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(DATA, str(tmp_path / "data"))
    pixels = np.arange(4 * 8 * 8 * 3, dtype=np.uint8).reshape(4, 8, 8, 3)
    name = own_data.keep(ADA, "Cups", PictureSet(pixels, np.array([0, 0, 1, 1]), ("a", "b"))).name
    recipe, now = replace(FIRST, data=name), own_data.digest(name)
    one, two = (made(title, recipe, [0.5], digest=now) for title in ("One", "Two"))
    both = f"{one.path.name},{two.path.name}"
    assert "These recipes are the same: on the CPU, so are their numbers" in texts(panel(runs=both))
    before = made("Before", recipe, [0.5], digest="0" * 32)
    said_of_both = texts(panel(runs=f"{before.path.name},{two.path.name}"))
    assert "These recipes are the same. But “Cups” was changed in between" in said_of_both
    assert "have been changed since it began. Another run" in said_of_both
    assert "have been changed since" not in texts(panel(runs=both))


def test_the_address_says_which_runs_are_chosen():
    one, two = made("One", FIRST, [0.5]), made("Two", SECOND, [0.25])
    app = panel(runs=one.path.name)
    assert app.button_group[0].value == [one.path.name]
    app.button_group[0].set_value([two.path.name, one.path.name]).run()
    assert said(app, "runs") == f"{two.path.name},{one.path.name}"
    app.button_group[0].set_value([]).run()
    assert app.button_group[0].value == []


def test_a_shared_run_can_be_looked_at_and_no_more():
    other = made("Bob's", FIRST, [0.5], learner=BOB)
    app = panel(runs=other.path.name)
    assert row(app, "Accuracy at the end") == ["50.0 %"]
    assert "belongs to another learner" in texts(app)
    labels = {one.label for one in app.button}
    assert "Run again with one change" in labels
    assert "Delete it" not in labels
    assert not app.text_input


def test_a_link_to_deleted_runs_says_so():
    app = panel(runs=f"{'0' * 16},../../etc")
    assert "2 runs of this link are not there any more" in app.info[0].value


def test_a_run_is_named_and_deleted():
    run = made("One", FIRST, [0.5])
    app = panel()
    app.text_input[0].set_value("Better [name](http://a.example)").run()
    assert run.about()["name"] == "Better [name](http://a.example)"
    assert app.table[0].value.columns[1].startswith(r"Better \[name\]\(http")
    button(app, "Delete it").click().run()
    assert not run.path.exists()
    assert "No runs yet" in app.info[0].value


def test_a_run_that_was_renamed_stays_the_one_to_do_something_with():
    one, two = made("One", FIRST, [0.5]), made("Two", SECOND, [0.25])
    app = panel(runs=f"{two.path.name},{one.path.name}")
    assert app.selectbox[0].options == ["Two", "One"]
    app.selectbox[0].set_value(one.path.name).run()
    app.text_input[0].set_value("Uno").run()
    assert one.about()["name"] == "Uno"
    assert app.selectbox[0].options == ["Two", "Uno"]
    assert app.selectbox[0].value == one.path.name


def test_with_early_stopping_a_run_is_as_good_as_the_weights_that_it_kept():
    early = made("Early", replace(FIRST, patience=2), [])
    for epoch, (loss, right) in enumerate([(2.0, 0.5), (1.0, 0.8), (1.5, 0.7), (1.2, 0.9)], start=1):
        early.add_epoch(epoch=epoch, accuracy=right, loss=loss, train_accuracy=1.0, train_loss=loss / 10)
    app = panel()
    assert row(app, "Epochs done") == ["4, back to 2"]
    assert "a run ends as it was there" in texts(app)
    assert row(app, "Accuracy at the end") == ["80.0 %"]
    assert row(app, "Best accuracy") == ["90.0 %"]
    assert (row(app, "Loss at the end"), row(app, "Training loss at the end")) == (["1.000"], ["0.100"])


def test_a_new_run_is_laid_over_those_that_were_chosen(monkeypatch: pytest.MonkeyPatch):
    chosen: dict[str, str] = {}
    monkeypatch.setattr(choice, "_texts", lambda: chosen)
    assert choice.beside("new") == {}
    chosen["runs"] = "one,two"
    assert choice.beside("new") == {"runs": "one,two,new"}
    chosen["runs"] = choice.NO_RUNS
    assert choice.beside("new") == {}


def test_one_change_begins_with_the_recipe_of_the_run():
    made("Two", SECOND, [0.5])
    app = panel()
    button(app, "Run again with one change").click().run()
    assert said(app, "section") == "recipe"
    assert said(app, "regime") == "full"
    assert said(app, "lr") == "0.004"


def test_a_failed_run_says_why():
    run = made("One", FIRST, [], "failed")
    run.stand(message="The disk is full.")
    assert r"One: The disk is full\." in texts(panel())


def test_overfitting_and_its_cures_are_laid_over_each_other():
    app = panel(data="digits", model="digits_lenet", regime="full")
    [press] = [one for one in app.button if one.label == "Start 5 runs"]
    press.click().run()
    runs = client.runs(ADA)
    assert {one.about()["name"] for one in runs} == set(study.overfitting(FIRST, 0.004))
    assert said(app, "runs").count(",") == 4
    assert row(app, "Dropout") == ["0", "0", "0", "0.7", "0"]
    assert "The curves of the last series are laid over each other at the top" in texts(app)
    elsewhere = panel(runs=runs[0].path.name)
    assert "The curves of the last series" not in texts(elsewhere)
    button(elsewhere, "Lay the last series over each other").click().run()
    assert said(elsewhere, "runs") == said(app, "runs")
    [press] = [one for one in app.button if one.label == "Start 5 runs"]
    press.click().run()
    assert len(client.runs(ADA)) == 5  # a double click


def test_how_many_pictures_starts_a_series_and_draws_what_comes_out_of_it():
    app = panel(data="digits", model="digits_lenet", regime="full")
    button(app, "Start 30 runs").click().run()
    runs = client.runs(ADA)
    assert len(runs) == 30
    assert not app.exception
    values = {("frozen", 2): (0.8, 0.6), ("scratch", 2): (0.2, 0.3)}
    for run in runs:
        recipe = run.recipe()
        if (recipe.regime, recipe.per_class) in values:
            run.add_epoch(epoch=1, accuracy=values[recipe.regime, recipe.per_class][recipe.seed])
            run.stand(state="done")
    app.run()
    assert row(app, "Head only") == ["70.0 %"]
    assert row(app, "From scratch") == ["25.0 %"]
    assert "“Head only” is ahead (70 %)" in texts(app)
    assert not app.button_group  # thirty runs do not crowd the list
    button(app, "Delete them").click().run()
    assert not [one for one in client.runs(ADA) if one.state()["state"] == "done"]


def test_what_the_runner_refuses_is_said():
    for _ in range(3):
        client.submit(FIRST, ADA)
    app = panel(data="digits", model="digits_lenet", regime="full")
    button(app, "Start 5 runs").click().run()
    assert "there are three" in app.error[0].value
    assert len(client.runs(ADA)) == 3


def test_followed_runs_are_over_when_one_more_has_ended():
    one, two = made("One", FIRST, [0.5]), made("Two", FIRST, [], "running")
    two.stand(step=5, steps=10, epoch=3, epochs=6)
    told = Followed((one.path.name, two.path.name), 1).told()
    assert told["text"] == "1 of 2 runs have ended. One is in epoch 3 of 6."
    assert told["share"] == pytest.approx(0.75)
    assert told["over"] is False
    two.stand(state="done")
    assert Followed((one.path.name, two.path.name), 1).told()["over"] is True
    assert Followed(("0" * 16,), 0).told()["over"] is True  # deleted


def test_rows_tell_runs_apart_and_leave_damaged_ones_out():
    runs = [made("Same", FIRST, [0.5]), made("Same", SECOND, []), made("Broken", FIRST, [])]
    (runs[2].path / "state.json").write_text("{")
    rows = rows_of(runs)
    assert list(named(rows)) == ["Same (2)", "Same"]  # the latest first
    assert differing(rows) == ["regime", "learning_rate"]
    assert results(rows[1])["Accuracy at the end"] == "–"
    flipped = Recipe(augmentation=(("flip", 0.5), ("crop", 0.2)))
    assert re.fullmatch(r"\w+:[\d.]+, \w+:[\d.]+", setting_told(flipped, "augmentation"))
    assert setting_told(FIRST, "augmentation") == "none"

"""One step of a run at a time, over HTTP; and a learning rate that is looked for, as the page does it."""

import io
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from cnnlab.training import data_sets
from cnnlab.training.jobs import client as jobs
from cnnlab.training.jobs.board import Board
from cnnlab.training.microscope import microscope
from cnnlab.training.places import run_path
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import DONE, FAILED, RUNNING, RunFolder
from cnnlab.training.working import work
from cnnlab.ui.training import finder_panel, step_serving
from cnnlab.ui.training.run_images import COLUMNS
from cnnlab.ui.training.step_serving import step_routes
from tests.training.nets import ran

RUN = "0123456789abcde0"
RECIPE = Recipe(regime="full", per_class=2, epochs=1, batch=10, size=32, learning_rate=0.001)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    monkeypatch.setenv("CNNLAB_RUNS", str(tmp_path))
    made = RunFolder.create(run_path(RUN), RECIPE, learner="f" * 32, classes=list("abcdefghij"))
    made.stand(state=DONE)
    return made


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=step_routes()))


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    """Let each test begin without the microscopes of the one before."""
    step_serving._kept.clear()  # pyright: ignore[reportPrivateUsage]


def told(client: TestClient, number: int) -> dict[str, Any]:
    for _ in range(300):
        answer = client.get(f"/run/{RUN}/step/{number}.json").json()
        if "waiting" not in answer:
            return answer
        time.sleep(0.2)
    raise AssertionError("the step was never taken")


@pytest.mark.usefixtures("run")
def test_a_step_is_told_with_its_batch_and_what_moved(client: TestClient):
    assert client.get(f"/run/{RUN}/step/2.png").status_code == 404
    second = told(client, 2)
    scope = microscope(RECIPE, data_sets.split(RECIPE.data, RECIPE.seed, RECIPE.per_class))
    wanted = scope.step(2)
    assert (second["number"], second["labels"]) == (2, wanted.labels.tolist())
    assert second["stages"] == [{"part": "all", "first": 1, "last": 2, "end": 2}]
    assert second["loss"] == pytest.approx(wanted.loss, rel=1e-5)
    assert [one[0] for one in second["layers"]] == [one.name for one in wanted.layers]
    float32 = 1e-8  # neighbours of weights near 0.1 are 7e-9 apart
    assert second["layers"][0][3] == pytest.approx(wanted.layers[0].moved, abs=float32)
    sheet = np.asarray(Image.open(io.BytesIO(client.get(f"/run/{RUN}/step/2.png").content)))
    assert sheet.shape == (32, 32 * COLUMNS, 3)
    assert np.array_equal(sheet[:, 96:128], wanted.pictures[3])


@pytest.mark.usefixtures("run")
def test_a_step_that_there_is_not_is_a_sentence(client: TestClient):
    assert told(client, 3)["problem"] == "Steps 1 to 2 can be looked at one by one; 3 was asked for."
    missing = client.get("/run/fedcba9876543210/step/1.json")
    assert (missing.status_code, "There is no run" in missing.json()["problem"]) == (404, True)


def test_a_second_stage_is_looked_at_once_the_run_has_reached_it(client: TestClient, run: RunFolder):
    recipe = replace(RECIPE, regime="probe-then-full", epochs=3)
    (run.path / "recipe.json").write_text(recipe.to_json())
    assert "it has not come so far" in told(client, 3)["problem"]
    trained = ran(run.path, recipe, data_sets.split(recipe.data, recipe.seed, recipe.per_class))
    losses = [one["loss"] for one in trained.steps()]
    walked = [told(client, number) for number in (1, 2, 3, 6, 2)]
    assert [one["loss"] for one in walked] == pytest.approx(
        [losses[n - 1] for n in (1, 2, 3, 6, 2)], rel=1e-4
    )
    assert [one["stage"] for one in walked] == [0, 0, 1, 1, 0]
    assert walked[0]["stages"] == [
        {"part": "head", "first": 1, "last": 2, "end": 2},
        {"part": "all", "first": 3, "last": 6, "end": 6},
    ]
    assert [len(one["layers"]) for one in walked[1:3]] == [1, len(walked[3]["layers"])]
    assert client.get(f"/run/{RUN}/step/6.png").status_code == 200


def test_steps_on_other_pictures_than_the_run_s_are_not_shown(run: RunFolder, client: TestClient):
    step_serving._kept.clear()  # pyright: ignore[reportPrivateUsage]
    run.describe(digest="of a set that was changed since")
    told_of_it = told(client, 1)["problem"]
    assert told_of_it.endswith("changed since it began. Its steps cannot be taken again with others.")


def find() -> None:
    import json

    import streamlit as st

    from cnnlab.training.recipe import Recipe
    from cnnlab.ui.training import finder_panel
    from cnnlab.ui.training.choice import recipe, settle

    def drawn(*, key: str, data: dict) -> None:
        st.text(json.dumps([key, data]))

    finder_panel.component = drawn
    settle()
    chosen = Recipe(regime="full", per_class=2, batch=10, size=32, learning_rate=recipe()[0].learning_rate)
    finder_panel.finder_panel("find", chosen)


@pytest.fixture
def tries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of runs that no broker serves."""
    monkeypatch.setenv("CNNLAB_RUNS", str(tmp_path))
    monkeypatch.setattr(jobs, "ensure_broker", lambda: None)
    return tmp_path


def only_run(root: Path) -> Path:
    (path,) = (one for one in root.iterdir() if not one.name.startswith("."))
    return path


def do(root: Path) -> None:
    """Do the work of the one run that waits, as the broker would."""
    path = only_run(root)
    work(path)
    Board(root).leave(path.name)


def find_button(app: AppTest) -> Any:
    return next(one for one in app.button if one.label in ("Find a learning rate", "Try again"))


def test_a_learning_rate_is_found_by_a_run_of_its_own_and_taken_over_by_a_press(tries: Path):
    app = AppTest.from_function(find, default_timeout=60).run()
    find_button(app).click().run()
    assert not app.text
    do(tries)
    app.run()
    key, curve = json.loads(app.text[0].value)
    assert key == "find.curve"
    assert not [one for one in tries.iterdir() if not one.name.startswith(".")]  # needed no more
    least = curve["rates"][int(np.argmin(curve["smoothed"]))]
    assert curve["suggestion"] == pytest.approx(least / 10, rel=0.06)  # two digits of it
    (use,) = (one for one in app.button if one.label.startswith("Use "))
    use.click().run()
    assert not app.exception
    assert float("".join(app.query_params["lr"])) == curve["suggestion"]


def test_rates_that_were_not_found_say_why_and_are_tried_again_by_a_press(tries: Path):
    finder_panel._found.clear()  # pyright: ignore[reportPrivateUsage]
    app = AppTest.from_function(find, default_timeout=60).run()
    find_button(app).click().run()
    RunFolder(only_run(tries)).stand(state=FAILED, message="There was no memory.")
    Board(tries).leave(only_run(tries).name)
    app.run()
    assert [one.value for one in app.info] == ["There was no memory."]
    find_button(app).click().run()
    assert not app.info
    jobs.delete(only_run(tries).name)  # as Stop does
    app.run()
    assert [one.value for one in app.info] == ["This was stopped."]
    assert not app.exception


def test_a_try_for_another_recipe_is_given_up(tries: Path):
    finder_panel._found.clear()  # pyright: ignore[reportPrivateUsage]
    app = AppTest.from_function(find, default_timeout=60).run()
    find_button(app).click().run()
    before = only_run(tries).name
    Board(tries).leave(before)
    app.session_state[finder_panel.ASKED] = (Recipe(), before)  # as if another recipe had been chosen since
    app.run()
    assert not (tries / before).exists()
    assert find_button(app).label == "Find a learning rate"


def test_how_far_a_try_is_and_what_is_refused_are_told(tries: Path, monkeypatch: pytest.MonkeyPatch):
    trying = finder_panel.Trying(jobs.try_rates(RECIPE, "ann"))
    waits = {"text": "Waiting: next in the queue.", "share": 0.0, "over": False, "shown": None}
    assert trying.told() == waits
    RunFolder(only_run(tries)).stand(state=RUNNING, step=25, steps=100)
    assert trying.told() == waits | {"text": "Trying learning rates: 25 of 100 …", "share": 0.25}
    RunFolder(only_run(tries)).stand(state=FAILED)
    assert (trying.told()["over"], trying.told()["share"]) == (True, 1.0)
    monkeypatch.setattr(jobs, "RUNS_OF_A_LEARNER", 0)
    app = AppTest.from_function(find, default_timeout=60).run()
    find_button(app).click().run()
    assert "Delete some that you no longer need" in app.error[0].value

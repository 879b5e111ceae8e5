"""A run over HTTP: only what is new, commands by its owner alone, pictures as they were kept."""

import errno
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from cnnlab.training.control import command_of
from cnnlab.training.places import run_path
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import DONE, RUNNING, RunFolder
from cnnlab.ui.training import run_serving
from cnnlab.ui.training.run_lines import thinned
from cnnlab.ui.training.run_serving import MOST_STEPS, run_routes
from cnnlab.ui.training.view_serving import view_routes

RUN, OWNER = "0123456789abcdef", "f" * 32
CLASSES = ["ring", "star", "heart"]
LABELS = np.array([0, 0, 1, 1, 2, 2])
SAID = np.array([0, 1, 1, 1, 1, 2])


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    monkeypatch.setenv("CNNLAB_RUNS", str(tmp_path))
    made = RunFolder.create(run_path(RUN), Recipe(epochs=4), learner=OWNER, classes=CLASSES)
    made.stand(state=RUNNING, epochs=4, steps=12, images_per_second=float("nan"))
    return made


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=[*run_routes(), *view_routes()]))


def learned(run: RunFolder) -> np.ndarray:
    """Let the run have kept an epoch: six pictures, each of one grey, two taken for another class."""
    thumbs = np.zeros((6, 4, 4, 3), np.uint8)
    thumbs[...] = 40 * np.arange(6)[:, None, None, None]
    run.keep_arrays(0, "pictures", labels=LABELS, thumbs=thumbs)
    shares = np.full((6, 3), 0.1, np.float16)
    shares[np.arange(6), SAID] = [0.8, 0.6, 0.8, 0.7, 0.8, 0.8]
    run.keep_arrays(2, "validation", probabilities=shares, predicted=SAID.astype(np.int16))
    return thumbs


def test_a_browser_is_told_only_what_is_new(run: RunFolder, client: TestClient):
    run.add_steps([{"step": 1, "loss": 2.5, "learning_rate": 0.1}, {"step": 2, "loss": float("nan")}])
    run.add_epoch(epoch=1, step=2, loss=2.0, gradients={"conv": 1.0})
    first = client.get(f"/run/{RUN}.json").json()
    assert first["steps"] == [[1, 2.5, 0.1], [2, None, None]]
    assert first["epochs"] == [{"epoch": 1, "step": 2, "loss": 2.0}]
    assert (first["over"], first["state"]["images_per_second"]) == (False, None)
    run.add_step(step=3, loss=1.5, learning_rate=0.05)
    run.stand(state=DONE)
    later = client.get(f"/run/{RUN}.json", params=first["next"]).json()
    assert (later["steps"], later["epochs"], later["over"]) == ([[3, 1.5, 0.05]], [], True)


@pytest.mark.parametrize(("patience", "kept"), [(0, 3), (2, 1)])
def test_the_epoch_whose_weights_are_kept_is_told_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, client: TestClient, patience: int, kept: int
):
    monkeypatch.setenv("CNNLAB_RUNS", str(tmp_path))
    run = RunFolder.create(run_path(RUN), Recipe(epochs=4, patience=patience), learner=OWNER, classes=CLASSES)
    for epoch, loss in ((1, 0.5), (2, 0.7), (3, 0.6)):
        run.add_epoch(epoch=epoch, step=epoch, loss=loss)
    run.stand(state=RUNNING)
    assert client.get(f"/run/{RUN}.json").json()["kept"] is None
    run.stand(state=DONE)
    assert client.get(f"/run/{RUN}.json").json()["kept"] == kept


def test_a_run_that_went_back_to_a_checkpoint_is_told_from_its_beginning(run: RunFolder, client: TestClient):
    run.add_steps([{"step": step, "loss": 1.0} for step in range(1, 9)])
    run.add_epoch(epoch=1)
    place = client.get(f"/run/{RUN}.json").json()["next"]
    (run.path / "steps.jsonl").write_text('{"step": 1, "loss": 1.0}\n')
    (run.path / "epochs.jsonl").unlink()
    assert client.get(f"/run/{RUN}.json", params=place).json()["steps"] == [[1, 1.0, None]]


def test_a_long_run_is_told_thinly_and_ends_where_it_is(run: RunFolder, client: TestClient):
    run.add_steps([{"step": step, "loss": 0.5} for step in range(1, 5 * MOST_STEPS)])
    steps = client.get(f"/run/{RUN}.json").json()["steps"]
    assert len(steps) <= MOST_STEPS + 1
    assert (steps[0][0], steps[-1][0]) == (1, 5 * MOST_STEPS - 1)
    assert [one["step"] for one in thinned([{"step": n} for n in range(10)], 4)] == [0, 3, 6, 9]


@pytest.mark.parametrize("name", ["fedcba9876543210", "..%2F..%2Fetc", "no-run"])
def test_a_run_that_is_not_there_is_a_sentence(client: TestClient, name: str):
    answer = client.get(f"/run/{name}.json")
    assert answer.status_code == 404
    if name != "..%2F..%2Fetc":  # that one is no address of a run at all
        assert answer.json()["problem"].startswith(("There is no run", "This is not the name of a run"))


def test_only_whose_run_it_is_may_pause_and_stop_it(run: RunFolder, client: TestClient):
    refused = client.post(f"/run/{RUN}/pause", json={"learner": "e" * 32})
    assert (refused.status_code, command_of(run.path)) == (400, "go")
    assert "another browser" in refused.json()["problem"]
    assert client.post(f"/run/{RUN}/pause", json={"learner": OWNER}).json() == {"problem": ""}
    assert command_of(run.path) == "pause"


@pytest.mark.parametrize(
    ("command", "body", "said"),
    [
        ("explode", '{"learner": "' + OWNER + '"}', "cannot be told to “explode”"),
        ("pause", "no json", "Expecting value"),
        ("pause", "[]", "another browser"),
    ],
)
@pytest.mark.usefixtures("run")
def test_a_wrong_command_is_a_sentence(client: TestClient, command: str, body: str, said: str):
    answer = client.post(f"/run/{RUN}/{command}", content=body)
    assert (answer.status_code, said in answer.json()["problem"]) == (400, True)


def test_a_command_that_cannot_be_written_is_a_sentence(
    run: RunFolder, client: TestClient, monkeypatch: pytest.MonkeyPatch
):
    def full(_run: str, _command: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(run_serving, "tell_run", full)
    answer = client.post(f"/run/{run.path.name}/stop", json={"learner": OWNER})
    assert answer.status_code == 507
    assert "(No space left on device), so the run was not told. Make room" in answer.json()["problem"]


def test_the_table_counts_what_was_taken_for_what_and_opens_its_pictures(run: RunFolder, client: TestClient):
    learned(run)
    told = client.get(f"/run/{RUN}/matrix/2.json").json()
    counted = [[list(zip(LABELS, SAID, strict=True)).count((i, j)) for j in range(3)] for i in range(3)]
    assert (told["cells"], told["classes"]) == (counted, CLASSES)
    assert told["accuracy"] == pytest.approx(4 / 6)
    assert sorted(one["picture"] for one in told["worst"]) == [1, 4]
    pictures = client.get(f"/run/{RUN}/cell/2/2/1.json").json()["pictures"]
    assert [(one["picture"], one["label"], one["predicted"]) for one in pictures] == [(4, 2, 1)]
    assert pictures[0]["top"][0] == [1, pytest.approx(0.8, abs=1e-3)]


def test_pictures_filters_and_maps_come_as_sheets(run: RunFolder, client: TestClient):
    thumbs = learned(run)
    filters = np.linspace(-1, 1, 2 * 3 * 2 * 2).reshape(2, 3, 2, 2).astype(np.float16)
    run.keep_arrays(1, "filters", filters=filters)
    maps = np.arange(2 * 3 * 2 * 2, dtype=np.uint8).reshape(2, 3, 2, 2)
    run.keep_arrays(2, "probes", rows=np.array([1, 4]), cam=maps[:, 0], late=maps)
    sheet = pixels(client.get(f"/run/{RUN}/pictures/0.png").content)
    assert np.array_equal(sheet[:4, 16:20], thumbs[4])
    drawn = pixels(client.get(f"/run/{RUN}/filters/3.png").content)  # as they were after epoch 1
    assert drawn[0, 0, 0] == 0
    assert drawn[1, 4, 2] == 255  # behind a gap of a pixel
    late = pixels(client.get(f"/run/{RUN}/maps/2/late.png").content)
    assert np.array_equal(late[2:, 4:], maps[1, 2])


def test_what_was_not_kept_is_a_sentence(run: RunFolder, client: TestClient):
    for address in ("matrix/9.json", "pictures/0.png", "filters/1.png", "maps/1/late.png", "maps/1/rows.png"):
        answer = client.get(f"/run/{RUN}/{address}")
        assert answer.status_code == 404, address
        assert answer.json()["problem"].endswith(("of this run.", "no such pictures.")), address
    learned(run)
    told = client.get(f"/run/{RUN}/epochs.json").json()
    assert (told["validation"], told["filters"], told["thumbs"]["count"]) == ([2], [], 6)


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)))

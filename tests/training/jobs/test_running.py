"""A run from the press to its end, in processes of its own."""

from pathlib import Path

import pytest

from cnnlab.training.jobs import client
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import DONE, PAUSED, RUNNING, STOPPED
from tests.training.jobs.conftest import is_over, message, state, until


def test_a_run_goes_on_in_another_process_until_it_is_done(root: Path):
    run_id = client.submit(Recipe(epochs=3), "ann", "  My\nfirst  ")
    assert state(run_id) in ("queued", "running")
    until(lambda: is_over(run_id))
    assert state(run_id) == DONE
    assert [one["step"] for one in client.folder(run_id).steps()] == [0, 1, 2, 3]
    assert client.folder(run_id).about()["name"] == "My first"
    assert client.place(run_id) is None
    assert [one.path for one in client.runs("ann")] == [root / run_id]
    assert client.runs("ben") == []


@pytest.mark.usefixtures("root")
def test_a_run_is_paused_goes_on_and_is_stopped():
    run_id = client.submit(Recipe(epochs=500), "ann")
    until(lambda: len(client.folder(run_id).steps()) > 2)
    client.pause(run_id)
    until(lambda: state(run_id) == PAUSED)
    steps = len(client.folder(run_id).steps())
    client.go_on(run_id)
    until(lambda: state(run_id) == RUNNING and len(client.folder(run_id).steps()) > steps)
    client.stop(run_id)
    until(lambda: is_over(run_id))
    assert (state(run_id), message(run_id)) == (STOPPED, "stopped politely")

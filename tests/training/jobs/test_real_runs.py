"""The real broker, with PyTorch loaded before it forks: a network learns, pauses, goes on and is kept."""

from pathlib import Path

import pytest

from cnnlab.training.jobs import client
from cnnlab.training.places import RUNS
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import DONE, PAUSED
from cnnlab.training.working import MEMORY_SHORT
from tests.training.jobs.conftest import end_broker, is_over, message, state, until

DIGITS = Recipe(data="digits", model="digits_lenet", regime="full", per_class=20, epochs=2)
CURVE = {"rates", "losses", "smoothed", "suggestion"}


@pytest.mark.slow
def test_a_network_learns_pauses_goes_on_and_ends_as_it_would_have_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    root = tmp_path / "runs"
    monkeypatch.setenv(RUNS, str(root))
    monkeypatch.setenv("CNNLAB_JOBS_AT_ONCE", "1")
    try:
        straight = client.submit(DIGITS, "ann")
        broken = client.submit(Recipe(data="nowhere"), "ben")
        interrupted = client.submit(DIGITS, "cleo")
        tried = client.try_rates(DIGITS, "cleo")
        client.pause(interrupted)
        until(lambda: state(interrupted) == PAUSED and all(map(is_over, (straight, broken, tried))))
        client.go_on(interrupted)
        until(lambda: is_over(interrupted))
        assert [state(one) for one in (straight, interrupted)] == [DONE, DONE]
        assert "nowhere" in message(broken)
        assert (state(tried), set(client.folder(tried).arrays(0, "rate") or ())) == (DONE, CURVE)
        assert (root / straight / "weights.safetensors").is_file()
        first, second = (client.folder(one).epochs() for one in (straight, interrupted))
        assert len(first) == 2
        assert [(one["loss"], one["accuracy"]) for one in first] == [
            (one["loss"], one["accuracy"]) for one in second
        ]
    finally:
        end_broker(root)


@pytest.mark.slow
def test_a_network_that_needs_more_memory_than_allowed_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    root = tmp_path / "runs"
    monkeypatch.setenv(RUNS, str(root))
    monkeypatch.setenv("CNNLAB_JOBS_MEMORY_MB", "700")
    try:
        run_id = client.submit(
            Recipe(data="digits", model="vgg16", size=224, batch=256, regime="full"), "ann"
        )
        until(lambda: is_over(run_id))
        assert message(run_id) == MEMORY_SHORT
    finally:
        end_broker(root)

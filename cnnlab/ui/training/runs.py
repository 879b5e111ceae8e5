"""What the page asks of the job runner. It is the one place of the page that knows the runner's module."""

from typing import Any

from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import NoSuchRun, RunFolder

COMMANDS = {"pause": "pause", "go-on": "go_on", "stop": "stop"}


def _client() -> Any:
    from cnnlab.training.jobs import client  # starts nothing yet

    return client


def start(recipe: Recipe, learner: str, name: str) -> str:
    """Start a run; return its id. Raises what the runner raises."""
    return _client().submit(recipe, learner, name)


def folder(run_id: str) -> RunFolder:
    """Return a run's folder; raises `NoSuchRun` where there is none."""
    return _client().folder(run_id)


def try_rates(recipe: Recipe, learner: str) -> str:
    """Let learning rates be tried; return the id of the run that does it. Raises what the runner raises."""
    return _client().try_rates(recipe, learner)


def delete(run_id: str) -> None:
    """Stop a run and delete it; raises `NoSuchRun`."""
    _client().delete(run_id)


def warm_up() -> None:
    """Let the runner load PyTorch while a learner still chooses; returns at once."""
    _client().warm_up()


def place(run_id: str) -> int | None:
    """Return the run's place in the queue, from 1; None where it does not wait."""
    return _client().place(run_id)


def tell_run(run_id: str, command: str) -> None:
    """Pause a run, let it go on, or stop it; raises `NoSuchRun`."""
    if command not in COMMANDS:
        raise NoSuchRun(f"A run cannot be told to “{command[:40]}”; it can be told: {', '.join(COMMANDS)}.")
    getattr(_client(), COMMANDS[command])(run_id)

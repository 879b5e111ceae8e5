"""Runs as the comparison shows them: what they are called, how they stand, what they came to.

It reads folders of runs and draws nothing. It does not know which runs a learner has (`jobs.client`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cnnlab.errors import CnnLabError
from cnnlab.training.changes import digest_of
from cnnlab.training.kept_epoch import kept_epoch
from cnnlab.training.recipe import REGIMES, SETTINGS, Recipe
from cnnlab.training.run_folder import OVER, RunFolder
from cnnlab.ui.training.run_telling import data_title, network_title, policy_text

STATES = {
    "queued": "waits",
    "running": "goes on",
    "paused": "paused",
    "done": "done",
    "stopped": "stopped",
    "failed": "failed",
    "lost": "lost",
}
UNKNOWN = "–"
FIELDS = {"data": "Pictures", "model": "Network", "regime": "What learns", "augmentation": "Augmentation"} | {
    name: one.title for name, one in SETTINGS.items()
}


@dataclass(frozen=True, slots=True)
class Row:
    """A run: `series` is the first run of the series that it belongs to, "" for one by itself."""

    run: str
    name: str
    learner: str
    series: str
    kind: str
    recipe: Recipe
    state: str
    message: str
    epochs: tuple[dict[str, Any], ...]
    digest: str = ""  # of the pictures, where they can be changed

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.state in OVER


def row_of(run: RunFolder) -> Row | None:
    """Return a run; None for one that is gone or damaged."""
    try:
        about, state = run.about(), run.state()
        return Row(
            run.path.name,
            str(about.get("name") or f"Run {run.path.name[:6]}"),
            str(about.get("learner", "")),
            str(about.get("series", "")),
            str(about.get("kind", "")),
            run.recipe(),
            str(state.get("state", "")),
            str(state.get("message", "")),
            tuple(run.epochs()),
            digest_of(about),
        )
    except CnnLabError:
        return None


def rows_of(runs: Iterable[RunFolder]) -> list[Row]:
    """Return runs in their order, those that cannot be read left out."""
    return [row for row in map(row_of, runs) if row is not None]


def named(rows: Sequence[Row]) -> dict[str, Row]:
    """Return runs, the latest first, by names that differ: of equal ones, the later ones have numbers.

    So a new run takes no other run's name.
    """
    found: dict[str, Row] = {}
    for row in reversed(rows):
        name, number = row.name, 1
        while name in found:
            number += 1
            name = f"{row.name} ({number})"
        found[name] = row
    return dict(reversed(found.items()))


def differing(rows: Sequence[Row]) -> list[str]:
    """Return the fields of recipes in which runs differ."""
    return [name for name in FIELDS if len({getattr(row.recipe, name) for row in rows}) > 1]


def changed_between(rows: Sequence[Row]) -> list[str]:
    """Return the titles of sets that were changed between runs, so that these learned from other pictures."""
    digests: dict[str, set[str]] = {}
    for row in rows:
        if row.digest:
            digests.setdefault(row.recipe.data, set()).add(row.digest)
    return [data_title(data) for data, several in digests.items() if len(several) > 1]


def setting_told(recipe: Recipe, name: str) -> str:
    """Return the value of a recipe's field as a learner reads it."""
    value = getattr(recipe, name)
    told = {
        "data": lambda: data_title(value),
        "model": lambda: network_title(value),
        "regime": lambda: REGIMES[value].title,
        "augmentation": lambda: policy_text(value).replace(",", ", ") or "none",
        "per_class": lambda: str(value or "all"),
    }
    if name in told:
        return told[name]()
    return f"{value:g}" if isinstance(value, float) else str(value)


def results(row: Row) -> dict[str, str]:
    """Return what a run came to, in words and numbers."""
    kept = kept_epoch(row.recipe, row.state, row.epochs)
    last = row.epochs[-1] if row.epochs else {}
    accuracies = [one["accuracy"] for one in row.epochs if one.get("accuracy") is not None]
    return {
        "State": STATES.get(row.state, row.state),
        "Epochs done": _epochs(row, kept),
        "Accuracy at the end": _percent(kept.get("accuracy")),
        "Best accuracy": _percent(max(accuracies, default=None)),
        "Training accuracy at the end": _percent(kept.get("train_accuracy")),
        "Loss at the end": _number(kept.get("loss")),
        "Training loss at the end": _number(kept.get("train_loss")),
        "Time": _time(last.get("seconds")),
    }


def went_back(row: Row) -> bool:
    """Return whether a run has the weights of an epoch before its last one."""
    return bool(row.epochs) and kept_epoch(row.recipe, row.state, row.epochs) is not row.epochs[-1]


def _epochs(row: Row, kept: Mapping[str, Any]) -> str:
    return f"{len(row.epochs)}, back to {kept['epoch']}" if went_back(row) else str(len(row.epochs))


def _percent(value: float | None) -> str:
    return UNKNOWN if value is None else f"{100 * value:.1f} %"


def _number(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.3f}"


def _time(seconds: float | None) -> str:
    if seconds is None:
        return UNKNOWN
    return f"{seconds:.1f} s" if seconds < 120 else f"{seconds / 60:.1f} min"

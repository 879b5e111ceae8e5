"""`python -m cnnlab.training.transfer`: how far what a network learned before helps, measured over seeds.

All regimes learn the same new classes from the same few pictures, with their usual settings: a head on frozen
layers, the last block too, everything, a head first and then everything; and everything from random weights,
which gets more steps than the others. It prints a line for each regime, data set and number of pictures, in
the manner of docs/decisions.md. Where training everything overtakes a head is seen with
`--data shapes-hard --pictures 2 5 10 20 50`; what it comes to at the same rate for all blocks, with
`--regimes full --slower 1 --learning-rate 0.003`.
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from cnnlab.training.control import GO
from cnnlab.training.recipe import Recipe, suggested
from cnnlab.training.run_folder import RunFolder

STEPS = {"frozen": 120, "partial": 120, "full": 120, "probe-then-full": 120, "scratch": 240}
MEASURED_OF_A_CLASS = 40
CHANGED = ("learning_rate", "slower", "weight_decay", "smoothing")  # settings that can be tried


@dataclass(frozen=True, slots=True)
class Measured:
    """The accuracies on the validation pictures, one for each seed."""

    data: str
    per_class: int
    regime: str
    accuracies: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Return their mean."""
        return statistics.fmean(self.accuracies)

    def __str__(self) -> str:
        least, most = min(self.accuracies), max(self.accuracies)
        return (
            f"{self.data:<12} {self.per_class:>4} of a class  {self.regime:<15} {self.mean:6.1%}"
            f"  ({least:.1%} to {most:.1%}, {len(self.accuracies)} seeds)"
        )


class _Going:
    """Lets a run go on."""

    def command(self) -> str:
        """Return "go"."""
        return GO


def recipe_for(regime: str, data: str, per_class: int, classes: int, **changed: object) -> Recipe:
    """Return a recipe with as many steps as all runs of its regime have, whatever the number of pictures."""
    batches = -(-per_class * classes // Recipe().batch)
    settings = {**suggested(regime), "epochs": max(1, round(STEPS[regime] / batches)), **changed}
    return Recipe(data=data, per_class=per_class, **settings)  # pyright: ignore[reportArgumentType]


def measure(regime: str, data: str, per_class: int, seeds: Iterable[int], **changed: object) -> Measured:
    """Train a network from each seed; `changed` are other settings of the recipe."""
    from cnnlab.training import data_sets, engine

    accuracies = []
    for seed in seeds:
        pictures = data_sets.split(data, seed, per_class)
        recipe = recipe_for(regime, data, per_class, len(pictures.classes), seed=seed, **changed)
        with tempfile.TemporaryDirectory() as folder:
            run = RunFolder.create(Path(folder) / "run", recipe)
            measured = pictures.validation.a_class(MEASURED_OF_A_CLASS, 0)
            engine.run(run, replace(pictures, validation=measured), _Going())
            accuracies.append(run.epochs()[-1]["accuracy"])
    return Measured(data, per_class, regime, tuple(accuracies))


def main(arguments: list[str]) -> int:
    """Measure what is asked for and print it; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m cnnlab.training.transfer")
    parser.add_argument("--data", nargs="+", default=["shapes-new", "digits"])
    parser.add_argument("--pictures", nargs="+", type=int, default=[10], help="of each class")
    parser.add_argument("--regimes", nargs="+", default=list(STEPS), choices=list(STEPS))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--model", default=Recipe().model)
    for name in CHANGED:
        parser.add_argument(f"--{name.replace('_', '-')}", type=float, help="in place of the usual value")
    asked = parser.parse_args(arguments)
    changed = {name: getattr(asked, name) for name in CHANGED if getattr(asked, name) is not None}
    changed["model"] = asked.model
    for data in asked.data:
        for count in asked.pictures:
            for regime in asked.regimes:
                print(measure(regime, data, count, range(asked.seeds), **changed), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What is known of a method of attribution before anything is computed: idea, formula, settings, cost.

It does not know how a method is computed, nor on which networks it can be trusted (see `verdicts`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil

from cnnlab.errors import CnnLabError

Value = float | int | str
Settings = Mapping[str, Value]
Pairs = tuple[tuple[str, Value], ...]


class UnsuitableSetting(CnnLabError):
    """A setting that a method does not have, or a value that it does not allow."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that a learner can choose: a number from `least` to `most`, or one of `choices`."""

    name: str
    title: str
    explanation: str
    default: Value
    least: float = 0
    most: float = 0
    step: float = 1
    choices: tuple[str, ...] = ()

    def checked(self, value: Value) -> Value:
        """Return a value that is allowed, as a number of the default's type; raise UnsuitableSetting."""
        if self.choices:
            if value not in self.choices:
                raise UnsuitableSetting(
                    f"{self.title} cannot be “{value}”; choose one of: {', '.join(self.choices)}."
                )
            return value
        kind = type(self.default)
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if not self.least <= number <= self.most:
            raise UnsuitableSetting(
                f"{self.title} goes from {self.least:g} to {self.most:g}; {value} was given."
            )
        return kind(number)


@dataclass(frozen=True, slots=True)
class Cost:
    """How many pictures pass through the network, forward and backward; `exact` or about."""

    forward: int
    backward: int
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Method:
    """A method of attribution, told to a learner.

    `formula` is LaTeX in which f is the score of the category, x the picture, x' the baseline. `signed` maps
    have parts that speak against the category. `complete` methods promise that the parts add up: to the
    difference between the picture's score and the baseline's, or, with `complete_to` "score", to the score.
    `group` is "gradient", "rules", "masking" or "layer".
    """

    name: str
    title: str
    group: str
    idea: str
    formula: str
    paper: str
    passes: Callable[[Settings, int], Cost]
    settings: tuple[Setting, ...] = ()
    needs_layer: bool = False
    signed: bool = True
    complete: bool = False
    complete_to: str = "difference"

    def full_settings(self, given: Settings | Pairs = ()) -> dict[str, Value]:
        """Return every setting's value, checked; what is not given has its default."""
        chosen = dict(given)
        unknown = chosen.keys() - {one.name for one in self.settings}
        if unknown:
            known = ", ".join(one.name for one in self.settings) or "none"
            raise UnsuitableSetting(
                f"{self.title} has no setting “{min(unknown)}”; its settings are: {known}."
            )
        return {one.name: one.checked(chosen.get(one.name, one.default)) for one in self.settings}

    def cost(self, given: Settings | Pairs = (), side: int = 224) -> Cost:
        """Return what these settings cost on a picture of `side` × `side` pixels."""
        return self.passes(self.full_settings(given), side)


def always(forward: int, backward: int) -> Callable[[Settings, int], Cost]:
    """Return the cost of a method that costs the same whatever is set."""
    return lambda _settings, _side: Cost(forward, backward)


BASELINES = ("black", "white", "mean", "blur", "random")
BASELINE = Setting(
    "baseline",
    "Baseline",
    "What counts as “nothing there”: black, white, the average colour of the pictures that the network was "
    "trained on, the picture itself so blurred that no detail is left, or random dots.",
    "black",
    choices=BASELINES,
)
SEED = Setting(
    "seed",
    "Draw",
    "Which random numbers are drawn. Another draw shows how much of the map is chance.",
    0,
    0,
    999,
)


def windows(settings: Settings, side: int) -> tuple[int, int]:
    """Return the side of an occluding square and its stride, both in pixels."""
    window = max(1, ceil(side * float(settings["window"]) / 100))
    return window, max(1, round(window * float(settings["stride"]) / 100))


def positions(settings: Settings, side: int) -> int:
    """Return how many places the square takes along one side; the last one may reach over the edge.

    >>> positions({"window": 25, "stride": 50}, 8), positions({"window": 14, "stride": 100}, 224)
    (7, 7)
    """
    window, stride = windows(settings, side)
    return ceil((side - window) / stride) + 1

"""A picture flows through a network: what comes out of every step, in short, and exactly where asked.

Steps are numbered as in the network's trace. What was computed last is kept for whoever asks next; nothing is
kept by a network itself, so learners do not see each other's pictures. PyTorch is imported by the first run.
"""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from cnnlab import zoo
from cnnlab.arithmetic.units import grouped
from cnnlab.errors import CnnLabError
from cnnlab.inspection.flow_input import cut, numbers
from cnnlab.inspection.flow_summary import Summary, as_maps, largest_side, summarise
from cnnlab.inspection.pictures import Picture
from cnnlab.inspection.weight_files import weights_here
from cnnlab.inspection.weights import Loaded, Models
from cnnlab.inspection.work import Progress
from cnnlab.tracing import Replay, replay, trace_of

if TYPE_CHECKING:
    from torch import Tensor

Shape = tuple[int, ...]
MOST_MACS = 300_000_000_000
LARGEST_OUTPUT = 400_000_000  # bytes of one step
MOST_PARAMETERS = 400_000_000
MOST_RUNS = 6
EXACT_BUDGET = 128_000_000  # bytes of exact outputs that are kept
LIKELY = 5


class FlowProblem(CnnLabError):
    """A picture that cannot flow through a network."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which network, on which input, with which picture; the picture is named by its content."""

    name: str
    shape: Shape
    picture: str


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """What came out of every step.

    `pixels` is what the network read, height × width × channels; `likely` are the most probable categories
    with their probabilities, where the weights are trained to tell them, and `outcome` is the step that
    tells them.
    """

    asked: Asked
    loaded: Loaded
    pixels: np.ndarray
    steps: tuple[Summary, ...]
    outcome: int
    likely: tuple[tuple[int, float], ...]


class Flows:
    """Runs pictures through networks; keeps the last few runs and exact outputs."""

    def __init__(self, models: Models | None = None) -> None:
        self.models = models or Models()
        self._lock = Lock()
        self._runs: OrderedDict[tuple[Asked, str], Run] = OrderedDict()
        self._exact: OrderedDict[tuple[Asked, int, str], np.ndarray] = OrderedDict()

    def known_run(self, asked: Asked) -> Run | None:
        """Return a run that is kept, of the weights that the network has now."""
        return self._kept(self._runs, (asked, weights_here(asked.name)))

    def known_exact(self, asked: Asked, step: int) -> np.ndarray | None:
        """Return a step's exact output that is kept, of the weights that the network has now."""
        return self._kept(self._exact, (asked, step, weights_here(asked.name)))

    def run(self, asked: Asked, picture: Picture, progress: Progress = lambda *_: None) -> Run:
        """Let a picture flow through; `progress` hears what is being done, and may raise to end it."""
        key, found = (asked, weights_here(asked.name)), self.known_run(asked)
        if found:
            return found
        made = self._run(asked, picture, progress)
        with self._lock:
            self._runs[key] = made
            while len(self._runs) > MOST_RUNS:
                self._runs.popitem(last=False)
        return made

    def exact(self, asked: Asked, step: int, picture: Picture) -> np.ndarray:
        """Return all values that a step gives, as maps: channels × height × width, float32."""
        key, found = (asked, step, weights_here(asked.name)), self.known_exact(asked, step)
        if found is not None:
            return found
        made = self._exactly(asked, step, picture)
        with self._lock:
            self._exact[key] = made
            while len(self._exact) > 1 and sum(one.nbytes for one in self._exact.values()) > EXACT_BUDGET:
                self._exact.popitem(last=False)
        return made

    def _kept(self, store: OrderedDict, key: Any) -> Any:
        with self._lock:
            if key in store:
                store.move_to_end(key)
            return store.get(key)

    def _run(self, asked: Asked, picture: Picture, progress: Progress) -> Run:
        replayed = possible(asked.name, asked.shape)
        progress("Loading the network", 0, 1)
        loaded = self.models.get(asked.name)
        pixels = cut(picture, asked.shape, loaded.preparing)
        side = largest_side([step.output_shape for step in replayed.steps])
        outcome = replayed.trace.outputs[0] if replayed.trace.outputs else -1
        summaries: list[Summary] = []
        scores: list[Tensor] = []

        def look(step: int, output: "Tensor") -> None:
            progress("Computing", step, len(replayed.steps))
            summaries.append(summarise(output, side))
            if step == outcome:
                scores.append(output.detach().clone())

        read = _watched(loaded, numbers(pixels, loaded.preparing), look, asked.name)
        _compare(replayed, read, summaries)
        likely = _likely(scores[0], len(loaded.categories)) if scores else ()
        return Run(asked, loaded, pixels, tuple(summaries), outcome, likely)

    def _exactly(self, asked: Asked, step: int, picture: Picture) -> np.ndarray:
        from cnnlab.inspection.flow_recorder import Enough

        possible(asked.name, asked.shape)
        loaded = self.models.get(asked.name)
        found: list[np.ndarray] = []

        def look(index: int, output: "Tensor") -> None:
            if index == step:
                found.append(as_maps(output).clone().numpy())
                raise Enough

        _watched(
            loaded, numbers(cut(picture, asked.shape, loaded.preparing), loaded.preparing), look, asked.name
        )
        if not found:
            raise FlowProblem(f"{asked.name} has no step {step + 1}. Choose one of its steps.")
        return found[0]


def possible(name: str, shape: Shape) -> Replay:
    """Return a network on an input, or say why no picture can flow through it here."""
    replayed = replay(trace_of(name), shape)
    largest = max((step.memory for step in replayed.steps), default=0)
    parameters = replayed.parameters + replayed.trace.unused_parameters
    if parameters > MOST_PARAMETERS:
        raise FlowProblem(
            f"{name} has {grouped(parameters)} parameters. Pictures flow here through networks of at most "
            f"{grouped(MOST_PARAMETERS)}: choose a smaller one."
        )
    if replayed.macs > MOST_MACS or largest > LARGEST_OUTPUT:
        raise FlowProblem(
            f"On an input of {' × '.join(map(str, shape))}, {name} takes {grouped(replayed.macs)} "
            f"multiply-adds, and its largest output {grouped(largest)} bytes. Pictures flow here through at "
            f"most {grouped(MOST_MACS)} multiply-adds and {grouped(LARGEST_OUTPUT)} bytes: "
            "choose a smaller input."
        )
    return replayed


def full_name(name: str) -> str:
    """Return the one name of a network, so that what was computed for it is found again."""
    return zoo.resolve(name)


def _watched(loaded: Loaded, values: np.ndarray, look: Any, name: str) -> list[tuple[int, ...]]:
    import torch

    from cnnlab.inspection.flow_recorder import watch

    try:
        return watch(loaded.model, torch.from_numpy(values), look)
    except (RuntimeError, TypeError, IndexError, AttributeError) as problem:
        raise FlowProblem(
            f"{name} stopped while the picture was flowing through: {type(problem).__name__}: "
            f"{str(problem).partition(chr(10))[0][:200]}. Choose another network or input."
        ) from problem


def _compare(replayed: Replay, read: list[tuple[int, ...]], summaries: list[Summary]) -> None:
    """Make sure that the steps are those that the page shows."""
    same = read == [step.inputs for step in replayed.steps]
    if not same or [one.shape for one in summaries] != [step.output_shape for step in replayed.steps]:
        raise FlowProblem(
            f"{replayed.trace.name} takes other steps with a picture than those that were recorded, so they "
            "cannot be shown beside each other. Choose another network."
        )


def _likely(scores: "Tensor", categories: int) -> tuple[tuple[int, float], ...]:
    """Return the most probable categories, if these are scores of categories."""
    if not categories or scores.shape != (1, categories):
        return ()
    found = scores[0].double().softmax(0).topk(min(LIKELY, categories))
    return tuple(zip(found.indices.tolist(), found.values.tolist(), strict=True))

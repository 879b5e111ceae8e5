"""Does a method's map mean on a network what the method promises? Gates that a map has to pass.

Running without an error is the least of them: maps have to say something, promises of a sum have to be kept,
and what claims to be more than the gradient has to differ from it. This module imports PyTorch.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import nn

from cnnlab.errors import CnnLabError
from cnnlab.inspection.attribution.baselines import baseline
from cnnlab.inspection.attribution.graphs import traced
from cnnlab.inspection.attribution.method import Method, Value
from cnnlab.inspection.attribution.methods import method
from cnnlab.inspection.attribution.preparing import ACTIVATIONS, Applied, StandIn
from cnnlab.inspection.attribution.quick import fused
from cnnlab.inspection.attribution.running import Attribution, Question, attribute_pixels
from cnnlab.inspection.flow_input import numbers
from cnnlab.inspection.weights import Loaded

EXACT, NEAR, FAR = 0.01, 0.05, 0.3  # of what a sum should be
SAME = 1e-4  # of the largest value: maps that differ by less are one
RECTIFYING = ("guided_backprop", "deconvolution", "guided_grad_cam")
# Enough for the promise to hold, and little enough to measure many networks.
SETTINGS: dict[str, dict[str, Value]] = {
    "integrated_gradients": {"steps": 100},
    "conductance": {"steps": 100},
    "smoothgrad": {"samples": 4},
    "ablation": {"segments": 9},
    "shapley": {"segments": 9, "orders": 2},
    "lime": {"segments": 9, "samples": 50},
    "occlusion": {"window": 25},
}


@dataclass(frozen=True, slots=True)
class Found:
    """What a method's maps showed: "holds", "approximate" or "refused", why, and the number behind it."""

    verdict: str
    reason: str = ""
    number: float | None = None

    def as_json(self) -> dict[str, object]:
        """Return what is kept in the file."""
        found: dict[str, object] = {"verdict": self.verdict}
        if self.reason:
            found["reason"] = self.reason
        if self.number is not None:
            found["number"] = float(f"{self.number:.3g}")
        return found


HOLDS = Found("holds")


def judge(name: str, loaded: Loaded, pictures: Sequence[np.ndarray], layer: str) -> Found:
    """Make a method's maps of some pictures on a network, and judge them."""
    asked = method(name)
    pairs = tuple(SETTINGS.get(name, {}).items())
    try:
        maps = [
            attribute_pixels(loaded, one, Question("", "", name, telling(loaded, one), pairs, layer))
            for one in pictures
        ]
    except CnnLabError as problem:
        return Found("refused", str(problem))
    except Exception as problem:  # whatever Captum and PyTorch stop with
        return Found("refused", f"It stops with an error on this network ({type(problem).__name__}).")
    for gate in (_says_something, _keeps_its_promise, _is_more_than_the_gradient):
        found = gate(asked, maps, loaded)
        if found.verdict != "holds":
            return found
    return _keeps_its_promise(asked, maps, loaded)


def telling(loaded: Loaded, pixels: np.ndarray) -> int:
    """Return the category whose score a picture raises most above that of black: there is much to explain."""
    x = torch.from_numpy(numbers(pixels, loaded.preparing))
    with torch.no_grad():
        scores = loaded.model(torch.cat([x, baseline("black", pixels, loaded.preparing)]))
    return int((scores[0] - scores[1]).argmax())


def _says_something(asked: Method, maps: Sequence[Attribution], _loaded: Loaded) -> Found:
    if not all(np.isfinite(one.values).all() for one in maps):
        return Found("refused", f"{asked.title} gives values here that are not numbers.")
    if all(np.ptp(one.values) == 0 for one in maps):
        return Found("refused", f"{asked.title} gives the same value for every pixel here.")
    return HOLDS


def _keeps_its_promise(asked: Method, maps: Sequence[Attribution], loaded: Loaded) -> Found:
    """Compare sums with what they should be; the worst picture counts."""
    errors = [one.completeness_error for one in maps if one.completeness_error is not None]
    if not errors:
        return HOLDS
    worst = max(errors)
    stepwise = "steps" in SETTINGS.get(asked.name, {})
    if worst <= (NEAR if stepwise else EXACT):
        return replace(HOLDS, number=worst)
    off = f"{worst:.0%}" if worst < 10 else f"{worst:.1g} times that"
    if stepwise:
        reason = (
            f"Even with {SETTINGS[asked.name]['steps']} steps, the sum was {off} off{_weights(loaded)}: look "
            "at the error beside the map, and take more steps."
        )
        return Found("approximate", reason, worst)
    should = "the score" if asked.complete_to == "score" else "the difference of the scores"
    reason = f"The parts should add up to {should}; here the sum was {off} off{_weights(loaded)}"
    reason += f"{_cause(asked, loaded.model)}."
    return Found("approximate" if worst <= FAR else "refused", reason, worst)


def _weights(loaded: Loaded) -> str:
    return " with random weights" if loaded.kind == "random" else ""


def _is_more_than_the_gradient(asked: Method, maps: Sequence[Attribution], loaded: Loaded) -> Found:
    """Compare what changes the gradient at ReLUs with the gradient, and count the ReLUs."""
    if asked.name not in RECTIFYING:
        return HOLDS
    kinds = [kind for kind in activations(loaded.model) if kind not in ("Sigmoid", "Hardsigmoid")]
    others = sorted(set(kinds) - {"ReLU"})
    share = kinds.count("ReLU") / max(1, len(kinds))
    if share == 0:
        known = " and ".join(others) or "none"
        return Found(
            "refused",
            f"It changes how gradients pass ReLUs, and this network has none (its activations: {known}): "
            "the map would be the plain gradient under another name.",
            share,
        )
    if share < 1:
        return Found(
            "approximate",
            f"It changes how gradients pass ReLUs, and only {kinds.count('ReLU')} of the {len(kinds)} "
            f"activations here are; at the others ({' and '.join(others)}) the plain gradient passes.",
            share,
        )
    if asked.name != "guided_grad_cam" and all(_is_gradient(one, loaded) for one in maps):
        return Found("refused", f"{asked.title} gives the plain gradient on this network.")
    return HOLDS


def _is_gradient(one: Attribution, loaded: Loaded) -> bool:
    pixels = one.pixels[..., : one.values.shape[0]]
    plain = attribute_pixels(loaded, pixels, Question("", "", "saliency", one.target)).values
    return float(np.abs(np.abs(one.values) - plain).max()) <= SAME * float(plain.max())


def activations(model: nn.Module) -> list[str]:
    """Return the kinds of a network's activations, one for each use."""
    return [
        getattr(one.function, "__name__", "function") if isinstance(one, Applied) else type(one).__name__
        for one in StandIn(model).modules()
        if isinstance(one, ACTIVATIONS)
    ]


def _cause(asked: Method, model: nn.Module) -> str:
    """Return what in the network the method has no rule for, as the end of a sentence."""
    used = fused(model) if asked.name == "lrp" else model
    kinds = {type(one).__name__ for one in used.modules()}
    graph = traced(model).graph
    products = [one for one in graph.nodes if "mul" in str(one.target) and len(one.all_input_nodes) > 1]
    if products:
        return ", since signals are multiplied with each other, for which it has no rule"
    for kind in (
        "LocalResponseNorm",
        "LayerNorm",
        "LayerNorm2d",
        "BatchNorm2d" if asked.name == "lrp" else "",
    ):
        if kind in kinds:
            return f", since it has no rule for {kind}"
    return ""

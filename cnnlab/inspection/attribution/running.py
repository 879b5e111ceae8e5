"""A question about a picture becomes a map: which method is computed how, checked, counted, timed.

It does not know how maps are drawn, nor who asks. PyTorch and Captum are imported by the first map.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from cnnlab import zoo
from cnnlab.inspection.attribution.layers import usual_layer
from cnnlab.inspection.attribution.method import Method, Pairs
from cnnlab.inspection.attribution.methods import method
from cnnlab.inspection.attribution.verdicts import refuse
from cnnlab.inspection.flow_input import cut, numbers
from cnnlab.inspection.pictures import Picture
from cnnlab.inspection.weights import Loaded, Models

if TYPE_CHECKING:
    from torch import Tensor

    from cnnlab.inspection.attribution.tasks import Task

Progress = Callable[[str, int, int], None]
FAR = 0.3  # of what the sum should be
_FAR = (
    "The parts do not add up to what this method promises: its values are no shares of the score here. More "
    "steps, another rule or another baseline may help."
)
_MODULES = {
    "gradients": ("saliency", "input_x_gradient", "integrated_gradients", "smoothgrad"),
    "deeplift": ("deeplift",),
    "rules": ("guided_backprop", "deconvolution", "guided_grad_cam"),
    "at_layer": ("grad_cam", "conductance"),
    "masking": ("occlusion", "ablation", "shapley", "lime"),
    "relevance": ("lrp",),
}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: why did this network give this category to this picture, says which method?

    The picture is named by its content. A negative `target` stands for the most likely category, an empty
    `layer` for the one that is usually looked at. `weights` is what `weights_here` says of the network, so
    that a question about random weights is another one than that about trained ones.
    """

    model: str
    picture: str
    method: str
    target: int = -1
    settings: Pairs = ()
    layer: str = ""
    weights: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Attribution:
    """A map and what is known of it.

    `values` are float32, C × H × W or 1 × H × W, in the pixels of the network's input; `pixels` are that
    input, uint8, H × W × 3. Scores are before softmax. `completeness_error` is how far the sum of the map
    is from what it should be, as a share of that, for methods that promise it. `forwards` and `backwards`
    are pictures that passed through the network.
    """

    values: np.ndarray
    target: int
    score: float
    baseline_score: float | None
    completeness_error: float | None
    forwards: int
    backwards: int
    seconds: float
    pixels: np.ndarray
    note: str = ""


def silent(_doing: str, _done: int, _total: int) -> None:
    """Tell nobody how far the work is."""


def attribute(
    question: Question, picture: Picture, models: Models, progress: Progress = silent
) -> Attribution:
    """Return the map that answers a question; `progress` hears of every pass, and may raise to end it.

    Raises RefusedMethod, before anything is loaded, where the method does not hold on the network.
    """
    asked = method(question.method)
    asked.full_settings(question.settings)
    refuse(question.method, question.model)
    progress("Loading the network", 0, 1)
    loaded = models.get(question.model)
    if asked.needs_layer and not question.layer:
        question = replace(question, layer=usual_layer(question.model))
    pixels = cut(picture, zoo.input_shape(question.model), loaded.preparing)
    return attribute_pixels(loaded, pixels, question, progress)


def attribute_pixels(
    loaded: Loaded, pixels: np.ndarray, question: Question, progress: Progress = silent
) -> Attribution:
    """Return the map of a question about pixels that are cut already: H × W × C, uint8."""
    import torch

    return attribute_tensor(loaded, torch.from_numpy(numbers(pixels, loaded.preparing)), question, progress)


def attribute_tensor(
    loaded: Loaded, x: "Tensor", question: Question, progress: Progress = silent
) -> Attribution:
    """Return the map of a question about a network's own numbers: 1 × C × H × W.

    The network is the one that is given, whatever the question names; no verdict is asked for.
    """
    from cnnlab.inspection.attribution.scored import Scored
    from cnnlab.inspection.attribution.tasks import Task

    asked = method(question.method)
    settings = asked.full_settings(question.settings)
    began = time.perf_counter()
    scored = Scored(loaded.model, question.target, progress)
    scored.expected = asked.cost(settings, min(x.shape[2:])).forward
    task = Task(loaded.model, x, loaded.preparing, settings, question.layer, scored)
    values = _function(asked.name)(task).detach().numpy().astype(np.float32)
    assert scored.first is not None
    score = float(scored.first[0])
    error = _completeness_error(asked, task, values, score)
    if error is not None and error > FAR:
        task.notes.append(_FAR)
    pixels = task.pixels
    return Attribution(
        values=values,
        target=scored.target,
        score=score,
        baseline_score=task.baseline_score,
        completeness_error=error,
        forwards=scored.forwards,
        backwards=scored.backwards,
        seconds=time.perf_counter() - began,
        pixels=np.broadcast_to(pixels, (*pixels.shape[:2], 3)),
        note=" ".join(task.notes),
    )


def _function(name: str) -> Callable[["Task"], Any]:
    place = next(place for place, names in _MODULES.items() if name in names)
    return getattr(import_module(f"cnnlab.inspection.attribution.{place}"), name)


def _completeness_error(asked: Method, task: "Task", values: np.ndarray, score: float) -> float | None:
    """Return |sum of the map − what it should be| as a share of what it should be."""
    if not asked.complete:
        return None
    promised = score if asked.complete_to == "score" else score - (task.baseline_score or 0.0)
    total = float(values.sum(dtype=np.float64)) if task.total is None else task.total
    return abs(total - promised) / max(abs(promised), 1e-12)

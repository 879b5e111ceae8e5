"""A question that was answered by a map becomes something that can be examined.

It joins `running`, which makes maps, with the tests, which do not know how maps are made. This module imports
PyTorch.
"""

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn

from cnnlab import zoo
from cnnlab.inspection.attribution.baselines import baseline
from cnnlab.inspection.attribution.running import Question, attribute_tensor
from cnnlab.inspection.attribution.truth import Explain, Subject, silent
from cnnlab.inspection.flow_input import cut, numbers
from cnnlab.inspection.pictures import Picture
from cnnlab.inspection.weights import Loaded, Models
from cnnlab.inspection.work import Progress

# Their maps tell what a small change does; the others', shares of the score.
LOCAL = frozenset({"saliency", "smoothgrad", "guided_backprop", "deconvolution", "guided_grad_cam"})


@dataclass(frozen=True, slots=True, eq=False)
class Examined:
    """What the tests need: the subject, the way to explain, and the network's input, uint8, H × W × C.

    Give `progress` to a test whose maps are made by `explain`: then it hears of the test's steps, and can
    stop in the middle of a map, too.
    """

    subject: Subject
    explain: Explain
    pixels: np.ndarray
    progress: Progress

    def map(self) -> np.ndarray:
        """Return the map that the question asks for."""
        return self.explain(self.subject.model, self.subject.values, self.subject.target)

    def without(self, kind: str = "blur") -> Tensor:
        """Return what stands for “nothing there”, 1 × C × H × W: one of `method.BASELINES`."""
        return baseline(kind, self.pixels, self.subject.preparing)


class _Relay:
    """Tells a test's progress; while a map is made, repeats it, so that whoever listens can stop."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.last = ("Computing", 0, 1)

    def outer(self, doing: str, done: int, total: int) -> None:
        self.last = (doing, done, total)
        self.progress(*self.last)

    def inner(self, _doing: str, _done: int, _total: int) -> None:
        self.progress(*self.last)


def examined(question: Question, picture: Picture, models: Models, progress: Progress = silent) -> Examined:
    """Prepare a question for the tests; a negative target becomes the most likely category."""
    progress("Loading the network", 0, 1)
    loaded = models.get(question.model)
    pixels = cut(picture, zoo.input_shape(question.model), loaded.preparing)
    values = torch.from_numpy(numbers(pixels, loaded.preparing))
    subject = Subject(loaded.model, values, max(question.target, 0), loaded.preparing)
    if question.target < 0:
        subject = replace(subject, target=int(subject.scores(values)[0].argmax()))
    relay = _Relay(progress)

    def explain(model: nn.Module, values: Tensor, target: int) -> np.ndarray:
        asked = replace(question, target=target)
        return attribute_tensor(
            Loaded(model, loaded.kind, loaded.preparing), values, asked, relay.inner
        ).values

    return Examined(subject, explain, pixels, relay.outer)

"""What tests of runs share: a small set of shapes, and somebody who says go, pause or stop."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import torch

from cnnlab.inspection.bundled.shape_names import SHAPES, UNSEEN
from cnnlab.inspection.bundled.shapes import Dials, render
from cnnlab.training.devices import PLAIN_CPU
from cnnlab.training.engine import run
from cnnlab.training.picture_set import PictureSet, SplitSet
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import RunFolder


@cache
def few_shapes(classes: int = 3, a_class: int = 6, side: int = 32) -> SplitSet:
    """Return easy pictures of shapes that no network has seen; a third of them to measure with."""
    names = UNSEEN[:classes]
    labels = torch.arange(classes).repeat_interleave(a_class)
    shapes = torch.tensor([SHAPES.index(name) for name in names])[labels]
    drawn = render(shapes, torch.Generator().manual_seed(5), Dials(0.2), side).pixels
    pixels = drawn.permute(0, 2, 3, 1).contiguous().numpy()
    every = PictureSet(pixels, labels.numpy().astype(np.int64), names)
    return SplitSet(*every.split(0, 1 / 3))


class Asked:
    """Says "go", but for what it was told to say at its n-th question."""

    def __init__(self, answer: Callable[[int], str] = lambda _question: "go") -> None:
        self.questions, self._answer = 0, answer

    def command(self) -> str:
        self.questions += 1
        return self._answer(self.questions)


def ran(path: Path, recipe: Recipe, data: SplitSet | None = None, asked: Asked | None = None) -> RunFolder:
    """Make a run's folder, unless there is one, and run it on one core in float32."""
    folder = RunFolder(path) if path.exists() else RunFolder.create(path, recipe)
    run(folder, data or few_shapes(), asked or Asked(), PLAIN_CPU)
    return folder

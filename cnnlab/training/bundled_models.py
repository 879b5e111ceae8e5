"""`python -m cnnlab.training.bundled_models [NAME …]`: train the networks that come along.

Each begins at its seed and sees the same pictures in the same order, so on one machine with one version of
PyTorch it ends at the same weights. They are written as float16, and those rounded weights are measured. On
one core the shapes take some five minutes a network, the digits less than one.
"""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional

from cnnlab import zoo
from cnnlab.inspection.bundled.models import bundled, bundled_names, bundled_state
from cnnlab.training.bundled_cards import card
from cnnlab.training.bundled_data import data_of

MEASURED_PICTURES = 2100
_AT_ONCE = 105


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a network is trained: AdamW, with a rate that rises over a fifth of the steps and then falls.

    The first convolution's weights decay faster than others, at `first_decay`: else the random numbers that
    it began with would still be seen in its kernels, which are there to be looked at.
    """

    steps: int
    batch: int = 64
    learning_rate: float = 3e-3
    weight_decay: float = 0.05
    first_decay: float = 1.0
    smoothing: float = 0.05


RECIPES = {
    "shapes_plain": Recipe(1200),
    "shapes_residual": Recipe(1000),
    "digits_lenet": Recipe(1500, batch=32, weight_decay=0.02, first_decay=1.5),
}
Watch = Callable[[int, float], None]


def trained(name: str, steps: int | None = None, watch: Watch = lambda _step, _loss: None) -> nn.Module:
    """Return a bundled network trained from its seed; `steps` stops early, on the whole recipe's way.

    `watch` is given the number of the step and its loss.
    """
    recipe, data = RECIPES[name], data_of(name)
    model = with_state(name, bundled_state(name, trained=False)).to(memory_format=torch.channels_last)
    optimiser, rate = _optimiser(model, recipe)
    generator = torch.Generator().manual_seed(bundled(name).seed)
    model.train()
    for step in range(recipe.steps if steps is None else steps):
        pictures, classes = data.batch(recipe.batch, generator)
        scores = model(pictures.contiguous(memory_format=torch.channels_last))
        loss = functional.cross_entropy(scores, classes, label_smoothing=recipe.smoothing)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        rate.step()
        watch(step, loss.item())
    return model.eval().to(memory_format=torch.contiguous_format)


def _optimiser(
    model: nn.Module, recipe: Recipe
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    first, *others = model.parameters()
    groups = [{"params": [first], "weight_decay": recipe.first_decay}, {"params": others}]
    optimiser = torch.optim.AdamW(groups, lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
    rate = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, recipe.learning_rate, total_steps=recipe.steps, pct_start=0.2
    )
    return optimiser, rate


def with_state(name: str, state: dict[str, Tensor]) -> nn.Module:
    """Return a network of the zoo with these weights, in evaluation mode."""
    model = zoo.build(name)
    model.load_state_dict(state)
    return model


def accuracy(name: str, model: nn.Module, most: int = MEASURED_PICTURES) -> tuple[int, int]:
    """Return how many held-out pictures a network answers rightly, and how many were asked."""
    pictures, classes = data_of(name).held_out(most)
    with torch.inference_mode():
        answers = torch.cat([model(part).argmax(dim=1) for part in pictures.split(_AT_ONCE)])
    return int((answers == classes).sum()), len(classes)


def write(name: str, model: nn.Module) -> str:
    """Write weights and card of a trained network into the package; return a sentence on it."""
    one = bundled(name)
    halves = {
        key: (value.half() if value.is_floating_point() else value).contiguous()
        for key, value in model.state_dict().items()
    }
    rounded = {key: value.float() if value.is_floating_point() else value for key, value in halves.items()}
    right, asked = accuracy(name, with_state(name, rounded))
    facts = {
        "right": str(right),
        "asked": str(asked),
        "seed": str(one.seed),
        "steps": str(RECIPES[name].steps),
        "torch": torch.__version__.partition("+")[0],
    }
    save_file(halves, one.weights, metadata=facts)
    one.card.write_text(card(name, facts), encoding="utf-8")
    return f"{name}: {right} of {asked} right, {one.weights.stat().st_size / 1e6:.2f} MB"


def main(arguments: list[str]) -> int:
    """Train, write and tell; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m cnnlab.training.bundled_models")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(bundled_names())}; else all")
    names = parser.parse_args(arguments).names
    for name in names:
        bundled(name)
    torch.set_num_threads(1)  # the sums depend on how work is shared out
    for name in names or bundled_names():
        print(write(name, trained(name, watch=_teller(name))), flush=True)
    return 0


def _teller(name: str, every: int = 100) -> Watch:
    began, losses = time.monotonic(), []

    def tell(step: int, loss: float) -> None:
        losses.append(loss)
        if (step + 1) % every == 0:
            mean, past = sum(losses) / len(losses), time.monotonic() - began
            print(f"{name}: step {step + 1}, loss {mean:.3f}, {past:.0f} s", flush=True)
            losses.clear()

    return tell


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

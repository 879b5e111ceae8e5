"""What PyTorch, and the engine that trains, say to the questions on transfer learning and overfitting.

`lesson_oracles.py` has the table of all lessons; a question's numbers go in by their names.
"""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from cnnlab.training.sources import FromKept
from cnnlab.training.stages import Plan, Stage

Answer = float | tuple[float, ...]
V = Any  # a question's numbers, read as attributes


def weights(*modules: nn.Module) -> int:
    """Return how many parameters learn."""
    return sum(one.numel() for module in modules for one in module.parameters() if one.requires_grad)


def new_head(v: V) -> int:
    """Return the parameters of a new head."""
    return weights(nn.Linear(v.d, v.k))


def three_regimes(v: V) -> tuple[float, ...]:
    """Return what learns of a small network: its head, its last block and head, all of it."""
    first = nn.Conv2d(3, v.c, 3, bias=False)
    second, head = nn.Conv2d(v.c, 2 * v.c, 3, bias=False), nn.Linear(2 * v.c, v.k, bias=False)
    assert head(second(first(torch.zeros(1, 3, 8, 8))).mean((2, 3))).shape == (1, v.k)
    return weights(head), weights(second, head), weights(first, second, head)


def asked_once(v: V) -> float:
    """Return the seconds that keeping saves, by asking frozen layers in a loop and counting."""
    asked = 0

    def look() -> None:
        nonlocal asked
        asked += v.n

    for _epoch in range(v.e):
        look()
    without, asked = asked, 0
    look()
    return (without - asked) * v.t / 1000


def slower_blocks(v: V) -> float:
    """Return the rate that the engine gives to a block, counted from the end."""
    modules = tuple(nn.Linear(1, 1) for _ in range(6))
    nothing = FromKept((), (), torch.zeros(0), 0)
    groups = Stage(Plan("all", 1), nn.Sequential(*modules), modules, nothing).groups(v.l, v.s)
    of_block = {id(one): group["lr"] for group in groups for one in group["params"]}
    return of_block[id(modules[-1 - v.k].weight)]


def surer_and_wrong(v: V) -> tuple[float, ...]:
    """Return PyTorch's loss of a picture whose class gets these probabilities."""
    given = torch.tensor([[v.p, 1 - v.p], [v.q, 1 - v.q]], dtype=torch.float64).log()
    return tuple(functional.cross_entropy(given, torch.tensor([0, 0]), reduction="none").tolist())


def when_to_stop(v: V) -> tuple[float, ...]:
    """Go through the epochs, as early stopping does."""
    losses: Iterator[float] = iter([2 + v.a / 10, 1.9, 1.7, 1.5, 1.6, 1.7, 1.8, 1.9, 1.4])
    best, kept, epoch = float("inf"), 0, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < best:
            best, kept = loss, epoch
        elif epoch - kept == v.p:
            break
    return epoch, kept


def decayed(v: V) -> float:
    """Return a weight after a step of AdamW without a gradient."""
    weight = nn.Parameter(torch.tensor(float(v.w), dtype=torch.float64))
    weight.grad = torch.zeros_like(weight)
    torch.optim.AdamW([weight], lr=v.l, weight_decay=v.d).step()
    return weight.item()


def survivor(v: V) -> float:
    """Return what PyTorch's dropout makes of a value that it does not drop."""
    torch.manual_seed(0)
    return nn.Dropout(v.p)(torch.full((200,), float(v.x), dtype=torch.float64)).max().item()


def smoothed(v: V) -> tuple[float, ...]:
    """Return the targets of PyTorch's loss: the gradient of a score is its probability less its target."""
    scores = torch.zeros(1, v.k, dtype=torch.float64, requires_grad=True)
    functional.cross_entropy(scores, torch.tensor([0]), label_smoothing=v.e).backward()
    assert scores.grad is not None
    targets = (scores.softmax(1) - scores.grad)[0].tolist()
    return targets[0], targets[1]


def by_chance(v: V) -> float:
    """Return by how many points the share of right answers differs, typically."""
    drawn = torch.distributions.Binomial(v.n, torch.tensor(v.a / 100, dtype=torch.float64))
    return 100 * drawn.stddev.item() / v.n


# lesson, question → the answer, or the blanks of a table row by row
ORACLES: dict[tuple[str, str], Callable[[V], Answer]] = {
    ("transfer-learning", "new-head"): new_head,
    ("transfer-learning", "three-regimes"): three_regimes,
    ("transfer-learning", "asked-once"): asked_once,
    ("transfer-learning", "slower-blocks"): slower_blocks,
    ("overfitting", "surer-and-wrong"): surer_and_wrong,
    ("overfitting", "when-to-stop"): when_to_stop,
    ("overfitting", "decayed"): decayed,
    ("overfitting", "survivor"): survivor,
    ("overfitting", "smoothed"): smoothed,
    ("overfitting", "by-chance"): by_chance,
}

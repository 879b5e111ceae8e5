"""What PyTorch says to the questions on normalisation and dropout: its layers run on the learner's numbers.

`lesson_oracles.py` has the table of all lessons; a question's numbers go in by their names.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval
from torchvision.ops import StochasticDepth

Answer = float | tuple[float, ...]
V = Any  # a question's numbers, read as attributes
MOST_DRAWS = 100_000
TINY = 1e-30  # as good as no ε, which PyTorch does not allow


def plain_numbers(values: Iterable[torch.Tensor]) -> tuple[float, ...]:
    """Return single values as numbers of Python."""
    return tuple(one.item() for one in values)


def numbers(*values: float) -> torch.Tensor:
    """Return values as exactly as PyTorch can hold them."""
    return torch.tensor(values, dtype=torch.float64)


def batch_by_hand(v: V) -> tuple[float, ...]:
    """Return mean, variance, the first x̂ and the last y of two pictures in a batch norm without ε."""
    x = numbers(v.m + v.p, v.m - v.q, v.m + v.q, v.m - v.p).reshape(2, 1, 1, 2)
    norm = nn.BatchNorm2d(1, eps=TINY, momentum=1).double()
    plain = norm(x)
    nn.init.constant_(norm.weight, v.g)
    nn.init.constant_(norm.bias, v.b)
    assert norm.running_mean is not None
    assert norm.running_var is not None
    # with a momentum of 1 the running values are the batch's own; the variance with n − 1 in place of n
    found = norm.running_mean, norm.running_var * 3 / 4, plain.flatten()[0], norm(x).flatten()[-1]
    return plain_numbers(found)


def means(v: V) -> tuple[int, ...]:
    """Return for each kind how many means there are and how many numbers share one, from who moves whom."""
    layers = (
        nn.BatchNorm2d(v.c),
        nn.LayerNorm([v.c, v.h, v.h]),
        nn.InstanceNorm2d(v.c),
        nn.GroupNorm(v.g, v.c),
    )
    x = torch.randn(v.n, v.c, v.h, v.h, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    found = []
    for layer in layers:
        given = x.clone().requires_grad_()
        layer.double()(given)[0, 0, 0, 0].backward()
        assert given.grad is not None
        together = int(given.grad.count_nonzero())
        found += [x.numel() // together, together]
    return tuple(found)


def shape_of_means(v: V) -> tuple[int, ...]:
    """Return the shape with which PyTorch's own running mean can be subtracted from a block."""
    running = nn.BatchNorm2d(v.c).running_mean
    assert running is not None
    block = torch.empty(v.n, v.c, v.h, v.h, device="meta")
    fits = [at for at in range(4) if block.shape[at] == running.numel()]
    assert fits == [1]
    return tuple(running.numel() if axis == 1 else 1 for axis in range(4))


def running_variance(v: V) -> float:
    """Return a batch norm's running variance after a batch of n numbers whose variance is known."""
    x = torch.linspace(-1, 1, v.n, dtype=torch.float64)
    x = x * (v.v / x.var(correction=0)).sqrt()
    norm = nn.BatchNorm1d(1).double()
    assert norm.running_var is not None
    norm.running_var.fill_(v.r)
    norm(x[:, None])
    return norm.running_var.item()


def folded(v: V) -> tuple[float, ...]:
    """Return the factor, the weight and the bias that PyTorch's own folding makes."""
    convolution, norm = nn.Conv2d(1, 1, 1).double().eval(), nn.BatchNorm2d(1, eps=TINY).double().eval()
    assert convolution.bias is not None
    assert norm.running_mean is not None
    assert norm.running_var is not None
    with torch.no_grad():
        for tensor, value in (
            (convolution.weight, v.w),
            (convolution.bias, v.b),
            (norm.weight, v.g),
            (norm.bias, v.t),
            (norm.running_mean, v.m),
            (norm.running_var, v.s * v.s),
        ):
            tensor.fill_(value)
    one = fuse_conv_bn_eval(convolution, norm)
    assert one.bias is not None
    return plain_numbers((one.weight / v.w, one.weight, one.bias))


def local_response(v: V) -> float:
    """Return the middle of three channels after PyTorch's layer, which divides alpha by n."""
    x = numbers(v.a, v.b, v.c).reshape(1, 3, 1, 1)
    return functional.local_response_norm(x, 3, alpha=3, beta=1, k=1)[0, 1].item()


def draws(layer: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor) -> Iterator[torch.Tensor]:
    """Yield what a layer that throws dice makes of x, with one seed after the other."""
    for seed in range(MOST_DRAWS):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            yield layer(x)


def masked(v: V) -> tuple[float, ...]:
    """Return what nn.Dropout makes of four numbers, once its dice have drawn the learner's mask."""
    x, wanted = numbers(v.a, v.b, v.c), numbers(v.i, v.j, v.k).bool()
    return plain_numbers(next(y for y in draws(nn.Dropout(v.p / 100), x) if torch.equal(y != 0, wanted)))


def dice(v: V) -> int:
    """Return how many places of a block nn.Dropout2d decides on their own: those that differ in 48 passes."""
    x = torch.ones(v.n, v.c, v.h, v.h)
    passes = [y.flatten() for y in islice(draws(nn.Dropout2d(0.5), x), 48)]
    return torch.unique(torch.stack(passes), dim=1).shape[1]


def survivals(blocks: int, last: float) -> torch.Tensor:
    """Return the probabilities with which blocks 1, 2, … stay: a straight line from 1 before the first."""
    return torch.linspace(1, last, blocks + 1, dtype=torch.float64)[1:]


def block_outputs(v: V) -> tuple[float, ...]:
    """Return what a block gives in training (kept) and in use: as in the paper, and as in torchvision."""
    stays = v.p / 100
    x, f = numbers(v.x).reshape(1, 1), numbers(v.f).reshape(1, 1)
    layer = StochasticDepth(1 - stays, "row")
    kept = next(y for y in draws(layer, f) if y.item() != 0)
    # in use, the paper's block gives what its training gives in the mean
    mean = stays * (x + f) + (1 - stays) * x
    return plain_numbers((x + f, mean, x + kept, x + layer.eval()(f)))


def older_way(v: V) -> float:
    """Return the mean of a value over a hundred passes that drop it as often as p says and scale nothing."""
    return torch.cat([torch.zeros(v.p), torch.full((100 - v.p,), float(v.x))]).double().mean().item()


# lesson, question → the answer, or the blanks of a table row by row
ORACLES: dict[tuple[str, str], Callable[[V], Answer]] = {
    ("normalisation", "batch-by-hand"): batch_by_hand,
    ("normalisation", "count-the-means"): means,
    ("normalisation", "shape-of-means"): shape_of_means,
    ("normalisation", "learned-numbers"): lambda v: sum(
        one.numel() for one in nn.BatchNorm2d(v.c).parameters()
    ),
    ("normalisation", "running-variance"): running_variance,
    ("normalisation", "fold-by-hand"): folded,
    ("normalisation", "local-response"): local_response,
    ("dropout-and-stochastic-depth", "mask-by-hand"): masked,
    ("dropout-and-stochastic-depth", "the-older-way"): older_way,
    ("dropout-and-stochastic-depth", "how-many-dice"): dice,
    ("dropout-and-stochastic-depth", "survival"): lambda v: survivals(v.n, v.q / 100)[v.l - 1].item(),
    ("dropout-and-stochastic-depth", "expected-depth"): lambda v: survivals(v.n, v.q / 100).sum().item(),
    ("dropout-and-stochastic-depth", "two-ways"): block_outputs,
}

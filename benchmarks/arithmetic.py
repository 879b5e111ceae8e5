"""How fast every number of one convolution is worked out, beside asking PyTorch for the same numbers."""

import time
from collections.abc import Callable

from benchmarks.effort import Effort
from benchmarks.rows import Figure, Row
from benchmarks.servers import Servers
from cnnlab.arithmetic import Convolution, analyse

INPUT = (3, 32, 32)
WARM_UP = 10


def run(effort: Effort, _servers: Servers) -> list[Row]:
    """Time both in turn, after some that are not counted."""
    theirs = with_pytorch()
    if ours_numbers() != theirs():
        raise RuntimeError(f"the two do not agree: {ours_numbers()} against {theirs()}")
    taken: list[tuple[float, float]] = [
        (microseconds(ours_numbers), microseconds(theirs)) for _ in range(WARM_UP + effort.analyses)
    ]
    ours, peer = zip(*taken[WARM_UP:], strict=True)
    return [
        Row(
            "arithmetic of one convolution",
            Figure(ours, "µs"),
            "torch.nn.Conv2d on the meta device, its forward, FlopCounterMode",
            Figure(peer, "µs"),
            None,
            ("3 × 32 × 32 to 64 channels, kernel 5: output shape, parameters, MACs; ours also says why",),
        )
    ]


def ours_numbers() -> tuple[tuple[int, ...], int, int]:
    """Return output shape, parameters and MACs by the app's own arithmetic."""
    report = analyse(Convolution(3, 64, kernel=5), INPUT)
    return report.output_shape, report.parameters, report.macs


def with_pytorch() -> Callable[[], tuple[tuple[int, ...], int, int]]:
    """Return a function that gets the same numbers from PyTorch."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    def numbers() -> tuple[tuple[int, ...], int, int]:
        layer = torch.nn.Conv2d(3, 64, 5, device="meta")
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            output = layer(torch.empty(1, *INPUT, device="meta"))
        parameters = sum(weight.numel() for weight in layer.parameters())
        return tuple(output.shape[1:]), parameters, counter.get_total_flops() // 2

    return numbers


def microseconds(work: Callable[[], object]) -> float:
    """Return how long a piece of work takes."""
    began = time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - began) / 1000

"""How fast a network is taken apart, beside torchinfo, fvcore and torchview on the same model.

Ours is measured twice: a replay of what is recorded, which is what the pages do at every change, and a
recording of the built model, which is what happens once to a model that nobody has recorded.
"""

import copy
import gc
import time
import warnings
from collections import deque
from collections.abc import Callable
from importlib import import_module
from typing import Any

from benchmarks.effort import Effort
from benchmarks.rows import Figure, Row, Target
from benchmarks.servers import Servers
from cnnlab import zoo
from cnnlab.tracing import Replay, record, replay, trace_of

NETWORKS = ("resnet50", "vgg16", "densenet121", "efficientnet_b0", "inception_v3")
REPLAYS_AT_ONCE = 20
Work = Callable[[], Any]


def run(effort: Effort, _servers: Servers) -> list[Row]:
    """Measure every network, everything in turn, after one round that is not counted."""
    return [row for name in NETWORKS for row in rows(name, effort.networks)]


def rows(name: str, rounds: int) -> list[Row]:
    """Measure one network."""
    model, shape, trace = zoo.build(name), zoo.input_shape(name), trace_of(name)
    sizes = range(shape[1], shape[1] + REPLAYS_AT_ONCE)  # as if somebody dragged the size
    peers = peers_of(model, shape)
    works = {
        "replay": lambda: deque((replay(trace, (3, size, size)) for size in sizes), maxlen=1),
        "record": lambda: record(model, shape, name),
        **peers,
    }
    agree(replay(trace, shape), model, shape)
    gc.freeze()  # as the app does when it has started: what is loaded is not looked at again and again
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        taken = [{what: milliseconds(work) for what, work in works.items()} for _ in range(rounds + 1)][1:]
    figures = {what: Figure(tuple(one[what] for one in taken), "ms") for what in works}
    replays = Figure(tuple(one["replay"] / REPLAYS_AT_ONCE for one in taken), "ms")
    targets = {"torchinfo": Target(0.01, of_ratio=True)}
    return [
        *(Row(f"{name}: replay", replays, peer, figures[peer], targets.get(peer)) for peer in peers),
        Row(
            f"{name}: first recording",
            figures["record"],
            "torchinfo",
            figures["torchinfo"],
            Target(1, of_ratio=True),
        ),
    ]


def peers_of(model: Any, shape: tuple[int, ...]) -> dict[str, Work]:
    """Return what each peer does for the numbers (torchview: the graph) of a built model on the processor."""
    torch, torchinfo = import_module("torch"), import_module("torchinfo")
    fvcore, torchview = import_module("fvcore.nn"), import_module("torchview")
    picture, empty = (
        torch.zeros(1, *shape),
        copy.deepcopy(model).to("meta"),
    )  # torchview moves what it is given

    def with_fvcore() -> Any:
        analysis = fvcore.FlopCountAnalysis(model, picture)
        return analysis.unsupported_ops_warnings(False).uncalled_modules_warnings(False).total()

    return {
        "torchinfo": lambda: torchinfo.summary(model, input_size=(1, *shape), verbose=0),
        "fvcore": with_fvcore,
        "torchview": lambda: torchview.draw_graph(empty, input_size=(1, *shape), device="meta"),
    }


def agree(ours: Replay, model: Any, shape: tuple[int, ...]) -> None:
    """Refuse to measure what is wrong: PyTorch's own counter has to find as many multiply-adds."""
    torch = import_module("torch")
    counter = import_module("torch.utils.flop_counter").FlopCounterMode(display=False)
    with torch.no_grad(), counter:
        model(torch.zeros(1, *shape))
    if counter.get_total_flops() != 2 * ours.macs:
        raise RuntimeError(f"{ours.macs} multiply-adds are not half of {counter.get_total_flops()}")


def milliseconds(work: Work) -> float:
    """Return how long a piece of work takes."""
    began = time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - began) / 1e6

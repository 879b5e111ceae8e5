"""Which benchmarks there are, in the order in which they run.

It loads a benchmark only when it is asked for its function.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from benchmarks.effort import Effort
from benchmarks.rows import Row

if TYPE_CHECKING:
    from benchmarks.servers import Servers


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One benchmark: its name on the command line, which is its module's, and what it answers."""

    name: str
    answers: str

    @property
    def run(self) -> "Callable[[Effort, Servers], list[Row]]":
        """The function that measures."""
        return import_module(f"benchmarks.{self.name}").run


BENCHMARKS = (
    Benchmark("drag", "a dragged slider of the lab until every number and map follows"),
    Benchmark("hover", "the pointer over a map of the lab until the marks follow"),
    Benchmark("round_trip", "the server's work on one settled change"),
    Benchmark("busy", "the same while another learner's work computes on the server"),
    Benchmark("jobs", "a run from the press to its first metric and to stop, ten at once, and beside a page"),
    Benchmark("address", "one settled change as the browser sees it"),
    Benchmark("traffic", "messages and bytes between browser and server"),
    Benchmark("graph", "the largest network's graph: chosen to drawn, every block open, a step, bytes"),
    Benchmark("arithmetic", "every number of one convolution, in Python"),
    Benchmark("tracing", "a network taken apart, beside torchinfo, fvcore and torchview"),
    Benchmark("attribution", "maps that tell why, beside Captum, pytorch-grad-cam and Captum's drawing"),
    Benchmark("exciting", "one step towards a picture that excites a channel, beside the usual way"),
    Benchmark("finetuning", "a network that learns, beside the loops that are usually written"),
    Benchmark("gpu", "the same on an NVIDIA GPU, where there is one, beside published figures"),
    Benchmark("memory", "twenty networks opened one after the other"),
    Benchmark("answers", "thirty learners who answer at the same moment"),
    Benchmark("saving", "a saved lesson until its author sees the new text"),
    Benchmark("start", "from starting the server to a lab that can be used"),
    Benchmark("classroom", "thirty sessions that move a control once a second"),
)


class UnknownBenchmark(ValueError):
    """A name was asked for that no benchmark has."""


def chosen(names: list[str]) -> tuple[Benchmark, ...]:
    """Return the named benchmarks in the order of the catalogue, or all where none is named."""
    known = [benchmark.name for benchmark in BENCHMARKS]
    for name in names:
        if name not in known:
            raise UnknownBenchmark(f"there is no benchmark “{name}”; choose from {', '.join(known)}")
    return tuple(benchmark for benchmark in BENCHMARKS if not names or benchmark.name in names)

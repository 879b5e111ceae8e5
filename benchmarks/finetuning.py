"""How fast a network learns, beside the loops that are usually written: features kept, and plain steps.

Both sides learn the same from the same pictures in the same order, for as many epochs; that they get as good
is checked. The peers' pictures are ready as float tensors, so that no reading of files counts against them.
"""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.distorting import distortions
from benchmarks.effort import Effort
from benchmarks.rows import Figure, Row, Target
from benchmarks.servers import Servers

EQUAL = Target(1.0, of_ratio=True)
WORKER_SECONDS = 2.0
MEASURED_OF_A_CLASS = 10
AS_GOOD = 0.06  # of all validation pictures: how far the accuracies may lie apart


@dataclass(frozen=True, slots=True)
class Task:
    """What is learned: a network, a regime, pixels a side, epochs, pictures of each class."""

    model: str
    regime: str
    side: int
    epochs: int
    per_class: int
    times: float = 1.0  # how much faster it shall be

    @property
    def name(self) -> str:
        """Return it in words."""
        return f"{self.model} at {self.side}², {self.regime}"


class Go:
    """Lets every run go on."""

    def command(self) -> str:
        """Return "go"."""
        return "go"


def run(effort: Effort, _servers: Servers) -> list[Row]:
    """Measure on one core, ours and the peer in turn."""
    torch = import_module("torch")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        first = worker(effort)  # loads the libraries, too
        learned = [*map(frozen, frozen_tasks(effort)), *map(steps, step_tasks(effort))]
        return [*learned, *distortions(effort), first]
    finally:
        torch.set_num_threads(before)


def frozen_tasks(effort: Effort) -> list[Task]:
    """Return the tasks in which only a head learns."""
    small = Task("shapes_plain", "frozen", 64, 20, effort.pictures, 5.0)
    return [small, Task("mobilenet_v2", "frozen", 128, 10, effort.pictures // 3, 20.0)][
        : effort.networks // 2
    ]


def step_tasks(effort: Effort) -> list[Task]:
    """Return the tasks in which everything learns."""
    small = Task("shapes_plain", "full", 64, 2, effort.pictures)
    return [small, Task("resnet18", "scratch", 96, 1, effort.pictures // 3)][: effort.networks // 2]


class Side:
    """A task's pictures and network, as each side has them."""

    def __init__(self, task: Task) -> None:
        recipe, data_sets = (
            import_module("cnnlab.training.recipe"),
            import_module("cnnlab.training.data_sets"),
        )
        self.task, self.torch = task, import_module("torch")
        settings = {**recipe.suggested(task.regime), "epochs": task.epochs, "size": task.side, "slower": 1.0}
        self.recipe = recipe.Recipe(model=task.model, per_class=task.per_class, **settings)
        whole = data_sets.split("shapes-new", 0, task.per_class)
        self.data = replace(whole, validation=whole.validation.a_class(MEASURED_OF_A_CLASS, 0))
        self.devices = import_module("cnnlab.training.devices")

    def ours(self) -> float:
        """Learn with the engine, as a worker does; return the accuracy."""
        engine, run_folder = (import_module(f"cnnlab.training.{one}") for one in ("engine", "run_folder"))
        with tempfile.TemporaryDirectory() as folder, self.weights():
            kept = run_folder.RunFolder.create(Path(folder) / "run", self.recipe)
            engine.run(kept, self.data, Go())
            return kept.epochs()[-1]["accuracy"]

    def weights(self) -> Any:
        """Let random weights do where trained ones are missing: their time is the same."""
        networks = import_module("cnnlab.training.networks")
        mock = import_module("unittest.mock")
        load = import_module("cnnlab.inspection.weights").load
        return mock.patch.object(networks, "load", lambda name: replace(load(name), kind="trained"))

    def ready(self) -> tuple[Any, Any, Any, Any]:
        """Return the peer's network, its head, and its pictures with their classes, all made beforehand."""
        networks, pictures = (import_module(f"cnnlab.training.{one}") for one in ("networks", "pictures"))
        with self.weights():
            net = networks.network_for(self.recipe, self.data.classes)
        parts = [
            pictures.on_device(part, net, self.devices.PLAIN_CPU)
            for part in (self.data.training, self.data.validation)
        ]
        tensors = [(one.plain(slice(None)).contiguous(), one.labels) for one in parts]
        return net.model, net.head_module, *(self.torch.utils.data.TensorDataset(*one) for one in tensors)

    def plain(self, ready: tuple[Any, Any, Any, Any]) -> float:
        """Learn with the usual loop, the whole network at every step; return the accuracy."""
        model, head, learned, measured = ready
        torch, recipe = self.torch, self.recipe
        frozen = self.task.regime == "frozen"
        model.requires_grad_(not frozen)
        head.requires_grad_(True)
        some = [one for one in model.parameters() if one.requires_grad]
        optimiser = torch.optim.AdamW(some, recipe.learning_rate, weight_decay=recipe.weight_decay)
        chance, data = import_module("cnnlab.training.chance"), torch.utils.data
        orders = [
            chance.batches(chance.order(recipe.seed, epoch, len(learned)), recipe.batch)
            for epoch in range(recipe.epochs)
        ]
        asked = data.DataLoader(measured, 256)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimiser, recipe.learning_rate, total_steps=sum(map(len, orders)), cycle_momentum=False
        )
        accuracy = 0.0
        for order in orders:
            model.train(not frozen)
            for x, y in data.DataLoader(learned, batch_sampler=order):
                loss = torch.nn.functional.cross_entropy(model(x), y)
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                schedule.step()
                loss.item()
            model.eval()
            with torch.no_grad():
                accuracy = float(
                    np.mean(np.concatenate([(model(x).argmax(1) == y).numpy() for x, y in asked]))
                )
        return accuracy


def frozen(task: Task) -> Row:
    """Measure a head that learns, beside a loop that asks the frozen layers at every step."""
    side = Side(task)
    ours, peer, apart = in_turn(side)
    usual = "the usual loop: frozen layers asked in every epoch, float32"
    return Row(task.name, ours, usual, peer, Target(1 / task.times, of_ratio=True), notes(task, apart))


def steps(task: Task) -> Row:
    """Measure steps in which everything learns, beside a plain loop."""
    side = Side(task)
    ours, peer, apart = in_turn(side)
    usual = "a plain PyTorch loop: loader, float32, a loss asked for at every step"
    pictures = len(side.data.training) * task.epochs
    both = f"{speed(pictures, ours)} a second, {speed(pictures, peer)} the peer"
    seen = f"{pictures} pictures learned from: {both}"
    return Row(task.name, ours, usual, peer, EQUAL, (*notes(task, apart), seen))


def in_turn(side: Side) -> tuple[Figure, Figure, float]:
    """Measure both once, the libraries being loaded; also how far their accuracies lie apart."""
    ready = side.ready()
    ours, first = timed(side.ours)
    peer, second = timed(lambda: side.plain(ready))
    apart = abs(first - second)
    if side.task.regime == "frozen" and apart > AS_GOOD:
        raise RuntimeError(
            f"the peer's accuracy is {apart:.1%} of the pictures away, so times do not compare"
        )
    return Figure((ours,), "s of processor"), Figure((peer,), "s of processor"), apart


def timed(work: Callable[[], float]) -> tuple[float, float]:
    """Return how long a piece of work keeps the processor busy, and what it returns."""
    began = time.process_time()
    result = work()
    return time.process_time() - began, result


def notes(task: Task, apart: float) -> tuple[str, ...]:
    """Say what was learned."""
    pictures = f"{task.per_class} pictures of each of 10 classes, {task.epochs} epochs"
    return (f"{pictures}; the accuracies lie {apart:.1%} of the validation pictures apart",)


def speed(pictures: int, taken: Figure) -> str:
    """Return pictures a second of processor time."""
    return f"{pictures / taken.value:,.0f}"


def worker(effort: Effort) -> Row:
    """Measure a run of one epoch in a process that is ready: from its folder to its metric and weights."""
    side = Side(Task("shapes_plain", "frozen", 64, 1, 10))
    side.ours()  # libraries are loaded, as in the process that a worker is forked from
    taken = []
    for _ in range(effort.maps):
        began = time.monotonic()
        side.ours()
        taken.append(time.monotonic() - began)
    what = ("100 pictures to learn from, 100 to measure with; the queue and the fork come on top: `jobs`",)
    figure, target = Figure(tuple(taken), "s"), Target(WORKER_SECONDS)
    return Row("first epoch of a head, in a worker", figure, target=target, notes=what)

"""How fast networks learn on a GPU: pictures a second beside a plain loop, and seconds to an accuracy.

Ours is the engine as a run uses it: bfloat16, channels last, all pictures on the GPU, and what a run keeps of
every epoch is part of its time. Published figures stand beside it, with their sources; they were measured on
other machines. It needs PyTorch and torchvision, nothing of the page. Without a GPU it is left out.
"""

import gc
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.effort import Effort
from benchmarks.rows import Figure, LeftOut, Row, Target

if TYPE_CHECKING:
    from benchmarks.servers import Servers

NO_GPU = (
    "No NVIDIA GPU can be used here (torch.cuda.is_available() is false), so nothing was measured. On a "
    "machine with one: python -m benchmarks gpu"
)
EQUAL = Target(1.0, of_ratio=True)
THOUSAND = 1000
CLASSES = tuple("0123456789")
MARKS = (0.90, 0.94)

AIRBENCH = "airbench94 (github.com/KellerJordan/cifar10-airbench)"
PUBLISHED = {
    ("resnet18", 224): ("timm, RTX 3090, AMP, channels last: 3,482 a second (its results folder, 2022)",),
    ("resnet50", 224): (
        "NVIDIA's DeepLearningExamples, A100, AMP: 2,470 a second",
        "timm, RTX 3090, AMP, channels last: 1,218 a second (its results folder, 2022)",
    ),
    ("resnet50", 32): ("opennn.net, float32, batch 128, GPU not named: 3,960 a second, compiled 5,268",),
}
PUBLISHED_SECONDS = (
    f"published, CIFAR-10, A100, to 94 %: {AIRBENCH} 2.6 s, without compiling 3.8 s; hlb-CIFAR10 "
    "(github.com/tysam-code/hlb-CIFAR10) 9.7 s; both without loading data, compiling and warming up",
    "published, CIFAR-10, A100, to 92.6 %: FFCV's ResNet-9 36 s (docs.ffcv.io)",
)
# ResNet-9 as David Page trained it for DAWNBench, with a mean in place of the largest of the last maps.
RESNET9 = """built:input 3x32x32
conv 64 k3 p1 bias=no; bn; relu
conv 128 k3 p1 bias=no; bn; relu; maxpool 2
skip { repeat 2 { conv 128 k3 p1 bias=no; bn; relu } }
conv 256 k3 p1 bias=no; bn; relu; maxpool 2
conv 512 k3 p1 bias=no; bn; relu; maxpool 2
skip { repeat 2 { conv 512 k3 p1 bias=no; bn; relu } }
globalpool
dense 10
"""
TO_ACCURACY = {
    **{"model": RESNET9, "regime": "scratch", "size": 32, "epochs": 24, "batch": 512},
    **{"optimiser": "sgd", "learning_rate": 0.4, "weight_decay": 5e-4, "smoothing": 0.1},
    "augmentation": (("flip", 0.5), ("translate", 0.125), ("cutout", 0.25)),
}


@dataclass(frozen=True, slots=True)
class Task:
    """Steps in which everything learns: a network, pixels a side, pictures a step, steps an epoch."""

    model: str
    side: int
    batch: int
    steps: int
    epochs: int = 4  # the first one warms up

    @property
    def pictures(self) -> int:
        """Return how many pictures an epoch has."""
        return self.batch * self.steps


TASKS = (
    Task("resnet18", 32, 512, 100),
    Task("resnet18", 224, 128, 40),
    Task("resnet50", 32, 512, 100),
    Task("resnet50", 224, 128, 40),
)


class Go:
    """Lets every run go on."""

    def command(self) -> str:
        """Return "go"."""
        return "go"


def run(effort: Effort, _servers: "Servers | None") -> list[Row]:
    """Measure on the GPU; raises `LeftOut` where there is none."""
    if not import_module("torch").cuda.is_available():
        raise LeftOut(NO_GPU)
    device = import_module("cnnlab.training.devices").chosen_device()
    tasks = TASKS if effort.networks > 2 else TASKS[:2]
    return [*(speed(task, device) for task in tasks), *to_accuracy(*cifar_size(), device)]


def speed(task: Task, device: Any) -> Row:
    """Measure steps through a whole network: the engine, then a plain loop on the same pictures."""
    data, recipe = noise(task), recipe_of(task)
    ours = learned(recipe, data, device)
    lines = ours["epochs"]
    per_picture = (lines[-1]["seconds"] - lines[0]["seconds"]) / ((len(lines) - 1) * task.pictures)
    peer = plain(recipe, data, device.kind) / task.pictures
    forget()
    notes = (
        f"{device.title}; a second: {1 / per_picture:,.0f}, the peer {1 / peer:,.0f}",
        f"batches of {task.batch}, {len(lines) - 1} epochs of {task.pictures:,} pictures after a first one",
        *(f"published: {one}" for one in PUBLISHED.get((task.model, task.side), ())),
    )
    usual = "a plain PyTorch loop: loader, float32, pictures brought at every step, each loss asked for"
    figures = (Figure((THOUSAND * one,), "s a thousand") for one in (per_picture, peer))
    return Row(f"{task.model} at {task.side}²", next(figures), usual, next(figures), EQUAL, notes)


def recipe_of(task: Task) -> Any:
    """Return what both sides do: from scratch, SGD with momentum at one rate."""
    return import_module("cnnlab.training.recipe").Recipe(
        **{"model": task.model, "regime": "scratch", "size": task.side, "epochs": task.epochs},
        **{"batch": task.batch, "optimiser": "sgd", "learning_rate": 0.01, "schedule": "constant"},
    )


def noise(task: Task) -> Any:
    """Return pictures of noise: what is in them does not change how long a step takes."""
    sets, random = import_module("cnnlab.training.picture_set"), np.random.default_rng(0)

    def pictures(count: int) -> Any:
        pixels = random.integers(0, 256, (count, task.side, task.side, 3), np.uint8)
        return sets.PictureSet(pixels, np.arange(count) % len(CLASSES), CLASSES)

    return sets.SplitSet(pictures(task.pictures), pictures(len(CLASSES)))


def learned(recipe: Any, data: Any, device: Any) -> dict[str, Any]:
    """Return what the engine measured of each epoch, and the seconds with everything before and after.

    At the end of an epoch the GPU has been waited for: its accuracy has been asked.
    """
    engine, run_folder = (import_module(f"cnnlab.training.{one}") for one in ("engine", "run_folder"))
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        kept = run_folder.RunFolder.create(Path(folder) / "run", recipe)
        engine.run(kept, data, Go(), device)
        found = {"epochs": kept.epochs(), "seconds": time.monotonic() - began}
    forget()
    return found


def plain(recipe: Any, data: Any, kind: str) -> float:
    """Return the seconds of an epoch of a plain loop, after one that warms up."""
    torch, networks = import_module("torch"), import_module("cnnlab.training.networks")
    model = networks.network_for(recipe, CLASSES).model.to(kind).train()
    pixels = torch.from_numpy(data.training.pixels).permute(0, 3, 1, 2).float() / 255
    pictures = torch.utils.data.TensorDataset(pixels, torch.from_numpy(data.training.labels))
    optimiser = torch.optim.SGD(
        model.parameters(), recipe.learning_rate, momentum=recipe.momentum, weight_decay=recipe.weight_decay
    )
    loader = torch.utils.data.DataLoader(pictures, recipe.batch, shuffle=True)
    taken = 0.0
    for _ in range(2):
        began = time.monotonic()
        for x, y in loader:
            loss = torch.nn.functional.cross_entropy(model(x.to(kind)), y.to(kind))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            loss.item()
        synchronise(kind)
        taken = time.monotonic() - began
    return taken


def synchronise(kind: str) -> None:
    """Wait until a GPU has done what it was told."""
    if kind == "cuda":
        import_module("torch").cuda.synchronize()


def forget() -> None:
    """Give back what the last task held on the GPU."""
    gc.collect()
    import_module("torch").cuda.empty_cache()


def cifar_size() -> tuple[str, Any]:
    """Return 50,000 pictures in ten classes: CIFAR-10 where it is here, else drawn shapes; say which."""
    public, made = (import_module(f"cnnlab.training.{one}") for one in ("public_sets", "made_pictures"))
    if not public.ready("cifar-10") and public.lies_here("cifar-10"):
        public.obtain("cifar-10")
    if public.ready("cifar-10"):
        data = public.split("cifar-10", 0, 0)
        return f"CIFAR-10; measured with {len(data.validation):,} of its test pictures", data
    names = import_module("cnnlab.inspection.bundled.shape_names").UNSEEN
    dials = import_module("cnnlab.inspection.bundled.shapes").Dials(0.5)
    drawn = made.shapes(names, dials).split(0, 5000, 100)
    why = "CIFAR-10 is not here (CNNLAB_DATASETS names the folder that has it)"
    return f"drawn shapes, 50,000 of 32 × 32: {why}, so published figures do not compare", drawn


def to_accuracy(what: str, data: Any, device: Any, **changes: Any) -> list[Row]:
    """Measure the seconds until accuracies are reached, in one run from scratch."""
    recipe = import_module("cnnlab.training.recipe").Recipe(**{**TO_ACCURACY, **changes})
    found = learned(recipe, data, device)
    lines = found["epochs"]
    best = max(one["accuracy"] for one in lines)
    notes = (
        f"{device.title}; {what}",
        f"ResNet-9, {recipe.epochs} epochs, batches of {recipe.batch}; best accuracy {best:.1%}, "
        f"{found['seconds']:.1f} s with making ready and keeping results",
        *PUBLISHED_SECONDS,
    )
    rows = [row for row in map(partial(reached, lines), MARKS) if row is not None]
    whole = Row("the whole run", Figure((lines[-1]["seconds"],), "s"), notes=notes)
    return [*rows, whole]


def reached(lines: list[dict[str, Any]], mark: float) -> Row | None:
    """Return the seconds until an accuracy was measured first; None where it never was."""
    for one in lines:
        if one["accuracy"] >= mark:
            return Row(
                f"to {mark:.0%} right", Figure((one["seconds"],), "s"), notes=(f"epoch {one['epoch']}",)
            )
    return None

"""Trains one network on one set of pictures again, as CNN Lab trained it: see RUN.

It needs PyTorch, NumPy and whatever library the network comes from; nothing of CNN Lab. Beside it lie the
pictures (`pictures.npz`) and the weights that it begins with (`start.npz`). `python train.py` prints what
each epoch measured, and keeps the trained weights in `trained.pt`. The numbers are those of the run, up to
rounding: CNN Lab asks frozen layers in a quicker form, and a GPU adds in other orders. Where "bf16" in RUN is
True, the run multiplied in bfloat16, and so does this; False computes in float32.
"""

import importlib
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

# What was trained; CNN Lab writes a run's own values here.
RUN: dict[str, Any] = {}

HERE = Path(__file__).parent
ORDER, DISTORTION, DROPOUT, COPIES = range(4)  # what random numbers are drawn for
LEAST = 1e-12  # probability that is told apart from none, so that no loss is without end
PROBE_FASTER = 10  # times the learning rate, while only the head learns before everything does


def main() -> None:
    """Go through all stages and epochs; keep the weights of the best epoch where there is early stopping."""
    recipe, pictures = RUN["recipe"], np.load(HERE / "pictures.npz")
    data = {name: torch.from_numpy(pictures[name]) for name in pictures.files}
    model, head = network()
    best, best_epoch, best_weights = math.inf, 0, {}
    for epoch, train_loss in enumerate(epochs(model, head, data), start=1):
        loss, accuracy = measured(model, data)
        told = {"epoch": epoch, "train_loss": train_loss, "loss": loss, "accuracy": accuracy}
        print(json.dumps(told), flush=True)
        if recipe["patience"] and loss < best:
            best, best_epoch = loss, epoch
            best_weights = {name: one.clone() for name, one in model.state_dict().items()}
        if recipe["patience"] and epoch - best_epoch >= recipe["patience"]:
            break
    model.load_state_dict(best_weights or model.state_dict())
    torch.save(model.state_dict(), HERE / "trained.pt")


def epochs(model: nn.Module, head: nn.Module, data: dict[str, Tensor]) -> Iterator[float]:
    """Learn, epoch after epoch; yield the mean loss of the steps of each, until the run's last step."""
    recipe, count = RUN["recipe"], len(data["labels"])
    step = epoch = 0
    for part, length, rate in stages(recipe):
        optimiser = optimiser_for(learning(model, head, part), rate)
        source = features(model, head, data) if part == "head" else None
        steps = length * len(batches(np.arange(count), recipe["batch"]))
        for stage_step in range(0, steps, steps // length):
            losses, pictures = 0.0, 0
            cut = batches(order(recipe["seed"], epoch, count), recipe["batch"])
            for number, rows in enumerate(cut, start=stage_step):
                for group in optimiser.param_groups:
                    group["lr"] = group["most"] * share(recipe["schedule"], number, steps)
                loss = learn(model, head, optimiser, read(data, source, rows, epoch, step), step)
                losses, pictures = losses + loss * len(rows), pictures + len(rows)
                step += 1
                if step == RUN["steps_done"]:
                    break
            epoch += 1
            yield losses / pictures
            if step == RUN["steps_done"]:
                return


def network() -> tuple[nn.Module, nn.Module]:
    """Return the network as it is before training, and its head: dropout and a new linear layer."""
    what, start = RUN["network"], np.load(HERE / "start.npz")
    make: Any = importlib.import_module(what["module"])
    for name in what["constructor"].split("."):
        make = getattr(make, name)
    model = make(**what["options"])
    for name in ("aux1", "aux2", "AuxLogits"):  # classifiers that only help GoogLeNet and Inception to learn
        if getattr(model, name, None) is not None:
            setattr(model, name, None)
            model.aux_logits = False
    averaging = [nn.AdaptiveAvgPool2d(1), nn.Flatten()] if RUN["averaged"] else []
    dropout = nn.Dropout(RUN["recipe"]["dropout"])
    head = nn.Sequential(*averaging, dropout, nn.Linear(RUN["features"], len(RUN["classes"])))
    parent, _, name = RUN["head"].rpartition(".")
    holder = model.get_submodule(parent)
    children = list(holder.named_children())
    before = children[[child for child, _ in children].index(name) - 1][1] if children[0][0] != name else None
    if isinstance(before, nn.Dropout):
        before.p = 0.0  # the recipe's dropout takes its place
    setattr(holder, name, head)
    model.load_state_dict({name: torch.from_numpy(start[name]) for name in start.files})
    return model.to(memory_format=torch.channels_last), head


def stages(recipe: dict[str, Any]) -> list[tuple[str, int, float]]:
    """Return which part learns, for how many epochs, at which rate times the recipe's."""
    epochs = recipe["epochs"]
    if recipe["regime"] == "probe-then-full" and epochs > 1:
        first = max(1, round(epochs / 3))
        return [("head", first, PROBE_FASTER), ("all", epochs - first, 1.0)]
    return [({"frozen": "head", "partial": "blocks"}.get(recipe["regime"], "all"), epochs, 1.0)]


def learning(model: nn.Module, head: nn.Module, part: str) -> list[nn.Module]:
    """Let a part learn, and nothing else; return its modules from input to output."""
    blocks = [nn.ModuleList(map(model.get_submodule, names)) for names in RUN["blocks"]]
    modules: list[nn.Module] = {
        "head": [head],
        "blocks": [*blocks[max(0, len(blocks) - RUN["recipe"]["blocks"]) :], head],
        "all": [model, *blocks, head],
    }[part]
    model.requires_grad_(False).eval()
    for one in modules:
        one.requires_grad_(True).train()
    return modules


def optimiser_for(modules: list[nn.Module], rate: float) -> torch.optim.Optimizer:
    """Return the optimiser; each module's learning rate is that of the next one times `slower`."""
    recipe, groups, taken = RUN["recipe"], [], set()
    for behind, module in enumerate(reversed(modules)):
        own = [one for one in module.parameters() if one not in taken]
        taken.update(own)
        most = recipe["learning_rate"] * rate * recipe["slower"] ** behind
        groups += [{"params": own, "lr": most, "most": most}] if own else []
    if recipe["optimiser"] == "sgd":
        return torch.optim.SGD(groups, momentum=recipe["momentum"], weight_decay=recipe["weight_decay"])
    return torch.optim.AdamW(groups, weight_decay=recipe["weight_decay"])


def share(schedule: str, step: int, steps: int) -> float:
    """Return which share of the largest learning rate a step (from 0) has."""
    if schedule == "one-cycle":
        top = max(0.3 * steps - 1, 0.0)
        if step < top:
            return wave(1 / 25, 1.0, step / top)
        return wave(1.0, 1 / 25e4, (step - top) / max(steps - 1 - top, 1e-9))
    if schedule == "cosine":
        return wave(1.0, 0.0, step / steps)
    if schedule == "steps":
        return 0.1 ** sum(step >= math.ceil(part * steps) for part in (0.5, 0.75))
    return 1.0


def wave(first: float, last: float, place: float) -> float:
    """Return a value on half a cosine from the first to the last one."""
    return last + (first - last) / 2 * (1 + math.cos(math.pi * place))


def learn(
    model: nn.Module,
    head: nn.Module,
    optimiser: torch.optim.Optimizer,
    batch: tuple[Tensor, Tensor],
    step: int,
) -> float:
    """Take one step; return its loss. Features go into the head, pictures into the network."""
    numbers, targets = batch
    optimiser.zero_grad()
    torch.manual_seed(seed_for(RUN["recipe"]["seed"], DROPOUT, step))
    with multiplying():
        scores = model(numbers) if numbers.ndim == 4 else head[-2:](numbers)  # pyright: ignore[reportIndexIssue]
    loss = functional.cross_entropy(scores.float(), targets, label_smoothing=RUN["recipe"]["smoothing"])
    loss.backward()
    optimiser.step()
    return loss.item()


def multiplying() -> torch.autocast:
    """Let layers multiply in the numbers in which the run did."""
    return torch.autocast("cpu", torch.bfloat16, enabled=RUN["bf16"])


Copies = list[tuple[Tensor, Tensor]]


@torch.no_grad()
def features(model: nn.Module, head: nn.Module, data: dict[str, Tensor]) -> Copies:
    """Ask the layers before the head once for each copy of the pictures; they are frozen."""
    recipe, caught = RUN["recipe"], []
    handle = head.register_forward_pre_hook(lambda _module, inputs: caught.append(inputs[0]))
    rows, copies = np.arange(len(data["labels"])), []
    for copy in range(recipe["copies"] if recipe["augmentation"] else 1):
        targets = []
        for some in np.split(rows, range(RUN["at_once"], len(rows), RUN["at_once"])):
            numbers, wanted = distorted(data, some, (recipe["seed"], COPIES, copy, int(some[0])))
            with multiplying():
                model(numbers)
            targets.append(wanted)
        found = torch.cat(caught)
        copies.append(((found.mean((2, 3)) if found.ndim == 4 else found).float(), torch.cat(targets)))
        caught.clear()
    handle.remove()
    return copies


def read(
    data: dict[str, Tensor], source: Copies | None, rows: np.ndarray, epoch: int, step: int
) -> tuple[Tensor, Tensor]:
    """Return what a step learns from: features that were kept, or pictures distorted anew."""
    if source is None:
        return distorted(data, rows, (RUN["recipe"]["seed"], DISTORTION, step))
    numbers, targets = source[epoch % len(source)]
    return numbers[rows], targets[rows]


def distorted(data: dict[str, Tensor], rows: np.ndarray, key: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """Return pictures as the network reads them, distorted as the recipe says, and their targets."""
    pixels, targets = enlarged(data["pixels"][rows]), data["labels"][rows]
    policy = tuple((name, by) for name, by in RUN["recipe"]["augmentation"])
    if policy:
        beside: Any = importlib.import_module(RUN["distortions"])
        names = [name for name, _ in policy]
        axes = beside.colour_axes(data["original"].numpy()) if "pca" in names else None
        generator = torch.Generator().manual_seed(seed_for(*key))
        pixels = beside.augmented(pixels, policy, generator, axes)
        if "mixup" in names:
            wanted = functional.one_hot(targets, len(RUN["classes"])).float()
            pixels, targets = beside.mixed(pixels, wanted, policy, generator)
    return normalised(pixels), targets


def enlarged(pixels: Tensor) -> Tensor:
    """Return bytes, batch × 3 × height × width, from 0 to 1, as large as the network reads them."""
    numbers, side = pixels.float() / 255, RUN["side"]
    if numbers.shape[-1] == side:
        return numbers
    return functional.interpolate(numbers, (side, side), mode="bilinear", align_corners=False)


def normalised(pixels: Tensor) -> Tensor:
    """Return pixels as the network reads them: in its colours, minus the mean, by the deviation."""
    if RUN["channels"] == 1:
        pixels = (pixels * torch.tensor([0.299, 0.587, 0.114])[:, None, None]).sum(1, keepdim=True)
    mean, deviation = torch.tensor([RUN["mean"], RUN["deviation"]])[..., None, None]
    return ((pixels - mean) / deviation).contiguous(memory_format=torch.channels_last)


@torch.no_grad()
def measured(model: nn.Module, data: dict[str, Tensor]) -> tuple[float, float]:
    """Return loss and accuracy of the validation pictures, from which nothing is learned."""
    modes = {one: one.training for one in model.modules()}
    model.eval()
    with multiplying():
        parts = [model(normalised(enlarged(some))) for some in data["validation_pixels"].split(64)]
    scores = torch.cat(parts).float()
    for one, training in modes.items():
        one.training = training
    labels = data["validation_labels"]
    of_right = scores.softmax(1).gather(1, labels[:, None]).clamp(min=LEAST)
    return -of_right.log().mean().item(), (scores.argmax(1) == labels).float().mean().item()


def seed_for(*key: int) -> int:
    """Return the seed of what is drawn for a key."""
    return int(np.random.SeedSequence(key).generate_state(1, np.uint64)[0] >> 1)


def order(seed: int, epoch: int, count: int) -> np.ndarray:
    """Return all rows in the order of an epoch (from 0)."""
    return np.random.default_rng((seed, ORDER, epoch)).permutation(count)


def batches(rows: np.ndarray, size: int) -> list[np.ndarray]:
    """Cut rows into as few batches as may be, all nearly as large; none of a single row."""
    count = -(-len(rows) // size)
    return np.array_split(rows, max(1, min(count, len(rows) // 2) if size > 1 else count))


if __name__ == "__main__":
    main()

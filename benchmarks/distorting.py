"""How fast a batch is distorted, picture by picture in ways of their own, beside torchvision's transforms.

torchvision's draw one set of parameters for what they are given; so that each picture gets its own, the peer
applies them to one picture after the other, as data loaders do. Both get the same bytes and return floats.
"""

import time
from importlib import import_module
from statistics import fmean
from typing import Any

from benchmarks.effort import Effort
from benchmarks.rows import Figure, Row, Target

POLICY = (
    *(("flip", 0.5), ("rotate", 15.0), ("translate", 0.1), ("crop", 0.4)),
    *(("brightness", 0.3), ("contrast", 0.3)),
)
PICTURES = 32
EQUAL = Target(1.0, of_ratio=True)
ALIKE = 0.05  # of the brightness of the results, from 0 to 1: how far their means may lie apart


def distortions(effort: Effort) -> list[Row]:
    """Measure small pictures, and in a full run those of the size that most networks read."""
    return [distorted(side, effort.maps) for side in (64, 224)[: effort.networks // 2]]


def distorted(side: int, times: int) -> Row:
    """Measure batches of drawn shapes at one size, ours and the peer in turn, each after a first one."""
    torch, batch = import_module("torch"), pictures(side)
    ours, peer = ours_for(batch), peer_for(batch)
    torch.manual_seed(0)  # what torchvision draws with
    alike([ours() for _ in range(times)], [peer() for _ in range(times)])
    both = [(clocked(ours), clocked(peer)) for _ in range(times)]
    figures = [Figure(one, "ms of processor a picture") for one in zip(*both, strict=True)]
    names = ", ".join(name for name, _ in POLICY)
    what = f"batches of {PICTURES}; {names}; torchvision {import_module('torchvision').__version__}"
    usual = f"transforms.v2 on one picture after the other, on {torch.get_num_threads()} core"
    return Row(f"pictures of {side}², distorted", figures[0], usual, figures[1], EQUAL, (what,))


def pictures(side: int) -> Any:
    """Return a batch of bytes: `PICTURES` × 3 × side × side."""
    torch = import_module("torch")
    whole = import_module("cnnlab.training.data_sets").split("shapes-new", 0, PICTURES // 10 + 1).training
    pixels = torch.from_numpy(whole.pixels[:PICTURES]).permute(0, 3, 1, 2).float()
    return torch.nn.functional.interpolate(pixels, (side, side), mode="bilinear").round().byte()


def ours_for(batch: Any) -> Any:
    """Return what distorts the batch as a run does."""
    torch = import_module("torch")
    augmented = import_module("cnnlab.training.augmentation").augmented
    generator = torch.Generator().manual_seed(0)
    return lambda: augmented(batch.float() / 255, POLICY, generator)


def peer_for(batch: Any) -> Any:
    """Return what applies torchvision's transforms of the same names and strengths, picture by picture."""
    torch, v2 = import_module("torch"), import_module("torchvision.transforms.v2")
    by = dict(POLICY)
    way = v2.Compose(
        [
            v2.RandomHorizontalFlip(by["flip"]),
            v2.RandomAffine(
                by["rotate"],
                translate=(by["translate"], by["translate"]),
                interpolation=v2.InterpolationMode.BILINEAR,
            ),
            v2.RandomResizedCrop(batch.shape[-1], scale=(1 - by["crop"], 1), ratio=(1, 1), antialias=False),
            v2.ColorJitter(brightness=by["brightness"], contrast=by["contrast"]),
        ]
    )
    return lambda: torch.stack([way(one) for one in batch.float() / 255])


def alike(ours: list[Any], peer: list[Any]) -> None:
    """Raise `RuntimeError` where the results do not look as if the same was done to them."""
    means = [fmean(float(one.mean()) for one in side) for side in (ours, peer)]
    if ours[0].shape != peer[0].shape or abs(means[0] - means[1]) > ALIKE:
        raise RuntimeError(f"the results differ in brightness, {means[0]:.3f} and {means[1]:.3f}")


def clocked(work: Any) -> float:
    """Return for how many milliseconds a picture keeps the processor busy."""
    began = time.process_time()
    work()
    return 1000 * (time.process_time() - began) / PICTURES

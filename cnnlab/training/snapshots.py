"""What a network looks like after an epoch, kept small: its answers, filters, feature maps and maps of why.

Kept in a run's folder (`RunFolder.arrays`), to be looked at epoch after epoch:

- epoch 0, "pictures": `labels` (int64, pictures) and `thumbs` (uint8, pictures × side × side × 3) of the
  validation pictures; of very many only the first ones have a thumb.
- "validation": `probabilities` (float16, pictures × classes), `predicted` (int16, the class of the largest
  one before it was rounded).
- "filters": `filters` (float16, filters × channels × height × width) of the first convolution, at most 64;
  kept only where they have changed.
- "probes": for a few validation pictures, `rows` says which: `cam` (Grad-CAM of the right class, height ×
  width of the last layer, from 0) and `saliency` (the gradient of the right class's score, its largest size
  over the colours), both uint8 times `cam_scale`, `saliency_scale` of each picture; `early`, `middle`,
  `late`: feature maps (uint8 × `…_scale` + `…_least`), probes × channels × height × width, with `…_name` the
  layer's and `…_channels` the channels' numbers. The same channels are kept all the time.
- "learned": after a stage that another one follows, the parameters that it let learn, float32, by their
  names.

Grad-CAM: Selvaraju et al. 2017, arXiv 1610.02391. It does not know how a network is trained. Imports PyTorch.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from cnnlab.training.picture_set import PictureSet
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import RunFolder
from cnnlab.training.stages import plans

PROBES = 4
MOST_FILTERS = 64
MOST_CHANNELS = 8
MOST_SIDE = 64  # of maps
THUMBS = (64, 48, 32)
MOST_THUMB_BYTES = 8_000_000
MOST_PROBABILITY_BYTES = 32_000_000  # of a run in which every epoch's are kept
EVERY_EPOCH_UNTIL = 4
PLACES = ("early", "middle", "late")
LEARNED = "learned"


def worth_looking(epoch: int) -> bool:
    """Whether pictures of an epoch (from 1) are kept: of all early ones, then ever fewer, for little changes.

    >>> [epoch for epoch in range(1, 101) if worth_looking(epoch)]
    [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96]
    """
    return (
        epoch <= EVERY_EPOCH_UNTIL
        or epoch.bit_count() == 1
        or (epoch % 3 == 0 and (epoch // 3).bit_count() == 1)
    )


def handing_over(recipe: Recipe) -> int:
    """Return the last epoch of a recipe's first stage, where a second one follows; 0 where none does."""
    first, *others = plans(recipe)
    return first.epochs if others else 0


def handed_over(folder: RunFolder) -> dict[str, np.ndarray] | None:
    """Return what the second stage of a run begins with; None where the run has not come so far."""
    return folder.arrays(handing_over(folder.recipe()), LEARNED)


def probe_rows(validation: PictureSet, count: int = PROBES) -> np.ndarray:
    """Return the rows of the pictures that are looked at: of different classes, if there are."""
    firsts = [
        rows[0]
        for number in range(len(validation.classes))
        if len(rows := np.flatnonzero(validation.labels == number))
    ]
    spread = np.linspace(0, len(firsts) - 1, min(count, len(firsts))).round().astype(int)
    return np.asarray(firsts, dtype=np.int64)[spread]


@dataclass(slots=True, eq=False)
class Snapshots:
    """Keeps what a run's network looks like.

    `rows` are the probes' rows among the validation pictures (`probe_rows`), `prepared` the same pictures as
    the network reads them: probes × channels × height × width, on its device.
    """

    folder: RunFolder
    validation: PictureSet
    rows: np.ndarray
    prepared: Tensor
    epochs: int
    _filters: bytes = b""
    _layers: tuple[str, ...] = ()
    _channels: dict[str, np.ndarray] = field(default_factory=dict)

    def keep(self, epoch: int, model: nn.Module, probabilities: Tensor, looking: bool | None = None) -> None:
        """Keep what a network looks like after an epoch (from 1); it is given back as it was.

        `probabilities` are of the validation pictures × classes. Filters and maps are kept where the epoch is
        `worth_looking` at, or as `looking` says: say True for the last epoch.
        """
        looking = worth_looking(epoch) if looking is None else looking
        if self.folder.arrays(0, "pictures") is None:
            self.folder.keep_arrays(0, "pictures", **pictures_of(self.validation))
        if looking or 2 * probabilities.numel() * self.epochs <= MOST_PROBABILITY_BYTES:
            self.folder.keep_arrays(epoch, "validation", **answers(probabilities))
        if looking:
            self._keep_filters(epoch, model)
            self._keep_probes(epoch, model)
        if epoch == handing_over(self.folder.recipe()):
            learned = {name: one for name, one in model.named_parameters() if one.requires_grad}
            arrays = {name: one.detach().float().cpu().numpy() for name, one in learned.items()}
            self.folder.keep_arrays(epoch, LEARNED, **arrays)

    def _keep_filters(self, epoch: int, model: nn.Module) -> None:
        filters = first_filters(model)
        if filters is not None and filters.tobytes() != self._filters:
            self._filters = filters.tobytes()
            self.folder.keep_arrays(epoch, "filters", filters=filters)

    def _keep_probes(self, epoch: int, model: nn.Module) -> None:
        classes = torch.as_tensor(self.validation.labels[self.rows], device=self.prepared.device)
        with at_rest(model):
            self._layers = self._layers or layers_of(model, self.prepared)
            seen = looked_at(model, self.prepared, classes, self._layers)
        arrays: dict[str, np.ndarray] = {"rows": self.rows}
        for name in ("cam", "saliency"):
            arrays |= _from_zero(name, seen.pop(name))
        for place, layer in zip(PLACES, self._layers, strict=False):
            maps = seen[layer]
            channels = self._channels.setdefault(place, self._before(place, maps))
            arrays |= _between(place, _smaller(maps[:, torch.as_tensor(channels)]))
            arrays |= {f"{place}_name": np.asarray(layer), f"{place}_channels": channels}
        self.folder.keep_arrays(epoch, "probes", **arrays)

    def _before(self, place: str, maps: Tensor) -> np.ndarray:
        """Return the channels that were kept before the run was interrupted, or those that differ most."""
        first = self.folder.arrays(1, "probes") or {}
        return first.get(f"{place}_channels", _liveliest(maps))


def pictures_of(validation: PictureSet) -> dict[str, np.ndarray]:
    """Return the classes of the validation pictures, and small copies of them."""
    count = len(validation)
    side = next((one for one in THUMBS if count * one * one * 3 <= MOST_THUMB_BYTES), THUMBS[-1])
    pixels = torch.from_numpy(validation.pixels[: MOST_THUMB_BYTES // (side * side * 3)])
    if max(pixels.shape[1:3]) > side:
        pixels = torch.cat([_shrunk(some, side) for some in pixels.split(64)])
    return {"labels": validation.labels.astype(np.int64), "thumbs": pixels.numpy()}


def _shrunk(pixels: Tensor, side: int) -> Tensor:
    channels_first = pixels.permute(0, 3, 1, 2).float()
    small = functional.interpolate(channels_first, (side, side), mode="area")
    return small.round().to(torch.uint8).permute(0, 2, 3, 1)


def answers(probabilities: Tensor) -> dict[str, np.ndarray]:
    """Return probabilities, pictures × classes, as they are kept."""
    kept = probabilities.detach().float().cpu()
    return {"probabilities": kept.half().numpy(), "predicted": kept.argmax(1).to(torch.int16).numpy()}


def first_filters(model: nn.Module) -> np.ndarray | None:
    """Return the first filters of the first convolution; None where there is no convolution of pictures."""
    first = next((one for one in model.modules() if isinstance(one, nn.Conv2d)), None)
    return None if first is None else first.weight.detach()[:MOST_FILTERS].half().cpu().numpy()


@contextmanager
def at_rest(model: nn.Module) -> Iterator[None]:
    """Let a network answer as it does when it does not learn; afterwards each part is as it was."""
    before = {one: one.training for one in model.modules()}
    model.eval()
    try:
        yield
    finally:
        for one, training in before.items():
            one.training = training


def layers_of(model: nn.Module, prepared: Tensor) -> tuple[str, ...]:
    """Return the names of an early, a middle and a late layer whose maps still have a height and a width.

    Only modules that are called once are taken, and none from the last one with weights on: that one gives
    the scores. The late one is the last before it, where Grad-CAM is taken. There may be fewer than three.
    """
    calls: list[tuple[str, bool, bool]] = []

    def noted(name: str, weighted: bool):
        def note(_module: nn.Module, _inputs: object, output: object) -> None:
            spatial = isinstance(output, Tensor) and output.ndim == 4 and min(output.shape[2:]) > 1
            calls.append((name, spatial, weighted))

        return note

    named = [(name, one) for name, one in model.named_modules() if name]
    handles = [one.register_forward_hook(noted(name, _weighted(one))) for name, one in named]
    try:
        with torch.no_grad():
            model(prepared[:1])
    finally:
        for handle in handles:
            handle.remove()
    head = max((at for at, (_, _, weighted) in enumerate(calls) if weighted), default=len(calls))
    names = [name for name, _, _ in calls]
    found = [name for name, spatial, _ in calls[:head] if spatial and names.count(name) == 1]
    if len(found) <= len(PLACES):
        return tuple(found)
    return found[0], found[len(found) // 2], found[-1]


def _weighted(module: nn.Module) -> bool:
    leaf = next(module.children(), None) is None
    return leaf and any(one.ndim > 1 for one in module.parameters(recurse=False))


def looked_at(
    model: nn.Module, prepared: Tensor, classes: Tensor, layers: tuple[str, ...]
) -> dict[str, Tensor]:
    """Return each layer's output, float32 on the CPU, with "cam" and "saliency" of each picture's class.

    The network's own gradients are left alone. "cam" is Grad-CAM at the last of `layers`: the ReLU of the sum
    of its channels, each times the mean of the score's gradient over the channel; without layers it is 0.
    """
    kept: dict[str, Tensor] = {}

    def keeping(name: str):
        def keep(_module: nn.Module, _inputs: object, output: Tensor) -> Tensor:
            kept[name] = output
            return output.clone()  # what comes later may write over it

        return keep

    handles = [model.get_submodule(name).register_forward_hook(keeping(name)) for name in layers]
    try:
        with torch.enable_grad():
            pictures = prepared.detach().clone().requires_grad_()
            scores = model(pictures)
            total = scores.gather(1, classes[:, None]).sum()
            last = [kept[layers[-1]]] if layers else []
            by_picture, *by_map = torch.autograd.grad(total, [pictures, *last])
    finally:
        for handle in handles:
            handle.remove()
    found = {name: one.detach().float().cpu() for name, one in kept.items()}
    found["saliency"] = by_picture.abs().amax(1).float().cpu()
    found["cam"] = torch.zeros(len(prepared), 1, 1)
    if by_map:
        weights = by_map[0].float().cpu().mean((2, 3), keepdim=True)
        found["cam"] = (weights * found[layers[-1]]).sum(1).relu()
    return found


def _liveliest(maps: Tensor) -> np.ndarray:
    spread = maps.var((0, 2, 3))
    return spread.argsort(descending=True, stable=True)[:MOST_CHANNELS].sort().values.numpy()


def _smaller(maps: Tensor) -> Tensor:
    """Return maps, … × height × width, with sides of at most `MOST_SIDE`: means over squares."""
    by = -(-max(maps.shape[-2:]) // MOST_SIDE)
    return functional.avg_pool2d(maps, by, ceil_mode=True) if by > 1 else maps


def _from_zero(name: str, maps: Tensor) -> dict[str, np.ndarray]:
    maps = _smaller(maps[:, None])[:, 0]
    scale = maps.amax((1, 2)) / 255
    steps = maps / torch.where(scale > 0, scale, 1)[:, None, None]
    return {name: _bytes(steps), f"{name}_scale": scale.numpy()}


def _between(name: str, maps: Tensor) -> dict[str, np.ndarray]:
    least, most = maps.min(), maps.max()
    scale = (most - least) / 255
    steps = (maps - least) / (scale if scale > 0 else 1)
    return {name: _bytes(steps), f"{name}_least": least.numpy(), f"{name}_scale": scale.numpy()}


def _bytes(steps: Tensor) -> np.ndarray:
    return steps.nan_to_num(0.0).round().clamp(0, 255).to(torch.uint8).numpy()

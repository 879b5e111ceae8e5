"""Pictures on the device that learns: kept as bytes, and made into a network's numbers batch by batch.

There is no loader and no worker: all pictures are one tensor on the device, and resizing, distorting and
scaling are done to a batch at once. Resizing is bilinear and, where pictures become smaller, antialiased, as
Pillow's is.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from cnnlab.training import chance
from cnnlab.training.augmentation import augmented, mixed
from cnnlab.training.colour_axes import ColourAxes, colour_axes
from cnnlab.training.devices import Device
from cnnlab.training.networks import Trainable
from cnnlab.training.picture_set import PictureSet
from cnnlab.training.policy import Policy

_TOGETHER = 256  # pictures that are resized at once
_GREY = (0.299, 0.587, 0.114)  # of red, green and blue, as Pillow has them


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """A set on a device.

    `pixels` are uint8, pictures × 3 × height × width, not larger than what the network reads; `labels` int64.
    """

    pixels: Tensor
    labels: Tensor
    classes: int
    trainable: Trainable
    device: Device

    def __len__(self) -> int:
        return len(self.labels)

    def plain(self, rows: np.ndarray | slice) -> Tensor:
        """Return pictures as the network reads them: batch × channels × side × side."""
        return self._numbers(self._raised(rows))

    def distorted(
        self, rows: np.ndarray, policy: Policy, key: tuple[int, ...], axes: ColourAxes | None
    ) -> tuple[Tensor, Tensor]:
        """Return pictures distorted by a policy, and their targets: classes, or probabilities after mixup."""
        pixels, targets = self._raised(rows), self.labels[self._on_device(rows)]
        if not policy:
            return self._numbers(pixels), targets
        generator = chance.generator("cpu", *key)
        pixels = augmented(pixels, policy, generator, axes)
        if any(name == "mixup" for name, _ in policy):
            wanted = functional.one_hot(targets, self.classes).float()
            pixels, targets = mixed(pixels, wanted, policy, generator)
        return self._numbers(pixels), targets

    def _on_device(self, rows: np.ndarray) -> Tensor:
        return torch.as_tensor(rows).to(self.device.kind)

    def _raised(self, rows: np.ndarray | slice) -> Tensor:
        """Return pixels from 0 to 1, as large as the network reads them."""
        chosen = rows if isinstance(rows, slice) else self._on_device(rows)
        pixels = self.pixels[chosen].float() / 255
        side = self.trainable.side
        if pixels.shape[-1] == side:
            return pixels
        return functional.interpolate(pixels, (side, side), mode="bilinear", align_corners=False)

    def _numbers(self, pixels: Tensor) -> Tensor:
        if self.trainable.channels == 1:
            shares = pixels.new_tensor(_GREY)
            pixels = (pixels * shares[:, None, None]).sum(1, keepdim=True)
        preparing = self.trainable.preparing
        mean, deviation = pixels.new_tensor([preparing.mean, preparing.deviation])[..., None, None]
        numbers = (pixels - mean) / deviation
        return numbers.contiguous(memory_format=torch.channels_last)


def on_device(pictures: PictureSet, trainable: Trainable, device: Device) -> Pictures:
    """Bring a set to a device, as squares that are not larger than what the network reads."""
    parts = [
        _small(torch.from_numpy(pictures.pixels[at : at + _TOGETHER]), trainable.side)
        for at in range(0, len(pictures), _TOGETHER)
    ]
    labels = torch.from_numpy(pictures.labels.astype(np.int64))
    pixels = torch.cat(parts).to(device.kind)
    return Pictures(pixels, labels.to(device.kind), len(pictures.classes), trainable, device)


def _small(pixels: Tensor, most: int) -> Tensor:
    """Return the middle squares, N × 3 × side × side, of pictures, N × height × width × 3."""
    height, width = pixels.shape[1:3]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = pixels[:, top : top + side, left : left + side].permute(0, 3, 1, 2)
    if side <= most:
        return square.contiguous()
    smaller = functional.interpolate(square.float(), (most, most), mode="bilinear", antialias=True)
    return smaller.round().clamp(0, 255).to(torch.uint8)


def axes_for(pictures: PictureSet, policy: Policy) -> ColourAxes | None:
    """Return the axes of a set's colours where a policy needs them."""
    return colour_axes(pictures.pixels) if any(name == "pca" for name, _ in policy) else None

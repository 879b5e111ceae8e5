"""Small networks that do what the large ones do: every way in which a receptive field grows or joins."""

import torch
from torch import Tensor, nn
from torch.nn import functional


class Residual(nn.Module):
    """A residual block whose shortcut is a 1 × 1 convolution with a stride."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Conv2d(2, 4, 3, 2, 1), nn.Conv2d(4, 4, 3, 1, 1)
        self.shortcut, self.norm, self.relu = nn.Conv2d(2, 4, 1, 2), nn.BatchNorm2d(4), nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        y = self.second(self.relu(self.norm(self.first(x))))
        y += self.shortcut(x)
        return self.relu(y)


class Branches(nn.Module):
    """An Inception module: branches of different reach, one of them a pool, side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.narrow, self.wide = nn.Conv2d(2, 2, 1), nn.Conv2d(2, 2, 5, padding=2)
        self.dilated = nn.Conv2d(2, 2, 3, padding=3, dilation=3)

    def forward(self, x: Tensor) -> Tensor:
        pooled = functional.max_pool2d(x, 3, 1, 1)
        return torch.cat([self.narrow(x), self.wide(x), self.dilated(x), pooled], 1)


class Shuffled(nn.Module):
    """Channels split, shuffled and joined again around a depthwise convolution, as in ShuffleNet."""

    def __init__(self) -> None:
        super().__init__()
        self.widen, self.depthwise = nn.Conv2d(2, 4, 1), nn.Conv2d(2, 2, 3, 1, 1, groups=2)

    def forward(self, x: Tensor) -> Tensor:
        left, right = self.widen(x).chunk(2, dim=1)
        joined = torch.cat((left, self.depthwise(right)), dim=1)
        batch, channels, height, width = joined.size()
        parts = joined.view(batch, 2, channels // 2, height, width)
        return torch.transpose(parts, 1, 2).contiguous().view(batch, -1, height, width)


class ChannelsLast(nn.Module):
    """A block of ConvNeXt: normalised and mixed with the channels as last axis, then scaled and added."""

    def __init__(self) -> None:
        super().__init__()
        self.spread, self.norm = nn.Conv2d(2, 2, 7, padding=3, groups=2), nn.LayerNorm(2)
        self.mix, self.scale = nn.Linear(2, 2), nn.Parameter(torch.ones(2, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        y = self.mix(self.norm(self.spread(x).permute(0, 2, 3, 1))).permute(0, 3, 1, 2)
        return x + self.scale * y


class Shifted(nn.Module):
    """Padded on one side, partly cut again, and every second position taken, as NASNet reduces."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(2, 2, (4, 3), padding=(2, 1))

    def forward(self, x: Tensor) -> Tensor:
        one = functional.pad(x, (1, 0, 2, 0))[:, :, 1:]
        return self.conv(one)[..., ::2, 1::2]


class UShaped(nn.Module):
    """Down with a pool that rounds up, up with a transposed convolution, cropped and joined, as in U-Net."""

    def __init__(self, kernel: int, stride: int) -> None:
        super().__init__()
        self.down, self.low = nn.Conv2d(2, 2, 3, padding=1), nn.Conv2d(2, 2, 3, padding=1)
        self.pool = nn.MaxPool2d(stride, ceil_mode=True)
        self.up, self.last = nn.ConvTranspose2d(2, 2, kernel, stride), nn.Conv2d(4, 2, 3)

    def forward(self, x: Tensor) -> Tensor:
        skip = self.down(x)
        risen = self.up(self.low(self.pool(skip)))
        height, width = skip.shape[2:]
        return self.last(torch.cat([skip, risen[:, :, :height, :width]], 1))


class Resampled(nn.Module):
    """Halved, enlarged again by interpolation, and convolved."""

    def __init__(self, mode: str) -> None:
        super().__init__()
        self.mode, self.down, self.last = mode, nn.Conv2d(2, 2, 3, 2, 1), nn.Conv2d(2, 2, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        size = x.shape[-2:]
        return self.last(functional.interpolate(self.down(x), size=size, mode=self.mode))


class Gated(nn.Module):
    """Squeeze and excitation: a gate that has seen everything scales what a convolution gives."""

    def __init__(self, gate: bool) -> None:
        super().__init__()
        self.gate, self.conv, self.squeeze = gate, nn.Conv2d(2, 2, 3, padding=1), nn.Conv2d(2, 2, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        if self.gate:
            x = x * torch.sigmoid(self.squeeze(functional.adaptive_avg_pool2d(x, 1)))
        return self.conv(x)

"""U-Net: down to see what is there, up to say where; and what was seen on the way down is put beside it.

Ronneberger, Fischer, Brox: U-Net, 2015, https://arxiv.org/abs/1505.04597, figure 1.
Its convolutions have no padding, so the result is smaller than the picture: 572 becomes 388.
"""

import torch
from torch import Tensor, nn


class DoubleConvolution(nn.Sequential):
    """Two 3 × 3 with ReLU; without padding each takes a pixel from every border."""

    def __init__(self, before: int, after: int, padding: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(before, after, 3, padding=padding)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(after, after, 3, padding=padding)
        self.relu2 = nn.ReLU()


class Up(nn.Module):
    """Double the size by a 2 × 2 transposed convolution, put the maps of the way down beside it, convolve."""

    def __init__(self, before: int, after: int, padding: int) -> None:
        super().__init__()
        self.up = nn.ConvTranspose2d(before, after, 2, stride=2)
        self.convolutions = DoubleConvolution(2 * after, after, padding)

    def forward(self, x: Tensor, beside: Tensor) -> Tensor:
        """Return maps of twice the size (less the borders); `beside` is cut to fit around its middle."""
        x = self.up(x)
        height, width = x.shape[-2:]
        top, left = (beside.shape[-2] - height) // 2, (beside.shape[-1] - width) // 2
        beside = beside[:, :, top : top + height, left : left + width]
        return self.convolutions(torch.cat([beside, x], dim=1))


class UNet(nn.Module):
    """Five sizes down, four up. `padding=1` is the usual form today: the result is as large as the picture.

    Without padding the side of a picture must be 16n + 12, from 188 on; with it, a multiple of 16.
    """

    def __init__(self, channels: int = 1, classes: int = 2, width: int = 64, padding: int = 0) -> None:
        super().__init__()
        if padding not in (0, 1):
            raise ValueError(f"padding is {padding}; it may be 0, as in the paper, or 1")
        widths = [width * 2**level for level in range(5)]
        self.down1 = DoubleConvolution(channels, widths[0], padding)  # 572 → 568
        self.down2 = DoubleConvolution(widths[0], widths[1], padding)  # 284 → 280
        self.down3 = DoubleConvolution(widths[1], widths[2], padding)  # 140 → 136
        self.down4 = DoubleConvolution(widths[2], widths[3], padding)  # 68 → 64
        self.bottom = DoubleConvolution(widths[3], widths[4], padding)  # 32 → 28
        self.pool = nn.MaxPool2d(2)
        self.dropout = nn.Dropout(0.5)
        self.up4 = Up(widths[4], widths[3], padding)  # 56 → 52
        self.up3 = Up(widths[3], widths[2], padding)  # 104 → 100
        self.up2 = Up(widths[2], widths[1], padding)  # 200 → 196
        self.up1 = Up(widths[1], widths[0], padding)  # 392 → 388
        self.output = nn.Conv2d(widths[0], classes, 1)

    def forward(self, picture: Tensor) -> Tensor:
        """Return a score for each class and pixel."""
        first = self.down1(picture)
        second = self.down2(self.pool(first))
        third = self.down3(self.pool(second))
        fourth = self.down4(self.pool(third))
        x = self.dropout(self.bottom(self.pool(fourth)))
        x = self.up3(self.up4(x, fourth), third)
        return self.output(self.up1(self.up2(x, second), first))

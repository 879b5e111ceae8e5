"""AlexNet as in the paper of 2012: two halves that met on two graphics cards, and response normalisation.

Krizhevsky, Sutskever, Hinton: ImageNet Classification with Deep Convolutional Neural Networks, 2012.
torchvision's `alexnet` is a later net with fewer filters, no groups and no normalisation.
"""

from torch import Tensor, nn


def response_normalisation() -> nn.LocalResponseNorm:
    """Divide each value by the activity of five neighbouring channels: k = 2, n = 5, α = 10⁻⁴, β = 0.75.

    PyTorch divides α by n, the paper does not; hence 5 · 10⁻⁴.
    """
    return nn.LocalResponseNorm(size=5, alpha=5e-4, beta=0.75, k=2)


class AlexNet(nn.Module):
    """Five convolutions and three dense layers for 3 × 227 × 227.

    The paper writes 224, but 55 × 55 outputs with an 11 × 11 kernel and stride 4 need 227.
    `groups=2` is the paper's: half of the kernels see only the half of the maps that are on their card.
    """

    def __init__(self, classes: int = 1000, groups: int = 2) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 96, 11, stride=4),  # 227 → 55
            nn.ReLU(),
            response_normalisation(),
            nn.MaxPool2d(3, stride=2),  # 55 → 27, windows overlap
            nn.Conv2d(96, 256, 5, padding=2, groups=groups),
            nn.ReLU(),
            response_normalisation(),
            nn.MaxPool2d(3, stride=2),  # 27 → 13
            nn.Conv2d(256, 384, 3, padding=1),  # the one convolution that reads from both cards
            nn.ReLU(),
            nn.Conv2d(384, 384, 3, padding=1, groups=groups),
            nn.ReLU(),
            nn.Conv2d(384, 256, 3, padding=1, groups=groups),
            nn.ReLU(),
            nn.MaxPool2d(3, stride=2),  # 13 → 6
        )
        self.classifier = nn.Sequential(
            nn.Dropout(0.5),
            nn.Linear(256 * 6 * 6, 4096),
            nn.ReLU(),
            nn.Dropout(0.5),
            nn.Linear(4096, 4096),
            nn.ReLU(),
            nn.Linear(4096, classes),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return a score for each class."""
        return self.classifier(self.features(x).flatten(1))

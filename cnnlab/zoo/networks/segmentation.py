"""Nets that say something of every pixel: torchvision's, returning their scores alone."""

from torch import Tensor, nn
from torch.nn import functional
from torchvision.models.segmentation import LRASPP


class PixelScores(nn.Module):
    """Backbone and classifier of a segmentation net of torchvision, enlarged to the size of the picture."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.backbone = net.get_submodule("backbone")
        self.classifier = net.get_submodule("classifier")
        self.reads_two_sizes = isinstance(net, LRASPP)

    def forward(self, picture: Tensor) -> Tensor:
        """Return a score for each class and pixel."""
        found = self.backbone(picture)
        scores = self.classifier(found if self.reads_two_sizes else found["out"])
        return functional.interpolate(scores, size=picture.shape[-2:], mode="bilinear", align_corners=False)

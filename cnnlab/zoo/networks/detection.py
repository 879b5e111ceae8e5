"""The convolutional parts of detectors: torchvision's, and Faster R-CNN and R-FCN as in their papers.

A whole detector chooses boxes in between, and how many it keeps depends on the picture. What is before that
is an ordinary network. What comes after it costs the same for each box; the nets here do it for the boxes
that they are given, and for one around the whole picture if they are given none.
"""

import torchvision
from torch import Tensor, nn
from torchvision.ops import ps_roi_pool, roi_pool

ANCHORS = 9  # boxes guessed at each position: three sizes, three shapes
STRIDE = 16  # pixels between neighbouring positions


class ConvolutionalPart(nn.Module):
    """Backbone and head of a detector of torchvision, up to where boxes are chosen."""

    def __init__(self, detector: nn.Module) -> None:
        super().__init__()
        self.backbone = detector.get_submodule("backbone")
        two_stages = hasattr(detector, "rpn")
        self.head = detector.get_submodule("rpn.head" if two_stages else "head")

    def forward(self, picture: Tensor) -> object:
        """Return what the head says of every position of every map: classes or objectness, and boxes."""
        return self.head(list(self.backbone(picture).values()))


class RegionProposals(nn.Module):
    """Is there something here, and how must each guessed box move? A 3 × 3, then two 1 × 1."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, 512, 3, padding=1)
        self.relu = nn.ReLU()
        self.objectness = nn.Conv2d(512, 2 * ANCHORS, 1)
        self.moves = nn.Conv2d(512, 4 * ANCHORS, 1)

    def forward(self, maps: Tensor) -> tuple[Tensor, Tensor]:
        """Return two scores and four moves for each guessed box."""
        x = self.relu(self.conv(maps))
        return self.objectness(x), self.moves(x)


def whole_picture(picture: Tensor) -> Tensor:
    """Return one box: number of the picture, left, top, right, bottom, in pixels."""
    height, width = picture.shape[-2:]
    return picture.new_tensor([[0, 0, 0, width - 1, height - 1]])


class FasterRCNN(nn.Module):
    """Faster R-CNN on VGG-16: proposals and classifier share the thirteen convolutions.

    Ren, He, Girshick, Sun: Faster R-CNN, 2015, https://arxiv.org/abs/1506.01497.
    """

    def __init__(self, classes: int = 21) -> None:
        super().__init__()
        vgg = torchvision.models.vgg16(weights=None)
        self.backbone = nn.Sequential(
            *list(vgg.features.children())[:-1]
        )  # the last pooling is left out: stride 16
        self.proposals = RegionProposals(512)
        self.fc6 = nn.Linear(512 * 7 * 7, 4096)
        self.fc7 = nn.Linear(4096, 4096)
        self.relu = nn.ReLU()
        self.classes = nn.Linear(4096, classes)
        self.boxes = nn.Linear(4096, 4 * classes)

    def forward(self, picture: Tensor, regions: Tensor | None = None) -> tuple[Tensor, ...]:
        """Return objectness and moves for all guesses, then classes and boxes for each region."""
        maps = self.backbone(picture)
        regions = whole_picture(picture) if regions is None else regions
        x = roi_pool(maps, regions, output_size=7, spatial_scale=1 / STRIDE).flatten(1)
        x = self.relu(self.fc7(self.relu(self.fc6(x))))
        return (*self.proposals(maps), self.classes(x), self.boxes(x))


class RFCN(nn.Module):
    """R-FCN on ResNet-101: everything is convolution; a region only averages maps that are there already.

    Dai, Li, He, Sun: R-FCN, 2016, https://arxiv.org/abs/1605.06409. There is a map for each class and each of
    k × k parts of an object ("top left of a cat"); a region takes each of its parts from that part's map.
    """

    def __init__(self, classes: int = 21, parts: int = 7) -> None:
        super().__init__()
        keep_stride = [False, False, True]  # the last stage is dilated instead of halving: stride 16
        net = torchvision.models.resnet101(weights=None, replace_stride_with_dilation=keep_stride)
        self.stem = nn.Sequential(net.conv1, net.bn1, net.relu, net.maxpool)
        self.layer1, self.layer2, self.layer3, self.layer4 = net.layer1, net.layer2, net.layer3, net.layer4
        self.proposals = RegionProposals(1024)
        self.reduce = nn.Conv2d(2048, 1024, 1)
        self.relu = nn.ReLU()
        self.class_maps = nn.Conv2d(1024, parts * parts * classes, 1)
        self.box_maps = nn.Conv2d(1024, parts * parts * 4, 1)
        self.parts = parts

    def forward(self, picture: Tensor, regions: Tensor | None = None) -> tuple[Tensor, ...]:
        """Return objectness and moves for all guesses, then classes and a box for each region."""
        middle = self.layer3(self.layer2(self.layer1(self.stem(picture))))
        maps = self.relu(self.reduce(self.layer4(middle)))
        regions = whole_picture(picture) if regions is None else regions
        classes = self.vote(self.class_maps(maps), regions)
        return (*self.proposals(middle), classes, self.vote(self.box_maps(maps), regions))

    def vote(self, maps: Tensor, regions: Tensor) -> Tensor:
        """Return the mean of what the k × k parts of each region say."""
        return ps_roi_pool(maps, regions, self.parts, spatial_scale=1 / STRIDE).mean(dim=(2, 3))

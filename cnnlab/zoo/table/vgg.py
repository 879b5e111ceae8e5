"""VGG: the facts."""

from cnnlab.zoo.records import Disagreement, Facts, Family, Paper, Said
from cnnlab.zoo.table.writing import looked_up, of_torchvision, torchvision

PAPER = Paper(
    2014,
    "Karen Simonyan, Andrew Zisserman",
    "Very Deep Convolutional Networks for Large-Scale Image Recognition",
    "https://arxiv.org/abs/1409.1556",
    "ICLR 2015",
)
RESULT = "2014: second in classification (top-5 error 7.32 %), first in localisation"
SIZE = Disagreement(
    "parameters of VGG-16",
    (
        Said("course notes", "1.38 million"),
        Said("paper", "138 million"),
        Said("this model", "138,357,544", "parameters of vgg16"),
    ),
    "The notes lost a factor of one hundred. 102,764,544 of the parameters are in the first dense layer "
    "alone.",
)


def _vgg(depth: int, millions: int, top1_percent: float) -> Facts:
    """Return the facts of one depth; the paper prints parameters in millions."""
    return Facts(
        name=f"vgg{depth}",
        title=f"VGG-{depth}",
        family="vgg",
        builder=torchvision(f"vgg{depth}"),
        input_shape=(3, 224, 224),
        paper=PAPER,
        ilsvrc=RESULT if depth in {16, 19} else "",
        parameters=looked_up(f"{millions} million parameters", millions * 1e6, "the paper, table 2"),
        accuracies=(of_torchvision(top1_percent),),
        introduced="3 × 3 kernels only, one after the other: two see 5 × 5, three see 7 × 7, with fewer "
        "parameters and more ReLUs; channels double whenever height and width are halved.",
        before=("alexnet_2012",),
        after=("resnet50",),
        disagreements=(SIZE,) if depth == 16 else (),
        remark="torchvision's weights were trained anew, on pictures prepared otherwise than in the paper.",
    )


VGG = Family(
    "vgg",
    "VGG",
    "One recipe, deeper: 3 × 3 kernels all the way, channels double as the picture shrinks.",
    (_vgg(16, 138, 71.592), _vgg(11, 133, 69.02), _vgg(13, 133, 69.928), _vgg(19, 144, 72.376)),
)

"""The table of facts, family by family, in the order of history; our own small ones last."""

from cnnlab.zoo.records import Facts, Family
from cnnlab.zoo.table.beyond import DETECTION, SEGMENTATION
from cnnlab.zoo.table.bundled import SMALL
from cnnlab.zoo.table.classics import ALEXNET, LENET
from cnnlab.zoo.table.connected import DENSENET, DPN, RESNEXT, SQUEEZENET, XCEPTION
from cnnlab.zoo.table.inception import INCEPTION
from cnnlab.zoo.table.mobile import MOBILENET, SHUFFLENET
from cnnlab.zoo.table.resnet import PREACT, RESNET
from cnnlab.zoo.table.searched import EFFICIENTNET, NASNET, SENET
from cnnlab.zoo.table.vgg import VGG

FAMILIES: tuple[Family, ...] = (
    LENET,
    ALEXNET,
    VGG,
    INCEPTION,
    RESNET,
    SQUEEZENET,
    PREACT,
    DENSENET,
    RESNEXT,
    XCEPTION,
    DPN,
    NASNET,
    SENET,
    MOBILENET,
    SHUFFLENET,
    EFFICIENTNET,
    DETECTION,
    SEGMENTATION,
    SMALL,
)
FACTS: dict[str, Facts] = {one.name: one for family in FAMILIES for one in family.networks}

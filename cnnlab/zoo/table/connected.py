"""SqueezeNet, DenseNet, ResNeXt, Xception and DPN: the facts."""

from cnnlab.zoo.records import Accuracy, Builder, Disagreement, Facts, Family, Paper, Published, Said
from cnnlab.zoo.table.writing import looked_up, of_timm, of_torchvision, timm, torchvision

SQUEEZENET_PAPER = Paper(
    2016,
    "Forrest N. Iandola, Song Han, Matthew W. Moskewicz, Khalid Ashraf, William J. Dally, Kurt Keutzer",
    "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5MB model size",
    "https://arxiv.org/abs/1602.07360",
    "arXiv",
)
FIFTY_TIMES = Disagreement(
    "50 times fewer parameters than AlexNet",
    (
        Said("paper's title", "50×"),
        Said(
            "this model", "1,248,424, that is 48.8 times fewer than 60,965,224", "parameters of squeezenet1_0"
        ),
    ),
    "The paper compares the sizes of the files: 240 MB and 4.8 MB. The 0.5 MB need compression on top.",
)


def _squeezenet(version: str, top1_percent: float, parameters: Published | None) -> Facts:
    name = f"squeezenet{version.replace('.', '_')}"
    return Facts(
        name=name,
        title=f"SqueezeNet {version}",
        family="squeezenet",
        builder=torchvision(name),
        input_shape=(3, 224, 224),
        paper=SQUEEZENET_PAPER,
        parameters=parameters,
        accuracies=(of_torchvision(top1_percent),),
        introduced="The fire module: a 1 × 1 layer squeezes the channels, then 1 × 1 and 3 × 3 layers side "
        "by side expand them; pooling late; a convolution and an average in place of dense layers.",
        before=("alexnet_2012", "googlenet_2014"),
        after=("mobilenetv1_100",),
        disagreements=(FIFTY_TIMES,) if version == "1.0" else (),
        remark="" if version == "1.0" else "Published by the same authors later: 2.4 times fewer operations.",
    )


SQUEEZENET = Family(
    "squeezenet",
    "SqueezeNet",
    "The accuracy of AlexNet with a fiftieth of its parameters: squeeze before you look at 3 × 3.",
    (
        _squeezenet("1.0", 58.092, looked_up("1,248,424 parameters", 1_248_424, "the paper, table 1")),
        _squeezenet("1.1", 58.178, None),
    ),
)

DENSENET_PAPER = Paper(
    2016,
    "Gao Huang, Zhuang Liu, Laurens van der Maaten, Kilian Q. Weinberger",
    "Densely Connected Convolutional Networks",
    "https://arxiv.org/abs/1608.06993",
    "CVPR 2017 (best paper)",
)


def _densenet(depth: int, top1_percent: float) -> Facts:
    return Facts(
        name=f"densenet{depth}",
        title=f"DenseNet-{depth}",
        family="densenet",
        builder=torchvision(f"densenet{depth}"),
        input_shape=(3, 224, 224),
        paper=DENSENET_PAPER,
        accuracies=(of_torchvision(top1_percent),),
        introduced="Each layer of a block reads the maps of all layers before it and adds a few of its own "
        "(the growth rate, 32); transitions between the blocks halve channels, height and width.",
        before=("resnet50", "resnetv2_50"),
        after=("dpn92",),
    )


DENSENET = Family(
    "densenet",
    "DenseNet",
    "Do not add, put beside: every layer reads all that came before it in its block.",
    (_densenet(121, 74.434), _densenet(169, 75.6), _densenet(201, 76.896)),
)

RESNEXT_PAPER = Paper(
    2016,
    "Saining Xie, Ross Girshick, Piotr Dollár, Zhuowen Tu, Kaiming He",
    "Aggregated Residual Transformations for Deep Neural Networks",
    "https://arxiv.org/abs/1611.05431",
    "CVPR 2017",
)


def _resnext(name: str, title: str, builder: Builder, *accuracies: Accuracy) -> Facts:
    small = name == "resnext50_32x4d"
    return Facts(
        name=name,
        title=title,
        family="resnext",
        builder=builder,
        input_shape=(3, 224, 224),
        paper=RESNEXT_PAPER,
        ilsvrc="2016: second in classification",
        parameters=looked_up("25.0 × 10⁶ parameters", 25.0e6, "the paper, table 1") if small else None,
        macs=looked_up("4.2 × 10⁹ FLOPs (multiply-adds)", 4.2e9, "the paper, table 1") if small else None,
        accuracies=accuracies,
        introduced="Cardinality: the 3 × 3 of a bottleneck is split into 32 groups, which is the same as "
        "32 small paths that are added; at equal cost more paths beat more channels or more layers.",
        before=("resnet50", "inception_v3"),
        after=("legacy_seresnext50_32x4d", "dpn92"),
    )


RESNEXT = Family(
    "resnext",
    "ResNeXt",
    "Split, transform, merge: many narrow paths in one grouped convolution, at the same cost.",
    (
        _resnext(
            "resnext50_32x4d",
            "ResNeXt-50 (32 × 4d)",
            torchvision("resnext50_32x4d"),
            of_torchvision(77.618),
            of_torchvision(81.198, weights="IMAGENET1K_V2"),
        ),
        _resnext(
            "resnext101_32x4d",
            "ResNeXt-101 (32 × 4d)",
            timm("resnext101_32x4d"),
            of_timm(80.340, "gluon_in1k"),
        ),
        _resnext(
            "resnext101_32x8d",
            "ResNeXt-101 (32 × 8d)",
            torchvision("resnext101_32x8d"),
            of_torchvision(79.312),
            of_torchvision(82.834, weights="IMAGENET1K_V2"),
        ),
    ),
)

XCEPTION = Family(
    "xception",
    "Xception",
    "Inception taken to its end: each channel looks around for itself, then 1 × 1 convolutions mix them.",
    (
        Facts(
            name="legacy_xception",
            title="Xception",
            family="xception",
            builder=timm("legacy_xception"),
            input_shape=(3, 299, 299),
            paper=Paper(
                2016,
                "François Chollet",
                "Xception: Deep Learning with Depthwise Separable Convolutions",
                "https://arxiv.org/abs/1610.02357",
                "CVPR 2017",
            ),
            parameters=looked_up("22,855,952 parameters", 22_855_952, "the paper, table 3"),
            accuracies=(of_timm(79.040, "tf_in1k", 299),),
            introduced="Depthwise separable convolutions all through a large net, with residual "
            "connections; no ReLU between the depthwise and the pointwise half.",
            before=("inception_v3", "resnet50"),
            after=("mobilenetv1_100", "nasnetalarge"),
            disagreements=(
                Disagreement(
                    'what "separable" means',
                    (
                        Said("course notes", "a k × 1 convolution followed by a 1 × k"),
                        Said("paper", "a convolution of each channel alone, followed by a 1 × 1"),
                    ),
                    "The first is spatially separable, the second depthwise separable. Xception has the "
                    "second.",
                ),
            ),
        ),
    ),
)

DPN_PAPER = Paper(
    2017,
    "Yunpeng Chen, Jianan Li, Huaxin Xiao, Xiaojie Jin, Shuicheng Yan, Jiashi Feng",
    "Dual Path Networks",
    "https://arxiv.org/abs/1707.01629",
    "NIPS 2017",
)


def _dpn(number: int, top1_percent: float, macs: Published | None) -> Facts:
    return Facts(
        name=f"dpn{number}",
        title=f"DPN-{number}",
        family="dpn",
        builder=timm(f"dpn{number}"),
        input_shape=(3, 224, 224),
        paper=DPN_PAPER,
        ilsvrc="2017: first in localisation (several nets of this family)",
        macs=macs,
        accuracies=(of_timm(top1_percent, "mx_in1k"),),
        introduced="Two paths through each block: some channels of the result are added to a residual "
        "path, the others are put beside a dense path that grows.",
        before=("resnext50_32x4d", "densenet121"),
    )


DPN = Family(
    "dpn",
    "DPN",
    "A residual path to use again what is known, and a dense path to find what is new, in one block.",
    (
        _dpn(
            92,
            80.038,
            looked_up("6.5 × 10⁹ FLOPs (multiply-adds)", 6.5e9, "the authors' list, github.com/cypw/DPNs"),
        ),
        _dpn(68, 76.346, None),
        _dpn(
            98,
            79.670,
            looked_up("11.7 × 10⁹ FLOPs (multiply-adds)", 11.7e9, "the authors' list, github.com/cypw/DPNs"),
        ),
    ),
)

"""Residual nets, the plain ones that they are compared with, and PreActResNet: the facts."""

from cnnlab.zoo.records import Accuracy, Builder, Disagreement, Facts, Family, Paper, Published, Said
from cnnlab.zoo.table.writing import here, looked_up, of_timm, of_torchvision, timm, torchvision

PAPER = Paper(
    2015,
    "Kaiming He, Xiangyu Zhang, Shaoqing Ren, Jian Sun",
    "Deep Residual Learning for Image Recognition",
    "https://arxiv.org/abs/1512.03385",
    "CVPR 2016",
)
WON = "2015: first in classification, top-5 error 3.57 % (several nets), in detection and localisation"
INTRODUCED = (
    "The residual block: layers add to their input instead of replacing it, so that a block whose weights "
    "are zero is the identity; projections where the size changes; bottlenecks of 1 × 1, 3 × 3, 1 × 1."
)
TOO_DEEP = (
    "Deeper is not always better: on CIFAR-10 the paper's net of 1,202 layers learned its training "
    "pictures as well as that of 110, and did worse on new ones."
)
STRIDE = Disagreement(
    "operations of ResNet-50",
    (
        Said("paper", "3.8 × 10⁹ multiply-adds"),
        Said("with the paper's stride", "3,857,973,248", "macs of resnet50_v1"),
        Said("torchvision", "4,089,184,256", "macs of resnet50"),
        Said("paper of ResNeXt, with this stride", "4.1 × 10⁹"),
    ),
    "Where a stage halves the picture, the paper's first 1 × 1 convolution steps by two and skips three "
    "quarters of the input. torchvision (v1.5) lets the 3 × 3 step instead, which costs 231,211,008 more "
    "and is more accurate.",
)
FIELD = Disagreement(
    "receptive field of ResNet-50",
    (Said("with the paper's stride", "483 pixels"), Said("torchvision", "427 pixels")),
    "The stride comes one layer earlier in the paper's form, so that the 3 × 3 after it reaches twice as "
    "far.",
)
NAMES = Disagreement(
    'what "FLOPs" means',
    (Said("paper", "FLOPs (multiply-adds)"), Said("CNN Lab", "multiply-adds; FLOPs are twice as many")),
    "The paper counts a multiplication with its addition as one operation.",
)


def _operations(depth: int, billions: float) -> Published:
    return looked_up(
        f"{billions} × 10⁹ FLOPs (multiply-adds)", billions * 1e9, f"the paper, table 1, {depth} layers"
    )


def _resnet(depth: int, billions: float, *accuracies: Accuracy) -> Facts:
    return Facts(
        name=f"resnet{depth}",
        title=f"ResNet-{depth}" if depth < 50 else f"ResNet-{depth} of torchvision (v1.5)",
        family="resnet",
        builder=torchvision(f"resnet{depth}"),
        input_shape=(3, 224, 224),
        paper=PAPER,
        ilsvrc=WON if depth == 152 else "",
        macs=_operations(depth, billions),
        accuracies=accuracies,
        introduced=INTRODUCED,
        before=("vgg16",) if depth < 50 else (f"resnet{depth}_v1",),
        after=("resnetv2_50", "densenet121", "resnext50_32x4d"),
        disagreements=(STRIDE, FIELD, NAMES) if depth == 50 else (),
        remark=TOO_DEEP if depth == 152 else "",
    )


def _v1(depth: int, billions: float) -> Facts:
    return Facts(
        name=f"resnet{depth}_v1",
        title=f"ResNet-{depth}, stride as in the paper (v1)",
        family="resnet",
        builder=here("resnet_v1.ResNetV1", depth=depth),
        input_shape=(3, 224, 224),
        paper=PAPER,
        ilsvrc=WON if depth == 152 else "",
        macs=_operations(depth, billions),
        introduced=INTRODUCED,
        before=("vgg16", "plain34"),
        after=(f"resnet{depth}", "resnetv2_50"),
        disagreements=(STRIDE, FIELD, NAMES) if depth == 50 else (),
    )


def _plain(depth: int, billions: float) -> Facts:
    return Facts(
        name=f"plain{depth}",
        title=f"Plain net of {depth} layers",
        family="resnet",
        builder=here("plain.PlainNet", depth=depth),
        input_shape=(3, 224, 224),
        paper=PAPER,
        macs=_operations(depth, billions),
        introduced="Nothing: it is the control experiment. With 34 layers it has a larger error than with "
        "18, on its training pictures too; with shortcuts it is the other way round.",
        before=("vgg16",),
        after=(f"resnet{depth}",),
    )


RESNET = Family(
    "resnet",
    "ResNet",
    "Let every block add to what it is given: a deeper net need not be worse, and gradients reach the "
    "first layer.",
    (
        _resnet(50, 3.8, of_torchvision(76.13), of_torchvision(80.858, weights="IMAGENET1K_V2")),
        _v1(50, 3.8),
        _resnet(18, 1.8, of_torchvision(69.758)),
        _resnet(34, 3.6, of_torchvision(73.314)),
        _resnet(101, 7.6, of_torchvision(77.374), of_torchvision(81.886, weights="IMAGENET1K_V2")),
        _resnet(152, 11.3, of_torchvision(78.312), of_torchvision(82.284, weights="IMAGENET1K_V2")),
        _v1(101, 7.6),
        _v1(152, 11.3),
        _plain(18, 1.8),
        _plain(34, 3.6),
    ),
)

PREACT_PAPER = Paper(
    2016,
    "Kaiming He, Xiangyu Zhang, Shaoqing Ren, Jian Sun",
    "Identity Mappings in Deep Residual Networks",
    "https://arxiv.org/abs/1603.05027",
    "ECCV 2016",
)


def _preact(name: str, title: str, builder: Builder, *accuracies: Accuracy) -> Facts:
    return Facts(
        name=name,
        title=title,
        family="preact_resnet",
        builder=builder,
        input_shape=(3, 32, 32) if "cifar" in name else (3, 224, 224),
        paper=PREACT_PAPER,
        accuracies=accuracies,
        introduced="Batch normalisation and ReLU before each convolution, nothing after the addition: the "
        "sum passes through the whole net untouched.",
        before=("resnet50",),
        after=("densenet121",),
        remark="For CIFAR-10, the data of most of the paper's experiments." if "cifar" in name else "",
    )


PREACT = Family(
    "preact_resnet",
    "PreActResNet",
    "Normalise and activate before the convolution; then nothing stands in the way of the sum.",
    (
        _preact(
            "resnetv2_50",
            "PreActResNet-50",
            timm("resnetv2_50"),
            of_timm(81.398, "a1h_in1k", 288),
        ),
        _preact("resnetv2_18", "PreActResNet-18", timm("resnetv2_18")),
        _preact("resnetv2_34", "PreActResNet-34", timm("resnetv2_34")),
        _preact(
            "resnetv2_101",
            "PreActResNet-101",
            timm("resnetv2_101"),
            of_timm(83.002, "a1h_in1k", 288),
        ),
        _preact("resnetv2_152", "PreActResNet-152", timm("resnetv2_152")),
        _preact(
            "preact_resnet164_cifar",
            "PreActResNet-164 for CIFAR",
            here("preact_resnet.PreActResNet", depth=164),
        ),
    ),
)

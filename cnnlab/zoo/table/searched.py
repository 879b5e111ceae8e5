"""NASNet, SENet and EfficientNet: the facts."""

from cnnlab.zoo.records import Disagreement, Facts, Family, Paper, Published, Said
from cnnlab.zoo.table.writing import here, looked_up, of_timm, of_torchvision, recalled, timm, torchvision

NASNET_PAPER = Paper(
    2017,
    "Barret Zoph, Vijay Vasudevan, Jonathon Shlens, Quoc V. Le",
    "Learning Transferable Architectures for Scalable Image Recognition",
    "https://arxiv.org/abs/1707.07012",
    "CVPR 2018",
)
NASNET_INTRODUCED = (
    "A search space of cells: a recurrent net, trained by reinforcement learning on CIFAR-10, chose what "
    "is inside a normal and a reduction cell; the cells were then stacked for ImageNet."
)
CONTROLLER = Disagreement(
    "who proposes the networks",
    (
        Said("course notes", "an RI network"),
        Said("paper", "a recurrent net (RNN) trained by reinforcement learning"),
    ),
    "A slip of the notes.",
)
MOBILE_SIZE = Disagreement(
    "size of NASNet-A mobile",
    (
        Said("paper", "5.3 million parameters, 564 million multiply-adds"),
        Said("this model", "5,289,978 parameters", "parameters of nasnet_a_mobile"),
        Said("this model", "563,638,816 multiply-adds", "macs of nasnet_a_mobile"),
    ),
    "They agree as rounded. With the running values of batch normalisation it would be 5,326,716, also 5.3 "
    "million.",
)
NASNET = Family(
    "nasnet",
    "NASNet",
    "Let a search find the cell on small pictures, then stack it for large ones.",
    (
        Facts(
            name="nasnet_a_mobile",
            title="NASNet-A mobile (4 @ 1056)",
            family="nasnet",
            builder=here("nasnet.NASNetA"),
            input_shape=(3, 224, 224),
            paper=NASNET_PAPER,
            parameters=looked_up(
                "5.3 million parameters", 5.3e6, "table 2, as quoted by the TensorFlow authors"
            ),
            macs=looked_up(
                "564 million multiply-adds", 564e6, "table 2, as quoted by the TensorFlow authors"
            ),
            introduced=NASNET_INTRODUCED,
            before=("legacy_xception", "mobilenetv1_100"),
            after=("efficientnet_b0",),
            disagreements=(CONTROLLER, MOBILE_SIZE),
        ),
        Facts(
            name="nasnetalarge",
            title="NASNet-A large (6 @ 4032)",
            family="nasnet",
            builder=timm("nasnetalarge"),
            input_shape=(3, 331, 331),
            paper=NASNET_PAPER,
            parameters=looked_up(
                "88.9 million parameters", 88.9e6, "the paper, as quoted by TensorFlow's Keras"
            ),
            macs=looked_up(
                "23.8 billion multiply-adds", 23.8e9, "the paper, as quoted by TensorFlow's Keras"
            ),
            accuracies=(of_timm(82.626, "tf_in1k", 331),),
            introduced=NASNET_INTRODUCED,
            before=("legacy_xception",),
            after=("efficientnet_b7",),
            disagreements=(
                CONTROLLER,
                Disagreement(
                    "parameters",
                    (
                        Said("paper", "88.9 million"),
                        Said("this model", "88,753,150", "parameters of nasnetalarge"),
                    ),
                    "The paper counts the running means and variances of batch normalisation as well, "
                    "which are not learned: 88,753,150 + 196,668 = 88,949,818.",
                ),
            ),
        ),
    ),
)

SENET_PAPER = Paper(
    2017,
    "Jie Hu, Li Shen, Samuel Albanie, Gang Sun, Enhua Wu",
    "Squeeze-and-Excitation Networks",
    "https://arxiv.org/abs/1709.01507",
    "CVPR 2018",
)
SE_STRIDE = Disagreement(
    "operations of SE-ResNet-50",
    (
        Said("paper", "3.87 × 10⁹"),
        Said("this model (the paper's strides)", "3,860,488,192", "macs of legacy_seresnet50"),
        Said("timm's seresnet50 (v1.5)", "4,091,699,200", "macs of timm:seresnet50"),
    ),
    "As with ResNet-50: the paper steps in a 1 × 1 convolution, today's nets in the 3 × 3.",
)


def _senet(title: str, name: str, top1_percent: float, macs: Published, before: str) -> Facts:
    return Facts(
        name=name,
        title=title,
        family="senet",
        builder=timm(name),
        input_shape=(3, 224, 224),
        paper=SENET_PAPER,
        ilsvrc="2017: first in classification, top-5 error 2.251 % (several nets, SENet-154 among them)",
        macs=macs,
        accuracies=(of_timm(top1_percent, "in1k"),),
        introduced="Squeeze: the average of each channel. Excite: two small dense layers and a sigmoid say "
        "how much each channel is worth for this picture. Scale: multiply.",
        before=(before,),
        after=("mobilenet_v3_large", "efficientnet_b0"),
        disagreements=(SE_STRIDE,) if name == "legacy_seresnet50" else (),
    )


SENET = Family(
    "senet",
    "SENet",
    "Weigh the channels anew for every picture: squeeze, excite, scale.",
    (
        _senet(
            "SE-ResNet-50",
            "legacy_seresnet50",
            77.644,
            looked_up("3.87 × 10⁹ FLOPs (multiply-adds)", 3.87e9, "the paper, table 2"),
            "resnet50_v1",
        ),
        _senet(
            "SE-ResNeXt-50 (32 × 4d)",
            "legacy_seresnext50_32x4d",
            79.076,
            looked_up("4.25 × 10⁹ FLOPs (multiply-adds)", 4.25e9, "the paper, table 2"),
            "resnext50_32x4d",
        ),
        _senet(
            "SENet-154",
            "legacy_senet154",
            81.308,
            recalled("20.7 × 10⁹ multiply-adds", 20.7e9, "the paper"),
            "resnext50_32x4d",
        ),
    ),
)

EFFICIENTNET_PAPER = Paper(
    2019,
    "Mingxing Tan, Quoc V. Le",
    "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks",
    "https://arxiv.org/abs/1905.11946",
    "ICML 2019",
)
CONSTRAINT = Disagreement(
    "what α · β² · γ² ≈ 2 doubles",
    (Said("course notes", "the number of parameters"), Said("paper", "the FLOPS, with each step of φ")),
    "Depth multiplies operations by α, width by β² (inputs and outputs), resolution by γ² (height and "
    "width). Resolution adds no parameters at all.",
)
RESOLUTION_OF_B2 = Disagreement(
    "resolution of B2",
    (
        Said("paper", "260, 1.0 billion multiply-adds"),
        Said("torchvision's weights, and this page", "288: 1,087,529,456", "macs of efficientnet_b2"),
    ),
    "torchvision measures its weights at 288.",
)


def _efficientnet(number: int, side: int, size: tuple[float, float], *top1_percent: float) -> Facts:
    """Return the facts of B0 to B7; `size` is in millions of parameters and billions of operations."""
    millions, billions = size
    name = f"efficientnet_b{number}"
    accuracies = tuple(
        of_torchvision(top1, side, f"IMAGENET1K_V{version}")
        for version, top1 in enumerate(top1_percent, start=1)
    )
    return Facts(
        name=name,
        title=f"EfficientNet-B{number}",
        family="efficientnet",
        builder=torchvision(name),
        input_shape=(3, side, side),
        paper=EFFICIENTNET_PAPER,
        parameters=looked_up(f"{millions:g} million parameters", millions * 1e6, "the paper, table 2"),
        macs=looked_up(f"{billions:g} billion FLOPs (multiply-adds)", billions * 1e9, "the paper, table 2"),
        accuracies=accuracies,
        introduced="Compound scaling: depth, width and resolution grow together, by α^φ, β^φ and γ^φ; a "
        "base net found by a search for accuracy · (FLOPS / target)^w, built of inverted residuals with SE "
        "gates.",
        before=("mobilenet_v2", "nasnet_a_mobile", "legacy_seresnet50"),
        disagreements=(CONSTRAINT, RESOLUTION_OF_B2) if number == 2 else (CONSTRAINT,) if number == 0 else (),
    )


EFFICIENTNET = Family(
    "efficientnet",
    "EfficientNet",
    "Make a good small net larger in all three ways at once: deeper, wider, and with larger pictures.",
    (
        _efficientnet(0, 224, (5.3, 0.39), 77.692),
        _efficientnet(1, 240, (7.8, 0.70), 78.642, 79.838),
        _efficientnet(2, 288, (9.2, 1.0), 80.608),
        _efficientnet(3, 300, (12, 1.8), 82.008),
        _efficientnet(4, 380, (19, 4.2), 83.384),
        _efficientnet(5, 456, (30, 9.9), 83.444),
        _efficientnet(6, 528, (43, 19), 84.008),
        _efficientnet(7, 600, (66, 37), 84.122),
    ),
)

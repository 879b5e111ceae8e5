"""MobileNet v1 to v3 and ShuffleNet v1 and v2: the facts."""

from cnnlab.zoo.records import Disagreement, Facts, Family, Paper, Said
from cnnlab.zoo.table.writing import here, looked_up, of_timm, of_torchvision, timm, torchvision

V1_PAPER = Paper(
    2017,
    "Andrew G. Howard, Menglong Zhu, Bo Chen, Dmitry Kalenichenko, Weijun Wang, Tobias Weyand, Marco "
    "Andreetto, Hartwig Adam",
    "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications",
    "https://arxiv.org/abs/1704.04861",
    "arXiv",
)
V2_PAPER = Paper(
    2018,
    "Mark Sandler, Andrew Howard, Menglong Zhu, Andrey Zhmoginov, Liang-Chieh Chen",
    "MobileNetV2: Inverted Residuals and Linear Bottlenecks",
    "https://arxiv.org/abs/1801.04381",
    "CVPR 2018",
)
V3_PAPER = Paper(
    2019,
    "Andrew Howard, Mark Sandler, Grace Chu, Liang-Chieh Chen, Bo Chen, Mingxing Tan, Weijun Wang, Yukun "
    "Zhu, Ruoming Pang, Vijay Vasudevan, Quoc V. Le, Hartwig Adam",
    "Searching for MobileNetV3",
    "https://arxiv.org/abs/1905.02244",
    "ICCV 2019",
)
V3_INTRODUCED = (
    "The block of v2 with SE gates and hard-swish, widths found by search, and a shorter beginning and "
    "end; built for the processors of telephones."
)
MOBILENET = Family(
    "mobilenet",
    "MobileNet",
    "A 3 × 3 for each channel alone and a 1 × 1 to mix: about a ninth of the cost; then wide inside.",
    (
        Facts(
            name="mobilenet_v2",
            title="MobileNet v2",
            family="mobilenet",
            builder=torchvision("mobilenet_v2"),
            input_shape=(3, 224, 224),
            paper=V2_PAPER,
            parameters=looked_up("3.4 million parameters", 3.4e6, "the paper, table 4"),
            macs=looked_up("300 million multiply-adds", 300e6, "the paper, table 4"),
            accuracies=(of_torchvision(71.878), of_torchvision(72.154, weights="IMAGENET1K_V2")),
            introduced="Inverted residuals: narrow layers are connected, and in between a 1 × 1 makes them "
            "six times as wide for the depthwise 3 × 3; the narrow ones are linear, since ReLU would "
            "destroy them.",
            before=("mobilenetv1_100", "resnet50"),
            after=("mobilenet_v3_large", "efficientnet_b0"),
        ),
        Facts(
            name="mobilenetv1_100",
            title="MobileNet v1",
            family="mobilenet",
            builder=timm("mobilenetv1_100"),
            input_shape=(3, 224, 224),
            paper=V1_PAPER,
            parameters=looked_up("4.2 million parameters", 4.2e6, "the paper, table 4"),
            macs=looked_up("569 million multiply-adds", 569e6, "the paper, table 4"),
            accuracies=(of_timm(75.388, "ra4_e3600_r224_in1k"),),
            introduced="A whole net of depthwise separable convolutions, with one multiplier for its width "
            "and one for its resolution.",
            before=("legacy_xception",),
            after=("mobilenet_v2", "shufflenet_v1_g3"),
            disagreements=(
                Disagreement(
                    "operations",
                    (
                        Said("paper, and that of SENet", "569 million multiply-adds"),
                        Said("paper of MobileNet v2", "575 million"),
                        Said("documentation of Keras", "529 million"),
                        Said("this model", "568,740,352", "macs of mobilenetv1_100"),
                    ),
                    "The first number is the one that this model has. The others are not explained.",
                ),
                Disagreement(
                    "activation",
                    (Said("paper", "ReLU"), Said("this model (timm)", "ReLU6, as in Google's own code")),
                    "It changes no shape and no count.",
                ),
            ),
        ),
        Facts(
            name="mobilenet_v3_large",
            title="MobileNet v3 large",
            family="mobilenet",
            builder=torchvision("mobilenet_v3_large"),
            input_shape=(3, 224, 224),
            paper=V3_PAPER,
            parameters=looked_up("5.4 million parameters", 5.4e6, "the paper, table 3"),
            macs=looked_up("219 million multiply-adds", 219e6, "the paper, table 3"),
            accuracies=(of_torchvision(74.042), of_torchvision(75.274, weights="IMAGENET1K_V2")),
            introduced=V3_INTRODUCED,
            before=("mobilenet_v2", "legacy_seresnet50"),
        ),
        Facts(
            name="mobilenet_v3_small",
            title="MobileNet v3 small",
            family="mobilenet",
            builder=torchvision("mobilenet_v3_small"),
            input_shape=(3, 224, 224),
            paper=V3_PAPER,
            parameters=looked_up("2.5 million parameters", 2.5e6, "the paper, table 3"),
            macs=looked_up("56 million multiply-adds", 56e6, "the paper, table 3"),
            accuracies=(of_torchvision(67.668),),
            introduced=V3_INTRODUCED,
            before=("mobilenet_v2", "legacy_seresnet50"),
        ),
    ),
)

SHUFFLE_PAPER = Paper(
    2017,
    "Xiangyu Zhang, Xinyu Zhou, Mengxiao Lin, Jian Sun",
    "ShuffleNet: An Extremely Efficient Convolutional Neural Network for Mobile Devices",
    "https://arxiv.org/abs/1707.01083",
    "CVPR 2018",
)
SHUFFLE_V2_PAPER = Paper(
    2018,
    "Ningning Ma, Xiangyu Zhang, Hai-Tao Zheng, Jian Sun",
    "ShuffleNet V2: Practical Guidelines for Efficient CNN Architecture Design",
    "https://arxiv.org/abs/1807.11164",
    "ECCV 2018",
)
REPLACED = Disagreement(
    "what is replaced",
    (
        Said("course notes", "pointwise group convolutions are replaced by pointwise group convolutions"),
        Said("paper", "dense pointwise (1 × 1) convolutions are replaced by grouped ones"),
    ),
    "A slip of the notes.",
)


OPERATIONS_OF_THREE_GROUPS = Disagreement(
    "operations of ShuffleNet 1× with three groups",
    (
        Said("paper, table 1", "137 million"),
        Said("paper of SENet", "140 million, 1.8 million parameters"),
        Said("this model", "137,460,672 multiply-adds", "macs of shufflenet_v1_g3"),
        Said("this model", "1,865,728 parameters", "parameters of shufflenet_v1_g3"),
    ),
    "140 million is the budget for which the nets were made, with any number of groups.",
)


# Groups → millions of multiply-adds that the paper's table 1 prints for ShuffleNet 1×.
OPERATIONS_OF_GROUPS = {1: 143, 2: 140, 3: 137, 4: 133, 8: 137}


def _shufflenet(groups: int) -> Facts:
    millions = OPERATIONS_OF_GROUPS[groups]
    return Facts(
        name=f"shufflenet_v1_g{groups}",
        title=f"ShuffleNet v1, {groups} group{'s' if groups > 1 else ''}",
        family="shufflenet",
        builder=here("shufflenet_v1.ShuffleNetV1", groups=groups),
        input_shape=(3, 224, 224),
        paper=SHUFFLE_PAPER,
        macs=looked_up(f"{millions} million FLOPs (multiply-adds)", millions * 1e6, "the paper, table 1"),
        introduced="1 × 1 convolutions in groups, which were the main cost of small nets, and a shuffle of "
        "channels so that what one group found reaches the others; the saving is spent on more channels.",
        before=("mobilenetv1_100", "resnext50_32x4d"),
        after=("shufflenet_v2_x1_0",),
        disagreements=(REPLACED, OPERATIONS_OF_THREE_GROUPS) if groups == 3 else (),
    )


def _shufflenet_v2(width: str, size: tuple[float, float], top1_percent: float) -> Facts:
    """Return the facts of one width: the paper's millions of parameters and of operations."""
    name = f"shufflenet_v2_x{width.replace('.', '_')}"
    return Facts(
        name=name,
        title=f"ShuffleNet v2, {width}×",
        family="shufflenet",
        builder=torchvision(name),
        input_shape=(3, 224, 224),
        paper=SHUFFLE_V2_PAPER,
        parameters=looked_up(f"{size[0]:g} million parameters", size[0] * 1e6, "the paper, table 5"),
        macs=looked_up(f"{size[1]:g} million FLOPs (multiply-adds)", size[1] * 1e6, "the paper, table 5"),
        accuracies=(of_torchvision(top1_percent),),
        introduced="Half of the channels pass by, the other half is worked on, then both are shuffled; "
        "chosen by measured time, not by operations: equal widths, no groups, few branches.",
        before=("shufflenet_v1_g3",),
    )


SHUFFLENET = Family(
    "shufflenet",
    "ShuffleNet",
    "Group the 1 × 1 convolutions too, and shuffle the channels so that the groups hear of each other.",
    (
        _shufflenet(3),
        _shufflenet(1),
        _shufflenet(2),
        _shufflenet(4),
        _shufflenet(8),
        _shufflenet_v2("0.5", (1.4, 41), 60.552),
        _shufflenet_v2("1.0", (2.3, 146), 69.362),
        _shufflenet_v2("1.5", (3.5, 299), 72.996),
        _shufflenet_v2("2.0", (7.4, 591), 76.23),
    ),
)

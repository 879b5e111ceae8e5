"""GoogLeNet and Inception v3: the facts."""

from cnnlab.zoo.records import Disagreement, Facts, Family, Paper, Said
from cnnlab.zoo.table.writing import here, looked_up, of_torchvision, torchvision

PAPER = Paper(
    2014,
    "Christian Szegedy, Wei Liu, Yangqing Jia, Pierre Sermanet, Scott Reed, Dragomir Anguelov, Dumitru "
    "Erhan, Vincent Vanhoucke, Andrew Rabinovich",
    "Going Deeper with Convolutions",
    "https://arxiv.org/abs/1409.4842",
    "CVPR 2015",
)
FIVE_BY_FIVE = Disagreement(
    "the 5 × 5 branch",
    (
        Said("paper", "5 × 5 kernels, 6,998,552 parameters as built here", "parameters of googlenet_2014"),
        Said("torchvision", "3 × 3 kernels in that branch, 6,624,904 parameters", "parameters of googlenet"),
    ),
    "torchvision took over a slip of an early TensorFlow version and keeps it, since its weights were "
    "trained so.",
)
NORMALISATION = Disagreement(
    "normalisation",
    (
        Said("course notes", "batch normalisation"),
        Said("paper", "two local response normalisations"),
        Said("torchvision", "batch normalisation after every convolution"),
    ),
    "Batch normalisation was published a year later, with the next Inception net (2015).",
)
BOTTLENECK = Disagreement(
    "cost of a bottleneck before 5 × 5 (28 × 28 × 192 → 32 maps)",
    (
        Said("course notes", "(28·28·192)·(1·1·192) = 2.4 M for the 1 × 1 step, 120.4 M → 12.4 M in all"),
        Said(
            "right",
            "(28·28·16)·(1·1·192) = 2.4 M, then (28·28·32)·(5·5·16) = 10.0 M: 12.4 M instead of 120.4 M",
        ),
    ),
    "The sums are right, but one factor is misprinted: the 1 × 1 convolution makes 16 maps, not 192.",
)
YEAR = Disagreement(
    "year",
    (Said("course notes", "2015"), Said("paper", "2014: it won ILSVRC 2014; at CVPR in 2015")),
    "The conference was later than the competition and the preprint.",
)
MEANT = Disagreement(
    "the net with few parameters",
    (
        Said("course notes", "4M parameters in LeNet, 60M in AlexNet"),
        Said("LeNet-5", "60,000", "parameters of lenet5_1998"),
        Said("GoogLeNet, which is meant", "6,998,552", "parameters of googlenet_2014"),
    ),
    "The notes speak of 1 × 1 convolutions, so GoogLeNet is meant; and it has about 7 million, not 4.",
)
BUDGET = Disagreement(
    "operations and parameters in the paper's table 1",
    (
        Said("paper", "1.5 billion multiply-adds, 6.8 million parameters as the lines add up"),
        Said("this model", "1,582,671,872 multiply-adds", "macs of googlenet_2014"),
    ),
    "Most of it is the first line of the table: it prints 2.7 thousand parameters and 34 million "
    "operations, where a 7 × 7 convolution from 3 to 64 channels has 9,408 weights and 118 million "
    "multiply-adds.",
)
FEWER = Disagreement(
    "comparison with AlexNet",
    (
        Said("paper", "12 times fewer parameters"),
        Said(
            "this model", "6,998,552, that is 8.7 times fewer than 60,965,224", "parameters of googlenet_2014"
        ),
    ),
    "Table 1 of the paper sums to about 7 million. Twelve times fewer than 60 million would be 5 million.",
)
INTRODUCED = (
    "The Inception module: 1 × 1, 3 × 3, 5 × 5 and pooling side by side, with 1 × 1 convolutions that cut "
    "the channels first; global average pooling in place of large dense layers; auxiliary classifiers."
)
INCEPTION = Family(
    "inception",
    "GoogLeNet and Inception",
    "Do not choose a kernel size: use all side by side, and pay for it with 1 × 1 bottlenecks.",
    (
        Facts(
            name="googlenet_2014",
            title="GoogLeNet, as in the paper",
            family="inception",
            builder=here("googlenet.GoogLeNet"),
            input_shape=(3, 224, 224),
            paper=PAPER,
            ilsvrc="2014: first in classification, top-5 error 6.67 % (seven nets, 144 crops)",
            parameters=looked_up("6.8 million, as the lines of table 1 add up", 6.8e6, "the paper, table 1"),
            macs=looked_up("1.5 billion multiply-adds", 1.5e9, "the paper, section 1 and table 1"),
            introduced=INTRODUCED,
            before=("alexnet_2012",),
            after=("googlenet", "inception_v3"),
            disagreements=(FIVE_BY_FIVE, NORMALISATION, BOTTLENECK, YEAR, FEWER, BUDGET, MEANT),
            remark="Of the response normalisation the paper gives no constants; AlexNet's are used, with k "
            "= 1.",
        ),
        Facts(
            name="googlenet",
            title="GoogLeNet of torchvision",
            family="inception",
            builder=torchvision("googlenet", aux_logits=False, init_weights=False),
            input_shape=(3, 224, 224),
            paper=PAPER,
            accuracies=(of_torchvision(69.778),),
            introduced=INTRODUCED,
            before=("googlenet_2014",),
            after=("inception_v3",),
            disagreements=(FIVE_BY_FIVE, NORMALISATION),
        ),
        Facts(
            name="inception_v3",
            title="Inception v3",
            family="inception",
            builder=torchvision("inception_v3", aux_logits=False, init_weights=False),
            input_shape=(3, 299, 299),
            paper=Paper(
                2015,
                "Christian Szegedy, Vincent Vanhoucke, Sergey Ioffe, Jonathon Shlens, Zbigniew Wojna",
                "Rethinking the Inception Architecture for Computer Vision",
                "https://arxiv.org/abs/1512.00567",
                "CVPR 2016",
            ),
            ilsvrc="",
            macs=looked_up("5 billion multiply-adds", 5e9, "abstract of the paper"),
            accuracies=(of_torchvision(77.294, 299),),
            introduced="5 × 5 as two 3 × 3, and n × n as 1 × n and n × 1; batch normalisation in the "
            "auxiliary classifier; label smoothing.",
            before=("googlenet_2014",),
            after=("legacy_xception",),
            disagreements=(
                Disagreement(
                    "operations",
                    (
                        Said("abstract", "5 billion multiply-adds"),
                        Said("this model at 299", "5,713,216,096", "macs of inception_v3"),
                    ),
                    "The abstract rounds generously; later papers quote 5.72 billion.",
                ),
                Disagreement(
                    "parameters",
                    (
                        Said("without auxiliary classifier", "23,834,568", "parameters of inception_v3"),
                        Said(
                            "torchvision, with it",
                            "27,161,264",
                            "parameters of inception_v3 aux_logits=True",
                        ),
                    ),
                    "The auxiliary classifier is used in training only.",
                ),
            ),
        ),
    ),
)

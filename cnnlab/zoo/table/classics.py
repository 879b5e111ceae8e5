"""LeNet-5 and AlexNet: the facts."""

from cnnlab.zoo.records import Disagreement, Facts, Family, Paper, Said
from cnnlab.zoo.table.writing import here, looked_up, of_torchvision, torchvision

LENET_PAPER = Paper(
    1998,
    "Yann LeCun, Léon Bottou, Yoshua Bengio, Patrick Haffner",
    "Gradient-Based Learning Applied to Document Recognition",
    "https://doi.org/10.1109/5.726791",
    "Proceedings of the IEEE 86(11)",
)
LENET_UNITS = Disagreement(
    "the layer with 120",
    (
        Said("course notes", "FC; 120 parameters"),
        Said("paper", "C5 has 120 maps of 1 × 1 and 48,120 trainable connections"),
        Said("this model", "61,706 parameters in all, 48,120 of them in this layer", "parameters of lenet5"),
    ),
    "120 is the number of units. Each reads 400 values and has a bias: 120 · (400 + 1) = 48,120 parameters.",
)
LENET_FIRST = Disagreement(
    "the output of the first convolution",
    (Said("course notes", "28 × 28 × 1"), Said("paper", "six maps of 28 × 28")),
    "Six kernels make six maps; only the input has a single channel.",
)
LENET_FORMS = Disagreement(
    "parameters",
    (
        Said("paper", "60,000 trainable parameters"),
        Said("the form of 1998 here", "60,000", "parameters of lenet5_1998"),
        Said("the usual form today", "61,706", "parameters of lenet5"),
    ),
    "In 1998 a map of C3 read only some maps of S2 (1,516 parameters instead of 2,416), the subsampling "
    "layers had weights (12 + 32), and the output had none: it compared 84 values with fixed pictures of "
    "the digits.",
)
LENET = Family(
    "lenet",
    "LeNet-5",
    "Learn the kernels too: convolution and subsampling in turn, trained as a whole by gradients.",
    (
        Facts(
            name="lenet5_1998",
            title="LeNet-5, as in 1998",
            family="lenet",
            builder=here("lenet.LeNet5Of1998"),
            input_shape=(1, 32, 32),
            paper=LENET_PAPER,
            parameters=looked_up("60,000 trainable parameters", 60_000, "the paper, section II-B"),
            macs=looked_up("340,908 connections", 340_908, "the paper, section II-B"),
            introduced="Shared weights, local receptive fields and subsampling, trained end to end; maps "
            "that read only some maps, so that they differ; fixed codes of pictures at the output.",
            after=("lenet5", "alexnet_2012"),
            disagreements=(
                LENET_FORMS,
                LENET_UNITS,
                LENET_FIRST,
                Disagreement(
                    "operations",
                    (
                        Said("paper", "340,908 connections"),
                        Said("this model", "325,680 multiply-adds", "macs of lenet5_1998"),
                    ),
                    "The paper counts connections: also those of biases and of subsampling, which multiply "
                    "nothing or once for four values. Multiply-adds of convolutions and dense layers alone "
                    "are fewer.",
                ),
            ),
            remark="The ten codes of the output are drawn anew; the paper shows them as pictures only.",
        ),
        Facts(
            name="lenet5",
            title="LeNet-5, as usual today",
            family="lenet",
            builder=here("lenet.LeNet5"),
            input_shape=(1, 32, 32),
            paper=LENET_PAPER,
            introduced="The same sizes with today's parts: every map reads every map, ReLU, maximum pooling.",
            before=("lenet5_1998",),
            after=("alexnet_2012",),
            disagreements=(LENET_FORMS, LENET_UNITS, LENET_FIRST),
        ),
    ),
)

ALEXNET_PAPER = Paper(
    2012,
    "Alex Krizhevsky, Ilya Sutskever, Geoffrey E. Hinton",
    "ImageNet Classification with Deep Convolutional Neural Networks",
    "https://doi.org/10.1145/3065386",
    "NIPS 2012; Communications of the ACM 60(6), 2017",
)
ALEXNET_INPUT = Disagreement(
    "the side of the input",
    (
        Said("paper", "224 × 224"),
        Said("course notes, and this model", "227 × 227"),
        Said("torchvision", "224 × 224 with padding 2 in the first convolution"),
    ),
    "An 11 × 11 kernel with stride 4 makes the paper's 55 × 55 from 227: (227 − 11) / 4 + 1 = 55. "
    "From 224 without padding it makes 54, and then 6,400 values reach a dense layer that wants 9,216.",
)
ALEXNET_SIZE = Disagreement(
    "parameters",
    (
        Said("paper", "60 million"),
        Said("often quoted", "62 million"),
        Said("this model, two groups", "60,965,224", "parameters of alexnet_2012"),
        Said("this model with one group", "62,378,344", "parameters of alexnet_2012 groups=1"),
        Said("torchvision", "61,100,840", "parameters of alexnet"),
    ),
    "On two graphics cards the kernels of three convolutions saw only half of the maps. Without these groups "
    "the net has 62 million. torchvision builds a later one-card net (64, 192, 384, 256, 256 kernels).",
)
ALEXNET_NEURONS = Disagreement(
    "neurons",
    (Said("course notes", "500,000"), Said("paper", "650,000")),
    "The paper's abstract says 60 million parameters and 650,000 neurons.",
)
ALEXNET_UNITS = Disagreement(
    "the layers with 4,096",
    (
        Said("course notes", "FC; 4096 parameters"),
        Said("paper", "4,096 neurons each"),
        Said(
            "this model",
            "37,752,832 parameters in the first of them, 60,965,224 in all",
            "parameters of alexnet_2012",
        ),
    ),
    "4,096 is the number of units. Each of the first layer reads 9,216 values and has a bias: 4,096 · 9,217.",
)
ALEXNET_AND_LENET = Disagreement(
    "comparison with LeNet-5",
    (
        Said("course notes", "60M parameters both"),
        Said("LeNet-5", "60,000 parameters", "parameters of lenet5_1998"),
        Said("AlexNet", "60,965,224 parameters", "parameters of alexnet_2012"),
    ),
    "A slip of the notes: LeNet-5 has sixty thousand, AlexNet sixty million.",
)
ALEXNET = Family(
    "alexnet",
    "AlexNet",
    "Deep, with ReLU and dropout, on two graphics cards: learned features win ImageNet by a wide margin.",
    (
        Facts(
            name="alexnet_2012",
            title="AlexNet, as in 2012",
            family="alexnet",
            builder=here("alexnet.AlexNet"),
            input_shape=(3, 227, 227),
            paper=ALEXNET_PAPER,
            ilsvrc="2012: first in classification, top-5 error 15.3 % with nets that had also learned from "
            "other pictures (the runner-up: 26.2 %)",
            parameters=looked_up("60 million parameters", 60e6, "abstract of the paper"),
            introduced="ReLU in a large net, dropout, overlapping pooling, local response normalisation, "
            "training on two graphics cards with kernels in two groups, augmentation by crops and colour.",
            before=("lenet5_1998",),
            after=("vgg16", "googlenet_2014"),
            disagreements=(ALEXNET_INPUT, ALEXNET_SIZE, ALEXNET_NEURONS, ALEXNET_UNITS, ALEXNET_AND_LENET),
        ),
        Facts(
            name="alexnet",
            title="AlexNet of torchvision",
            family="alexnet",
            builder=torchvision("alexnet"),
            input_shape=(3, 224, 224),
            paper=Paper(
                2014,
                "Alex Krizhevsky",
                "One weird trick for parallelizing convolutional neural networks",
                "https://arxiv.org/abs/1404.5997",
                "arXiv",
            ),
            accuracies=(of_torchvision(56.522),),
            introduced="A variant for one card: fewer kernels in the first layers, no groups, no "
            "normalisation.",
            before=("alexnet_2012",),
            disagreements=(ALEXNET_INPUT, ALEXNET_SIZE),
        ),
    ),
)

"""Notes on LeNet-5, AlexNet, VGG, GoogLeNet and Inception v3."""

from cnnlab.zoo.notes.note import Note

LENETS = "lenet5 lenet5_1998"
NOTES = (
    Note(
        LENETS,
        "c1",
        "Six kernels of 5 × 5 slide over the whole picture. Each is 25 weights and a bias, used at 28 × 28 "
        "places: 156 parameters make 4,704 values.",
    ),
    Note(
        LENETS,
        "s2",
        "Height and width are halved: exactly where a stroke is matters less from here on, and the next "
        "kernels see twice as far.",
    ),
    Note(
        "lenet5_1998",
        "c3",
        "Each of the sixteen maps reads only some of the six. That saves weights, but above all it forces "
        "the maps to become different.",
    ),
    Note(
        "lenet5",
        "c3",
        "Sixteen maps, each reading all six: 2,400 weights and 16 biases. In 1998 most read only three or "
        "four.",
    ),
    Note(
        "lenet5_1998",
        "c5",
        "The kernel is as large as what is left, 5 × 5, so a map has one value. On a larger picture this "
        "layer would go on sliding; that is why it is called a convolution.",
    ),
    Note(
        "lenet5",
        "f5",
        "All 16 · 5 · 5 = 400 values go into each of 120 units. Here is most of the net: 48,120 of its "
        "61,706 parameters.",
    ),
    Note(
        "lenet5_1998",
        "output",
        "No weights to learn: each digit has a fixed picture of 7 × 12 dots, and the nearest picture wins.",
    ),
    Note(
        "alexnet_2012",
        "features.0",
        "Large kernels, 11 × 11, that move by 4: the picture shrinks from 227 to 55 in one step, so that "
        "the rest was affordable in 2012. These kernels learned to look for edges and colours.",
    ),
    Note(
        "alexnet_2012",
        "features.2",
        "Response normalisation: a value is made smaller where the neighbouring channels are loud. It was "
        "soon given up; VGG found that it does not help.",
    ),
    Note(
        "alexnet_2012",
        "features.3",
        "Windows of 3 that move by 2 overlap. The paper found that this overfits slightly less.",
    ),
    Note(
        "alexnet_2012",
        "features.4",
        "Two groups: half of the kernels see the maps of one graphics card, half those of the other. That "
        "halves the weights and the multiply-adds of this layer.",
    ),
    Note(
        "alexnet_2012",
        "features.8",
        "The one convolution that reads from both cards: here the two halves exchange what they have found.",
    ),
    Note(
        "alexnet_2012 alexnet",
        "classifier.1",
        "9,216 values into 4,096 units: 37.7 million weights, more than half of the whole net. Dropout "
        "stands before it, since so many weights learn the training pictures by heart.",
    ),
    Note(
        "alexnet",
        "features.0",
        "64 kernels instead of 96, and padding 2, so that 224 is a size that fits: this is the version of "
        "2014.",
    ),
    Note(
        "alexnet",
        "features.3",
        "No groups: every kernel reads all maps. One card was large enough by then.",
    ),
    Note(
        "vgg*",
        "features.0",
        "3 × 3, padding 1, stride 1: the size stays as it is. Every convolution of this net is like that.",
    ),
    Note(
        "vgg13 vgg16 vgg19",
        "features.2",
        "The second 3 × 3 in a row: together they see 5 × 5, with 2 · 9 weights for each pair of channels "
        "in place of 25, and with one more ReLU between.",
    ),
    Note(
        "vgg13 vgg16 vgg19",
        "features.5",
        "Here the channels double, because height and width have just been halved: from 128 to 128 "
        "channels a layer costs here what one from 64 to 64 costs before the pooling.",
    ),
    Note(
        "vgg11",
        "features.3",
        "Here the channels double, because height and width have just been halved: from 128 to 128 "
        "channels a layer would cost here what one from 64 to 64 would before the pooling.",
    ),
    Note(
        "vgg16",
        "features.14",
        "The third 3 × 3 in a row at this size: together they see 7 × 7.",
    ),
    Note(
        "vgg*",
        "classifier.0",
        "7 × 7 × 512 = 25,088 values into 4,096 units: 102,764,544 parameters in this one layer, and less "
        "than one hundredth of the multiply-adds of most VGGs. GoogLeNet will leave such layers out.",
    ),
    Note(
        "googlenet_2014",
        "inception3a",
        "Four branches look at the same 28 × 28 × 192: 64 + 128 + 32 + 32 channels side by side make 28 × "
        "28 × 256.",
    ),
    Note(
        "googlenet_2014",
        "inception3a.five.0",
        "The bottleneck: 192 channels become 16 before the expensive 5 × 5. That branch then costs 12.4 "
        "million multiply-adds in place of 120.4 million.",
    ),
    Note(
        "googlenet_2014",
        "inception3a.pooled",
        "Pooling keeps all its input's channels, so a 1 × 1 convolution after it says how many go on.",
    ),
    Note(
        "googlenet_2014",
        "inception4a",
        "While it is trained, the net has a small extra classifier behind this module. It brings a "
        "gradient to the early layers; for use it is taken off.",
    ),
    Note(
        "googlenet_2014",
        "average",
        "The average of each map: 7 × 7 × 1024 becomes 1 × 1 × 1024. In VGG a dense layer with a hundred "
        "million weights stands at this place.",
    ),
    Note(
        "googlenet",
        "inception3a.branch3",
        "In the paper this branch has a 5 × 5 kernel. torchvision has 3 × 3, by an old slip that its "
        "weights were trained with.",
    ),
    Note(
        "googlenet",
        "conv1.bn",
        "Batch normalisation after every convolution: not in the paper, which is a year older than it.",
    ),
    Note(
        "googlenet",
        "inception3a",
        "Four branches side by side: 64 + 128 + 32 + 32 = 256 channels.",
    ),
    Note(
        "googlenet",
        "avgpool",
        "7 × 7 × 1024 becomes 1 × 1 × 1024 by averaging, without a single weight.",
    ),
    Note(
        "inception_v3",
        "Mixed_5b.branch3x3dbl_2",
        "Two 3 × 3 in a row do the work of a 5 × 5, with 18 weights in place of 25: what VGG showed, "
        "inside an Inception module.",
    ),
    Note(
        "inception_v3",
        "Mixed_6b.branch7x7_2",
        "A 7 × 7 taken apart into 1 × 7 and 7 × 1: 14 weights in place of 49 for each pair of channels.",
    ),
    Note(
        "inception_v3",
        "Mixed_6a",
        "Halving without losing much: convolutions of stride 2 and a pooling of stride 2 side by side.",
    ),
    Note(
        "inception_v3",
        "Mixed_7b",
        "The last modules become wider, not deeper: 1 × 3 and 3 × 1 stand side by side.",
    ),
)

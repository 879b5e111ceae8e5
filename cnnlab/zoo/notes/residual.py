"""Notes on plain and residual nets, PreActResNet, DenseNet, ResNeXt, DPN and SENet."""

from cnnlab.zoo.notes.note import Note

RESNETS = "resnet18 resnet34 resnet50 resnet101 resnet152 resnet50_v1 resnet101_v1 resnet152_v1"
DEEP = "resnet50 resnet101 resnet152"
DEEP_V1 = "resnet50_v1 resnet101_v1 resnet152_v1"
PRE = "resnetv2_50 resnetv2_101 resnetv2_152"
SE_NETS = "legacy_seresnet50 legacy_seresnext50_32x4d legacy_senet154"
NOTES = (
    Note(
        f"{RESNETS} plain18 plain34",
        "conv1",
        "7 × 7, stride 2, and a pooling of stride 2 after it: from 224 to 56 before the first block, since "
        "everything after is then 16 times cheaper.",
    ),
    Note(
        f"{RESNETS} resnext*",
        "layer1.1",
        "A residual block: what comes out is the input plus what the convolutions make of it. If that were "
        "zero, the block would hand its input on unchanged.",
    ),
    Note(
        f"{RESNETS} resnext*",
        "layer2.0.downsample",
        "The sum needs equal shapes, but here the size is halved and the channels double: a 1 × 1 "
        "convolution with stride 2 brings the shortcut into shape.",
    ),
    Note(
        f"{DEEP} {DEEP_V1}",
        "layer1.0.conv1",
        "A bottleneck: 1 × 1 to fewer channels, 3 × 3 on the few, 1 × 1 back to four times as many.",
    ),
    Note(
        DEEP,
        "layer2.0.conv2",
        "The stride is here, in the 3 × 3, which sees every pixel. In the paper it is in the 1 × 1 before.",
    ),
    Note(
        DEEP_V1,
        "layer2.0.conv1",
        "The stride is here, as in the paper: a 1 × 1 that steps by two never looks at three quarters of "
        "its input. torchvision moved the stride to the 3 × 3.",
    ),
    Note(
        RESNETS,
        "avgpool",
        "One average for each map. There is a single dense layer after it; VGG had three.",
    ),
    Note(
        "plain18 plain34",
        "layer1.0",
        "The same two convolutions as in a residual net, but nothing leads around them: what comes out "
        "replaces what came in.",
    ),
    Note(
        "plain18 plain34",
        "layer2.0.conv1",
        "Height and width are halved and the channels double, so that the layers cost the same at each size.",
    ),
    Note(
        "plain34",
        "layer3.5",
        "With 34 layers this plain net learns worse than with 18, even on its training pictures. The paper "
        "finds that gradients do not vanish here, thanks to batch norm: deep plain nets are hard to train.",
    ),
    Note(
        "plain18",
        "layer4.1",
        "Of the plain nets the shallow one is the better one: 18 layers beat 34.",
    ),
    Note(
        "resnetv2_*",
        "stages.0.blocks.0.norm1",
        "Normalisation and ReLU come first, before the convolution: hence pre-activation.",
    ),
    Note(
        "resnetv2_*",
        "stages.0.blocks.1",
        "Nothing comes after the addition: the sum goes into the next block untouched, and so on to the end.",
    ),
    Note(
        PRE,
        "stages.1.blocks.0.downsample",
        "Where the shape changes the shortcut has a 1 × 1 convolution: one of the few places where the sum "
        "is touched.",
    ),
    Note(
        "resnetv2_*",
        "norm",
        "The last sum has not been normalised by anybody; so it is done once, at the end.",
    ),
    Note(
        "preact_resnet164_cifar",
        "layer1.1.bn1",
        "Normalisation and ReLU come first, before the convolution: hence pre-activation.",
    ),
    Note(
        "preact_resnet164_cifar",
        "layer1.1",
        "Nothing comes after the addition: the sum goes into the next block untouched, and so on to the end.",
    ),
    Note(
        "preact_resnet164_cifar",
        "layer2.0.projection",
        "Where the shape changes the shortcut has a 1 × 1 convolution, and it reads what has been "
        "normalised.",
    ),
    Note(
        "preact_resnet164_cifar",
        "bn",
        "The last sum has not been normalised by anybody; so it is done once, at the end.",
    ),
    Note(
        "densenet*",
        "features.denseblock1.denselayer1",
        "A layer adds 32 maps, the growth rate, and throws nothing away: after it there are 64 + 32 "
        "channels.",
    ),
    Note(
        "densenet*",
        "features.denseblock1.denselayer6",
        "The sixth layer reads everything that came before it in the block: 64 + 5 · 32 = 224 channels.",
    ),
    Note(
        "densenet*",
        "features.denseblock1.denselayer6.conv1",
        "A 1 × 1 brings the many channels down to 128 (four times the growth rate) before the 3 × 3.",
    ),
    Note(
        "densenet*",
        "features.transition1",
        "Between the blocks channels, height and width are halved: beside each other stand only maps of "
        "one size.",
    ),
    Note(
        "densenet*",
        "classifier",
        "The classifier, too, reads maps of all layers of the last block, early and late ones.",
    ),
    Note(
        "resnext*",
        "layer1.0.conv2",
        "32 groups: the 3 × 3 is 32 small convolutions side by side, each on its own few channels. That is "
        "the cardinality.",
    ),
    Note(
        "resnext50_32x4d resnext101_32x4d",
        "layer1.0.conv1",
        "128 channels where ResNet-50 has 64: groups make the 3 × 3 so cheap that twice the width costs "
        "about the same.",
    ),
    Note(
        "dpn*",
        "features.conv2_1.c1x1_w_s1",
        "The first block has no sum to add to yet; this 1 × 1 makes what both paths begin with.",
    ),
    Note(
        "dpn*",
        "features.conv2_2.c3x3_b",
        "As in ResNeXt, the 3 × 3 has many groups.",
    ),
    Note(
        "dpn*",
        "features.conv2_2",
        "What comes out is cut in two: some channels are added to the residual path, the others are put "
        "beside the dense path, which grows from block to block.",
    ),
    Note(
        "dpn*",
        "features.conv3_1.c1x1_w_s2",
        "Height and width are halved, and both paths begin anew with other widths.",
    ),
    Note(
        SE_NETS,
        "layer1.0.se_module",
        "Squeeze: first each channel becomes one number, its average over the whole picture.",
    ),
    Note(
        SE_NETS,
        "layer1.0.se_module.fc1",
        "Excite: a layer with a sixteenth of the channels, a ReLU, and a layer back. Here the channels can "
        "speak with each other.",
    ),
    Note(
        SE_NETS,
        "layer1.0.se_module.sigmoid",
        "Between 0 and 1 for each channel: how much it counts in this picture. Then every map is "
        "multiplied by its number.",
    ),
    Note(
        SE_NETS,
        "layer4.2.se_module",
        "Late gates have learned to tell classes apart; the paper found that the very last ones could "
        "almost be left out, though they hold the most weights.",
    ),
)

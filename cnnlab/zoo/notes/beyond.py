"""Notes on detectors and segmentation nets."""

from cnnlab.zoo.notes.note import Note

NOTES = (
    Note(
        "fasterrcnn_vgg16",
        "backbone.28",
        "The last of VGG-16's thirteen convolutions. The last pooling is left out, so neighbouring "
        "positions are 16 pixels apart.",
    ),
    Note(
        "fasterrcnn_vgg16 rfcn_resnet101",
        "proposals.objectness",
        "Two numbers for each of nine guessed boxes at each position: something, or nothing.",
    ),
    Note(
        "fasterrcnn_vgg16 rfcn_resnet101",
        "proposals.moves",
        "Four numbers for each guessed box: how far to move it, and how much to stretch it.",
    ),
    Note(
        "fasterrcnn_vgg16",
        "fc6",
        "Here begins what is done again for each box: 7 × 7 × 512 values into 4,096 units. R-FCN was made "
        "to avoid this.",
    ),
    Note(
        "rfcn_resnet101",
        "layer4",
        "The last stage would halve the maps once more; its 3 × 3 are dilated instead, and the maps stay "
        "large.",
    ),
    Note(
        "rfcn_resnet101",
        "class_maps",
        "7 × 7 parts of an object times 21 classes: 1,029 maps. One map says, for example: here is the top "
        "left of a cat.",
    ),
    Note(
        "ssd300_vgg16",
        "backbone.features",
        "The first of six maps that boxes are found on: 38 × 38, for small objects.",
    ),
    Note(
        "ssd300_vgg16",
        "backbone.extra.4",
        "The last map has a single position: it is for objects that fill the picture.",
    ),
    Note(
        "ssd300_vgg16 ssdlite320_mobilenet_v3_large",
        "head.classification_head.module_list.0",
        "At each position, for each guessed box, a score for every class at once: no second look as in "
        "Faster R-CNN.",
    ),
    Note(
        "ssdlite320_mobilenet_v3_large",
        "head.regression_head.module_list.0.0",
        "The head is depthwise, too: that is the 'lite'.",
    ),
    Note(
        "ssdlite320_mobilenet_v3_large",
        "backbone.extra.0",
        "Smaller maps for larger objects, made by narrow depthwise blocks.",
    ),
    Note(
        "fasterrcnn_resnet50_fpn",
        "backbone.fpn.inner_blocks.3",
        "The pyramid begins at the smallest map: a 1 × 1 brings its 2,048 channels to 256.",
    ),
    Note(
        "fasterrcnn_resnet50_fpn",
        "backbone.fpn.inner_blocks.0",
        "Each larger map is brought to 256 channels, too, and what came from above is enlarged and added.",
    ),
    Note(
        "fasterrcnn_resnet50_fpn",
        "head.cls_logits",
        "One small head for all five sizes of the pyramid.",
    ),
    Note(
        "unet",
        "down1",
        "No padding: every 3 × 3 takes a pixel from each border, so 572 becomes 570, then 568.",
    ),
    Note(
        "unet",
        "bottom",
        "The smallest maps have the most channels, 1,024: here it is known what there is, but hardly where.",
    ),
    Note(
        "unet",
        "up4.up",
        "A transposed convolution doubles height and width: every value is spread over 2 × 2.",
    ),
    Note(
        "unet",
        "up4.convolutions.conv1",
        "512 channels from below and 512 cut out of the way down stand side by side: what, and where.",
    ),
    Note(
        "fcn_resnet50 deeplabv3_resnet50",
        "backbone.layer3.1.conv2",
        "Dilated by 2 instead of halving the map: it sees as far as it would have, and the map stays at an "
        "eighth of the picture.",
    ),
    Note(
        "fcn_resnet50",
        "classifier.4",
        "A 1 × 1 is a dense layer at every position: one score for each class, everywhere.",
    ),
    Note(
        "fcn_resnet50 deeplabv3_resnet50",
        "backbone.layer4.1.conv2",
        "Dilated by 4 here: two halvings have been left out.",
    ),
    Note(
        "deeplabv3_resnet50",
        "classifier.0.convs.1",
        "Side by side: a 1 × 1, and 3 × 3 with dilations 12, 24 and 36, which look for the same thing at "
        "several sizes.",
    ),
    Note(
        "deeplabv3_resnet50",
        "classifier.0.convs.4",
        "One branch averages the whole picture and tells every position what kind of scene it is in.",
    ),
    Note(
        "lraspp_mobilenet_v3_large",
        "classifier.cbr",
        "One 1 × 1 in place of DeepLab's dilated branches.",
    ),
    Note(
        "lraspp_mobilenet_v3_large",
        "classifier.scale",
        "An average of the whole picture becomes a gate, as in SENet.",
    ),
    Note(
        "lraspp_mobilenet_v3_large",
        "classifier.low_classifier",
        "A second classifier reads a larger, earlier map, for the borders; both are added.",
    ),
)

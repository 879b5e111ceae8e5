"""Detection and segmentation, as far as their convolutional parts go: the facts."""

from cnnlab.zoo.records import Builder, Disagreement, Facts, Family, Paper, Said
from cnnlab.zoo.table.mobile import V3_PAPER
from cnnlab.zoo.table.writing import here, torchvision

FASTER_PAPER = Paper(
    2015,
    "Shaoqing Ren, Kaiming He, Ross Girshick, Jian Sun",
    "Faster R-CNN: Towards Real-Time Object Detection with Region Proposal Networks",
    "https://arxiv.org/abs/1506.01497",
    "NIPS 2015",
)
PYRAMID_PAPER = Paper(
    2016,
    "Tsung-Yi Lin, Piotr Dollár, Ross Girshick, Kaiming He, Bharath Hariharan, Serge Belongie",
    "Feature Pyramid Networks for Object Detection",
    "https://arxiv.org/abs/1612.03144",
    "CVPR 2017",
)
RFCN_PAPER = Paper(
    2016,
    "Jifeng Dai, Yi Li, Kaiming He, Jian Sun",
    "R-FCN: Object Detection via Region-based Fully Convolutional Networks",
    "https://arxiv.org/abs/1605.06409",
    "NIPS 2016",
)
SSD_PAPER = Paper(
    2015,
    "Wei Liu, Dragomir Anguelov, Dumitru Erhan, Christian Szegedy, Scott Reed, Cheng-Yang Fu, Alexander C. "
    "Berg",
    "SSD: Single Shot MultiBox Detector",
    "https://arxiv.org/abs/1512.02325",
    "ECCV 2016",
)
PER_BOX = "Counted with one box around the whole picture; a further box costs again what follows the pooling."
BEFORE_BOXES = "Backbone and head up to where boxes are chosen; what follows depends on the picture."


def _torchvision(name: str, part: str) -> Builder:
    """Name a model of torchvision built without weights; its backbone would otherwise be downloaded."""
    return torchvision(name, part=part, weights_backbone=None)


def _detector(name: str) -> Builder:
    return _torchvision(name, "detection.ConvolutionalPart")


def _segmenter(name: str) -> Builder:
    return _torchvision(name, "segmentation.PixelScores")


DETECTION = Family(
    "detection",
    "Detection",
    "A classifier's convolutions find features everywhere; small heads say what is where.",
    (
        Facts(
            "fasterrcnn_vgg16",
            "Faster R-CNN on VGG-16",
            "detection",
            here("detection.FasterRCNN"),
            (3, 600, 800),
            FASTER_PAPER,
            introduced="A small convolutional net proposes boxes from the very maps that are classified "
            "afterwards; guesses of several sizes and shapes (anchors) at each position.",
            before=("vgg16",),
            after=("rfcn_resnet101", "fasterrcnn_resnet50_fpn"),
            remark=PER_BOX,
        ),
        Facts(
            "rfcn_resnet101",
            "R-FCN on ResNet-101",
            "detection",
            here("detection.RFCN"),
            (3, 600, 800),
            RFCN_PAPER,
            introduced="Position-sensitive score maps: one for each class and part of an object, so that a "
            "box needs no layers of its own, only an average.",
            before=("fasterrcnn_vgg16", "resnet101_v1"),
            remark=PER_BOX + " The backbone has torchvision's strides (v1.5).",
        ),
        Facts(
            "ssd300_vgg16",
            "SSD300 on VGG-16",
            "detection",
            _detector("ssd300_vgg16"),
            (3, 300, 300),
            SSD_PAPER,
            introduced="One pass: classes and boxes are predicted at once on six maps, from 38 × 38 for "
            "small objects to 1 × 1 for large ones.",
            before=("vgg16", "fasterrcnn_vgg16"),
            after=("ssdlite320_mobilenet_v3_large",),
            remark=BEFORE_BOXES,
        ),
        Facts(
            "fasterrcnn_resnet50_fpn",
            "Faster R-CNN on ResNet-50 with a pyramid",
            "detection",
            _detector("fasterrcnn_resnet50_fpn"),
            (3, 800, 800),
            PYRAMID_PAPER,
            introduced="A pyramid: the deep maps are enlarged and added to the earlier ones, so that every "
            "size has both meaning and detail.",
            before=("fasterrcnn_vgg16", "resnet50"),
            remark=BEFORE_BOXES,
        ),
        Facts(
            "ssdlite320_mobilenet_v3_large",
            "SSDLite on MobileNet v3",
            "detection",
            _detector("ssdlite320_mobilenet_v3_large"),
            (3, 320, 320),
            V3_PAPER,
            introduced="SSD with depthwise separable heads on a net for telephones.",
            before=("ssd300_vgg16", "mobilenet_v2"),
            remark=BEFORE_BOXES,
        ),
    ),
)


SEGMENTATION = Family(
    "segmentation",
    "Segmentation",
    "Keep the map: a class for every pixel, by enlarging, by dilation, or by a way back up.",
    (
        Facts(
            "unet",
            "U-Net",
            "segmentation",
            here("unet.UNet"),
            (1, 572, 572),
            Paper(
                2015,
                "Olaf Ronneberger, Philipp Fischer, Thomas Brox",
                "U-Net: Convolutional Networks for Biomedical Image Segmentation",
                "https://arxiv.org/abs/1505.04597",
                "MICCAI 2015",
            ),
            introduced="A way down and a way up of equal length, with the maps of the way down put beside "
            "those of the way up, so that little data is enough for sharp borders.",
            before=("fcn_resnet50",),
            disagreements=(
                Disagreement(
                    "padding",
                    (
                        Said("paper", "none: 572 × 572 in, 388 × 388 out"),
                        Said("usual today", "padding 1: the result is as large as the picture"),
                    ),
                    "The paper computes only what needs no invented border, and mirrors the picture around "
                    "it. Build it with padding=1 for the usual form; the parameters are the same.",
                ),
            ),
        ),
        Facts(
            "fcn_resnet50",
            "FCN on ResNet-50",
            "segmentation",
            _segmenter("fcn_resnet50"),
            (3, 520, 520),
            Paper(
                2014,
                "Jonathan Long, Evan Shelhamer, Trevor Darrell",
                "Fully Convolutional Networks for Semantic Segmentation",
                "https://arxiv.org/abs/1411.4038",
                "CVPR 2015",
            ),
            introduced="Dense layers become 1 × 1 convolutions, so that a classifier gives a map of scores "
            "for a picture of any size; the map is enlarged.",
            after=("unet", "deeplabv3_resnet50"),
            disagreements=(
                Disagreement(
                    "the network",
                    (
                        Said("paper", "VGG-16, sums of three sizes, learned enlargement"),
                        Said("torchvision", "a dilated ResNet-50, one size, bilinear enlargement"),
                    ),
                    "torchvision shares one backbone among its segmentation nets; the idea is the paper's.",
                ),
            ),
        ),
        Facts(
            "deeplabv3_resnet50",
            "DeepLab v3 on ResNet-50",
            "segmentation",
            _segmenter("deeplabv3_resnet50"),
            (3, 520, 520),
            Paper(
                2017,
                "Liang-Chieh Chen, George Papandreou, Florian Schroff, Hartwig Adam",
                "Rethinking Atrous Convolution for Semantic Image Segmentation",
                "https://arxiv.org/abs/1706.05587",
                "arXiv",
            ),
            introduced="Dilated (atrous) convolutions keep the maps large; side by side with several "
            "dilations they see several sizes, and an average of the whole picture joins them.",
            before=("fcn_resnet50", "resnet50"),
            after=("lraspp_mobilenet_v3_large",),
        ),
        Facts(
            "lraspp_mobilenet_v3_large",
            "LR-ASPP on MobileNet v3",
            "segmentation",
            _segmenter("lraspp_mobilenet_v3_large"),
            (3, 520, 520),
            V3_PAPER,
            introduced="DeepLab's head cut down for telephones: one 1 × 1, weighted by a pooled gate.",
            before=("deeplabv3_resnet50", "mobilenet_v2"),
        ),
    ),
)

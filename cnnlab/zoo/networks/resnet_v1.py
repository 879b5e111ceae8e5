"""ResNet-50, -101 and -152 with the stride where the paper has it: in the first 1 × 1 convolution of a block.

He, Zhang, Ren, Sun: Deep Residual Learning for Image Recognition, 2015, https://arxiv.org/abs/1512.03385.
torchvision moved it to the 3 × 3 convolution ("v1.5"), which sees all of the input instead of a quarter.
"""

from torchvision.models.resnet import Bottleneck, ResNet

BLOCKS_OF_DEPTH = {50: [3, 4, 6, 3], 101: [3, 4, 23, 3], 152: [3, 8, 36, 3]}


class ResNetV1(ResNet):
    """torchvision's net with the strides of its first blocks exchanged: nothing else is different."""

    def __init__(self, depth: int = 50, classes: int = 1000) -> None:
        if depth not in BLOCKS_OF_DEPTH:
            raise ValueError(f"depth is {depth}; it may be {', '.join(map(str, BLOCKS_OF_DEPTH))}")
        super().__init__(Bottleneck, BLOCKS_OF_DEPTH[depth], num_classes=classes)
        for block in self.modules():
            if isinstance(block, Bottleneck):  # most of them have stride 1 in both places
                block.conv1.stride, block.conv2.stride = block.conv2.stride, block.conv1.stride

"""Short ways to write the table of facts.

A number is `looked_up` if it was read in the paper or in a quotation of its table; else it is `recalled`.
"""

from cnnlab.zoo.records import Accuracy, Builder, Published


def here(constructor: str, **options: object) -> Builder:
    """Name a class of `cnnlab.zoo.networks` as `module.Class`."""
    return Builder("cnnlab", constructor, tuple(options.items()))


def torchvision(constructor: str, part: str = "", **options: object) -> Builder:
    """Name a constructor of torchvision."""
    return Builder("torchvision", constructor, tuple(options.items()), part)


def timm(constructor: str, **options: object) -> Builder:
    """Name a constructor of timm."""
    return Builder("timm", constructor, tuple(options.items()))


def recalled(text: str, value: float, source: str = "the paper") -> Published:
    """Write down a published number from memory."""
    return Published(text, value, source, recalled=True)


def looked_up(text: str, value: float, source: str) -> Published:
    """Write down a published number that was read in the source named."""
    return Published(text, value, source)


def of_torchvision(top1_percent: float, resolution: int = 224, weights: str = "IMAGENET1K_V1") -> Accuracy:
    """Write down the accuracy that torchvision publishes with its weights."""
    return Accuracy(top1_percent, resolution, weights, "torchvision")


def of_timm(top1_percent: float, weights: str, resolution: int = 224) -> Accuracy:
    """Write down the accuracy that timm publishes for weights, in its `results/results-imagenet.csv`."""
    return Accuracy(top1_percent, resolution, weights, "timm")

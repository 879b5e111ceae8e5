"""Families that are scaled: what can be turned up or down, and the recorded network at each setting.

A family's networks are those of the zoo, or variants that are recorded here from torchvision's own classes
with other arguments. Reading loads no PyTorch; `python -m cnnlab.tracing.variants` records them again.
"""

from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any

from cnnlab.errors import CnnLabError
from cnnlab.tracing.library import RECORDED, keep, read_file, trace_of
from cnnlab.tracing.recording import record
from cnnlab.tracing.trace import Trace

FOLDER = RECORDED / "variants"


class UnknownFamily(CnnLabError):
    """There is no family of that name to scale."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One setting of a knob: what it is called, and the network that it gives.

    `network` is a name of the zoo, or, if `maker` names a class or function of `torchvision.models`, that of
    the recording; `arguments` go to the maker.
    """

    label: str
    network: str
    maker: str = ""
    arguments: tuple[tuple[str, Any], ...] = ()

    @property
    def is_published(self) -> bool:
        """Whether the network is one of the zoo's."""
        return not self.maker


@dataclass(frozen=True, slots=True)
class Knob:
    """What is turned in a family, what turning it does, and its settings from small to large.

    `start` is the place of the setting that the family is known for.
    """

    name: str
    title: str
    turned: str
    about: str
    variants: tuple[Variant, ...]
    start: int


def _zoo(**networks: str) -> tuple[Variant, ...]:
    return tuple(Variant(label.removeprefix("_").replace("_", "."), name) for label, name in networks.items())


def _dense(growth: int) -> Variant:
    if growth == 32:
        return Variant("32", "densenet121")
    arguments = {"growth_rate": growth, "block_config": (6, 12, 24, 16), "num_init_features": 2 * growth}
    return Variant(str(growth), f"densenet121-k{growth}", "DenseNet", tuple(arguments.items()))


def _width(multiplier: float) -> Variant:
    if multiplier == 1:
        return Variant("1.0", "mobilenet_v2")
    name = f"mobilenet_v2-w{int(100 * multiplier)}"
    return Variant(str(multiplier), name, "mobilenet_v2", (("width_mult", multiplier),))


def _cardinality(groups: int, width: int) -> Variant:
    label = f"{groups} × {width}"
    if groups == 32:
        return Variant(label, "resnext50_32x4d")
    name = f"resnext50-{groups}x{width}"
    return Variant(label, name, "resnet50", (("groups", groups), ("width_per_group", width)))


KNOBS = (
    Knob(
        "vgg", "VGG", "Layers with weights",
        "More 3 × 3 convolutions at each size. Almost all parameters are in the first dense layer, so they "
        "hardly grow; the multiply-adds do.",
        _zoo(_11="vgg11", _13="vgg13", _16="vgg16", _19="vgg19"), 2,
    ),
    Knob(
        "resnet", "ResNet", "Layers with weights",
        "More blocks at each size, and from 50 on bottlenecks: 50 layers cost about as much as 34, with "
        "outputs four times as wide.",
        _zoo(_18="resnet18", _34="resnet34", _50="resnet50", _101="resnet101", _152="resnet152"), 2,
    ),
    Knob(
        "resnext", "ResNeXt-50", "Cardinality × width of a path",
        "The 3 × 3 convolution in more groups, each narrower, so that the block costs about the same: the "
        "pairs are those of table 2 of the paper.",
        tuple(_cardinality(*pair) for pair in ((1, 64), (2, 40), (4, 24), (8, 14), (32, 4))), 4,
    ),
    Knob(
        "densenet-growth", "DenseNet-121", "Growth rate k",
        "Each layer adds k maps to all that came before. The input of layer l is k₀ + k·(l − 1) maps wide, "
        "so parameters and multiply-adds grow with k².",
        tuple(map(_dense, (12, 16, 24, 32, 40, 48))), 3,
    ),
    Knob(
        "densenet", "DenseNet, growth rate 32", "Layers with weights",
        "More layers in the dense blocks at small sizes.",
        _zoo(_121="densenet121", _169="densenet169", _201="densenet201"), 0,
    ),
    Knob(
        "mobilenet", "MobileNet v2", "Width multiplier α",
        "Every layer is α times as wide, rounded to multiples of 8. The 1 × 1 convolutions hold most of the "
        "cost, and theirs grows with α².",
        tuple(map(_width, (0.35, 0.5, 0.75, 1, 1.3, 1.4))), 3,
    ),
    Knob(
        "shufflenet", "ShuffleNet v1", "Groups of the 1 × 1 convolutions",
        "More groups make a 1 × 1 convolution cheaper, and the paper spends what is saved on more channels: "
        "the multiply-adds stay near 140 million.",
        _zoo(_1="shufflenet_v1_g1", _2="shufflenet_v1_g2", _3="shufflenet_v1_g3", _4="shufflenet_v1_g4",
             _8="shufflenet_v1_g8"), 2,
    ),
    Knob(
        "shufflenet-v2", "ShuffleNet v2", "Width",
        "The channels of each stage, chosen by hand for four budgets.",
        _zoo(_0_5="shufflenet_v2_x0_5", _1_0="shufflenet_v2_x1_0", _1_5="shufflenet_v2_x1_5",
             _2_0="shufflenet_v2_x2_0"), 1,
    ),
    Knob(
        "efficientnet", "EfficientNet", "Compound coefficient φ, by model",
        "Depth grows as 1.2^φ, width as 1.1^φ, resolution as 1.15^φ. Since 1.2 · 1.1² · 1.15² ≈ 1.92, each "
        "step of φ about doubles the multiply-adds. Each model starts at the resolution it was made for.",
        _zoo(**{f"B{n}": f"efficientnet_b{n}" for n in range(8)}), 0,
    ),
)  # fmt: skip


def knob(name: str) -> Knob:
    """Return a family by its name; raises `UnknownFamily` with the names that there are."""
    for one in KNOBS:
        if one.name == name:
            return one
    known = ", ".join(one.name for one in KNOBS)
    raise UnknownFamily(f"There is no family called `{name[:40]}` to scale; there are {known}.")


@lru_cache(maxsize=64)
def trace_of_variant(variant: Variant) -> Trace:
    """Return the recorded network of one setting."""
    if variant.is_published:
        return trace_of(variant.network)
    return read_file(FOLDER / f"{variant.network}.json.gz")


def record_variant(variant: Variant) -> Trace:
    """Build a variant with torchvision's own class and record its steps."""
    torch, models = import_module("torch"), import_module("torchvision.models")
    with torch.device("meta"):
        model = getattr(models, variant.maker)(**dict(variant.arguments))
    return record(model, (3, 224, 224), variant.network)


def record_all() -> None:
    """Record all variants that are not the zoo's, and keep them beside the zoo's recordings."""
    for one in KNOBS:
        for variant in one.variants:
            if not variant.is_published:
                print(keep(record_variant(variant), FOLDER).name)


if __name__ == "__main__":
    record_all()

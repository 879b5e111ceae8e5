"""Files of torchvision's trained weights: their names, their sizes, and whether they are on this machine.

They are recorded, and compared with torchvision's own lists in a test, so that a page can say what there is
without loading PyTorch. It does not read the files.
"""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from cnnlab import zoo


@dataclass(frozen=True, slots=True)
class WeightFile:
    """One file: torchvision's name of the weights, the file's own name, its size in MiB (2²⁰ bytes)."""

    weights: str
    file: str
    mebibytes: float


def _one(file: str, mebibytes: float) -> tuple[WeightFile, ...]:
    return (WeightFile("IMAGENET1K_V1", file, mebibytes),)


def _two(newer: str, its_size: float, older: str, mebibytes: float) -> tuple[WeightFile, ...]:
    return (WeightFile("IMAGENET1K_V2", newer, its_size), *_one(older, mebibytes))


# Of each network of the zoo that classifies; the weights that torchvision recommends come first.
FILES: dict[str, tuple[WeightFile, ...]] = {
    "alexnet": _one("alexnet-owt-7be5be79.pth", 233.087),
    "vgg16": _one("vgg16-397923af.pth", 527.796),
    "vgg11": _one("vgg11-8a719046.pth", 506.84),
    "vgg13": _one("vgg13-19584684.pth", 507.545),
    "vgg19": _one("vgg19-dcbb9e9d.pth", 548.051),
    "googlenet": _one("googlenet-1378be20.pth", 49.731),
    "inception_v3": _one("inception_v3_google-0cc3c7bd.pth", 103.903),
    "resnet50": _two("resnet50-11ad3fa6.pth", 97.79, "resnet50-0676ba61.pth", 97.781),
    "resnet18": _one("resnet18-f37072fd.pth", 44.661),
    "resnet34": _one("resnet34-b627a593.pth", 83.275),
    "resnet101": _two("resnet101-cd907fc2.pth", 170.53, "resnet101-63fe2227.pth", 170.511),
    "resnet152": _two("resnet152-f82ba261.pth", 230.474, "resnet152-394f9c45.pth", 230.434),
    "squeezenet1_0": _one("squeezenet1_0-b66bff10.pth", 4.778),
    "squeezenet1_1": _one("squeezenet1_1-b8a52dc0.pth", 4.729),
    "densenet121": _one("densenet121-a639ec97.pth", 30.845),
    "densenet169": _one("densenet169-b2777c0a.pth", 54.708),
    "densenet201": _one("densenet201-c1103571.pth", 77.373),
    "resnext50_32x4d": _two("resnext50_32x4d-1a0047aa.pth", 95.833, "resnext50_32x4d-7cdf4587.pth", 95.789),
    "resnext101_32x8d": _two(
        "resnext101_32x8d-110c445d.pth", 339.673, "resnext101_32x8d-8ba56ff5.pth", 339.586
    ),
    "mobilenet_v2": _two("mobilenet_v2-7ebf99e0.pth", 13.598, "mobilenet_v2-b0353104.pth", 13.555),
    "mobilenet_v3_large": _two(
        "mobilenet_v3_large-5c1a4163.pth", 21.107, "mobilenet_v3_large-8738ca79.pth", 21.114
    ),
    "mobilenet_v3_small": _one("mobilenet_v3_small-047dcff4.pth", 9.829),
    "shufflenet_v2_x0_5": _one("shufflenetv2_x0.5-f707e7126e.pth", 5.282),
    "shufflenet_v2_x1_0": _one("shufflenetv2_x1-5666bf0f80.pth", 8.791),
    "shufflenet_v2_x1_5": _one("shufflenetv2_x1_5-3c479a10.pth", 13.557),
    "shufflenet_v2_x2_0": _one("shufflenetv2_x2_0-8be3c8ee.pth", 28.433),
    "efficientnet_b0": _one("efficientnet_b0_rwightman-7f5810bc.pth", 20.451),
    "efficientnet_b1": _two(
        "efficientnet_b1-c27df63c.pth", 30.136, "efficientnet_b1_rwightman-bac287d4.pth", 30.134
    ),
    "efficientnet_b2": _one("efficientnet_b2_rwightman-c35c1473.pth", 35.174),
    "efficientnet_b3": _one("efficientnet_b3_rwightman-b3899882.pth", 47.184),
    "efficientnet_b4": _one("efficientnet_b4_rwightman-23ab8bcd.pth", 74.489),
    "efficientnet_b5": _one("efficientnet_b5_lukemelas-1a07897c.pth", 116.864),
    "efficientnet_b6": _one("efficientnet_b6_lukemelas-24a108a5.pth", 165.362),
    "efficientnet_b7": _one("efficientnet_b7_lukemelas-c5b4e57e.pth", 254.675),
}


def folder() -> Path:
    """Return the folder where torchvision looks for weights and puts them: below `TORCH_HOME` if that is set.

    Its rule is that of `torch.hub.get_dir`; where PyTorch is loaded, it is asked.
    """
    get_dir = getattr(sys.modules.get("torch.hub"), "get_dir", None)
    if get_dir is not None:
        return Path(get_dir()) / "checkpoints"
    cache = os.environ.get("XDG_CACHE_HOME", "~/.cache")
    home = os.environ.get("TORCH_HOME", os.path.join(cache, "torch"))
    return Path(home).expanduser() / "hub" / "checkpoints"


def file_here(name: str) -> WeightFile | None:
    """Return the best weights of a network whose file is on this machine."""
    return next((one for one in FILES.get(name, ()) if (folder() / one.file).is_file()), None)


def weights_here(name: str) -> str:
    """Return the name of the file with a network's weights on this machine, "" where there is none.

    It belongs to the key of whatever is computed with the weights: what random ones gave is not found any
    more once trained ones have come.
    """
    came = zoo.guest(name)
    if came is not None:
        return came.stamp
    found = file_here(name)
    return found.file if found else ""

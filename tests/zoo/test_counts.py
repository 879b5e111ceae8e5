"""Every network has the parameters and the cost that are published, documented, or summed by hand."""

import re

import pytest
import timm
import torch
import torchvision
from torch.utils.flop_counter import FlopCounterMode

from cnnlab import zoo
from cnnlab.zoo.networks.nasnet import NASNetA
from tests.zoo.expected import MACS, PARAMETERS
from tests.zoo.measuring import macs, on_meta, parameters

# What is counted without `--every-network`: the networks that are written here, and some of each library.
SAMPLE = {
    *(name for name in zoo.names() if zoo.facts(name).builder.library == "cnnlab"),
    *("vgg16", "resnet18", "squeezenet1_0", "mobilenet_v2", "inception_v3", "efficientnet_b0", "dpn68"),
    *("legacy_xception", "mobilenetv1_100", "ssd300_vgg16", "lraspp_mobilenet_v3_large"),
}
OF_TORCHVISION = [name for name in zoo.names() if zoo.facts(name).builder.library == "torchvision"]
WITH_WHOLE_MODEL_DOCUMENTED = [
    name
    for name in OF_TORCHVISION
    if name not in {"fasterrcnn_resnet50_fpn", "fcn_resnet50", "deeplabv3_resnet50"}
]
# torchvision documents this one with the classifier that only training uses.
WITH_AUXILIARY = {"inception_v3": 3_326_696}


def pytest_generate_tests(metafunc: pytest.Metafunc):
    """Give a test each network, or each that torchvision documents: all if asked for, else a sample."""
    every = metafunc.config.getoption("--every-network", default=False)
    for fixture, names in (("network", zoo.names()), ("documented", WITH_WHOLE_MODEL_DOCUMENTED)):
        if fixture in metafunc.fixturenames:
            metafunc.parametrize(fixture, [name for name in names if every or name in SAMPLE])


def test_a_count_is_known_for_every_network():
    assert set(PARAMETERS) == set(zoo.names())


@pytest.mark.parametrize("name", PARAMETERS)
def test_parameters(name: str):
    assert parameters(name) == PARAMETERS[name]


@pytest.mark.parametrize("name", MACS)
def test_multiply_adds(name: str):
    assert macs(name) == MACS[name]


def test_torchvision_documents_the_same(documented: str):
    weights = next(iter(torchvision.models.get_model_weights(documented)))
    assert parameters(documented) + WITH_AUXILIARY.get(documented, 0) == weights.meta["num_params"]
    assert macs(documented) / 1e9 == pytest.approx(
        weights.meta["_ops"], abs=0.0006
    )  # printed with three decimals


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("alexnet_2012", {"groups": 1}, 62_378_344),
        ("googlenet_2014", {"auxiliary": True}, 13_378_280),  # Caffe's bvlc_googlenet
        ("googlenet", {"aux_logits": True}, 6_624_904 + 6_379_984),
        ("preact_resnet164_cifar", {"depth": 1001}, 10_327_706),  # osmr/imgclsmob, PreResNet-1001
        ("resnet50", {"num_classes": 10}, 25_557_032 - 990 * 2049),
        ("unet", {"padding": 1}, 31_030_658),
    ],
)
def test_options_reach_the_constructor(name: str, options: dict, expected: int):
    assert parameters(name, **options) == expected


def counted(model: torch.nn.Module, side: int) -> tuple[int, int]:
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model.eval()(torch.empty(1, 3, side, side, device="meta"))
    return sum(one.numel() for one in model.parameters()), counter.get_total_flops()


def test_nasnet_with_the_sizes_of_the_large_net_costs_what_timms_large_net_does():
    with torch.device("meta"):
        ours, theirs = NASNetA(cells=6, penultimate=4032, stem=96), timm.create_model("nasnetalarge")
    assert counted(ours, 331) == counted(theirs, 331)


@pytest.mark.parametrize(("name", "total"), [("nasnetalarge", 88_949_818), ("nasnet_a_mobile", 5_326_716)])
def test_with_running_statistics_nasnets_have_the_count_of_the_paper_and_of_keras(name: str, total: int):
    running = [one.numel() for path, one in on_meta(name).named_buffers() if "running" in path]
    assert parameters(name) + sum(running) == total


def within(published: zoo.Published | None, real: int, tolerance: float) -> bool:
    return published is None or abs(published.value - real) <= tolerance * real


def test_published_numbers_are_those_of_the_model_or_the_difference_is_explained(network: str):
    facts = zoo.facts(network)
    about = " ".join(one.about for one in facts.disagreements)
    assert within(facts.parameters, parameters(network), 0.03) or "parameters" in about
    assert within(facts.macs, macs(network), 0.05) or re.search(r"operations|resolution", about)


def sides() -> list[tuple[str, zoo.Said]]:
    found = {
        (one.about, side)
        for name in zoo.names()
        for one in zoo.facts(name).disagreements
        for side in one.sides
    }
    return sorted((pair for pair in found if pair[1].measure), key=lambda pair: (pair[0], pair[1].who))


@pytest.mark.parametrize(("about", "side"), sides(), ids=[f"{about}: {side.who}" for about, side in sides()])
def test_what_is_said_of_the_real_model_is_what_it_has(about: str, side: zoo.Said):
    match = re.fullmatch(r"(parameters|macs) of (\S+)(?: (\w+)=(\w+))?", side.measure)
    assert match is not None, about
    kind, name, option, value = match.groups()
    options = {option: {"True": True}.get(value) or int(value)} if option else {}
    measured = (parameters if kind == "parameters" else macs)(name, **options)
    assert f"{measured:,}" in side.what

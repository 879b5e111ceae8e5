"""Networks in the notation against PyTorch: the exported source is run, and its own numbers are counted."""

from collections.abc import Iterator
from itertools import count, islice
from random import Random
from typing import Any

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from cnnlab.building import Built, build, pytorch_source
from cnnlab.building.examples import EXAMPLES
from cnnlab.building.words import BLOCKS, LAYERS
from tests.building.random_texts import random_chain, random_text

NETWORKS = 60
CHAINS = 100
WORKING = [example for example in EXAMPLES if example.name != "broken"]


def exported(built: Built) -> nn.Module:
    """Run the source that a learner would copy; the text comes from this project's own writer."""
    names: dict = {"__name__": "exported"}
    exec(pytorch_source(built), names)
    return names["Network"]().eval()


def shapes_inside(network: nn.Module, shape: tuple[int, ...]) -> tuple[dict[str, tuple[int, ...]], int]:
    """Return what comes out of every module, by its path, and the multiply-adds of the whole."""
    found: dict[str, tuple[int, ...]] = {}

    def listen(name: str, module: nn.Module) -> None:
        module.register_forward_hook(lambda _module, _inputs, out: found.update({name: tuple(out.shape[1:])}))

    for name, module in network.named_modules():
        listen(name, module)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network(torch.zeros(1, *shape))
    return found, counter.get_total_flops() // 2


def assert_same(text: str) -> None:
    built = build(text)
    replayed = built.replayed
    assert built.misfit is None, built.sentence
    assert replayed.problem is None
    network = exported(built)
    shapes, macs = shapes_inside(network, replayed.input_shape)
    assert replayed.macs == macs, text
    assert replayed.parameters == sum(one.numel() for one in network.parameters()), text
    assert replayed.steps[-1].output_shape == shapes[""], text
    ends = {
        step.path: step.output_shape for step in replayed.steps
    }  # the last step of a module gives its output
    leaves = {name for name, module in network.named_modules() if not list(module.children())}
    assert {path for path in ends if path in leaves} == leaves - identities(network), text
    assert {path: shapes[path] for path in ends} == ends, text
    classes = {name: type(module).__name__ for name, module in network.named_modules()}
    told = {path: kind for path, kind in replayed.trace.modules.items() if path in leaves}
    assert told == {path: classes[path] for path in told}, text


def identities(network: nn.Module) -> set[str]:
    return {name for name, module in network.named_modules() if isinstance(module, nn.Identity)}


@pytest.mark.parametrize("example", WORKING, ids=lambda example: example.name)
def test_an_example_has_pytorch_s_numbers(example):
    assert_same(example.text)


def fitting() -> Iterator[str]:
    """Write random networks, and leave out those that do not fit."""
    for seed in count():
        text = random_text(Random(seed))
        if build(text).misfit is None:
            yield text


def test_random_networks_have_pytorch_s_numbers():
    texts = list(islice(fitting(), NETWORKS))
    for text in texts:
        assert_same(text)
    together = " ".join(texts)
    assert [word for word in (*LAYERS, *BLOCKS) if word not in together] == []


def test_layers_in_a_row_fail_exactly_where_pytorch_s_do():
    failed = 0
    for seed in range(CHAINS):
        text = random_chain(Random(seed))
        built = build(text)
        names = [step.name for step in built.replayed.trace.steps]
        expected = built.misfit and names[built.misfit.step]
        assert first_failure(text) == expected, text
        assert (built.replayed.problem is None) == (expected is None)
        failed += expected is not None
    assert CHAINS // 4 < failed < 3 * CHAINS // 4


def first_failure(text: str) -> str | None:
    """Return which layer of a row PyTorch refuses first, by building the row up line after line."""
    lines = text.split("\n")
    x = torch.zeros(2, *map(int, lines[0].removeprefix("input ").split("x")))
    counts: dict[str, int] = {}
    for line in lines[1:]:
        word, *rest = line.split()
        stem = "pool" if word.endswith("pool") else word
        counts[stem] = counts.get(stem, 0) + 1
        try:
            x = module_of(word, rest, x.shape[1])(x)
        except (RuntimeError, ValueError):
            return f"{stem}{counts[stem]}"
        if not x.numel():  # PyTorch lets some layers give nothing at all
            return f"{stem}{counts[stem]}"
    return None


def module_of(word: str, rest: list[str], channels: int) -> nn.Module:
    """Make a layer from the words behind its name, as a reader would."""
    given = {
        name: int(value) for name, value in (split(one) for one in rest if not one[0].isdigit()) if value
    }
    options: dict[str, Any] = {long: given[short] for short, long in SHORT.items() if short in given}
    match word:
        case "conv":
            return nn.Conv2d(channels, int(rest[0]), given["k"], **options)
        case "transposed":
            return nn.ConvTranspose2d(channels, int(rest[0]), given["k"], **options)
        case "maxpool":
            return nn.MaxPool2d(given["k"], ceil_mode="ceil=yes" in rest, **options)
        case _:
            return nn.AvgPool2d(given["k"], **options)


SHORT = {"s": "stride", "p": "padding", "d": "dilation", "g": "groups", "op": "output_padding"}


def split(word: str) -> tuple[str, str]:
    name = word.rstrip("0123456789")
    return name, word[len(name) :]


def test_the_lenet_of_the_zoo_and_the_one_in_the_notation_have_the_same_numbers():
    """LeCun et al. (1998) with ReLU: 61,706 numbers, as every PyTorch tutorial counts them."""
    replayed = build(next(one.text for one in EXAMPLES if one.name == "lenet")).replayed
    assert replayed.parameters == 61_706
    assert replayed.macs == 416_520


def test_the_small_resnet_is_the_paper_s_resnet_20():
    """He et al. (2016), table 6: 0.27 M parameters; theirs has no projections with weights (option A)."""
    replayed = build(next(one.text for one in EXAMPLES if one.name == "resnet")).replayed
    assert round(replayed.parameters / 1e6, 2) == 0.27


def test_repeated_blocks_have_weights_of_their_own():
    one, three = (build(f"input 4x8x8; repeat {n} {{ conv 4 k3 p1 }}").replayed.parameters for n in (1, 3))
    assert three == 3 * one
    network = exported(build("input 4x8x8; repeat 3 { conv 4 k3 p1 }"))
    assert len({id(parameter) for parameter in network.parameters()}) == 6

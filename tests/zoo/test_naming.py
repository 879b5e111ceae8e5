"""A name finds its network, its facts and its input, and a wrong one is answered with a hint."""

import subprocess
import sys

import pytest

from cnnlab import zoo
from cnnlab.errors import CnnLabError


def test_names_and_facts_load_no_deep_learning_library():
    program = (
        "import sys\nfrom cnnlab import zoo\n"
        "for name in zoo.names(): zoo.facts(name), zoo.input_shape(name), zoo.resolve(name)\n"
        "zoo.facts('timm:resnet50'), zoo.families(), zoo.own_problems()\n"
        "print(sorted({'torch', 'torchvision', 'timm'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("resnet50", "resnet50"),
        ("legacy_xception", "legacy_xception"),
        ("convnext_tiny", "torchvision:convnext_tiny"),
        ("dpn107", "timm:dpn107"),
        ("timm:resnet50", "timm:resnet50"),
        ("torchvision:resnet50", "torchvision:resnet50"),
    ],
)
def test_a_name_is_looked_up_in_the_zoo_then_in_torchvision_then_in_timm(name: str, full: str):
    assert zoo.resolve(name) == full


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("lenet5", (1, 32, 32)),
        ("torchvision:vit_b_16", (3, 224, 224)),
        ("torchvision:efficientnet_v2_s", (3, 384, 384)),
        ("timm:inception_v4", (3, 299, 299)),
        ("dpn107", (3, 224, 224)),
    ],
)
def test_the_input_of_a_network(name: str, shape: tuple):
    assert zoo.input_shape(name) == shape


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("resnet5O", r"no network called `resnet5O`\. Did you mean .*`resnet50`"),
        ("ResNet50", r"no network called `ResNet50`\. Did you mean .*`resnet50`"),
        ("torchvision:resnet51", r"torchvision has no classification model called `resnet51`\. Did you mean"),
        (
            "timm:hf-hub:someone/something",
            r"timm has no classification model called `hf-hub:someone/something`",
        ),
        ("keras:vgg16", r"no network called `keras:vgg16`"),
        ("torchvision:fasterrcnn_resnet50_fpn", r"torchvision has no classification model called"),
        ("", r"no network called ``\. Other models are opened as `torchvision:NAME` or `timm:NAME`"),
        ("x" * 10_000, r"no network called `x{100}`"),
        ("../../etc/passwd", r"no network called"),
    ],
)
def test_a_wrong_name_is_answered_with_a_hint(name: str, message: str):
    for ask in (zoo.build, zoo.resolve, zoo.input_shape):
        with pytest.raises(zoo.UnknownNetwork, match=message):
            ask(name)


def test_facts_of_an_unknown_name_are_refused_and_those_of_a_library_are_few():
    with pytest.raises(zoo.UnknownNetwork, match=r"Did you mean .*`densenet121`"):
        zoo.facts("densenet12")
    facts = zoo.facts("timm:dpn107")
    assert (facts.title, facts.builder.library, facts.paper, facts.year) == ("dpn107", "timm", None, None)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        (
            "resnet50",
            {"num_clases": 10},
            r"resnet50 has no option `num_clases`\. Did you mean `num_classes`",
        ),
        ("alexnet_2012", {"colour": 1}, r"alexnet_2012 has no option `colour`\. It has: classes, groups\."),
        ("alexnet_2012", {"groups": 5}, r"alexnet_2012 cannot be built with groups = 5: .*divisible"),
        ("shufflenet_v1_g3", {"groups": 5}, r"groups is 5; it may be 1, 2, 3, 4, 8"),
        ("plain34", {"depth": 50}, r"depth is 50; it may be 18 or 34"),
        ("resnet50_v1", {"depth": 18}, r"depth is 18; it may be 50, 101, 152"),
        ("preact_resnet164_cifar", {"depth": 100}, r"depth is 100; it must be 9n \+ 2"),
        ("nasnet_a_mobile", {"penultimate": 1000}, r"penultimate must be a multiple of 96"),
        ("unet", {"padding": 2}, r"padding is 2; it may be 0, as in the paper, or 1"),
        ("resnet18", {"num_classes": -5}, r"resnet18 cannot be built with num_classes = -5: .*negative"),
        ("timm:dpn107", {"colour": 1}, r"timm:dpn107 cannot be built with colour = 1"),
        ("resnet50", {"weights": "DEFAULT"}, r"built with random weights; `weights` is not an option"),
        ("timm:resnet50", {"pretrained": True}, r"built with random weights; `pretrained` is not an option"),
    ],
)
def test_an_impossible_option_is_refused_in_words(name: str, options: dict, message: str):
    with pytest.raises(zoo.ImpossibleOption, match=message):
        zoo.build(name, **options)


def test_errors_of_the_zoo_are_expected_ones():
    errors = (zoo.UnknownNetwork, zoo.ImpossibleOption, zoo.BrokenModelFile)
    assert all(issubclass(error, CnnLabError) for error in errors)


@pytest.mark.parametrize(
    "name", ["torchvision:regnet_y_400mf", "torchvision:googlenet", "timm:convnext_atto"]
)
def test_any_model_of_a_library_is_built_without_values(name: str):
    model = zoo.build_on_meta(name)
    assert {one.device.type for one in model.parameters()} == {"meta"}
    assert not model.training

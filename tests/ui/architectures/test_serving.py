"""Networks over HTTP: what the browser is told, and what it is told where there is none."""

import gzip
import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from cnnlab.ui.architectures.describing import describe
from cnnlab.ui.architectures.serving import UnreadableInput, shape_of
from cnnlab.zoo.notes import notes_of


def asked(address: str) -> tuple[int, dict[str, Any]]:
    """Return the status and the data of an answer."""
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            status, body = answer.status, answer.read()
            assert answer.headers["content-encoding"] == "gzip"
    except urllib.error.HTTPError as problem:
        status, body = problem.code, problem.read()
    return status, json.loads(gzip.decompress(body))


def test_a_network_is_described_with_the_numbers_of_the_real_one():
    import torchvision

    model = torchvision.models.resnet18()
    told = describe("resnet18")
    assert told["parameters"] == sum(one.numel() for one in model.parameters())
    assert told["modules"]["layer1.0"] == type(model.layer1[0]).__name__
    convolutions = [step for step in told["steps"] if step["op"] == "conv2d"]
    assert [step["settings"]["out_channels"] for step in convolutions[:3]] == [64, 64, 64]
    assert told["problem"] is None
    assert told["missing"] == []
    json.dumps(told)


def test_an_impossible_input_is_described_up_to_the_step_that_fails():
    told = describe("vgg16", (3, 16, 16))
    assert told["problem"]["step"] == len(told["steps"])
    assert told["missing"][0]["name"]
    assert told["problem"]["smallest"]
    assert told["steps"][0]["out"] == (64, 16, 16)


def test_a_note_stands_at_the_first_step_of_its_module_and_only_there():
    told = describe("resnet50")
    names = {told["steps"][index]["name"]: texts for index, texts in told["notes"].items()}
    assert any("bottleneck" in text.lower() for text in names["layer1.0.conv1"])
    texts = [text for found in told["notes"].values() for text in found]
    assert len(texts) == len(set(texts)) == len(notes_of("resnet50"))


def test_the_server_tells_all_families_and_each_network(app_server: str):
    status, told = asked(f"{app_server}/architectures.json")
    assert status == 200
    names = [one["name"] for family in told["families"] for one in family["networks"]]
    assert {"lenet5", "alexnet", "vgg16", "resnet50", "densenet121"} <= set(names)
    status, told = asked(f"{app_server}/architectures/resnet50.json?input=3x160x160")
    assert status == 200
    assert told["input"] == [3, 160, 160]
    assert told["steps"][0]["out"] == [64, 80, 80]


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ("resnet81.json", "no network called `resnet81`"),
        ("resnet18.json?input=big", "is not the size of an input"),
        ("resnet18.json?input=3x0x0", "between 1 and"),
        ("..json", "no network called"),
        ("timm:" + "x" * 5000 + ".json", ""),
    ],
)
def test_where_there_is_none_a_sentence_says_so(app_server: str, wanted: str, says: str):
    status, told = asked(f"{app_server}/architectures/{wanted}")
    assert status == 404
    assert says in told["error"]
    assert len(told["error"]) < 600


def test_a_size_is_three_numbers():
    assert shape_of("3x224x160") == (3, 224, 160)
    with pytest.raises(UnreadableInput, match="Write channels x height x width"):
        shape_of("224")


def test_relu6_is_called_by_its_name():
    told = describe("mobilenet_v2")
    assert [step["op"] for step in told["steps"][:3]] == ["conv2d", "batch_norm", "relu6"]

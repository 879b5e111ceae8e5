"""What a text means, over HTTP: the network with its lines and its source, or mistakes, and nothing else."""

import gzip
import json
import urllib.request
from typing import Any

import pytest
import torch
from torch import nn

from cnnlab.building import LONGEST_TEXT, build
from cnnlab.building.examples import EXAMPLES
from cnnlab.ui.architectures.building import MOST_BYTES, TOO_LONG, packed_build, packed_build_formulas
from cnnlab.ui.architectures.formulas import formulas_of
from cnnlab.ui.labs.building import teaching


def unpacked(body: bytes) -> dict[str, Any]:
    return json.loads(gzip.decompress(body))


def test_a_text_is_answered_with_the_network_the_lines_of_its_steps_and_its_source():
    told = unpacked(packed_build("input 3x32x32\n\nconv 8 k3; relu\nflatten\ndense 10\n"))
    network = told["network"]
    assert told["mistakes"] == []
    assert [step["op"] for step in network["steps"]] == ["conv2d", "relu", "flatten", "linear"]
    assert network["lines"] == [3, 3, 4, 5]
    assert network["problem"] is None
    model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 30 * 30, 10))
    assert network["parameters"] == sum(one.numel() for one in model.parameters())
    x = torch.zeros(1, 3, 32, 32)
    for layer, step in zip(model, network["steps"], strict=True):
        x = layer(x)
        assert list(x.shape[1:]) == step["out"]
    assert "nn.Linear(7200, 10)" in network["code"]


def test_networks_of_different_texts_have_different_names_since_views_tell_them_apart_by_these():
    names = {unpacked(packed_build(one.text))["network"]["name"] for one in EXAMPLES}
    assert len(names) == len(EXAMPLES)


def test_a_misfit_is_told_with_its_place_and_drawn_up_to_it():
    told = unpacked(packed_build("input 3x8x8\nrelu;  conv 8 k9 ; bn"))
    problem = told["network"]["problem"]
    assert problem["place"] == {"line": 2, "column": 8, "length": len("conv 8 k9")}
    assert (problem["step"], problem["smallest"]) == (1, [3, 9, 9])
    assert [step["name"] for step in told["network"]["steps"]] == ["relu1"]
    assert [step["name"] for step in told["network"]["missing"]] == ["conv1", "bn1"]
    assert told["network"]["code"] == ""


def test_mistakes_are_told_with_their_places_and_without_a_network():
    told = unpacked(packed_build("input 3x8x8\nconvv 8 k3"))
    assert told["network"] is None
    (mistake,) = told["mistakes"]
    assert (mistake["line"], mistake["column"], mistake["length"]) == (2, 1, 5)
    assert "Did you mean `conv`?" in mistake["text"]
    assert unpacked(packed_build_formulas("nonsense"))["mistakes"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.name)
def test_the_steps_of_an_example_have_their_formulas(example):
    replayed = build(example.text).replayed
    told = unpacked(packed_build_formulas(example.text))["formulas"]
    assert told == json.loads(json.dumps(formulas_of(replayed)))
    for step, rows in zip(replayed.steps, told, strict=True):
        macs = [row[3] for row in rows if row[0] == "MACs"]
        assert all(int(text.replace(",", "")) == step.macs for text in macs)


def test_what_is_taught_fits_into_an_address():
    assert all(len(one["text"]) < LONGEST_TEXT for one in teaching()["examples"])
    assert teaching()["longest"] == LONGEST_TEXT


def sent(address: str, body: bytes) -> tuple[int, bytes]:
    with urllib.request.urlopen(
        urllib.request.Request(address, data=body, method="POST"), timeout=30
    ) as answer:
        return answer.status, answer.read()


def test_the_server_answers_texts_of_any_kind(app_server: str):
    address = f"{app_server}/building/network.json"
    assert unpacked(sent(address, b"input 1x8x8\nrelu")[1])["network"]["macs"] == 0
    for body in (b"", b"\xff\xfe\x00", "🎈".encode() * 50):
        status, answer = sent(address, body)
        assert status == 200
        assert unpacked(answer)["mistakes"]
    status, answer = sent(address, b"x" * (MOST_BYTES + 1))
    assert [one["text"] for one in unpacked(answer)["mistakes"]] == [TOO_LONG]

"""Recorded networks: there for the whole zoo, small, up to date, and read without PyTorch."""

import subprocess
import sys

import pytest

from cnnlab import zoo
from cnnlab.tracing import TraceProblem, record, recorded_names, replay, trace_of
from cnnlab.tracing.__main__ import main
from cnnlab.tracing.files import read, written
from cnnlab.tracing.library import RECORDED, keep, recorded_now
from tests.source_files import ROOT


def test_every_network_of_the_zoo_is_recorded_and_nothing_else():
    assert recorded_names() == zoo.names()
    assert {file.name for file in RECORDED.glob("*.json.gz")} == {f"{name}.json.gz" for name in zoo.names()}


def test_all_recordings_together_are_small():
    assert sum(file.stat().st_size for file in RECORDED.rglob("*.json.gz")) < 3_000_000


@pytest.mark.parametrize(
    "name",
    ["lenet5_1998", "shufflenet_v1_g3", "resnet50", "mobilenet_v2", "unet", "ssdlite320_mobilenet_v3_large"],
)
def test_a_recording_is_what_would_be_recorded_now(name: str):
    assert written(trace_of(name)) == written(recorded_now(name))


def test_reading_and_replaying_the_whole_zoo_loads_no_deep_learning_library():
    code = (
        "import sys; from cnnlab.tracing import recorded_names, replay, trace_of\n"
        "traces = [trace_of(name) for name in recorded_names()]\n"
        "assert all(replay(trace, trace.input_shape).macs for trace in traces)\n"
        "print({'torch', 'torchvision', 'timm', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_same_steps_give_the_same_file(tmp_path):
    trace = trace_of("lenet5")
    assert keep(trace, tmp_path).read_bytes() == (RECORDED / "lenet5.json.gz").read_bytes()


def test_a_network_recorded_again_is_told_to_be_as_before(capsys: pytest.CaptureFixture[str]):
    assert main(["lenet5"]) == 0
    assert "as before" in capsys.readouterr().out


def test_only_networks_of_the_zoo_are_recorded_again(capsys: pytest.CaptureFixture[str]):
    assert main(["lenet6"]) == 2
    assert "not in the zoo: lenet6" in capsys.readouterr().err


def test_a_bare_name_of_a_library_is_recorded_when_it_is_asked_for():
    assert replay(trace_of("timm:test_resnet"), (3, 160, 160)).parameters > 0
    assert trace_of("torchvision:resnet18") is trace_of("torchvision:resnet18")


def test_width_is_scaled_by_recording_another_network():
    narrow = recorded_now("mobilenet_v2", width_mult=0.5)
    assert (
        replay(narrow, (3, 224, 224)).parameters
        < replay(trace_of("mobilenet_v2"), (3, 224, 224)).parameters / 1.5
    )


def test_a_name_that_nobody_knows_gets_names_that_look_like_it():
    with pytest.raises(zoo.UnknownNetwork, match="Did you mean `resnet50`"):
        trace_of("resnet5O")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "no recording of a network .KeyError: 'format'.; record it again"),
        ("[]", "no recording of a network"),
        ("not json", "no recording of a network .JSONDecodeError"),
        ('{"format": 99}', "has format 99, but format 1 is read; record it again"),
        (
            '{"format": 1, "name": "a", "input_shape": [1], "steps": [{}], "modules": {}, "outputs": []}',
            "'name'",
        ),
    ],
)
def test_a_file_that_is_no_recording_is_refused(text: str, message: str):
    with pytest.raises(TraceProblem, match=message):
        read(text)


def test_a_model_that_does_not_take_the_input_is_named_with_the_place():
    model = zoo.build("lenet5")
    with pytest.raises(
        TraceProblem, match="lenet5 could not be recorded with an input of 3×32×32: in c1, RuntimeError"
    ):
        record(model, (3, 32, 32), "lenet5")

"""The commands that print networks: their numbers, their objects for machines, and what they refuse."""

import json
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner, Result

from cnnlab import zoo
from cnnlab.architecture_commands import InputShape, architectures, inspect
from tests.source_files import ROOT


def run(command: click.Command, *words: str) -> Result:
    return CliRunner().invoke(command, words)


def inspected(*words: str) -> dict:
    result = run(inspect, *words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_network_as_an_object():
    found = inspected("resnet18")
    assert found["architecture"] == "resnet18"
    assert found["input_shape"] == [3, 224, 224]
    assert (found["parameters"], found["macs"]) == (11_689_512, 1_814_073_344)
    assert found["receptive_field"] == {
        "size": [435, 435],
        "stride": [32, 32],
        "start": [-217, -217],
        "covers_input": False,
        "gated": False,
        "aligned": True,
    }
    first = found["steps"][0]
    assert (first["name"], first["operation"]) == ("conv1", "conv2d")
    assert (first["input_shapes"], first["output_shape"]) == ([[3, 224, 224]], [64, 112, 112])
    assert (first["parameters"], first["macs"]) == (9_408, 118_013_952)
    assert first["receptive_field"]["size"] == [7, 7]


def test_the_steps_add_up_to_the_network():
    found = inspected("googlenet")
    assert sum(step["macs"] for step in found["steps"]) == found["macs"]
    assert sum(step["parameters"] for step in found["steps"]) == found["parameters"]


def test_an_addition_reads_both_branches():
    steps = {step["name"]: step for step in inspected("resnet18", "--input", "3x64x96")["steps"]}
    assert steps["layer2.0.add"]["input_shapes"] == [[128, 8, 12], [128, 8, 12]]


def test_an_unknown_field_is_null_and_a_model_of_a_library_is_recorded():
    found = inspected("torchvision:swin_t")
    assert found["macs"] == 4_490_566_656
    assert found["steps"][-1]["receptive_field"] is None


def test_a_network_as_a_table():
    lines = run(inspect, "lenet5").stdout.splitlines()
    assert lines[2].split() == ["parameters", "61,706"]
    assert lines[8].split() == ["step", "name", "operation", "output", "parameters", "MACs", "field"]
    assert len(lines) == 9 + len(inspected("lenet5")["steps"])


def test_a_gated_field_says_so():
    assert (
        "along the local path; a gate or another side branch sees the whole input"
        in run(inspect, "mobilenet_v3_small").stdout
    )
    assert "not aligned" in run(inspect, "nasnetalarge").stdout


def test_all_networks_as_a_list():
    found = json.loads(run(architectures, "--json").stdout)
    assert [one["name"] for one in found] == list(zoo.names())
    lenet = next(one for one in found if one["name"] == "lenet5")
    assert (lenet["year"], lenet["input_shape"], lenet["parameters"]) == (1998, [1, 32, 32], 61_706)


def test_all_networks_as_a_table():
    lines = run(architectures).stdout.splitlines()
    assert lines[0].split()[:3] == ["name", "year", "input"]
    assert len(lines) == 1 + len(zoo.names()) + 2


def test_a_model_of_an_instructor_is_listed_without_being_run(tmp_path, monkeypatch: pytest.MonkeyPatch):
    source = 'NAME = "own_net"\nINPUT = (3, 8, 8)\ndef build():\n    raise RuntimeError("was run")\n'
    (tmp_path / "own.py").write_text(source)
    monkeypatch.setenv("CNNLAB_MODELS", str(tmp_path))
    assert "own_net" in run(architectures).stdout
    refused = run(inspect, "own_net")
    assert (refused.exit_code, "was run" in refused.stderr) == (2, True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["resnet5O"], "There is no network called `resnet5O`. Did you mean `resnet50`"),
        (["vgg16", "--input", "nonsense"], "write channels, height and width with an x between them"),
        (["vgg16", "--input", "3x0x9"], "between 1 and 16,384"),
        (["vgg16", "--input", "3x99999x9"], "3×99999×9 was given"),
        (["vgg16", "--input", "3x20x20"], "step 31, features.30 (max_pool2d), gets 512×1×1"),
        (["vgg16", "--input", "3x20x20"], "The smallest square input that works is 3×32×32."),
        (["vgg16", "--input", "1x224x224"], "reads 3 input channels, but the input has 1"),
        (["alexnet_2012", "--input", "3x224x224"], "The smallest square input that works is 3×227×227."),
        (["torchvision:vit_b_16", "--input", "3x256x256"], "would go another way here: "),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(words: list[str], message: str):
    result = run(inspect, *words)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.output


def test_what_works_up_to_a_step_is_shown_up_to_it():
    assert run(inspect, "vgg16", "--input", "3x20x20").stdout.splitlines()[-1].split()[1] == "features.29"
    assert run(inspect, "vgg16", "--input", "3x20x20", "--json").stdout == ""


def test_a_shape_may_be_written_with_either_sign():
    assert InputShape().convert("3×224x224", None, None) == (3, 224, 224)


def test_the_commands_load_no_deep_learning_library_for_the_zoo():
    code = (
        "import sys; from cnnlab.__main__ import main\n"
        "try: main(['inspect', 'resnet50', '--json'])\n"
        "except SystemExit: pass\n"
        "print({'torch', 'streamlit'} & set(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "set()"

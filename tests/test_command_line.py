"""Does the command line print what the arithmetic says, and refuse with a sentence and exit code 2?"""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner, Result
from torch import nn

from cnnlab import __main__ as command_line
from cnnlab.__main__ import main
from cnnlab.arithmetic.kinds import KINDS
from cnnlab.ui.lessons.author_mode import SWITCH
from tests.running_app import ROOT, free_port


def run(text: str) -> Result:
    return CliRunner().invoke(main, text.split())


def answer(text: str) -> dict:
    result = run(f"layer {text} --json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_a_convolution_prints_one_object_with_every_number() -> None:
    assert answer(
        "conv2d --input 3x32x32 --out-channels 64 --kernel 5 --stride 1 --padding 0 --groups 1"
    ) == {
        "output_shape": [64, 28, 28],
        "parameters": 4864,
        "macs": 3_763_200,
        "flops": 7_526_400,
        "weight_bytes": 19_456,
        "activation_bytes": 200_704,
        "receptive_field": {"size": [5, 5], "stride": [1, 1], "start": [0, 0]},
    }


# Each kind as it is typed, beside the same module of PyTorch.
EXAMPLES = [
    (
        "conv1d --input 2x9 --out-channels 4 --kernel 3 --padding same --dilation 2",
        nn.Conv1d(2, 4, 3, padding=2, dilation=2),
    ),
    (
        "conv2d --input 4x9x8 --out-channels 6 --kernel 3x1 --stride 2x1 --groups 2 --no-bias",
        nn.Conv2d(4, 6, (3, 1), (2, 1), groups=2, bias=False),
    ),
    (
        "conv2d --input 4x9x8 --out-channels 6 --kernel 3 --padding 2 --padding-mode reflect",
        nn.Conv2d(4, 6, 3, padding=2, padding_mode="reflect"),
    ),
    ("conv3d --input 1x5x6x7 --out-channels 2 --kernel 3 --padding valid", nn.Conv3d(1, 2, 3)),
    ("convtranspose1d --input 2x5 --out-channels 3 --kernel 3 --stride 2", nn.ConvTranspose1d(2, 3, 3, 2)),
    (
        "convtranspose2d --input 2x5x5 --out-channels 3 --kernel 3 --stride 2 --padding 1 --output-padding 1",
        nn.ConvTranspose2d(2, 3, 3, 2, 1, 1),
    ),
    ("convtranspose3d --input 2x3x3x3 --out-channels 2 --kernel 2", nn.ConvTranspose3d(2, 2, 2)),
    ("maxpool1d --input 2x9 --kernel 2 --ceil-mode", nn.MaxPool1d(2, ceil_mode=True)),
    ("maxpool2d --input 2x9x9 --kernel 3 --stride 2 --padding 1 --dilation 2", nn.MaxPool2d(3, 2, 1, 2)),
    ("maxpool3d --input 2x9x9x9 --kernel 3", nn.MaxPool3d(3)),
    ("avgpool1d --input 2x9 --kernel 2 --dilation 1 --groups 1 --no-bias --out-channels 2", nn.AvgPool1d(2)),
    ("avgpool2d --input 2x9x9 --kernel 2x3 --no-count-pad", nn.AvgPool2d((2, 3), count_include_pad=False)),
    ("avgpool3d --input 2x9x9x9 --kernel 2", nn.AvgPool3d(2)),
    ("adaptiveavgpool1d --input 2x9 --output-size 4", nn.AdaptiveAvgPool1d(4)),
    ("adaptiveavgpool2d --input 2x9x9 --output-size 4x2", nn.AdaptiveAvgPool2d((4, 2))),
    ("adaptivemaxpool2d --input 2x9x9 --output-size 3", nn.AdaptiveMaxPool2d(3)),
    ("globalavgpool2d --input 2x9x9", nn.AdaptiveAvgPool2d(1)),
    ("globalmaxpool1d --input 2x9", nn.AdaptiveMaxPool1d(1)),
    ("linear --input 400 --out-features 120", nn.Linear(400, 120)),
    ("linear --input 3x8 --out-channels 5 --no-bias", nn.Linear(8, 5, bias=False)),
    ("batchnorm1d --input 4x8", nn.BatchNorm1d(4)),
    ("batchnorm2d --input 4x8x8 --no-affine", nn.BatchNorm2d(4, affine=False)),
    ("layernorm --input 4x8x8 --shape 8x8", nn.LayerNorm([8, 8])),
    ("layernorm --input 4x8", nn.LayerNorm([4, 8])),
    ("groupnorm --input 4x8x8 --groups 2", nn.GroupNorm(2, 4)),
    ("instancenorm2d --input 4x8x8 --affine", nn.InstanceNorm2d(4, affine=True)),
    ("localresponsenorm --input 4x8x8 --size 3", nn.LocalResponseNorm(3)),
    ("relu --input 4x8x8", nn.ReLU()),
    ("flatten --input 4x8x8", nn.Flatten()),
]


@pytest.mark.parametrize(("text", "module"), EXAMPLES, ids=[text.split()[0] for text, _ in EXAMPLES])
def test_every_kind_gives_the_shape_and_parameters_of_the_pytorch_module(
    text: str, module: nn.Module
) -> None:
    shape = [int(size) for size in text.split()[2].split("x")]
    output = module.eval()(torch.zeros(1, *shape))
    found = answer(text)
    assert found["output_shape"] == list(output.shape[1:])
    assert found["parameters"] == sum(parameter.numel() for parameter in module.parameters())


def test_a_table_shows_each_result_with_its_formula() -> None:
    result = run("layer conv2d --input 3x32x32 --out-channels 64 --kernel 5 --stride 2")
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["output", "shape", "64×14×14"]
    assert lines[1].startswith("output height")
    assert "⌊27 / 2⌋ + 1; 27 / 2 = 13.5 → 13: the last row of the input is never read" in lines[1]
    assert any(line.startswith("parameters") and "4,864" in line for line in lines)
    assert not any(line.endswith(" ") for line in lines)


def test_a_fractional_stride_of_the_receptive_field_is_a_number() -> None:
    field = answer("convtranspose1d --input 1x4 --out-channels 1 --kernel 1 --stride 2 --padding 1")[
        "receptive_field"
    ]
    assert field == {"size": [1], "stride": [0.5], "start": [None]}


def test_an_impossible_setting_names_the_rule_and_settings_that_work() -> None:
    result = run("layer conv2d --input 3x4x32 --out-channels 64 --kernel 5 --json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        "conv2d cannot work like this:",
        "  a window of 5 rows does not fit in 4 rows",
        "Nearest settings that work:",
        "  kernel 4×5 instead of 5×5  (--kernel 4x5)",
        "  padding 1×0 instead of 0×0  (--padding 1x0)",
        "  input 3×5×32 instead of 3×4×32  (--input 3x5x32)",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "conv2d --input 3x8x8 --out-channels 4 --kernel 9",
        "conv2d --input 3x8x8 --out-channels 4 --kernel 3 --groups 2",
        "conv2d --input 3x8x8 --out-channels 4 --kernel 3 --padding same --stride 2",
        "convtranspose2d --input 3x8x8 --out-channels 4 --kernel 3 --output-padding 1",
        "maxpool2d --input 3x8x8 --kernel 2 --padding 2",
        "adaptiveavgpool2d --input 3x8x8 --output-size 0",
        "groupnorm --input 3x8x8 --groups 2",
        "linear --input 8 --out-features 0",
    ],
)
def test_each_suggested_option_works_when_it_is_typed(text: str) -> None:
    refusal = run(f"layer {text}")
    assert refusal.exit_code == 2
    ways = [line.split("(")[1].rstrip(")") for line in refusal.stderr.splitlines() if "(--" in line]
    assert ways
    for way in ways:  # click takes the last value of an option that is given twice
        assert run(f"layer {text} {way}").exit_code == 0, way


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("conv2d --input 3x8x8 --out-channels 4 --kernel 3xx", "'3xx' is not a size: write whole numbers"),
        ("conv2d --input 3x8x8 --out-channels 4 --kernel 3.5", "'3.5' is not a size"),
        ("conv2d --input big --out-channels 4 --kernel 3", "'big' is not a size"),
        ("conv2d --input 3x8x8 --out-channels 4 --kernel 3 --padding full", "or same or valid"),
        ("conv2d --input 3x8x8 --out-channels four --kernel 3", "'four' is not a valid integer"),
        ("conv2d --input 3x8x8 --out-channels 4 --kernel 3x3x3", "kernel has numbers for 3 axes"),
        ("conv2d --input 8x8 --out-channels 4 --kernel 3", "the input 8×8 has 2 axes; the layer reads 3"),
        (
            "conv2d --input 3x8x8 --out-channels 4 --kernel 99999999999",
            "numbers up to 2,147,483,648 are taken",
        ),
        ("conv2d --input 3x8x8 --out-channels 4 --kernel " + "9" * 30, "is not a size"),
        ("conv2d --input 3x8x8 --out-channels 4 --kernel -1", "kernel height is −1, but must be at least 1"),
        ("conv2d --input 3x8x8 --kernel 3", "conv2d needs --out-channels."),
        ("conv2d --input 3x8x8", "conv2d needs --out-channels and --kernel."),
        ("conv2d --out-channels 4 --kernel 3", "Missing option '--input'"),
        (
            "maxpool2d --input 3x8x8 --kernel 2 --groups 3 --ceil-mode",
            "maxpool2d has no --groups; leave it out.",
        ),
        ("maxpool2d --input 3x8x8 --kernel 2 --out-channels 5", "maxpool2d has no --out-channels"),
        ("conv5d --input 3x8x8", "'conv5d' is not one of 'conv1d'"),
    ],
)
def test_what_cannot_be_read_or_used_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    result = run(f"layer {text}")
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr


def test_every_kind_is_tried_here_or_differs_from_one_only_in_its_axes() -> None:
    tried = {text.split()[0].rstrip("d").rstrip("123") for text, _ in EXAMPLES}
    assert {kind.rstrip("d").rstrip("123") for kind in KINDS} - {"globalavgpool", "adaptivemaxpool"} <= tried


def test_the_layer_command_imports_neither_torch_nor_streamlit() -> None:
    script = (
        "import sys; from cnnlab.__main__ import main; "
        "main(['layer', 'relu', '--input', '3', '--json'], standalone_mode=False); "
        "print([name for name in ('torch', 'streamlit', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_pipe_that_takes_only_ascii_does_not_break_the_table() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "cnnlab",
            "layer",
            "conv1d",
            "--input",
            "1x4",
            "--out-channels",
            "1",
            "--kernel",
            "9",
        ],
        cwd=ROOT,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert done.returncode == 2
    assert b"a window of 9 positions does not fit in 4 positions" in done.stderr


def test_serve_starts_the_app_on_the_host_and_port_asked_for(tmp_path: Path) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}/_stcore/health"
    command = [sys.executable, "-m", "cnnlab", "serve", "--host", "127.0.0.1", "--port", str(port)]
    log = tmp_path / "serve.log"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            assert answers(address, process), log.read_text(errors="replace")
        finally:
            process.terminate()
            process.wait(timeout=20)
    assert not answers(address, process, seconds=0)


def answers(address: str, process: subprocess.Popen[bytes], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as response:
                return response.status == 200
        except (urllib.error.URLError, OSError):
            if time.monotonic() >= end or process.poll() is not None:
                return False
            time.sleep(0.1)


def test_serve_says_so_when_there_is_no_app_to_serve(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(command_line, "ROOT", tmp_path)
    result = run("serve")
    assert result.exit_code == 1
    assert "There is no app.py in" in result.stderr
    assert "run this from a checkout of the project" in result.stderr


@pytest.mark.parametrize(
    ("words", "expected", "warned"),
    [("", "0", False), ("--author", "1", False), ("--author --host 0.0.0.0", "1", True)],
)
def test_serve_runs_for_authors_when_asked_and_warns_where_others_can_see_it(
    monkeypatch: pytest.MonkeyPatch, words: str, expected: str, warned: bool
) -> None:
    seen: list[str] = []
    monkeypatch.setenv(SWITCH, "0")
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(os, "execv", lambda *_: seen.append(os.environ[SWITCH]))
    monkeypatch.setattr(subprocess, "call", lambda _: 0)
    result = run(f"serve {words}")
    assert seen == [expected]
    assert ("Everybody who can reach 0.0.0.0 sees drafts and the answers" in result.stderr) is warned

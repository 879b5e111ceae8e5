"""The command that predicts: its object for machines, its lines for people, and what it refuses."""

import json
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner, Result
from PIL import Image
from torchvision.models import SqueezeNet1_1_Weights, mobilenet_v3_small, squeezenet1_1

from cnnlab.inspection import models
from cnnlab.inspection.samples import sample_picture
from cnnlab.inspection.weights import Models
from cnnlab.predict_command import predict

WEIGHTS = SqueezeNet1_1_Weights.IMAGENET1K_V1


@pytest.fixture(autouse=True)
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> torch.nn.Module:
    """Put a file of weights where torchvision would look; return the network that it is of."""
    monkeypatch.setattr(torch.hub, "_hub_dir", str(tmp_path))
    store = Models()
    monkeypatch.setattr(models, "shared_models", lambda: store)
    (tmp_path / "checkpoints").mkdir()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        made = squeezenet1_1()
    for name in (WEIGHTS.url.rpartition("/")[2], "squeezenet1_0-b66bff10.pth"):
        torch.save(made.state_dict(), tmp_path / "checkpoints" / name)
    return made.eval()


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """Return the file of a photograph."""
    file = tmp_path / "coffee.png"
    file.write_bytes(sample_picture("coffee").png())
    return file


def run(*words: object) -> Result:
    return CliRunner().invoke(predict, [str(word) for word in words])


@torch.no_grad()
def test_a_prediction_as_an_object_is_torchvisions(model: torch.nn.Module, image: Path):
    result = run(image, "--model", "squeezenet1_1", "--json", "--top", 3)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    wanted = model(WEIGHTS.transforms()(Image.open(image))[None]).softmax(1)[0].topk(3)
    assert [one["category"] for one in told["likely"]] == wanted.indices.tolist()
    assert [one["probability"] for one in told["likely"]] == pytest.approx(wanted.values.tolist(), rel=1e-4)
    assert (told["picture"], told["model"], told["notes"]) == ("coffee.png", "squeezenet1_1", [])
    assert told["weights"] == "torchvision's IMAGENET1K_V1"


def test_the_lines_say_the_same(image: Path):
    likely = json.loads(run(image, "--model", "squeezenet1_1", "--json").stdout)["likely"]
    lines = run(image, "--model", "squeezenet1_1").stdout.splitlines()
    assert lines[:3] == ["coffee.png", "squeezenet1_1, torchvision's IMAGENET1K_V1", ""]
    assert lines[3:] == [f"{100 * one['probability']:5.1f} %  {one['title']}" for one in likely]


def test_ten_crops_are_told_one_by_one(image: Path):
    told = json.loads(run(image, "--model", "squeezenet1_1", "--ten-crop", "--json").stdout)
    assert len(told["crops"]) == 10
    assert told["crops"][1]["place"] == "top right"
    assert told["crops"][1]["left"] == told["resized"][1] - 224
    text = run(image, "--model", "squeezenet1_1", "--ten-crop").stdout
    assert text.count("mirrored") == 5


def test_an_image_for_which_several_networks_are_asked(image: Path, tmp_path: Path):
    other = tmp_path / "checkpoints" / "mobilenet_v3_small-047dcff4.pth"
    torch.save(mobilenet_v3_small().state_dict(), other)
    result = run(image, "--model", "squeezenet1_1", "--model", "mobilenet_v3_small", "--json")
    told = json.loads(result.stdout)
    assert [one["model"] for one in told["models"]] == ["squeezenet1_1", "mobilenet_v3_small"]
    text = run(image, "--model", "squeezenet1_1", "--model", "mobilenet_v3_small").stdout
    assert "mobilenet_v3_small alone" in text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("--model resnet18", "Error: resnet18 has random weights here"),
        ("--model resnet19", "Error: There is no network called `resnet19`"),
        ("--model squeezenet1_1 --model resnet18 --ten-crop", "Error: Ten crops are of one network"),
        ("", "Missing option '--model'"),
        ("--model squeezenet1_1 --top 0", "0 is not in the range"),
        ("--model squeezenet1_0", "Error: The weights of squeezenet1_0 on this machine"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(words: str, says: str, image: Path):
    result = run(image, *words.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr


def test_what_is_no_picture_is_refused(tmp_path: Path):
    file = tmp_path / "notes.txt"
    file.write_text("no picture")
    result = run(file, "--model", "squeezenet1_1")
    assert result.exit_code == 2
    assert "'notes.txt' is not a picture" in result.stderr
    assert "does not exist" in run(tmp_path / "nothing.png", "--model", "squeezenet1_1").stderr


def test_a_file_that_cannot_be_read_is_named(image: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    result = run(image, "--model", "squeezenet1_1")
    assert result.exit_code == 2
    assert "coffee.png cannot be read: Permission denied." in result.stderr

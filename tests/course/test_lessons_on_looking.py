"""What the lessons on trained networks, looking inside and asking why quote, against the real networks."""

import csv
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor
from torchvision.models import get_model, get_model_weights
from torchvision.transforms import Resize, TenCrop, ToTensor, functional

from cnnlab.inspection.attribution.adversarial import Push, fgsm, pushed
from cnnlab.inspection.attribution.layers import usual_layer
from cnnlab.inspection.attribution.pointing_game import PICTURES, play, play_blindly
from cnnlab.inspection.attribution.running import Question, attribute_tensor
from cnnlab.inspection.attribution.truth import Explain, Subject
from cnnlab.inspection.attribution.truth_asking import examined
from cnnlab.inspection.attribution.truth_randomisation import randomisation
from cnnlab.inspection.bundled.shapes import render
from cnnlab.inspection.samples import sample_picture
from cnnlab.inspection.weights import Loaded, Models
from cnnlab.tracing import replay, trace_of
from tests.running_app import ROOT

USE, INSIDE, WHY = (
    (ROOT / f"lessons/{name}.md").read_text(encoding="utf-8")
    for name in ("300-use-what-is-there", "310-look-inside", "320-why")
)
NETWORKS = ("mobilenet_v2", "squeezenet1_1", "squeezenet1_0")
pytestmark = pytest.mark.usefixtures("one_core")


@pytest.fixture
def torch_home(shared_assets: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let torchvision find the weights that lie in the shared assets."""
    monkeypatch.setenv("TORCH_HOME", str(shared_assets / "torch_home"))
    return shared_assets


@pytest.fixture(scope="module")
def shapes() -> Loaded:
    return Models().get("shapes_plain")


def shapes_read_by(shapes: Loaded, rounds: int = 1) -> tuple[Tensor, list[int]]:
    """Return pictures of all 21 shapes as the network's numbers, and what they show."""
    made = render(torch.arange(21).repeat(rounds), torch.Generator().manual_seed(7))
    mean, deviation = shapes.preparing.mean[0], shapes.preparing.deviation[0]
    return (made.pixels.float() / 255 - mean) / deviation, made.shapes.tolist()


def by(shapes: Loaded, method: str, layer: str = "") -> Explain:
    def explain(model: torch.nn.Module, values: Tensor, target: int) -> np.ndarray:
        given = Loaded(model, "own", shapes.preparing)
        asked = Question("shapes_plain", "", method, target, layer=layer)
        return attribute_tensor(given, values, asked).values

    return explain


def survives(shapes: Loaded, explain: Explain, pictures: int = 12) -> float:
    """Return the mean rank correlation between maps before and after the last layer is drawn anew."""
    values, targets = shapes_read_by(shapes)
    found = []
    for at in range(pictures):
        one = Subject(shapes.model, values[at : at + 1], targets[at], shapes.preparing)
        _, (stage,) = randomisation(explain, one, most=1)
        found.append(stage.rank)
    assert None not in found
    return float(np.mean(found))


def test_guided_backpropagation_survives_what_gradient_and_grad_cam_do_not(shapes: Loaded):
    quoted = re.findall(r"correlation is (\S+) on average.*?it is (\S+), for Grad-CAM.*?, (\S+)\. A", WHY)[0]
    methods = by(shapes, "guided_backprop"), by(shapes, "saliency"), by(shapes, "grad_cam", "last.1")
    guided, gradient, cam = (survives(shapes, one) for one in methods)
    assert guided > 0.9 > 0.75 > gradient > 0.5 > cam
    assert [guided, gradient, cam] == pytest.approx([float(one) for one in quoted], abs=0.006)


def test_a_push_in_the_direction_of_the_gradient_does_what_a_random_one_does_not(shapes: Loaded):
    values, targets = shapes_read_by(shapes, rounds=5)
    said = shapes.model(values).argmax(1).tolist()
    right = [at for at, target in enumerate(targets) if said[at] == target]
    assert f"{len(right)} pictures that the network of shapes gets right" in WHY
    wrong = by_chance = in_steps = 0
    for at in right:
        one = Subject(shapes.model, values[at : at + 1], targets[at], shapes.preparing)
        wrong += int(fgsm(one, Push(8)).after.argmax() != targets[at])
        smaller = pushed(one, Push(8, steps=10, pace=2))
        in_steps += int(smaller.after.argmax() != targets[at])
        assert np.abs(smaller.pixels - (values[at].permute(1, 2, 0).numpy() * 0.25 + 0.5) * 255).max() < 8.01
        signs = torch.randn(one.values.shape, generator=torch.Generator().manual_seed(at)).sign()
        by_chance += int(shapes.model(one.values + signs * 8 / 255 * one.contrast()).argmax() != targets[at])
    assert wrong == pytest.approx(int(re.findall(r"it got (\d+) of them wrong", WHY)[0]), abs=1)
    assert by_chance == 0
    assert in_steps == pytest.approx(int(re.findall(r"got (\d+) of the 98 pictures wrong", WHY)[0]), abs=1)


def test_maps_point_at_the_shape_as_often_as_is_said():
    words = (
        r"In (\d+) pictures of shapes.*?in (\d+), that of Grad-CAM in (\d+)\. .*? does so in (\d+)\. "
        r".*?they are (\d+), (\d+) and (\d+):"
    )
    pictures, *quoted = map(int, re.findall(words, WHY)[0])
    assert pictures == PICTURES
    models = Models()
    maps = [
        play(Question("shapes_plain", "", "saliency"), models),
        play(Question("shapes_plain", "", "grad_cam", layer=usual_layer("shapes_plain")), models),
        play_blindly()["Centre"],
    ]
    found = [one.tally(margin).hits for margin in (0, 2) for one in maps]
    assert found == pytest.approx(quoted, abs=1)  # other processors round otherwise


@pytest.mark.usefixtures("torch_home")
def test_the_cat_is_another_cat_after_one_step():
    asked = Question("squeezenet1_1", "cat", "saliency")
    found = examined(asked, sample_picture("cat"), Models())
    pushed = fgsm(found.subject, Push(1))
    names = get_model_weights("squeezenet1_1").DEFAULT.meta["categories"]  # pyright: ignore[reportAttributeAccessIssue]
    before, after = found.subject.target, int(pushed.after.argmax())
    assert (names[before], names[after]) == ("Egyptian cat", "tiger cat")
    shares = pushed.before[before], pushed.after[after], pushed.after[before]
    assert [round(100 * one, 1) for one in shares] == pytest.approx([79, 77, 0.5], abs=0.5)
    assert "*Egyptian cat* with 79 %" in WHY
    assert "*tiger cat* with 77 %, and *Egyptian cat* with 0.5 %" in WHY


def photographs(assets: Path) -> list[tuple[Image.Image, int]]:
    folder = assets / "images" / "imagenet_sample"
    with (folder / "labels.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [(Image.open(folder / row["file"]).convert("RGB"), int(row["class_index"])) for row in rows]


def row(name: str) -> list[str]:
    """Return the cells of the lesson's table that follow a name."""
    (line,) = re.findall(rf"^\| {name} \|(.*)\|$", USE, re.MULTILINE)
    return [cell.strip().removesuffix(" of 100") for cell in line.split("|")]


@pytest.mark.slow
@torch.no_grad()
def test_networks_and_ensembles_are_right_as_often_as_the_table_says(torch_home: Path):
    pictures = photographs(torch_home)
    labels = torch.tensor([label for _, label in pictures])
    answers: list[Tensor] = []
    for name in NETWORKS:
        weights = get_model_weights(name).IMAGENET1K_V1  # pyright: ignore[reportAttributeAccessIssue]
        model, transform = get_model(name, weights=weights).eval(), weights.transforms()
        scores = torch.cat([model(transform(picture)[None]) for picture, _ in pictures])
        answers.append(scores.double().softmax(1))
    mobile, newer, older = answers
    right = [
        int((torch.stack(together).mean(0).argmax(1) == labels).sum())
        for together in ([mobile], [newer], [older], [newer, older], answers)
    ]
    rows = ("MobileNet v2", "SqueezeNet 1.1", "SqueezeNet 1.0", "both SqueezeNets together")
    quoted = [int(row(name)[0]) for name in (*rows, "all three together")]
    assert right == pytest.approx(quoted, abs=1)  # other processors round otherwise
    assert len({label for _, label in pictures}) == len(pictures) == 100


@pytest.mark.slow
@torch.no_grad()
def test_ten_crops_are_right_as_often_as_the_table_says(torch_home: Path, request: pytest.FixtureRequest):
    if not request.config.getoption("--every-network"):
        pytest.skip("3,000 passes take minutes; ask for them with --every-network")
    found = []
    for name in NETWORKS:
        weights = get_model_weights(name).IMAGENET1K_V1  # pyright: ignore[reportAttributeAccessIssue]
        model, preset = get_model(name, weights=weights).eval(), weights.transforms()
        right = 0
        for picture, label in photographs(torch_home):
            resized = Resize(256, interpolation=preset.interpolation)(picture)
            crops = [ToTensor()(one) for one in TenCrop(224)(resized)]
            batch = functional.normalize(torch.stack(crops), preset.mean, preset.std)
            right += int(model(batch).double().softmax(1).mean(0).argmax() == label)
        found.append(right)
    quoted = [int(row(name)[1]) for name in ("MobileNet v2", "SqueezeNet 1.1", "SqueezeNet 1.0")]
    assert found == pytest.approx(quoted, abs=1)


def test_quoted_sizes_of_networks_are_those_of_the_real_ones():
    steps = {one.name: one for one in replay(trace_of("resnet18"), (3, 224, 224)).steps}
    fields = {name: one.receptive_field.size[0] for name, one in steps.items() if one.receptive_field}
    convolutions = [name for name, one in steps.items() if one.operation == "conv2d"]
    assert next(name for name in convolutions if fields[name] > 224) == "layer4.0.conv1"
    assert (fields["layer3.1.add"], fields["layer3.1.conv2"]) == (211, 211)
    assert steps["layer4.1.add"].output_shape == (512, 7, 7)
    assert "512 of 7 × 7" in WHY
    assert 224 // 7 == 32
    last = replay(trace_of("mobilenet_v2"), (3, 224, 224)).steps[-1]
    assert (last.operation, last.output_shape) == ("linear", (1000,))
    assert get_model("mobilenet_v2").get_parameter("classifier.1.weight").shape == (1000, 1280)
    assert "it makes 1,000 numbers out of 1,280" in USE
    assert "7 × 7 places" in INSIDE


def test_the_favourite_of_a_kernel_is_the_kernel_itself():
    weights = torch.randn(3, 5, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    best = weights / weights.norm()
    others = torch.randn(500, 3, 5, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    others /= others.flatten(1).norm(dim=1)[:, None, None, None]
    assert ((weights * others).sum((1, 2, 3)) < (weights * best).sum()).all()
    assert "the kernel's favourite is *the kernel itself*" in INSIDE

"""Trained weights where torchvision would look for them, used as torchvision uses them; else random ones."""

import gc
import pickle
import re
import weakref
from pathlib import Path

import pytest
import torch
from PIL import Image
from torchvision.models import SqueezeNet1_1_Weights, squeezenet1_1

from cnnlab import zoo
from cnnlab.inspection import weights
from cnnlab.inspection.bundled import models
from cnnlab.inspection.flow import Asked, Flows
from cnnlab.inspection.flow_input import PLAIN, UnsuitableInput, cut, numbers
from cnnlab.inspection.samples import sample_picture
from cnnlab.inspection.weights import BrokenWeights, Loaded, Models, load

WEIGHTS = SqueezeNet1_1_Weights.IMAGENET1K_V1
pytestmark = pytest.mark.usefixtures("one_core")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where torchvision looks for the weights of SqueezeNet 1.1; nothing is there."""
    monkeypatch.setattr(torch.hub, "_hub_dir", str(tmp_path))
    (tmp_path / "checkpoints").mkdir()
    return tmp_path / "checkpoints" / WEIGHTS.url.rpartition("/")[2]


def test_trained_weights_are_prepared_for_and_read_as_torchvision_does(file: Path):
    model = squeezenet1_1().eval()
    torch.save(model.state_dict(), file)
    loaded = load("squeezenet1_1")
    assert (loaded.kind, loaded.source) == ("trained", "torchvision's IMAGENET1K_V1")
    picture = sample_picture("coffee")
    x = WEIGHTS.transforms()(Image.fromarray(picture.pixels))
    ours = torch.from_numpy(numbers(cut(picture, (3, 224, 224), loaded.preparing), loaded.preparing))
    torch.testing.assert_close(ours[0], x, rtol=0, atol=1e-6)
    run = Flows().run(Asked("squeezenet1_1", (3, 224, 224), "coffee"), picture)
    with torch.no_grad():
        wanted = model(x[None]).double().softmax(1)[0].topk(5)
    assert [category for category, _ in run.likely] == wanted.indices.tolist()
    assert [share for _, share in run.likely] == pytest.approx(wanted.values.tolist(), rel=1e-4)
    assert loaded.categories[281] == WEIGHTS.meta["categories"][281] == "tabby"


class Bomb:
    """What a file may do that is unpickled without care."""

    def __reduce__(self):
        return pytest.fail, ("something in a file of weights was run",)


@pytest.mark.parametrize("content", [b"no weights", pickle.dumps(Bomb()), pickle.dumps({"a": 1})])
def test_a_broken_file_of_weights_is_named_and_nothing_in_it_is_run(file: Path, content: bytes):
    file.write_bytes(content)
    with pytest.raises(BrokenWeights, match=f"{file.name}, cannot be used"):
        load("squeezenet1_1")


def test_random_weights_are_the_same_every_time_and_leave_the_random_numbers_of_others_alone(file: Path):
    assert not file.exists()
    torch.manual_seed(5)
    first = load("squeezenet1_1")
    after = torch.rand(1)
    torch.manual_seed(5)
    assert torch.equal(torch.rand(1), after)
    torch.manual_seed(6)
    second = load("squeezenet1_1")
    assert first.kind == "random"
    assert first.categories == ()
    for one, other in zip(first.model.parameters(), second.model.parameters(), strict=True):
        assert torch.equal(one, other)
        assert not one.requires_grad


@pytest.mark.parametrize("name", ["mobilenet_v3_small", "resnetv2_18", "lenet5_1998"])
def test_with_random_weights_a_picture_neither_fades_nor_explodes(name: str, file: Path):
    assert not file.exists()
    flows = Flows()
    shape = (1, 32, 32) if name == "lenet5_1998" else (3, 96, 96)
    run = flows.run(Asked(name, shape, "cat"), sample_picture("cat"))
    spread = [step.deviation for step in run.steps if max(step.shape) > 1]
    assert min(spread) > 0.01
    assert max(spread) < 100
    assert not any(step.odd for step in run.steps)


def test_networks_are_loaded_once_and_the_last_used_are_kept_as_long_as_they_fit(file: Path):
    assert not file.exists()
    models = Models(most_bytes=6_000_000)  # SqueezeNet 1.1 takes 4.9 MB, LeNet 0.25 MB
    first = models.get("squeezenet1_1")
    assert models.get("squeezenet1_1") is first
    models.get("lenet5")
    assert models.get("squeezenet1_1") is first
    models.get("squeezenet1_0")
    assert models.get("squeezenet1_1") is not first


def test_after_twenty_networks_no_more_is_held_than_fits(monkeypatch: pytest.MonkeyPatch):
    made: list[weakref.ref[torch.nn.Module]] = []

    def small(name: str) -> Loaded:
        model = torch.nn.Linear(1000, 250)  # 1,001,000 bytes
        made.append(weakref.ref(model))
        return Loaded(model, "trained", PLAIN, name)

    monkeypatch.setattr(weights, "load", small)
    models = Models(most_bytes=5_100_000)
    for number in range(20):
        assert models.get(f"network {number}").source == f"network {number}"
        gc.collect()
        assert sum(one() is not None for one in made) == min(number + 1, 5)  # what left is given back
    assert [one() is not None for one in made] == [False] * 15 + [True] * 5
    assert models.get("network 17") is models.get("network 17")
    assert len(made) == 20
    huge = Models(most_bytes=10)
    assert huge.get("a") is huge.get("a")  # the newest one stays however large it is


def test_a_picture_has_one_channel_or_three():
    preparing = load("lenet5").preparing
    with pytest.raises(UnsuitableInput, match="reads 4 × 8 × 8; a picture has 3 channels"):
        cut(sample_picture("cat"), (4, 8, 8), preparing)


@pytest.mark.parametrize("shape", [(3, 300, 200), (3, 40, 500), (1, 32, 32), (3, 8, 8)])
def test_the_middle_of_a_picture_is_cut_to_any_size(shape: tuple[int, int, int]):
    pixels = cut(sample_picture("coins"), shape, load("lenet5").preparing)
    assert pixels.shape == (*shape[1:], shape[0])


@pytest.mark.parametrize(
    ("name", "picture", "category"),
    [("shapes_plain", "shape-star", "star"), ("digits_lenet", "digit-7", "7")],
)
def test_a_bundled_network_sees_what_its_picture_shows(name: str, picture: str, category: str):
    run = Flows().run(Asked(name, zoo.input_shape(name), picture), sample_picture(picture))
    index, probability = run.likely[0]
    assert (run.loaded.kind, run.loaded.categories[index]) == ("bundled", category)
    assert probability > 0.5
    assert re.fullmatch(r"CNN Lab's own, with [\d,]+ of [\d,]+ unseen pictures right", run.loaded.source)


def test_without_its_file_a_bundled_network_has_random_weights(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr(models, "FOLDER", tmp_path)
    assert load("digits_lenet").kind == "random"

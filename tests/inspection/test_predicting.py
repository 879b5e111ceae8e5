"""Predictions, ten crops and ensembles, compared with plain loops over torchvision's own models."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision import transforms
from torchvision.models import (
    MobileNet_V3_Small_Weights,
    SqueezeNet1_1_Weights,
    mobilenet_v3_small,
    squeezenet1_1,
)

from cnnlab import zoo
from cnnlab.errors import CnnLabError
from cnnlab.inspection.bundled.models import BUNDLED
from cnnlab.inspection.flow_input import PLAIN, Preparing
from cnnlab.inspection.pictures import Picture
from cnnlab.inspection.predicting import (
    DifferentCategories,
    NoPrediction,
    likely,
    predict,
    predict_ten_crops,
    predict_together,
    softmax,
    with_margin,
)
from cnnlab.inspection.samples import sample_picture
from cnnlab.inspection.weights import Loaded, Models

pytestmark = pytest.mark.usefixtures("one_core")
SQUEEZENET, MOBILENET = SqueezeNet1_1_Weights.IMAGENET1K_V1, MobileNet_V3_Small_Weights.IMAGENET1K_V1


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, torch.nn.Module]]:
    """Put files of two networks where torchvision would look, and return the networks that they are of."""
    folder = tmp_path_factory.mktemp("hub")
    (folder / "checkpoints").mkdir()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        found = {"squeezenet1_1": squeezenet1_1(), "mobilenet_v3_small": mobilenet_v3_small()}
    for model, weights in zip(found.values(), (SQUEEZENET, MOBILENET), strict=True):
        torch.save(model.state_dict(), folder / "checkpoints" / weights.url.rpartition("/")[2])
        model.eval()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.hub, "_hub_dir", str(folder))
        yield found


@pytest.fixture(scope="module")
def models(seeded: dict[str, torch.nn.Module]) -> Models:
    assert seeded
    return Models()


def image_of(picture: Picture) -> Image.Image:
    return Image.fromarray(picture.pixels)


@torch.no_grad()
def test_a_prediction_is_torchvisions_at_any_temperature(seeded: dict, models: Models):
    picture = sample_picture("coffee")
    found = predict("squeezenet1_1", picture, models)
    scores = seeded["squeezenet1_1"](SQUEEZENET.transforms()(image_of(picture))[None])[0].double()
    for temperature in (0.3, 1.0, 4.0):
        wanted = (scores / temperature).softmax(0)
        np.testing.assert_allclose(found.probabilities(temperature), wanted, rtol=1e-4, atol=1e-9)
        best = wanted.topk(5)
        guesses = found.likely(5, temperature)
        assert [one.category for one in guesses] == best.indices.tolist()
        assert [one.probability for one in guesses] == pytest.approx(best.values.tolist(), rel=1e-4)
        assert [one.title for one in guesses] == [SQUEEZENET.meta["categories"][i] for i in best.indices]
    assert (found.source, found.pixels.shape) == ("torchvision's IMAGENET1K_V1", (224, 224, 3))


@torch.no_grad()
@pytest.mark.parametrize("name", ["coins", "coffee", "chelsea-wide"])
def test_ten_crops_are_those_of_torchvision_and_their_softmaxes_are_averaged(
    name: str, seeded: dict, models: Models
):
    pixels = (
        sample_picture("cat").pixels[:200, :251] if name == "chelsea-wide" else sample_picture(name).pixels
    )
    picture = Picture(pixels, "x")
    found = predict_ten_crops("squeezenet1_1", picture, models)
    resize = transforms.Resize(256)(image_of(picture))
    assert found.pixels.tolist() == np.asarray(resize).tolist()
    crops = transforms.TenCrop(224)(resize)
    assert [np.asarray(one).tolist() for one in crops] == [one.pixels.tolist() for one in found.crops]
    batch = torch.stack([SQUEEZENET.transforms(resize_size=224)(one) for one in crops])
    each = torch.cat([seeded["squeezenet1_1"](one[None]) for one in batch]).double().softmax(1)
    assert [one.likely(1)[0].category for one in found.predictions] == each.argmax(1).tolist()
    np.testing.assert_allclose(found.probabilities(), each.mean(0), rtol=1e-4, atol=1e-9)
    assert found.likely(1)[0].category == int(each.mean(0).argmax())


def test_a_crop_says_where_it_lies_in_the_picture_as_it_is(models: Models):
    rows = np.arange(256)[:, None].repeat(300, 1)
    columns = np.arange(300)[None].repeat(256, 0)
    pixels = np.stack([rows, columns % 256, columns // 256], -1).astype(np.uint8)
    found = predict_ten_crops("squeezenet1_1", Picture(pixels, "x"), models)
    assert found.pixels.tolist() == pixels.tolist()
    for crop in found.crops:
        seen = crop.pixels[:, ::-1] if crop.mirrored else crop.pixels
        assert seen.tolist() == pixels[crop.top : crop.top + 224, crop.left : crop.left + 224].tolist()
        assert ("left" in crop.place) == (crop.left == 0)
        assert ("right" in crop.place) == (crop.left == 300 - 224)
        assert ("top" in crop.place) == (crop.top == 0)
    assert sorted((one.place, one.mirrored) for one in found.crops) == sorted(
        (place, mirrored)
        for place in ("top left", "top right", "bottom left", "bottom right", "centre")
        for mirrored in (False, True)
    )


@torch.no_grad()
def test_an_ensemble_is_the_mean_of_what_each_says_alone(seeded: dict, models: Models):
    picture = sample_picture("cat")
    heard: list[tuple[str, int, int]] = []
    found = predict_together(list(seeded), picture, models, lambda *told: heard.append(told))
    alone = [
        seeded[name](weights.transforms()(image_of(picture))[None])[0].double().softmax(0)
        for name, weights in (("squeezenet1_1", SQUEEZENET), ("mobilenet_v3_small", MOBILENET))
    ]
    for one, wanted in zip(found.predictions, alone, strict=True):
        np.testing.assert_allclose(one.probabilities(), wanted, rtol=1e-3, atol=1e-9)
    np.testing.assert_allclose(found.probabilities(), (alone[0] + alone[1]) / 2, rtol=1e-3, atol=1e-9)
    assert found.likely(1)[0].category == int((alone[0] + alone[1]).argmax())
    assert heard == [("Asking squeezenet1_1", 0, 2), ("Asking mobilenet_v3_small", 1, 2)]


class Known(Models):
    """A store that holds what it is given."""

    def __init__(self, **loaded: Loaded) -> None:
        super().__init__()
        self.loaded = loaded

    def get(self, name: str) -> Loaded:
        return self.loaded[name]


class Says(torch.nn.Module):
    """A network that says the same of everything."""

    def __init__(self, answer: object) -> None:
        super().__init__()
        self.answer = answer

    def forward(self, _x: torch.Tensor) -> object:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def saying(answer: object, categories: tuple[str, ...] = (), kind: str = "own") -> Loaded:
    return Loaded(Says(answer), kind, PLAIN, "", categories)


def test_networks_that_tell_different_things_apart_are_not_averaged():
    digits = saying(torch.zeros(1, 10), tuple("0123456789"), "trained")
    letters = saying(torch.zeros(1, 3), tuple("abc"), "trained")
    store = Known(lenet5=digits, lenet5_1998=letters)
    with pytest.raises(DifferentCategories, match="lenet5 tells 10 categories apart, lenet5_1998 3 others"):
        predict_together(["lenet5", "lenet5_1998"], sample_picture("digit-3"), store)
    with pytest.raises(CnnLabError, match="No network was chosen"):
        predict_together([], sample_picture("digit-3"), store)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("lenet5_1998", r"would mean nothing: choose a network that is trained\.$"),
        (
            "squeezenet1_1",
            r"get its trained ones \(4\.7 MiB\) with `python -m cnnlab weights fetch squeezenet1_1`",
        ),
    ],
)
def test_random_weights_predict_nothing(
    name: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(torch.hub, "_hub_dir", str(tmp_path))
    for ask in (predict, predict_ten_crops):
        with pytest.raises(NoPrediction, match=f"{name} has random weights here.*{says}"):
            ask(name, sample_picture("digit-3"), Models())


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (torch.zeros(1, 3, 4, 4), "does not sort pictures into categories"),
        ("cat", "does not sort pictures into categories"),
        (torch.full((1, 3), torch.nan), "outputs that are infinite or not a number"),
        (ValueError("no\nmore"), r"stopped while it looked at the picture: ValueError: no\. Choose"),
    ],
)
def test_what_an_own_network_does_wrong_is_a_sentence(answer: object, says: str):
    with pytest.raises(NoPrediction, match=says):
        predict("lenet5", sample_picture("digit-3"), Known(lenet5=saying(answer)))


def test_the_outputs_of_an_own_network_are_called_by_their_numbers():
    found = predict("lenet5", sample_picture("digit-3"), Known(lenet5=saying(torch.tensor([[0.0, 2.0]]))))
    assert [one.title for one in found.likely()] == ["output 2", "output 1"]


def test_a_lower_temperature_sharpens_and_a_higher_one_flattens():
    scores = np.array([2.0, 1.0, -700.0])
    np.testing.assert_allclose(softmax(scores, 1e-3), [1, 0, 0])
    np.testing.assert_allclose(softmax(scores, 1e12), [1 / 3] * 3)
    for temperature in (0.0, -1.0, float("nan")):
        with pytest.raises(CnnLabError, match=r"A temperature of .* cannot be: choose one above 0"):
            softmax(scores, temperature)


def test_of_equally_probable_categories_the_first_comes_first():
    assert [one.title for one in likely(np.array([0.25, 0.5, 0.25]), ("a", "b", "c"), 3)] == ["b", "a", "c"]


def test_a_margin_is_made_only_where_there_is_none():
    assert with_margin(PLAIN).margin == 256 / 224
    narrow = Preparing((0.5,), (0.5,), margin=232 / 224)
    assert with_margin(narrow) is narrow


@torch.no_grad()
@pytest.mark.parametrize(
    ("name", "picture", "channels", "side", "deviation"),
    [("shapes_plain", "shape-star", 3, 64, 0.25), ("digits_lenet", "digit-3", 1, 32, 0.5)],
)
def test_a_bundled_network_is_asked_as_torchvisions_transforms_would(
    name: str, picture: str, channels: int, side: int, deviation: float
):
    from safetensors.torch import load_file

    model = zoo.build(name)
    model.load_state_dict(load_file(BUNDLED[name].weights))
    grey = [transforms.Grayscale()] if channels == 1 else []
    values: list[Any] = [
        transforms.ToTensor(),
        transforms.Normalize([0.5] * channels, [deviation] * channels),
    ]
    read: Any = transforms.Compose([*grey, transforms.Resize(side), transforms.CenterCrop(side), *values])
    numbers_of: Any = transforms.Compose(values)
    seen = sample_picture(picture)
    wanted = model(torch.stack([read(image_of(seen))]))[0]
    found = predict(name, seen, Models())
    np.testing.assert_allclose(found.scores, wanted, rtol=1e-4, atol=1e-4)
    assert found.likely(1)[0].title == picture.split("-")[1]
    enlarged = transforms.Compose([*grey, transforms.Resize(int(side * 256 / 224))])(image_of(seen))
    crops = transforms.TenCrop(side)(enlarged)
    each = model(torch.stack([numbers_of(one) for one in crops])).double().softmax(1)
    ten = predict_ten_crops(name, seen, Models())
    np.testing.assert_allclose(ten.probabilities(), each.mean(0), rtol=1e-3, atol=1e-6)
    assert [one.likely(1)[0].category for one in ten.predictions] == each.argmax(1).tolist()

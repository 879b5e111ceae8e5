"""Real weights on real photographs: predictions, ten crops and an ensemble are a plain torchvision loop's."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision import transforms
from torchvision.models import MobileNet_V2_Weights, SqueezeNet1_1_Weights, mobilenet_v2, squeezenet1_1

from cnnlab.inspection.pictures import NETWORK_SIDE_PX
from cnnlab.inspection.predicting import predict, predict_ten_crops, predict_together
from cnnlab.inspection.uploads import read_upload
from cnnlab.inspection.weights import Models

pytestmark = pytest.mark.usefixtures("one_core")
SQUEEZENET = SqueezeNet1_1_Weights.IMAGENET1K_V1


@pytest.fixture
def real(shared_assets: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Use the real weights; return the folder of photographs."""
    monkeypatch.setattr(torch.hub, "_hub_dir", str(shared_assets / "torch_home" / "hub"))
    return shared_assets / "images" / "imagenet_sample"


@torch.no_grad()
@pytest.mark.parametrize(
    ("name", "build", "weights", "right"),
    [
        ("squeezenet1_1", squeezenet1_1, SQUEEZENET, 60),
        ("mobilenet_v2", mobilenet_v2, MobileNet_V2_Weights.IMAGENET1K_V1, 70),
    ],
)
def test_a_hundred_photographs_get_the_category_of_a_plain_torchvision_loop(
    name: str, build: Callable, weights: Any, right: int, real: Path
):
    model = build(weights=weights).eval()
    prepare, store = weights.transforms(), Models()
    rows = list(csv.DictReader((real / "labels.csv").read_text().splitlines()))
    hits = 0
    for row in rows:
        file = real / row["file"]
        wanted = model(prepare(Image.open(file).convert("RGB"))[None])[0]
        found = predict(name, read_upload(file.read_bytes(), row["file"], NETWORK_SIDE_PX), store)
        assert found.likely(1)[0].category == int(wanted.argmax()), row["file"]
        np.testing.assert_allclose(found.scores, wanted, rtol=1e-4, atol=1e-4)
        hits += found.likely(1)[0].category == int(row["class_index"])
    assert len(rows) == 100
    assert hits >= right  # it recognises most of them: weights and labels belong together


@torch.no_grad()
def test_ten_crops_and_an_ensemble_of_real_networks(real: Path):
    store = Models()
    file = real / "n01440764_tench.jpg"
    picture = read_upload(file.read_bytes(), file.name, NETWORK_SIDE_PX)
    image = Image.open(file).convert("RGB")
    nets = {
        "squeezenet1_1": (squeezenet1_1(weights=SQUEEZENET).eval(), SQUEEZENET),
        "mobilenet_v2": (
            mobilenet_v2(weights=MobileNet_V2_Weights.IMAGENET1K_V1).eval(),
            MobileNet_V2_Weights.IMAGENET1K_V1,
        ),
    }
    alone = [net(weights.transforms()(image)[None]).softmax(1)[0] for net, weights in nets.values()]
    found = predict_together(list(nets), picture, store)
    np.testing.assert_allclose(found.probabilities(), sum(alone) / 2, rtol=1e-3, atol=1e-6)
    net, weights = nets["mobilenet_v2"]
    crops = transforms.TenCrop(224)(transforms.Resize(256)(image))
    each = [net(weights.transforms(resize_size=224)(one)[None]).softmax(1)[0] for one in crops]
    ten = predict_ten_crops("mobilenet_v2", picture, store)
    np.testing.assert_allclose(ten.probabilities(), sum(each) / 10, rtol=1e-3, atol=1e-6)
    assert [one.likely(1)[0].category for one in ten.predictions] == [int(one.argmax()) for one in each]

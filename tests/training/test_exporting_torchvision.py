"""A trained network of torchvision's, taken along as a script and as ONNX."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from torchvision.transforms.functional import normalize

from cnnlab.training import data_sets
from cnnlab.training.devices import Device
from cnnlab.training.exporting import export
from cnnlab.training.run_folder import RunFolder
from cnnlab.training.trained import network_of
from tests.training.exported_scripts import printed_by_the_script
from tests.training.finished import SMALL, finished


@pytest.fixture(scope="module")
def torchvision_run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """Return a run of a network of torchvision's, in bfloat16, as where the processor has it."""
    network = {"model": "shufflenet_v2_x0_5", "regime": "scratch", "size": 32}
    recipe = replace(SMALL, **network, batch=2, learning_rate=0.01, dropout=0.3)
    place = tmp_path_factory.mktemp("runs") / "run"
    return finished(place, recipe, device=Device("cpu", "CPU", bf16=True))


def test_the_script_trains_a_network_of_torchvision_to_the_same_numbers(
    torchvision_run: RunFolder, tmp_path: Path
):
    """Steps through all layers are the same but for the last digits, in bfloat16, too: so is what is done."""
    told = printed_by_the_script(torchvision_run, tmp_path / "script")
    assert len(told) == len(torchvision_run.epochs()) == 2
    for one, epoch in zip(told, torchvision_run.epochs(), strict=True):
        for name in ("train_loss", "loss", "accuracy"):
            assert one[name] == pytest.approx(epoch[name], rel=1e-4), name


def test_onnx_of_a_network_of_torchvision_says_what_to_do_to_a_picture(torchvision_run: RunFolder):
    session = onnxruntime.InferenceSession(export(torchvision_run, "onnx"))
    known = session.get_modelmeta().custom_metadata_map
    assert json.loads(known["classes"]) == [str(number) for number in range(10)]
    preparing = json.loads(known["preprocessing"])
    assert preparing["picture"].startswith("middle square, resized to 32 × 32, bilinear")
    seen = data_sets.split("digits", 0, 4).validation.pixels[:3]
    pixels = torch.from_numpy(seen).permute(0, 3, 1, 2) / 255
    (found,) = session.run(None, {"pixels": pixels.numpy()})
    numbers = normalize(pixels, preparing["mean"], preparing["deviation"])
    with torch.no_grad():
        expected = network_of(torchvision_run)(numbers).softmax(1).numpy()
    assert np.ptp(expected, axis=0).max() > 1e-3  # the pictures make a difference
    assert np.abs(np.asarray(found) - expected).max() < 1e-5

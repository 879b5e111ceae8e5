"""The steps of preparing a picture are the ones that torchvision takes, with the numbers that it gets."""

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision import transforms
from torchvision.models import EfficientNet_B0_Weights, SqueezeNet1_1_Weights

from cnnlab.inspection.flow_input import PLAIN, Preparing
from cnnlab.inspection.pictures import Picture
from cnnlab.inspection.preparation import prepared
from cnnlab.inspection.samples import sample_picture


@pytest.mark.parametrize("weights", [SqueezeNet1_1_Weights.DEFAULT, EfficientNet_B0_Weights.DEFAULT])
@pytest.mark.parametrize("height", [180, 300])
def test_each_step_is_torchvisions(weights: SqueezeNet1_1_Weights, height: int):
    preset = weights.transforms()
    preparing = Preparing(
        tuple(preset.mean),
        tuple(preset.std),
        preset.resize_size[0] / preset.crop_size[0],
        preset.interpolation.value,
    )
    pixels = np.asarray(Image.fromarray(sample_picture("coffee").pixels).resize((213, height)))
    found = prepared(Picture(pixels, "x"), (3, 224, 224), preparing)
    image = Image.fromarray(pixels)
    resized = transforms.Resize(preset.resize_size, preset.interpolation)(image)
    cut = transforms.CenterCrop(224)(resized)
    for stage, wanted in zip(found.stages[:3], (image, resized, cut), strict=True):
        assert stage.pixels.tolist() == np.asarray(wanted).tolist()
    read = preset(image)
    assert (found.least, found.most) == pytest.approx((read.min().item(), read.max().item()), abs=1e-5)
    middle = np.asarray(cut)[112, 112]
    assert [one.value for one in found.pixel] == middle.tolist()
    assert [one.number for one in found.pixel] == pytest.approx(read[:, 112, 112].tolist(), abs=1e-5)
    for one, mean, deviation in zip(found.pixel, preset.mean, preset.std, strict=True):
        assert (one.mean, one.deviation) == (mean, deviation)
        assert (one.share - one.mean) / one.deviation == pytest.approx(one.number, abs=1e-5)
    seen = (read - read.min()) / (read.max() - read.min()) * 255
    drawn = torch.from_numpy(found.stages[3].pixels.transpose(2, 0, 1).astype(np.float32))
    torch.testing.assert_close(drawn, seen.round(), atol=1, rtol=0)


def test_a_network_of_one_channel_gets_grey():
    found = prepared(sample_picture("digit-3"), (1, 32, 32), PLAIN)
    assert [stage.pixels.shape[2] for stage in found.stages] == [3, 1, 1, 1]
    assert [one.channel for one in found.pixel] == ["grey"]
    assert "made grey" in found.stages[1].sentence
    assert "Nothing is lost." in found.stages[2].sentence
    assert "never sees" in prepared(sample_picture("cat"), (1, 32, 30), PLAIN).stages[2].sentence


def test_a_picture_of_one_colour_has_no_range_and_is_drawn_dark():
    flat = Picture(np.full((40, 40, 3), 128, np.uint8), "flat")
    found = prepared(flat, (1, 32, 32), PLAIN)
    assert found.least == found.most
    assert not found.stages[3].pixels.any()

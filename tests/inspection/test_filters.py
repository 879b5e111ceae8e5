"""Kernels of real networks: read as they are, measured, and marked; against PyTorch's own modules."""

from pathlib import Path

import numpy as np
import pytest
import torch

from cnnlab.inspection.bundled.models import bundled_state
from cnnlab.inspection.filters import AskedFilters, FilterBanks, NoKernels, has_before
from cnnlab.inspection.weights import Models

SHARED = Path(__file__).resolve().parents[3] / "shared" / "assets" / "torch_home"


@pytest.fixture(scope="module")
def banks() -> FilterBanks:
    return FilterBanks(Models())


def test_kernels_are_the_modules_own(banks: FilterBanks):
    found = banks.find(AskedFilters("squeezenet1_1", "features.3.expand3x3"))
    model = banks._models.get("squeezenet1_1").model
    weight = model.get_submodule("features.3.expand3x3").weight
    assert isinstance(weight, torch.Tensor)
    assert np.array_equal(found.bank, weight.numpy())
    assert not np.shares_memory(found.bank, weight.numpy())
    assert found is banks.known(found.asked)
    assert not found.colour
    assert found.looks == ("",) * 64


def test_a_depthwise_filter_reads_its_own_channel(banks: FilterBanks):
    found = banks.find(AskedFilters("mobilenet_v2", "features.1.conv.0.0"))
    assert found.depthwise
    assert [found.first_plane(number) for number in (0, 5, 31)] == [0, 5, 31]
    grouped = banks.find(AskedFilters("resnext50_32x4d", "layer1.0.conv2"))
    assert not grouped.depthwise
    assert [grouped.first_plane(number) for number in (0, 3, 4, 127)] == [0, 0, 4, 124]


def test_random_kernels_look_like_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    found = FilterBanks(Models()).find(AskedFilters("resnet18", "conv1"))
    assert found.kind == "random"
    assert found.colour
    assert found.looks == ("",) * 64


@pytest.mark.skipif(not SHARED.is_dir(), reason="no trained weights on this machine")
def test_trained_kernels_look_like_what_everybody_sees(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TORCH_HOME", str(SHARED))
    found = FilterBanks(Models()).find(AskedFilters("squeezenet1_0", "features.0"))
    assert found.kind == "trained"
    assert found.looks.count("gabor") > len(found.bank) / 3
    assert found.looks.count("blob") > len(found.bank) / 8
    assert found.measures.zeros.mean() == pytest.approx((found.bank == 0).mean())
    assert found.looks[66] == "blob"  # one pink spot
    assert found.looks[29] == "gabor"  # upright stripes
    assert abs((found.measures.direction[29] + 90) % 180 - 90) < 8


def test_before_training_a_bundled_network_was_noise(banks: FilterBanks):
    assert has_before("shapes_plain")
    before = banks.find(AskedFilters("shapes_plain", "conv1", trained=False))
    assert before.kind == "before"
    assert np.array_equal(before.bank, bundled_state("shapes_plain", trained=False)["conv1.weight"].numpy())
    assert "gabor" not in before.looks


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (AskedFilters("squeezenet1_1", "features.1"), "squeezenet1_1 has no convolution called features.1"),
        (
            AskedFilters("squeezenet1_1", "features.0", trained=False),
            "before its training were not published",
        ),
    ],
)
def test_what_has_no_kernels_says_so(banks: FilterBanks, asked: AskedFilters, sentence: str):
    with pytest.raises(NoKernels, match=sentence):
        banks.find(asked)


def test_few_kernels_are_kept(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cnnlab.inspection.filters.MOST_BYTES", 1)
    few = FilterBanks(Models())
    first, second = (
        AskedFilters("squeezenet1_1", "features.0"),
        AskedFilters("squeezenet1_1", "features.3.squeeze"),
    )
    few.find(first)
    few.find(second)
    assert few.known(first) is None
    assert few.known(second) is not None

"""What is kept of a network after an epoch, against PyTorch's own hooks and Captum's Grad-CAM."""

from pathlib import Path

import numpy as np
import pytest
import torch
from captum.attr import LayerGradCam, Saliency
from torch import nn

from cnnlab.training.picture_set import PictureSet
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import RunFolder
from cnnlab.training.snapshots import (
    MOST_SIDE,
    PLACES,
    Snapshots,
    first_filters,
    layers_of,
    looked_at,
    pictures_of,
    probe_rows,
)


def small_network() -> nn.Sequential:
    torch.manual_seed(1)
    return nn.Sequential(
        nn.Conv2d(3, 12, 3, padding=1),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(2),
        nn.Conv2d(12, 6, 3, padding=1),
        nn.BatchNorm2d(6),
        nn.Tanh(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(6, 3),
    )


def weight(model: nn.Module, layer: str) -> torch.Tensor:
    return dict(model.named_parameters())[f"{layer}.weight"]


def some_pictures(count: int = 9, side: int = 16) -> PictureSet:
    random = np.random.default_rng(0)
    pixels = random.integers(0, 256, (count, side, side, 3), dtype=np.uint8)
    return PictureSet(pixels, np.arange(count) % 3, ("a", "b", "c"))


def prepared(pictures: PictureSet) -> torch.Tensor:
    return torch.from_numpy(pictures.pixels).permute(0, 3, 1, 2).float() / 255 - 0.5


@pytest.fixture
def snapshots(tmp_path: Path) -> Snapshots:
    folder = RunFolder.create(tmp_path / "run", Recipe())
    pictures = some_pictures()
    rows = probe_rows(pictures)
    return Snapshots(folder, pictures, rows, prepared(pictures.chosen(rows)), epochs=10)


def kept(snapshots: Snapshots, epoch: int, name: str) -> dict[str, np.ndarray]:
    arrays = snapshots.folder.arrays(epoch, name)
    assert arrays is not None
    return arrays


def test_maps_are_those_that_a_hook_sees_on_a_private_copy(snapshots: Snapshots):
    model = small_network().train()
    snapshots.keep(1, model, torch.rand(9, 3).softmax(1))
    arrays = kept(snapshots, 1, "probes")
    assert [str(arrays[f"{place}_name"]) for place in PLACES] == ["0", "3", "5"]
    copy = small_network().eval()
    for place in PLACES:
        seen: list[torch.Tensor] = []
        copy[int(str(arrays[f"{place}_name"]))].register_forward_hook(
            lambda *called, seen=seen: seen.append(called[2].detach().clone())
        )
        with torch.no_grad():
            copy(snapshots.prepared)
        expected = seen[0][:, arrays[f"{place}_channels"]].numpy()
        drawn = arrays[place] * arrays[f"{place}_scale"] + arrays[f"{place}_least"]
        assert np.abs(drawn - expected).max() <= 0.51 * float(arrays[f"{place}_scale"])
        assert np.ptp(expected) > 0.1


def test_the_map_of_why_is_captums_grad_cam_and_saliency():
    pictures = some_pictures(4)
    classes = torch.from_numpy(pictures.labels)
    model, inputs = small_network().eval(), prepared(pictures)
    seen = looked_at(model, inputs, classes, layers_of(model, inputs))
    cam = LayerGradCam(model, model[5]).attribute(inputs, classes, relu_attributions=True)
    assert isinstance(cam, torch.Tensor)
    assert torch.allclose(seen["cam"], cam.detach()[:, 0], atol=1e-7)
    assert seen["cam"].amax() > 0
    saliency = Saliency(model).attribute(inputs.clone().requires_grad_(), classes, abs=True)
    assert torch.allclose(seen["saliency"], saliency.amax(1), atol=1e-7)


def test_maps_of_why_are_kept_to_a_255th_of_their_largest_value(snapshots: Snapshots):
    model = small_network()
    snapshots.keep(1, model, torch.rand(9, 3).softmax(1))
    classes = torch.from_numpy(snapshots.validation.labels[snapshots.rows])
    seen = looked_at(model.eval(), snapshots.prepared, classes, ("0", "3", "5"))
    arrays = kept(snapshots, 1, "probes")
    for name in ("cam", "saliency"):
        drawn = arrays[name] * arrays[f"{name}_scale"][:, None, None]
        assert np.abs(drawn - seen[name].numpy()).max() <= 0.51 * arrays[f"{name}_scale"].max()


def test_a_network_is_given_back_as_it_was(snapshots: Snapshots):
    model = small_network().train()
    model[4].eval()
    for one in model[:4].parameters():
        one.requires_grad_(False)
    before = {name: one.clone() for name, one in model.state_dict().items()}
    snapshots.keep(1, model, torch.rand(9, 3))
    assert model.training
    assert not model[4].training
    assert all(one.grad is None for one in model.parameters())
    assert all(not one._forward_hooks for one in model.modules())
    assert all(torch.equal(one, before[name]) for name, one in model.state_dict().items())


def test_filters_are_kept_where_they_have_changed(snapshots: Snapshots):
    model = small_network()
    for epoch in (1, 2):
        snapshots.keep(epoch, model, torch.rand(9, 3))
    assert snapshots.folder.arrays(2, "filters") is None
    with torch.no_grad():
        weight(model, "0").add_(1)
    snapshots.keep(3, model, torch.rand(9, 3))
    assert np.allclose(
        kept(snapshots, 3, "filters")["filters"], weight(model, "0").detach().numpy(), atol=1e-3
    )
    assert first_filters(nn.Linear(2, 2)) is None


def test_answers_are_kept_each_epoch_and_pictures_of_fewer(snapshots: Snapshots):
    probabilities = torch.rand(9, 3).softmax(1)
    for epoch in range(1, 8):
        snapshots.keep(epoch, small_network(), probabilities, looking=True if epoch == 7 else None)
    assert [e for e in range(1, 8) if snapshots.folder.arrays(e, "probes")] == [1, 2, 3, 4, 6, 7]
    answers = kept(snapshots, 5, "validation")
    assert np.allclose(answers["probabilities"], probabilities.numpy(), atol=5e-4)
    assert answers["predicted"].tolist() == probabilities.argmax(1).tolist()


def test_answers_about_very_many_pictures_are_kept_of_fewer_epochs(snapshots: Snapshots):
    snapshots.epochs = 10_000_000
    for epoch in (4, 5):
        snapshots.keep(epoch, small_network(), torch.rand(9, 3))
    assert snapshots.folder.arrays(4, "validation")
    assert snapshots.folder.arrays(5, "validation") is None


def test_the_same_channels_are_kept_after_an_interruption(snapshots: Snapshots):
    snapshots.keep(1, small_network(), torch.rand(9, 3))
    resumed = Snapshots(
        snapshots.folder, snapshots.validation, snapshots.rows, snapshots.prepared, snapshots.epochs
    )
    model = small_network()
    with torch.no_grad():
        weight(model, "0").mul_(9 * torch.rand(12, 1, 1, 1, generator=torch.Generator().manual_seed(3)))
    resumed.keep(2, model, torch.rand(9, 3))
    first, second = kept(snapshots, 1, "probes"), kept(snapshots, 2, "probes")
    assert first["early_channels"].tolist() == second["early_channels"].tolist()
    assert len(first["early_channels"]) == 8


def test_a_diverged_network_is_looked_at_too(snapshots: Snapshots):
    model = small_network()
    with torch.no_grad():
        weight(model, "3").fill_(float("nan"))
    snapshots.keep(1, model, torch.full((9, 3), float("nan")))
    assert kept(snapshots, 1, "probes")["late"].max() == 0


def test_a_network_without_maps_has_its_saliency(tmp_path: Path):
    model = nn.Sequential(nn.Flatten(), nn.Linear(3 * 4 * 4, 3))
    pictures = some_pictures(4, 4)
    folder = RunFolder.create(tmp_path / "run", Recipe())
    Snapshots(folder, pictures, np.arange(4), prepared(pictures), 1).keep(1, model, torch.rand(4, 3))
    arrays = folder.arrays(1, "probes")
    assert arrays is not None
    assert "early" not in arrays
    rows = weight(model, "1").detach()[torch.from_numpy(pictures.labels)]
    expected = rows.abs().reshape(4, 3, 4, 4).amax(1).numpy()
    drawn = arrays["saliency"] * arrays["saliency_scale"][:, None, None]
    assert np.allclose(drawn, expected, atol=float(arrays["saliency_scale"].max()))


def test_maps_of_large_pictures_are_kept_small(tmp_path: Path):
    pictures = some_pictures(3, 130)
    folder = RunFolder.create(tmp_path / "run", Recipe())
    model = small_network()
    Snapshots(folder, pictures, np.arange(3), prepared(pictures), 1).keep(1, model, torch.rand(3, 3))
    arrays = folder.arrays(1, "probes")
    assert arrays is not None
    assert arrays["early"].shape == (3, 8, 44, 44)
    with torch.no_grad():
        maps = model.eval()[0](prepared(pictures)).numpy()[:, arrays["early_channels"]]
    drawn = arrays["early"] * arrays["early_scale"] + arrays["early_least"]
    assert np.abs(drawn[..., 0, 0] - maps[..., :3, :3].mean((2, 3))).max() < float(arrays["early_scale"])
    assert max(arrays["saliency"].shape) <= MOST_SIDE


def test_probes_are_of_different_classes():
    pictures = some_pictures(30)
    rows = probe_rows(pictures)
    assert sorted(pictures.labels[rows]) == [0, 1, 2]
    of_one = PictureSet(pictures.pixels, np.full(30, 2), pictures.classes)
    assert probe_rows(of_one).tolist() == [0]


def test_thumbs_are_the_pictures_or_means_of_their_squares():
    pictures = some_pictures(5)
    assert (pictures_of(pictures)["thumbs"] == pictures.pixels).all()
    large = some_pictures(2, 128)
    thumbs = pictures_of(large)["thumbs"]
    means = large.pixels.reshape(2, 64, 2, 64, 2, 3).mean((2, 4))
    assert np.abs(thumbs - means).max() <= 0.5


def test_only_so_many_thumbs_are_kept():
    many = PictureSet(np.zeros((3000, 32, 32, 3), np.uint8), np.zeros(3000, np.int64), ("a",))
    found = pictures_of(many)
    assert found["thumbs"].shape == (2604, 32, 32, 3)  # 8,000,000 bytes / (32 × 32 × 3)
    assert len(found["labels"]) == 3000


def test_layers_of_torchvisions_networks():
    from torchvision.models import resnet18, squeezenet1_1

    picture = torch.rand(1, 3, 64, 64)
    assert layers_of(squeezenet1_1(weights=None).eval(), picture)[-1] == "classifier.0"
    first, _, last = layers_of(resnet18(weights=None).eval(), picture)
    assert (first, last) == ("conv1", "layer4")

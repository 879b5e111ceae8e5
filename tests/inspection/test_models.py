"""The networks to look into: their names, where their weights are, and that no list of them loads PyTorch."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torchvision.models import get_model_weights

from cnnlab import zoo
from cnnlab.inspection import models
from cnnlab.inspection.models import Entry, entries, entry, shared_models
from cnnlab.inspection.weight_files import FILES, WeightFile, file_here, folder
from cnnlab.zoo import UnknownNetwork

WANTED = {
    "alexnet",
    "vgg16",
    "googlenet",
    "resnet18",
    "resnet50",
    "squeezenet1_0",
    "squeezenet1_1",
    "densenet121",
    "resnext50_32x4d",
    "mobilenet_v2",
    "mobilenet_v3_large",
    "mobilenet_v3_small",
    "shufflenet_v2_x1_0",
    "efficientnet_b0",
    "inception_v3",
}


@pytest.fixture
def checkpoints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder where weights are looked for."""
    monkeypatch.setattr(torch.hub, "_hub_dir", str(tmp_path))
    (tmp_path / "checkpoints").mkdir()
    return tmp_path / "checkpoints"


def classifiers() -> list[str]:
    """Return the networks of the zoo for which torchvision has weights that classify photographs."""
    found = [name for name in zoo.names() if zoo.facts(name).builder.library == "torchvision"]
    return [name for name in found if not zoo.facts(name).builder.part]


def test_the_files_are_those_of_torchvision_its_recommended_weights_first():
    assert set(FILES) == set(classifiers())
    for name, files in FILES.items():
        weights = get_model_weights(zoo.facts(name).builder.constructor)
        usable = [one for one in weights if one.meta.get("num_params") and not _lacks_a_classifier(one)]
        usable.sort(key=lambda one: one != getattr(weights, "DEFAULT"))  # noqa: B009
        wanted = [WeightFile(one.name, one.url.rpartition("/")[2], one.meta["_file_size"]) for one in usable]
        assert list(files) == wanted, name


def _lacks_a_classifier(weights: object) -> bool:
    return getattr(weights, "name", "") == "IMAGENET1K_FEATURES"


def test_all_networks_that_lessons_speak_of_are_there_once(checkpoints: Path):
    assert not any(checkpoints.iterdir())
    found = entries()
    names = [one.name for one in found]
    assert set(names) >= WANTED
    assert len(set(names)) == len(names)
    assert {one.status for one in found} <= {"bundled", "download", "own"}
    assert next(one for one in found if one.name == "vgg16") == Entry(
        "vgg16", "VGG-16", "download", 527.796, (3, 224, 224)
    )
    ranks = [one.status != "bundled" for one in found]
    assert ranks == sorted(ranks)  # bundled ones come first


def test_a_file_that_is_here_is_found_the_recommended_one_first(checkpoints: Path):
    older, newer = FILES["mobilenet_v2"][1], FILES["mobilenet_v2"][0]
    assert file_here("mobilenet_v2") is None
    (checkpoints / older.file).touch()
    assert file_here("mobilenet_v2") == older
    assert entry("mobilenet_v2") == entry("torchvision:mobilenet_v2").__class__(
        "mobilenet_v2", "MobileNet v2", "here", older.mebibytes, (3, 224, 224)
    )
    (checkpoints / newer.file).touch()
    assert file_here("mobilenet_v2") == newer
    assert entry("mobilenet_v2").trained


def test_what_has_no_weights_anywhere_is_told(checkpoints: Path):
    assert not any(checkpoints.iterdir())
    assert entry("lenet5_1998").status == "random"
    assert not entry("lenet5_1998").trained
    with pytest.raises(UnknownNetwork, match="There is no network called `resnet19`"):
        entry("resnet19")


def test_a_network_that_comes_with_the_app_is_bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(models, "BUNDLED", tmp_path)
    (tmp_path / "lenet5.safetensors").write_bytes(bytes(2**19))
    assert (entry("lenet5").status, entry("lenet5").megabytes) == ("bundled", 0.5)
    assert entries()[0].name == "lenet5"


@pytest.mark.parametrize(
    "variables", [{}, {"TORCH_HOME": "some/where"}, {"XDG_CACHE_HOME": "/cache"}], ids=str
)
def test_the_folder_is_torchs_own_and_listing_loads_no_torch(variables: dict[str, str]):
    program = """
import sys
from cnnlab.inspection.models import entries
from cnnlab.inspection.weight_files import folder

entries()
before = folder()
assert "torch" not in sys.modules
import torch.hub

assert str(before) == torch.hub.get_dir() + "/checkpoints" == str(folder()), before
"""
    subprocess.run(
        [sys.executable, "-c", program], env={"HOME": "/somebody", "PATH": ""} | variables, check=True
    )


def test_the_process_has_one_store_of_networks():
    assert shared_models() is shared_models()
    assert folder().name == "checkpoints"

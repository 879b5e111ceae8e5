"""Published data sets: torchvision's addresses and checksums, and files read as torchvision reads them."""

import gzip
import hashlib
import io
import pickle
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.io import savemat
from torchvision import datasets
from torchvision.datasets.mnist import read_image_file, read_label_file

from cnnlab.fetching import RemoteFile
from cnnlab.training import data_sets, public_reading, public_sets
from cnnlab.training.places import DATA
from cnnlab.training.public_reading import UnreadableSet
from cnnlab.training.public_sets import FOLDER_SETTING, PUBLIC, NotHereYet
from tests.training.made_archives import picture


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(DATA, str(tmp_path / "data"))
    monkeypatch.delenv(FOLDER_SETTING, raising=False)
    return tmp_path


def quiet(*_told: object) -> None:
    pass


def test_addresses_and_checksums_are_those_of_torchvision():
    pets: Any = datasets.OxfordIIITPet
    flowers: Any = datasets.Flowers102
    prefix = flowers._download_url_prefix
    expected = {
        "mnist": [(datasets.MNIST.mirrors[0] + name, md5) for name, md5 in datasets.MNIST.resources],
        "fashion-mnist": [
            (datasets.FashionMNIST.mirrors[0] + name, md5) for name, md5 in datasets.FashionMNIST.resources
        ],
        "cifar-10": [(datasets.CIFAR10.url, datasets.CIFAR10.tgz_md5)],
        "pets": list(pets._RESOURCES),
        "flowers": [(prefix + name, md5) for name, md5 in flowers._file_dict.values()],
    }
    assert {name: [(one.url, one.digest) for one in PUBLIC[name].files] for name in PUBLIC} == expected


def test_the_page_tells_how_large_they_are():
    assert [round(data_sets.DATA_SETS[name].megabytes or 0) for name in PUBLIC] == [12, 31, 170, 811, 345]


def idx(values: np.ndarray) -> bytes:
    lengths = b"".join(length.to_bytes(4, "big") for length in values.shape)
    return bytes((0, 0, 8, values.ndim)) + lengths + values.tobytes()


def four_files(folder: Path, learned: int = 30, measured: int = 20) -> list[Path]:
    random = np.random.default_rng(0)
    paths = []
    for part, count in (("train", learned), ("t10k", measured)):
        images = random.integers(0, 256, (count, 28, 28), dtype=np.uint8)
        labels = np.arange(count, dtype=np.uint8) % 10
        for name, values in (("images-idx3", images), ("labels-idx1", labels)):
            path = folder / f"{part}-{name}-ubyte"
            path.write_bytes(idx(values))
            packed = path.with_name(f"{path.name}.gz")
            packed.write_bytes(gzip.compress(path.read_bytes()))
            paths.append(packed)
    return paths


def test_mnist_is_read_as_torchvision_reads_it(tmp_path: Path):
    found = public_reading.digits(four_files(tmp_path), quiet)
    images = [read_image_file(str(tmp_path / f"{part}-images-idx3-ubyte")) for part in ("train", "t10k")]
    labels = [read_label_file(str(tmp_path / f"{part}-labels-idx1-ubyte")) for part in ("train", "t10k")]
    assert np.array_equal(found.pixels[..., 0], np.concatenate([one.numpy() for one in images]))
    assert np.array_equal(found.labels, np.concatenate([one.numpy() for one in labels]))
    assert (found.training, found.classes) == (30, tuple("0123456789"))


def test_what_is_no_idx_file(tmp_path: Path):
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(b"something else"))
    with pytest.raises(UnreadableSet, match=r"x\.gz does not begin as an IDX file of bytes does"):
        public_reading.clothes([path] * 4, quiet)


def packed(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def cifar(path: Path, batch: dict[str, Any]) -> Path:
    names = [f"data_batch_{number}" for number in range(1, 6)] + ["test_batch"]
    files = {f"cifar-10-batches-py/{name}": pickle.dumps(batch, protocol=4) for name in names}
    return packed(path, files)


def test_cifar_is_read_channel_by_channel(tmp_path: Path):
    rows = np.random.default_rng(0).integers(0, 256, (4, 3072), dtype=np.uint8)
    path = cifar(tmp_path / "c.tar.gz", {"data": rows, "labels": [0, 1, 2, 9], "filenames": ["a"] * 4})
    found = public_reading.cifar_archive([path], quiet)
    assert (found.training, found.pixels.shape, found.classes[1]) == (20, (24, 32, 32, 3), "car")
    assert found.pixels[1, 5, 7].tolist() == [rows[1, 1024 * channel + 5 * 32 + 7] for channel in range(3)]
    assert found.labels[20:].tolist() == [0, 1, 2, 9]


class Evil:
    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return print, ("executed",)


def test_a_pickle_that_would_run_something_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = cifar(tmp_path / "c.tar.gz", {"data": Evil(), "labels": []})
    with pytest.raises(UnreadableSet, match=r"The file names .*\.print, which no data set needs"):
        public_reading.cifar_archive([path], quiet)
    assert capsys.readouterr().out == ""


def test_pets_have_the_parts_and_names_of_their_authors(tmp_path: Path):
    names = ["Abyssinian_1", "american_bulldog_7", "Abyssinian_2", "american_bulldog_8"]
    lines = [f"{name} {1 + (number % 2)} 1 1" for number, name in enumerate(names)]
    notes = {
        "annotations/trainval.txt": "\n".join(lines[:2]).encode(),
        "annotations/test.txt": "\n".join(lines[2:]).encode(),
    }
    images = {f"images/{name}.jpg": picture(number, 90, 60, "JPEG") for number, name in enumerate(names)}
    images["images/Abyssinian_34.mat"] = b"not asked for"
    files = [packed(tmp_path / "images.tar.gz", images), packed(tmp_path / "annotations.tar.gz", notes)]
    found = public_reading.pets_archives(files, quiet)
    assert found.classes == ("Abyssinian", "american bulldog")
    assert (found.training, found.labels.tolist()) == (2, [0, 1, 0, 1])
    assert found.pixels.shape == (4, 128, 128, 3)
    assert len({one.tobytes() for one in found.pixels}) == 4
    del images["images/Abyssinian_2.jpg"]
    files[0] = packed(tmp_path / "fewer.tar.gz", images)
    with pytest.raises(UnreadableSet, match=r"fewer\.tar\.gz lacks 1 of 4 pictures"):
        public_reading.pets_archives(files, quiet)
    with pytest.raises(UnreadableSet, match=r"The archive lacks annotations/trainval\.txt"):
        public_reading.pets_archives([files[0], files[0]], quiet)


def test_flowers_are_learned_from_the_two_small_parts(tmp_path: Path):
    savemat(tmp_path / "imagelabels.mat", {"labels": np.array([[1, 2, 1, 2, 1, 2]])})
    savemat(tmp_path / "setid.mat", {"trnid": [[3, 4]], "valid": [[1, 2]], "tstid": [[6, 5]]})
    images = {f"jpg/image_{number:05d}.jpg": picture(number, 80, 80, "JPEG") for number in range(1, 7)}
    files = [packed(tmp_path / "f.tgz", images), tmp_path / "imagelabels.mat", tmp_path / "setid.mat"]
    found = public_reading.flowers_archive(files, quiet)
    assert (found.training, found.labels.tolist()) == (4, [0, 1, 0, 1, 1, 0])
    assert found.classes == ("pink primrose", "hard-leaved pocket orchid")


@pytest.fixture
def small_mnist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Let MNIST be a small set whose files lie where torchvision has them."""
    folder = tmp_path / "sets" / "MNIST" / "raw"
    folder.mkdir(parents=True)
    paths = four_files(folder)
    files = tuple(
        RemoteFile(
            f"http://127.0.0.1:1/{path.name}",
            path.stat().st_size,
            hashlib.md5(path.read_bytes()).hexdigest(),
            "md5",
        )
        for path in paths
    )
    monkeypatch.setitem(PUBLIC, "mnist", replace(PUBLIC["mnist"], files=files))
    return paths


def test_a_set_whose_files_are_here_is_made_ready_without_a_network(
    small_mnist: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert len(small_mnist) == 4
    assert not public_sets.lies_here("mnist")
    with pytest.raises(
        NotHereYet, match="MNIST is not on this machine yet: download it on the page Fine-tune"
    ):
        data_sets.split("mnist", 0)
    monkeypatch.setenv(FOLDER_SETTING, str(tmp_path / "sets"))
    assert public_sets.lies_here("mnist")
    heard: list[str] = []
    public_sets.obtain("mnist", lambda doing, _done, _total: heard.append(doing))
    assert set(heard) == {"Looking for its files", "Reading pictures"}
    assert public_sets.ready("mnist")
    both = data_sets.split("mnist", 3, per_class=2)
    assert both.training.counts == (2,) * 10
    assert both.validation.counts == (2,) * 10
    assert both.training.pixels.shape == (20, 28, 28, 3)
    assert sum(one.learned for one in public_sets.counts("mnist")) == 30
    assert public_sets.public_sheet("mnist")[8:12] == b"WEBP"
    assert len(data_sets.split("mnist", 3).training) == 30
    assert not np.array_equal(data_sets.split("mnist", 4, 2).training.pixels, both.training.pixels)


@pytest.mark.usefixtures("small_mnist")
def test_what_is_measured_with_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(FOLDER_SETTING, str(tmp_path / "sets"))
    monkeypatch.setattr(public_sets, "MOST_MEASURED", 10)
    monkeypatch.setattr(public_sets, "LEAST_MEASURED_OF_A_CLASS", 1)
    public_sets.obtain("mnist")
    assert data_sets.split("mnist", 0, 1).validation.counts == (1,) * 10
    assert [one.measured for one in public_sets.counts("mnist")] == [1] * 10


def test_a_file_with_another_checksum_is_not_taken(
    small_mnist: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(FOLDER_SETTING, str(tmp_path / "sets"))
    small_mnist[0].write_bytes(small_mnist[0].read_bytes() + b"more")
    with pytest.raises(ValueError, match="does not reach its server"):
        public_sets.obtain("mnist")
    assert not public_sets.ready("mnist")


def test_real_files_of_fashion_mnist(shared_assets: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(FOLDER_SETTING, str(shared_assets / "datasets"))
    public_sets.obtain("fashion-mnist")
    told = data_sets.data_set("fashion-mnist")
    assert sum(one.learned for one in public_sets.counts("fashion-mnist")) == told.pictures == 60_000
    both = data_sets.split("fashion-mnist", 0, 5)
    assert both.validation.counts == (100,) * 10
    bags = both.training.pixels[both.training.labels == told.classes.index("bag")]
    shirts = both.training.pixels[both.training.labels == told.classes.index("trousers")]
    assert bags.mean() > shirts.mean() + 20  # trousers leave most of the picture empty

"""Files in the layout in which they are published: read as torchvision's own classes read the same files.

CIFAR-10's batches are pickles that Python 2 wrote, with names of modules that NumPy no longer has.
Photographs are compared after the same cut to a small square, which is CNN Lab's own.
"""

import io
import pickle
import struct
import tarfile
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat
from torchvision import datasets

from cnnlab.inspection.pictures import Picture
from cnnlab.training import public_reading
from cnnlab.training.archives import square
from cnnlab.training.flower_names import FLOWERS

OURS = {"airplane": "aeroplane", "automobile": "car", "truck": "lorry"}  # the words of British English


def quiet(*_told: object) -> None:
    pass


PicklerInPython: Any = vars(pickle)["_Pickler"]  # each kind of value has a method of its own


class Python2Pickler(PicklerInPython):
    """Writes texts and bytes as Python 2 did: as strings of bytes."""

    dispatch: ClassVar[dict[type, Any]] = dict(PicklerInPython.dispatch)

    def save_string(self, given: str | bytes) -> None:
        data = given.encode("latin1") if isinstance(given, str) else given
        self.write(b"T" + struct.pack("<i", len(data)) + data)
        self.memoize(given)

    dispatch[str] = dispatch[bytes] = save_string


def by_python_2(given: object) -> bytes:
    file = io.BytesIO()
    Python2Pickler(file, protocol=2).dump(given)
    written = file.getvalue().replace(b"cnumpy._core.", b"cnumpy.core.")
    assert b"cnumpy.core.multiarray\n_reconstruct\n" in written or b"numpy" not in written
    return written


def packed(path: Path, files: dict[str, bytes], prefix: str = "") -> Path:
    """Write an archive with its folders as entries, and unpack it beside, where torchvision looks."""
    with tarfile.open(path, "w:gz") as archive:
        for folder in sorted({str(Path(name).parent) for name in files}):
            info = tarfile.TarInfo(prefix + folder)
            info.type = tarfile.DIRTYPE
            archive.addfile(info)
        for name, data in files.items():
            info = tarfile.TarInfo(prefix + name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    for name, data in files.items():
        (path.parent / name).parent.mkdir(parents=True, exist_ok=True)
        (path.parent / name).write_bytes(data)
    return path


def photograph(seed: int, width: int, height: int, kind: str = "JPEG", mode: str = "RGB") -> bytes:
    """Return a picture of soft colours: coarse noise, enlarged."""
    coarse = np.random.default_rng(seed).integers(0, 256, (5, 6, 3), dtype=np.uint8)
    file = io.BytesIO()
    image = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC).convert(mode)
    image.save(file, kind, **({"quality": 95} if kind == "JPEG" else {}))
    return file.getvalue()


def compare(found: public_reading.Found, parts: list[Any], learned: int) -> None:
    """Compare pictures and labels with those of torchvision's parts, `learned` of which are to learn from."""
    theirs = [one for part in parts for one in part]
    assert found.training == sum(map(len, parts[:learned]))
    assert found.labels.tolist() == [label for _, label in theirs]
    assert len(found.pixels) == len(theirs)
    for mine, (image, _) in zip(found.pixels, theirs, strict=True):
        side = mine.shape[0]
        wanted = square(Picture(np.asarray(image), ""), side).astype(float)
        # Large photographs are made small by the JPEG decoder first, which is no exact average.
        most = 0.0 if min(image.size) < 2 * 2 * side else 2.0
        assert np.abs(mine - wanted).mean() <= most


def test_cifar_10(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    random = np.random.default_rng(0)
    names = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
    files = {"batches.meta": by_python_2({"num_cases_per_batch": 4, "label_names": names, "num_vis": 3072})}
    for number, name in enumerate(["data_batch_4", "test_batch", *(f"data_batch_{n}" for n in (3, 1, 2, 5))]):
        files[name] = by_python_2(
            {
                "batch_label": f"batch {number} of 6",
                "labels": random.integers(0, 10, 4).tolist(),
                "data": random.integers(0, 256, (4, 3072), dtype=np.uint8),
                "filenames": [f"leptodactylus_pentadactylus_s_{number}.png"] * 4,
            }
        )
    folder = datasets.CIFAR10.base_folder
    path = packed(tmp_path / "cifar.tar.gz", {f"{folder}/{name}": data for name, data in files.items()})
    monkeypatch.setattr("torchvision.datasets.cifar.check_integrity", lambda *_: True)
    theirs = [datasets.CIFAR10(str(tmp_path), train=train) for train in (True, False)]
    found = public_reading.cifar_archive([path], quiet)
    compare(found, theirs, 1)
    assert found.classes == tuple(OURS.get(name, name) for name in theirs[0].classes)


@pytest.mark.filterwarnings("ignore:Exception ignored in. <_io.FileIO")  # torchvision leaves a GIF open
@pytest.mark.parametrize("prefix", ["", "./"])
def test_oxford_pets(prefix: str, tmp_path: Path):
    names = {  # as in the files, capitals tell cats; parts of a name are divided by _
        "trainval": ["Abyssinian_100 1 1 1", "american_pit_bull_terrier_7 3 2 2", "Bengal_12 2 1 2"],
        "test": ["Abyssinian_201 1 1 1", "american_pit_bull_terrier_1 3 2 2", "Bengal_3 2 1 2"],
    }
    notes = {f"annotations/{part}.txt": "\n".join([*lines, ""]).encode() for part, lines in names.items()}
    notes["annotations/list.txt"] = b"#Image CLASS-ID SPECIES BREED ID\n"
    notes["annotations/trimaps/Abyssinian_100.png"] = photograph(0, 8, 8, "PNG")
    files = [line.split()[0] for lines in names.values() for line in lines]
    sizes = [(300, 200), (500, 375), (210, 333), (900, 1200)]
    images = {f"images/{name}.jpg": photograph(n, *sizes[n % 4]) for n, name in enumerate(files)}
    images["images/Abyssinian_100.mat"] = b"left over"
    images[f"images/{files[1]}.jpg"] = photograph(9, 200, 150, "PNG", "RGBA")
    images[f"images/{files[2]}.jpg"] = photograph(9, 200, 150, "GIF", "P")
    images[f"images/{files[4]}.jpg"] = photograph(9, 200, 150, "JPEG", "L")
    root = tmp_path / "oxford-iiit-pet"
    root.mkdir()
    paths = [
        packed(root / f"{name}.tar.gz", some, prefix)
        for name, some in (("images", dict(reversed(images.items()))), ("annotations", notes))
    ]
    theirs = [datasets.OxfordIIITPet(tmp_path, split=part) for part in ("trainval", "test")]
    found = public_reading.pets_archives(paths, quiet)
    compare(found, theirs, 1)
    assert [name.title() for name in found.classes] == theirs[0].classes
    assert found.classes[2] == "american pit bull terrier"


def test_flowers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    root = tmp_path / "flowers-102"
    root.mkdir()
    # As they are published: one row of doubles, or of bytes.
    savemat(root / "imagelabels.mat", {"labels": np.array([[3, 1, 2, 102, 2, 3, 1]], np.uint8)})
    parts = {"trnid": [[6, 3]], "valid": [[1, 7]], "tstid": [[4, 2, 5]]}
    savemat(root / "setid.mat", {name: np.array(one, np.uint16) for name, one in parts.items()})
    images = {f"jpg/image_{n:05d}.jpg": photograph(n, 500 + 90 * n, 500 + 20 * n) for n in range(1, 8)}
    path = packed(root / "102flowers.tgz", dict(reversed(images.items())))
    monkeypatch.setattr("torchvision.datasets.flowers102.check_integrity", lambda *_: True)
    theirs = [datasets.Flowers102(tmp_path, split=part) for part in ("train", "val", "test")]
    found = public_reading.flowers_archive([path, root / "imagelabels.mat", root / "setid.mat"], quiet)
    compare(found, theirs, 2)
    assert found.classes == FLOWERS == tuple(name.rstrip("?") for name in datasets.Flowers102.classes)

"""Archives and folders of pictures become data sets."""

import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnnlab.errors import CnnLabError
from cnnlab.inspection.pictures import Picture
from cnnlab.training import archives
from cnnlab.training.archives import UnusableArchive, read_archive, read_folder, square
from tests.training.made_archives import archive, picture, usual


def read(files: dict[str, bytes]) -> archives.Unpacked:
    return read_archive(archive(files), "mine.zip")


def told(files: dict[str, bytes]) -> str:
    return " ".join(read(files).notes)


def test_a_folder_a_class():
    found = read(usual()).pictures
    assert found.classes == ("cats", "dogs")
    assert found.counts == (3, 3)
    assert found.pixels.shape == (6, 20, 20, 3)
    original = np.asarray(Image.open(io.BytesIO(picture(101))))
    assert np.array_equal(found.pixels[4], original[:, 2:22])  # the square in its middle


def test_folders_around_the_classes_do_not_count():
    assert read(usual("my data/animals/")).pictures.classes == ("cats", "dogs")


def test_training_and_validation_folders_are_put_together():
    files = usual("set/train/") | {
        f"set/val/{name}/9.png": picture(900 + ord(name[0])) for name in ("cats", "dogs")
    }
    found = read(files)
    assert found.pictures.counts == (4, 4)
    assert "The folders train, val were put together" in " ".join(found.notes)


def test_folders_in_a_class_belong_to_it():
    found = read(usual() | {"cats/summer/garden/7.png": picture(7)})
    assert found.pictures.counts == (4, 3)


def test_one_class_name_in_two_spellings():
    files = {"Äpfel/1.png": picture(901), "äpfel/2.png": picture(902), "A\u0308pfel/3.png": picture(903)}
    found = read(files | usual())
    assert found.pictures.classes == ("cats", "dogs", "Äpfel")
    assert found.pictures.counts == (3, 3, 3)
    assert "were taken for one class" in " ".join(found.notes)


def test_long_names_stay_apart_and_those_that_do_not_are_told():
    start = "Photographs that we took in the school garden, "
    found = read(usual(classes=(f"{start}cats", f"{start}dogs")))
    assert [len(name) for name in found.pictures.classes] == [40, 40]
    assert [name[-5:] for name in found.pictures.classes] == [" cats", " dogs"]
    same = (f"{start}in May, cats at noon", f"{start}in June, cats at noon")
    assert "were taken for one class" in told(usual(classes=(*same, "dogs")))


@pytest.mark.parametrize("name", ["猫", "кошки", "chats à poil", "قطط"])
def test_names_in_any_script(name: str):
    files = usual(classes=(name, "dogs"))
    assert set(read(files).pictures.classes) == {name, "dogs"}


def test_utf_8_names_that_are_not_marked_so():
    data = archive(usual(classes=("Kätzchen", "dogs")))
    unmarked = data.replace(b"PK\x03\x04\x14\x00\x00\x08", b"PK\x03\x04\x14\x00\x00\x00")
    unmarked = unmarked.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x08", b"PK\x01\x02\x14\x03\x14\x00\x00\x00")
    assert unmarked != data
    assert read_archive(unmarked, "z.zip").pictures.classes == ("Kätzchen", "dogs")


def test_the_same_picture_is_taken_once():
    files = usual() | {"cats/again.png": picture(0), "dogs/cat.png": picture(1)}
    found = read(files)
    assert found.pictures.counts == (3, 3)
    assert "1 file was left out (again.png): the same picture is there already." in found.notes
    assert "1 file was left out (cat.png): the same picture is in another class already." in found.notes


def test_few_pictures_are_told():
    assert "Few pictures, so what is measured is rough: “cats”, “dogs”." in read(usual()).notes
    assert "Few pictures" not in told(usual(of_each=5))


def test_more_pictures_are_kept_smaller(monkeypatch: pytest.MonkeyPatch):
    files = {
        f"{one}/{number}.png": picture(number + 10 * ord(one), 200, 200)
        for one in "ab"
        for number in range(5)
    }
    assert read(files).pictures.pixels.shape[1] == 160
    monkeypatch.setattr(archives, "MAX_KEPT_BYTES", 10 * 96 * 96 * 3)
    assert read(files).pictures.pixels.shape[1] == 96


def test_a_large_picture_becomes_the_mean_of_its_areas():
    pixels = np.zeros((8, 12, 3), np.uint8)
    pixels[:, 2:6], pixels[:4, 6:10] = 100, 200
    small = square(Picture(pixels, "p"), 2)
    assert small[..., 0].tolist() == [[100, 200], [100, 0]]


def test_an_archive_that_is_too_large(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archives, "MAX_ARCHIVE_BYTES", 100)
    with pytest.raises(UnusableArchive, match=r"“mine\.zip” has .* KiB; at most 100 B can be read"):
        read(usual())


def test_too_many_pictures_and_classes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archives, "MAX_CLASSES", 1)
    with pytest.raises(UnusableArchive, match="holds 2 classes; at most 1 are taken"):
        read(usual())
    monkeypatch.setattr(archives, "MAX_PICTURES", 5)
    with pytest.raises(UnusableArchive, match="holds 6 files in its class folders; at most 5 pictures"):
        read(usual())


def test_reading_that_takes_too_long(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archives, "MAX_SECONDS", -1.0)
    with pytest.raises(UnusableArchive, match="took longer than"):
        read(usual())


def test_progress_is_told_and_may_end_it():
    heard: list[tuple[int, int]] = []

    def stop(_doing: str, done: int, total: int) -> None:
        heard.append((done, total))
        if done == 2:
            raise CnnLabError("This was stopped.")

    with pytest.raises(CnnLabError, match=r"^This was stopped\.$"):
        read_archive(archive(usual()), "z", stop)
    assert heard == [(0, 6), (1, 6), (2, 6)]


def written(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def test_a_folder_on_the_disk_is_the_same_data_set(tmp_path: Path):
    found, packed = read_folder(written(tmp_path, usual())), read(usual())
    assert found.pictures.classes == packed.pictures.classes
    assert np.array_equal(found.pictures.pixels, packed.pictures.pixels)


def test_links_in_a_folder_are_not_followed(tmp_path: Path):
    outside = written(tmp_path / "outside", {"secret.png": picture(99)})
    folder = written(tmp_path / "mine", usual())
    (folder / "cats" / "link.png").symlink_to(outside / "secret.png")
    (folder / "cows").symlink_to(outside)
    os.mkfifo(folder / "dogs" / "pipe.png")
    found = read_folder(folder)
    assert found.pictures.counts == (3, 3)
    assert "3 files were left out (link.png, cows, pipe.png): it is a link or a device" in " ".join(
        found.notes
    )


def test_what_is_no_folder(tmp_path: Path):
    with pytest.raises(UnusableArchive, match="is no folder; name one that holds a folder of pictures"):
        read_folder(tmp_path / "nowhere")


def test_a_folder_with_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archives, "MAX_FILES", 5)
    with pytest.raises(UnusableArchive, match="holds more than 5 files"):
        read_folder(written(tmp_path, usual()))


def test_a_file_in_a_folder_that_is_too_large(tmp_path: Path):
    folder = written(tmp_path, usual())
    with (folder / "cats" / "large.png").open("wb") as file:
        file.truncate(30_000_000)
    assert "large.png”: It has 28.6 MiB; at most" in " ".join(read_folder(folder).notes)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_files_that_may_not_be_read(tmp_path: Path):
    folder = written(tmp_path, usual())
    (folder / "cats" / "0.png").chmod(0)
    assert "It cannot be read" in " ".join(read_folder(folder).notes)


def test_a_real_folder_of_photographs(shared_assets: Path):
    found = read_folder(shared_assets / "datasets" / "hymenoptera_160px")
    assert found.pictures.classes == ("ants", "bees")
    assert len(found.pictures) > 380
    assert "The folders train, val were put together" in " ".join(found.notes)

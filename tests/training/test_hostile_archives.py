"""Archives that nobody should send: each is refused in a sentence, or what is bad in it is left out."""

import io
import re
import stat
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress

import hypothesis
import pytest
from hypothesis import strategies
from PIL import Image

from cnnlab.training.archives import UnusableArchive, read_archive
from tests.training.made_archives import archive, changed, picture, usual, with_link


def encrypted() -> bytes:
    data = bytearray(archive(usual()))
    for start in (b"PK\x03\x04", b"PK\x01\x02"):
        offset = 6 if start == b"PK\x03\x04" else 8
        at = data.find(start)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(start, at + 4)
    return bytes(data)


def sizes_that_lie() -> bytes:
    """Return an archive whose directory says that each file is 3 GB large."""
    data = bytearray(archive(usual()))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 24 : at + 28] = struct.pack("<I", 3_000_000_000)
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def one_broken() -> bytes:
    files = usual()
    files["cats/0.png"] = files["cats/0.png"][:-200]
    return archive(files)


def damaged_inside() -> bytes:
    data = bytearray(archive(usual(), zipfile.ZIP_STORED))
    at = data.find(b"IDAT")
    data[at + 20] ^= 0xFF
    return bytes(data)


def packed_strangely() -> bytes:
    data = bytearray(archive(usual()))
    at = data.find(b"PK\x01\x02")
    data[at + 10 : at + 12] = struct.pack("<H", 97)
    first = data.find(b"PK\x03\x04")
    data[first + 8 : first + 10] = struct.pack("<H", 97)
    return bytes(data)


def bomb() -> bytes:
    return archive({f"{one}/{number}.png": bytes(40_000_000) for one in "ab" for number in range(6)})


def pixel_bomb() -> bytes:
    file = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(file, "PNG")
    return archive(usual() | {"cats/bomb.png": file.getvalue()})


def many_files() -> bytes:
    return archive({f"a/{number}": b"" for number in range(10_001)}, zipfile.ZIP_STORED)


def deep() -> bytes:
    return archive(usual() | {"/".join("abcdefghijklmnop") + "/1.png": picture(9)})


def shared_entries() -> bytes:
    """Return an archive whose directory gives one packed file many names, as Fifield's bombs do."""
    data = archive({"a/0.png": bytes(19_000_000)})
    start, end = data.find(b"PK\x01\x02"), data.find(b"PK\x05\x06")
    record = data[start:end]
    records = b"".join(record.replace(b"a/0.png", b"a/%c.png" % (65 + n)) for n in range(26))
    tail = data[end:]
    tail = tail[:8] + struct.pack("<HHI", 26, 26, len(records)) + tail[16:]
    return data[:start] + records + tail


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "a text": (lambda: b"my holiday", "is no archive"),
    "a picture": (picture, "is no archive"),
    "gzip": (lambda: b"\x1f\x8b\x08" + bytes(20), "is a gzip archive; zip archives can be read"),
    "7z": (lambda: b"7z\xbc\xaf\x27\x1c" + bytes(20), "is a 7z archive"),
    "rar": (lambda: b"Rar!\x1a\x07" + bytes(20), "is a rar archive"),
    "cut short": (lambda: archive(usual())[:-60], "damaged zip archive, or it is cut short"),
    "cut at half": (lambda: archive(usual())[: len(archive(usual())) // 2], "damaged zip archive"),
    "beginning only": (lambda: b"PK\x03\x04", "damaged zip archive"),
    "directory overwritten": (
        lambda: changed(archive(usual()), b"PK\x01\x02", b"PK\x09\x09"),
        "damaged zip archive",
    ),
    "encrypted": (encrypted, "is protected by a password"),
    "empty archive": (lambda: archive({}), "it holds no folders with files"),
    "empty folders": (lambda: archive({"cats/": b"", "dogs/": b""}), "it holds no folders with files"),
    "loose pictures": (lambda: archive({"1.png": picture(), "2.png": picture(1)}), "holds no folders"),
    "one class": (lambda: archive(usual(classes=("cats",))), r"holds pictures of one class only \(“cats”: 3"),
    "one picture of each": (
        lambda: archive(usual(of_each=1)),
        r"holds too few pictures \(“cats”: 1, “dogs”: 1\); two classes with 2 .* Put more into the folders",
    ),
    "nothing": (lambda: b"", r"is empty \(0 bytes\)"),
    "only an archive": (
        lambda: archive({"pictures/inner.zip": archive(usual())}),
        r"1 file was left out \(inner\.zip\): archives inside are not opened; unpack them",
    ),
    "no pictures": (
        lambda: archive({"a/1.txt": b"x", "b/2.txt": b"y", "b/3.txt": b"z"}),
        r"holds no picture that can be read \(“a”: 0, “b”: 0\)",
    ),
    "bomb": (bomb, "would unpack to more than"),
    "sizes that lie": (sizes_that_lie, "would unpack to more than"),
    "shared entries": (shared_entries, "would unpack to more than"),
    "many files": (many_files, "holds more than 10,000 files"),
    "only hidden files": (
        lambda: archive({f"__MACOSX/{one}": data for one, data in usual().items()}),
        "it holds no folders with files",
    ),
    "only absolute paths": (
        lambda: archive({f"/etc/{one}": data for one, data in usual().items()}),
        "it holds no folders with files",
    ),
    "an Office document": (
        lambda: archive({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>", "_rels/.rels": b""}),
        "holds no picture that can be read",
    ),
}

SHOWN: dict[str, tuple[Callable[[], bytes], str]] = {
    "a path out of it": (
        lambda: archive(usual() | {"../../cats/9.png": picture(9)}),
        "its path leads out of the archive",
    ),
    "an absolute path": (
        lambda: archive(usual() | {"/etc/cats/9.png": picture(9)}),
        "leads out of the archive",
    ),
    "a drive": (lambda: archive(usual() | {"C:\\cats\\9.png": picture(9)}), "leads out of the archive"),
    "strokes to the left": (
        lambda: archive(usual() | {"..\\..\\9.png": picture(9)}),
        "leads out of the archive",
    ),
    "a link": (lambda: with_link(usual(), "cats/9.png", "/etc/passwd"), "it is a link or a device"),
    "a device": (lambda: with_link(usual(), "cats/9.png", "", stat.S_IFCHR), "it is a link or a device"),
    "hidden files": (
        lambda: archive(
            usual() | {"__MACOSX/cats/._0.png": b"x", "cats/.DS_Store": b"x", "cats/Thumbs.db": b"x"}
        ),
        r"3 files were left out \(.*\): it is a hidden file",
    ),
    "an archive inside": (lambda: archive(usual() | {"cats/more.zip": archive(usual())}), "are not opened"),
    "a program": (lambda: archive(usual() | {"cats/run.exe": b"MZ" + bytes(60)}), "run.exe"),
    "a vector drawing": (lambda: archive(usual() | {"cats/9.svg": b"<svg/>"}), "an SVG drawing"),
    "an empty file": (lambda: archive(usual() | {"cats/9.png": b""}), "is empty"),
    "a broken picture": (one_broken, "is damaged, cut short or of an unusual kind"),
    "a broken entry": (damaged_inside, "It is damaged inside the archive"),
    "packed strangely": (packed_strangely, "packed in a way that cannot be unpacked here"),
    "too many pixels": (pixel_bomb, "million"),
    "a file too large": (lambda: archive(usual() | {"cats/9.png": bytes(30_000_000)}), "at most .* MiB of a"),
    "a deep path": (deep, "its path cannot be understood"),
    "a loose file": (lambda: archive(usual() | {"readme.txt": b"hello"}), "it lies in no class folder"),
    "a class of one": (
        lambda: archive(usual() | {"cows/1.png": picture(77)}),
        "The class “cows” has only 1 picture, so it was left out.",
    ),
    "a class of none": (
        lambda: archive(usual() | {"cows/1.txt": b"moo"}),
        "The class “cows” has no picture that can be read",
    ),
    "marks in a name": (
        lambda: archive(usual() | usual(classes=("<b>*x*",))),
        "The folders|kept at 20 × 20",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_archives_are_refused_in_a_sentence(name: str):
    make, sentence = REFUSED[name]
    with pytest.raises(UnusableArchive, match=sentence) as caught:
        read_archive(make(), "mine*<b>.zip")
    assert "<" not in str(caught.value)
    assert "*" not in str(caught.value)


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_bad_in_a_good_archive_is_left_out_and_told(name: str):
    make, sentence = SHOWN[name]
    found = read_archive(make(), "mine.zip")
    assert set(found.pictures.classes) >= {"cats", "dogs"}
    assert found.pictures.counts[-2:] in ((3, 3), (2, 3))
    assert re.search(sentence, " ".join(found.notes))
    assert "<" not in " ".join((*found.notes, *found.pictures.classes))


STARTS = {
    how: archive(usual("top/"), how) for how in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA)
}


@hypothesis.given(data=strategies.data())
@hypothesis.settings(max_examples=150)
def test_archives_damaged_at_random_are_shown_or_refused(data: strategies.DataObject):
    damaged = bytearray(STARTS[data.draw(strategies.sampled_from(sorted(STARTS)))])
    end = len(damaged)
    # Mostly in the directory, at the archive's end, which says where everything is.
    places = strategies.one_of(strategies.integers(0, end - 1), strategies.integers(end - 700, end - 1))
    for place, value in data.draw(
        strategies.lists(strategies.tuples(places, strategies.integers(0, 255)), min_size=1, max_size=12)
    ):
        damaged[place] = value
    cut = data.draw(strategies.integers(0, 3000)) if data.draw(strategies.booleans()) else 0
    with suppress(UnusableArchive):  # and nothing else
        found = read_archive(bytes(damaged[: end - cut]), "z.zip")
        assert len(found.pictures.classes) >= 2
        assert found.pictures.pixels.nbytes < 10_000_000

"""Pictures out of a zip archive or a folder that somebody gave: a folder for each class, nothing trusted.

Nothing is unpacked to the disk: each file is read into memory, within bounds, and what is no picture is left
out and told. How a picture is read safely is known by `uploads`; what classes the paths mean by
`class_folders`.
"""

import hashlib
import io
import os
import stat
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from cnnlab.arithmetic.units import written_bytes
from cnnlab.errors import CnnLabError
from cnnlab.inspection.pictures import Picture
from cnnlab.inspection.uploads import MAX_BYTES, UnreadablePicture, clean_name, read_upload
from cnnlab.training.archive_words import no_archive, too_few
from cnnlab.training.class_folders import NotClasses, Told, classes_of, left_out_path
from cnnlab.training.picture_set import LEAST_OF_A_CLASS, PictureSet

MAX_ARCHIVE_BYTES = 100_000_000
MAX_UNPACKED_BYTES = 400_000_000
MAX_FILES = 10_000
MAX_PICTURES = 4_000
MAX_CLASSES = 100
MAX_SECONDS = 180.0
# Of the square pictures that are kept: the largest with which they fit into the bytes.
SIDES_PX = (160, 128, 96, 64)
MAX_KEPT_BYTES = 60_000_000
SMALLEST_SIDE_PX = 16

Progress = Callable[[str, int, int], None]


class UnusableArchive(CnnLabError):
    """An archive or a folder that no data set can be made of; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A data set, and sentences for whoever gave it: what was changed, and what was left out."""

    pictures: PictureSet
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that may be a picture: its path, and how its bytes are had (raises `UnreadablePicture`)."""

    path: str
    read: Callable[[], bytes]


@dataclass(slots=True)
class _Reading:
    """Pictures that were read so far."""

    side: int
    told: Told
    pixels: dict[str, list[np.ndarray]] = field(default_factory=dict)
    seen: dict[bytes, str] = field(default_factory=dict)  # the class of each file's digest
    widest: int = 0

    def add(self, class_name: str, entry: Entry) -> None:
        try:
            data = entry.read()
            digest = hashlib.blake2b(data, digest_size=16).digest()
            if digest in self.seen:
                same = self.seen[digest] == class_name
                where = "is there already" if same else "is in another class already"
                self.told.left_out(entry.path, f"the same picture {where}")
                return
            picture = read_upload(data, entry.path, 4 * self.side)
        except UnreadablePicture as problem:
            self.told.refused(entry.path, str(problem))
            return
        self.seen[digest] = class_name
        shorter = min(picture.pixels.shape[:2])
        self.widest = max(self.widest, shorter)
        self.pixels[class_name].append(square(picture, min(self.side, shorter)))


def read_archive(data: bytes, name: str, progress: Progress = lambda *_: None) -> Unpacked:
    """Make a data set of a zip archive's bytes. Raises `UnusableArchive`.

    `progress` hears what is done, and how many files of how many; it may raise to end the reading.
    """
    shown = clean_name(name)
    if len(data) > MAX_ARCHIVE_BYTES:
        raise UnusableArchive(
            f"“{shown}” has {written_bytes(len(data))}; at most {written_bytes(MAX_ARCHIVE_BYTES)} can be "
            "read. Make the pictures smaller (256 pixels a side are plenty) or take fewer."
        )
    # Each entry is announced by these four bytes, so there are no more entries than of them.
    if data.count(b"PK\x01\x02") > MAX_FILES:
        raise UnusableArchive(
            f"“{shown}” holds more than {MAX_FILES:,} files, counting those of archives inside it. Take "
            "fewer."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            told = Told()
            return _data_set(_entries(archive, shown, told), shown, told, progress)
    except (zipfile.BadZipFile, zlib.error, EOFError, UnicodeDecodeError, OSError, ValueError) as problem:
        if isinstance(problem, CnnLabError):
            raise
        raise UnusableArchive(no_archive(data, shown)) from problem


def read_folder(folder: Path, progress: Progress = lambda *_: None) -> Unpacked:
    """Make a data set of a folder on this machine; links in it are not followed. Raises `UnusableArchive`."""
    if not folder.is_dir():
        raise UnusableArchive(
            f"{folder} is no folder; name one that holds a folder of pictures for each class."
        )
    told = Told()
    found: list[Entry] = []
    for entry in _walk(folder, folder, told):
        if len(found) >= MAX_FILES:
            raise UnusableArchive(f"{folder} holds more than {MAX_FILES:,} files. Take fewer.")
        found.append(entry)
    return _data_set(found, folder.name or "the folder", told, progress)


def square(picture: Picture, side: int) -> np.ndarray:
    """Return the square in a picture's middle, `side` × `side` × 3, uint8; a small one is enlarged."""
    image = Image.fromarray(picture.pixels)
    shorter = min(image.size)
    left, top = (image.width - shorter) // 2, (image.height - shorter) // 2
    image = image.crop((left, top, left + shorter, top + shorter))
    how = Image.Resampling.BOX if shorter >= side else Image.Resampling.BILINEAR
    return np.asarray(image.resize((side, side), how))


def _entries(archive: zipfile.ZipFile, shown: str, told: Told) -> list[Entry]:
    """Return an archive's files that may be pictures."""
    infos = archive.infolist()
    if any(info.flag_bits & 0x41 for info in infos):  # encrypted, or strongly
        raise UnusableArchive(
            f"“{shown}” is protected by a password, which is not asked for here. Make it again without one."
        )
    if sum(info.file_size for info in infos) > MAX_UNPACKED_BYTES:
        raise UnusableArchive(
            f"“{shown}” would unpack to more than {written_bytes(MAX_UNPACKED_BYTES)}. Make the pictures "
            "smaller or take fewer."
        )
    found = []
    for info in infos:
        path = _path_of(info)
        if info.is_dir():
            continue
        if reason := left_out_path(path):
            told.left_out(path, reason)
        elif stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
            told.left_out(path, "it is a link or a device, not a file")
        else:
            found.append(Entry(path, _reader(archive, info)))
    return found


def _path_of(info: zipfile.ZipInfo) -> str:
    """Return an entry's path; where it does not say that it is UTF-8 but is, it is read as such."""
    if not info.flag_bits & 0x800:
        try:
            return info.filename.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return info.filename


def _reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        if info.file_size > MAX_BYTES:
            raise UnreadablePicture(_too_large(info.file_size))
        try:
            with archive.open(info) as file:
                data = file.read(MAX_BYTES + 1)
        except NotImplementedError as problem:
            raise UnreadablePicture("It is packed in a way that cannot be unpacked here.") from problem
        except Exception as problem:  # zlib, lzma and bz2 each raise their own
            raise UnreadablePicture("It is damaged inside the archive.") from problem
        if len(data) > MAX_BYTES:
            raise UnreadablePicture(_too_large(len(data)))
        return data

    return read


def _too_large(size: int) -> str:
    return f"It has {written_bytes(size)}; at most {written_bytes(MAX_BYTES)} of a picture are read."


def _walk(folder: Path, top: Path, told: Told) -> Iterator[Entry]:
    """Give the regular files below a folder in the order of their names, without following a link."""
    try:
        here = sorted(os.scandir(folder), key=lambda one: one.name)
    except OSError:
        told.left_out(str(folder.relative_to(top)), "the folder cannot be read")
        return
    for one in here:
        path = Path(one.path)
        name = path.relative_to(top).as_posix()
        if reason := left_out_path(name):
            told.left_out(name, reason)
        elif one.is_symlink():
            told.left_out(name, "it is a link or a device, not a file")
        elif one.is_dir(follow_symlinks=False):
            yield from _walk(path, top, told)
        elif one.is_file(follow_symlinks=False):
            yield Entry(name, _file_reader(path))
        else:
            told.left_out(name, "it is a link or a device, not a file")


def _file_reader(path: Path) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError as problem:
            raise UnreadablePicture(f"It cannot be read ({problem.strerror}).") from problem
        if len(data) > MAX_BYTES:
            raise UnreadablePicture(_too_large(path.stat().st_size))
        return data

    return read


def _data_set(entries: Sequence[Entry], shown: str, told: Told, progress: Progress) -> Unpacked:
    try:
        classes = classes_of([entry.path for entry in entries], told)
    except NotClasses as problem:
        raise UnusableArchive(" ".join((f"“{shown}”: {problem}", *told.sentences()))) from problem
    wanted = [(name, entry) for name, entry in zip(classes, entries, strict=True) if name]
    if len(wanted) > MAX_PICTURES:
        raise UnusableArchive(
            f"“{shown}” holds {len(wanted):,} files in its class folders; at most {MAX_PICTURES:,} pictures "
            "are taken. Take fewer of each class."
        )
    if (count := len({name for name, _ in wanted})) > MAX_CLASSES:
        raise UnusableArchive(f"“{shown}” holds {count} classes; at most {MAX_CLASSES} are taken.")
    reading = _Reading(_side_for(len(wanted)), told)
    began = time.monotonic()
    for name, _ in wanted:
        reading.pixels[name] = []
    for number, (name, entry) in enumerate(wanted):
        progress("Reading pictures", number, len(wanted))
        if time.monotonic() - began > MAX_SECONDS:
            raise UnusableArchive(
                f"Reading “{shown}” took longer than {MAX_SECONDS:.0f} seconds, so it was given up. Make the "
                "pictures smaller first: 256 pixels a side are plenty."
            )
        reading.add(name, entry)
    return _joined(reading, shown)


def _side_for(count: int) -> int:
    """Return the largest side with which so many pictures fit into what is kept."""
    return next((side for side in SIDES_PX if count * side * side * 3 <= MAX_KEPT_BYTES), SIDES_PX[-1])


def _joined(reading: _Reading, shown: str) -> Unpacked:
    told = reading.told
    enough = {
        name: pixels for name, pixels in sorted(reading.pixels.items()) if len(pixels) >= LEAST_OF_A_CLASS
    }
    if len(enough) < 2:
        raise UnusableArchive(" ".join((too_few(reading.pixels, shown), *told.sentences())))
    told.classes(reading.pixels, enough)
    side = max(SMALLEST_SIDE_PX, min(reading.side, reading.widest))
    pixels = [square(Picture(one, ""), side) for group in enough.values() for one in group]
    labels = np.repeat(np.arange(len(enough)), [len(group) for group in enough.values()])
    told.say(f"Each picture was cut to the square in its middle and is kept at {side} × {side} pixels.")
    return Unpacked(PictureSet(np.stack(pixels), labels, tuple(enough)), told.sentences())

"""Learners' own data sets on the disk: a folder each, with the pictures of each class in one file.

Files hold numbers (`.npy`, read without pickles) and JSON. The list of classes is written last, and each file
is replaced whole, so that what is cut off in the middle changes nothing. Who knows a set's name may learn
from it; only its learner may change it. It does not know where pictures come from.
"""

import hashlib
import json
import re
import secrets
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from threading import RLock

import numpy as np

from cnnlab.inspection.uploads import clean_name
from cnnlab.training.archives import MAX_CLASSES, MAX_KEPT_BYTES
from cnnlab.training.class_folders import class_name
from cnnlab.training.own_sets import NoOwnSet, NoRoom, OwnClass, OwnSet
from cnnlab.training.picture_set import PictureSet, UnsuitablePictures
from cnnlab.training.places import data_root

PREFIX = "own-"
SIDE_PX = 160  # of a set that is made picture by picture
MOST_SETS = 10
MOST_BYTES_OF_ALL = 10_000_000_000
_NAME = re.compile(r"own-[0-9a-f]{24}")
_ABOUT = "about.json"
_lock = RLock()  # one process changes them: the one that shows pages


def sets(learner: str) -> list[OwnSet]:
    """Return a learner's sets, the newest first."""
    owner = _owner(learner)
    found = []
    for folder in data_root().glob(f"own/{owner[:8]}/{PREFIX}*"):
        try:
            one = own_set(folder.name)
        except NoOwnSet:
            continue
        if one.owner == owner:
            found.append(one)
    return sorted(found, key=lambda one: one.created, reverse=True)


def own_set(name: str) -> OwnSet:
    """Return what is known of a set; raises `NoOwnSet`."""
    try:
        about = json.loads((_folder(name) / _ABOUT).read_text("utf-8"))
        classes = tuple(OwnClass(**one) for one in about.pop("classes"))
        return OwnSet(**{**about, "notes": tuple(about["notes"])}, classes=classes)
    except (OSError, ValueError, TypeError, KeyError) as problem:
        if isinstance(problem, NoOwnSet):
            raise
        raise NoOwnSet(
            f"The pictures “{clean_name(name)}” are not on this server; they may have been deleted. Choose "
            "others."
        ) from problem


def pictures(name: str) -> PictureSet:
    """Return a set's pictures. Raises `NoOwnSet`, and `UnsuitablePictures` where it lacks some."""
    return _pictures(own_set(name))


def digest(name: str) -> str:
    """Return the digest of a set's pictures as they are now. Raises as `pictures` does."""
    return _digest(own_set(name))


@lru_cache(maxsize=64)
def _digest(one: OwnSet) -> str:
    return _pictures(one).digest


def _pictures(one: OwnSet) -> PictureSet:
    if one.missing:
        raise UnsuitablePictures(f"Nothing can be learned from “{one.title}” yet. {one.missing}")
    parts = [pictures_of(one, number) for number in range(len(one.classes))]
    labels = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    return PictureSet(np.concatenate(parts), labels, tuple(each.name for each in one.classes))


def pictures_of(one: OwnSet, number: int) -> np.ndarray:
    """Return the pictures of one class: count × side × side × 3, uint8; they are read as they are needed."""
    kept = one.classes[number]
    if not kept.file:
        return np.zeros((0, one.side, one.side, 3), np.uint8)
    try:
        return np.load(_folder(one.name) / kept.file, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as problem:
        raise NoOwnSet(f"The pictures of “{one.title}” cannot be read any more. Choose others.") from problem


def picture(name: str, number: int, row: int) -> np.ndarray:
    """Return one picture of a class: side × side × 3, uint8. Raises `NoOwnSet` where there is none."""
    one = own_set(name)
    if number >= len(one.classes) or row >= one.classes[number].count:
        raise NoOwnSet(f"“{one.title}” has no such picture any more; it may have been taken out.")
    return pictures_of(one, number)[row]


def begin(learner: str, title: str, side: int = SIDE_PX) -> OwnSet:
    """Make a set without classes. Raises `NoRoom`."""
    with _lock:
        if len(sets(learner)) >= MOST_SETS:
            raise NoRoom(f"You have {MOST_SETS} sets of your own, which is the most. Delete one first.")
        if _bytes_of_all() > MOST_BYTES_OF_ALL:
            raise NoRoom("This server's room for own pictures is used up. Tell your instructor.")
        owner = _owner(learner)
        one = OwnSet(f"{PREFIX}{owner[:8]}{secrets.token_hex(8)}", _title(title), owner, side, time.time())
        return _write(one)


def keep(learner: str, title: str, given: PictureSet, notes: Sequence[str] = ()) -> OwnSet:
    """Keep pictures as a new set. Raises `NoRoom`."""
    if given.pixels.nbytes > MAX_KEPT_BYTES:
        raise NoRoom(f"A set may have {MAX_KEPT_BYTES:,} bytes; this one has {given.pixels.nbytes:,}.")
    one = begin(learner, title, given.pixels.shape[1])
    try:
        groups = [given.pixels[given.labels == number] for number in range(len(given.classes))]
        classes = [_kept(one, name, group) for name, group in zip(given.classes, groups, strict=True)]
        return _write(replace(one, classes=tuple(classes), notes=tuple(notes)))
    except BaseException:
        shutil.rmtree(_folder(one.name), ignore_errors=True)
        raise


def add_class(learner: str, name: str, title: str) -> OwnSet:
    """Add a class without pictures, unless the last one is just that: somebody has pressed twice.

    Raises `NoOwnSet`, `UnsuitablePictures`, `NoRoom`.
    """
    with _lock:
        one = _mine(learner, name)
        if one.classes and one.classes[-1] == OwnClass(_class_name(title)):
            return one
        if len(one.classes) >= MAX_CLASSES:
            raise NoRoom(f"A set may have {MAX_CLASSES} classes, and it has.")
        return _write(replace(one, classes=(*one.classes, OwnClass(_new_name(one, title)))))


def add_pictures(learner: str, name: str, number: int, added: Sequence[np.ndarray]) -> OwnSet:
    """Add pictures (side × side × 3, uint8) to a class; those that it has already are not added again.

    Raises `NoOwnSet`, `NoRoom`.
    """
    with _lock:
        one = _mine(learner, name)
        before = pictures_of(one, number)
        known = {each.tobytes() for each in before}
        new = list({each.tobytes(): each for each in added if each.tobytes() not in known}.values())
        if (one.pictures + len(new)) * one.side**2 * 3 > MAX_KEPT_BYTES:
            most = MAX_KEPT_BYTES // (one.side**2 * 3)
            raise NoRoom(f"A set may have {most:,} pictures of this size; it has {one.pictures:,}.")
        return _replaced(one, number, np.concatenate([before, *(each[None] for each in new)]))


def take_out(learner: str, name: str, number: int, row: int) -> OwnSet:
    """Take one picture out of a class; nothing happens where there is none. Raises `NoOwnSet`."""
    with _lock:
        one = _mine(learner, name)
        kept = pictures_of(one, number)
        return _replaced(one, number, np.delete(kept, row, axis=0)) if 0 <= row < len(kept) else one


def rename(learner: str, name: str, title: str) -> OwnSet:
    """Give a set another title. Raises `NoOwnSet`."""
    with _lock:
        return _write(replace(_mine(learner, name), title=_title(title)))


def rename_class(learner: str, name: str, number: int, title: str) -> OwnSet:
    """Give a class another name. Raises `NoOwnSet`, `UnsuitablePictures`."""
    with _lock:
        one = _mine(learner, name)
        classes = list(one.classes)
        classes[number] = replace(classes[number], name=_new_name(one, title, number))
        return _write(replace(one, classes=tuple(classes)))


def drop_class(learner: str, name: str, number: int) -> OwnSet:
    """Take a class and its pictures out. Raises `NoOwnSet`."""
    with _lock:
        one = _mine(learner, name)
        return _swept(_write(replace(one, classes=one.classes[:number] + one.classes[number + 1 :])))


def delete(learner: str, name: str) -> None:
    """Delete a set. Raises `NoOwnSet`."""
    with _lock:
        shutil.rmtree(_folder(_mine(learner, name).name))


def is_of(one: OwnSet, learner: str) -> bool:
    """Return whether a set is this learner's."""
    return one.owner == _owner(learner)


def _mine(learner: str, name: str) -> OwnSet:
    one = own_set(name)
    if not is_of(one, learner):
        raise NoOwnSet(f"“{one.title}” was made by somebody else: you can learn from it, but not change it.")
    return one


def _owner(learner: str) -> str:
    return hashlib.sha256(f"own data of {learner}".encode()).hexdigest()[:32]


def _folder(name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise NoOwnSet("This is not the name of a set of pictures. Choose one of the list.")
    return data_root() / "own" / name.removeprefix(PREFIX)[:8] / name


def _title(text: str) -> str:
    shown = clean_name(_without_strokes(text)).removesuffix(".zip").strip()
    return shown if text.strip() else "My pictures"


def _without_strokes(text: str) -> str:
    """Return a text of which no part is taken for a folder."""
    return text.replace("/", "-").replace("\\", "-")


def _class_name(title: str) -> str:
    if not title.strip():
        raise UnsuitablePictures("A class needs a name, such as “cat”.")
    return class_name(_without_strokes(title))


def _new_name(one: OwnSet, title: str, own: int = -1) -> str:
    name = _class_name(title)
    others = {each.name.casefold() for place, each in enumerate(one.classes) if place != own}
    if name.casefold() in others:
        raise UnsuitablePictures(f"There is a class “{name}” already; give this one another name.")
    return name


def _kept(one: OwnSet, name: str, group: np.ndarray) -> OwnClass:
    """Write the pictures of a class to a new file."""
    if not len(group):
        return OwnClass(name)
    file = f"{secrets.token_hex(6)}.npy"
    with _sentences():
        np.save(_folder(one.name) / file, np.ascontiguousarray(group), allow_pickle=False)
    return OwnClass(name, len(group), file)


def _replaced(one: OwnSet, number: int, group: np.ndarray) -> OwnSet:
    classes = list(one.classes)
    classes[number] = _kept(one, classes[number].name, group)
    return _swept(_write(replace(one, classes=tuple(classes))))


def _write(one: OwnSet) -> OwnSet:
    path = _folder(one.name) / _ABOUT
    beside = path.with_suffix(".new")
    with _sentences():
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(asdict(one)), encoding="utf-8")
        beside.replace(path)
    return one


@contextmanager
def _sentences() -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise NoRoom(
            f"The pictures cannot be kept on the server's disk ({problem.strerror or problem}); nothing was "
            "changed. Tell your instructor."
        ) from problem


def _swept(one: OwnSet) -> OwnSet:
    """Delete files that no class names any more."""
    needed = {each.file for each in one.classes}
    for path in (path for path in _folder(one.name).glob("*.npy") if path.name not in needed):
        path.unlink(missing_ok=True)
    return one


def _bytes_of_all() -> int:
    return sum(path.stat().st_size for path in data_root().glob("own/*/*/*.npy"))

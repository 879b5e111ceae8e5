"""Which class each file belongs to, by the folder it lies in, and what is told of files that are left out.

It knows paths only: no archive, no disk, no picture.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cnnlab.errors import CnnLabError
from cnnlab.inspection.uploads import clean_name

FEW = 5
LONGEST_NAME = 40
MAX_DEPTH = 12
_SPLITS = frozenset({"train", "training", "val", "valid", "validation", "test", "testing"})
_LITTER = frozenset({"thumbs.db", "desktop.ini", "__macosx"})
_ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")
_MOST_EXAMPLES = 3
_ENDING = 8  # signs of a long name's end that stay: often they alone tell folders apart


class NotClasses(CnnLabError):
    """Files that do not lie in a folder for each class."""


@dataclass(slots=True)
class Told:
    """What is told to whoever gave the files."""

    _said: list[str] = field(default_factory=list)
    _reasons: dict[str, list[str]] = field(default_factory=dict)
    _refused: list[str] = field(default_factory=list)

    def say(self, sentence: str) -> None:
        """Add a sentence."""
        self._said.append(sentence)

    def left_out(self, path: str, reason: str) -> None:
        """Tell that a file was left out; files with the same reason are told together."""
        if reason:
            self._reasons.setdefault(reason, []).append(clean_name(path))

    def refused(self, path: str, sentence: str) -> None:
        """Tell that a file is no picture that can be read, and why."""
        name = clean_name(path)
        self._refused.append(sentence if name in sentence else f"“{name}”: {sentence}")

    def classes(self, found: Mapping[str, Sequence[object]], enough: Iterable[str]) -> None:
        """Tell which classes have no pictures, too few or few."""
        for name in sorted(set(found) - set(enough)):
            count = len(found[name])
            has = "only 1 picture" if count == 1 else "no picture that can be read"
            self.say(f"The class “{name}” has {has}, so it was left out.")
        few = sorted(name for name in enough if len(found[name]) < FEW)
        if few:
            self.say(
                f"Few pictures, so what is measured is rough: {_examples([f'“{name}”' for name in few])}."
            )

    def sentences(self) -> tuple[str, ...]:
        """Return everything that there is to tell."""
        left_out = [
            f"{_files(len(paths))} left out ({_examples(paths)}): {reason}."
            for reason, paths in self._reasons.items()
        ]
        more = len(self._refused) - _MOST_EXAMPLES
        unread = self._refused[:_MOST_EXAMPLES] + (
            [f"{_files(more)} left out for such reasons."] if more > 0 else []
        )
        return (*self._said, *left_out, *unread)


def _files(count: int) -> str:
    return "1 file was" if count == 1 else f"{count:,} files were"


def _examples(names: Sequence[str]) -> str:
    more = len(names) - _MOST_EXAMPLES
    return ", ".join(names[:_MOST_EXAMPLES]) + (f" and {more} more" if more > 0 else "")


def left_out_path(path: str) -> str:
    """Return why a file of this path is not looked at; "" where it is.

    >>> left_out_path("../cats/1.png")
    'its path leads out of the archive'
    """
    if re.match(r"[/\\]|[A-Za-z]:", path) or ".." in parts_of(path):
        return "its path leads out of the archive"
    parts = parts_of(path)
    if not parts or len(parts) > MAX_DEPTH or "\0" in path:
        return "its path cannot be understood"
    if any(part.startswith(".") or part.lower() in _LITTER for part in parts):
        return "it is a hidden file of a computer"
    if parts[-1].lower().endswith(_ARCHIVES):
        return "archives inside are not opened; unpack them, and pack their folders"
    return ""


def parts_of(path: str) -> list[str]:
    """Return the names in a path, whichever stroke divides them."""
    return [part for part in re.split(r"[/\\]+", path) if part not in ("", ".")]


def class_name(folder: str) -> str:
    """Return the name of the class that a folder means, fit to be shown; a long one loses its middle.

    >>> class_name(" my  cats "), class_name("  "), class_name("a" * 50 + " 1")
    ('my cats', 'class', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…aaaaaa 1')
    """
    name = _whole_name(folder)
    if len(name) > LONGEST_NAME:
        return f"{name[: LONGEST_NAME - _ENDING - 1]}…{name[-_ENDING:]}"
    return name


def _whole_name(folder: str) -> str:
    return clean_name(unicodedata.normalize("NFC", folder)) if folder.strip() else "class"


def classes_of(paths: Sequence[str], told: Told) -> list[str]:
    """Return the name of each file's class, "" for a file that is in no class. Raises `NotClasses`.

    A folder around all class folders does not count, and folders called train, val or test are put together.
    """
    split = [parts_of(path) for path in paths]
    inside = [parts for parts in split if len(parts) > 1]
    if not inside:
        raise NotClasses(
            "it holds no folders with files. Make a folder for each class, named like the class, with its "
            "pictures in it; then pack the folders."
        )
    skip = _around(inside)
    firsts = {parts[skip].lower() for parts in inside}
    if firsts <= _SPLITS and all(len(parts) > skip + 2 for parts in inside):
        told.say(
            f"The folders {', '.join(sorted(firsts))} were put together; pictures are split anew for each "
            "run."
        )
        skip += 1
    found = []
    for path, parts in zip(paths, split, strict=True):
        if len(parts) < skip + 2:
            told.left_out(path, "it lies in no class folder")
        found.append(parts[skip] if len(parts) >= skip + 2 else "")
    return _merged(found, told)


def _around(inside: Sequence[list[str]]) -> int:
    """Return how many folders lie around all class folders."""
    depth = 0
    while len({parts[depth] for parts in inside}) == 1 and all(len(parts) > depth + 2 for parts in inside):
        depth += 1
    return depth


def _merged(folders: Sequence[str], told: Told) -> list[str]:
    """Give folders whose names differ in no way that can be seen one name: the most frequent one."""
    counts = Counter(folder for folder in folders if folder)
    shown: dict[str, str] = {}
    for folder, _ in counts.most_common():
        shown.setdefault(class_name(folder).casefold(), class_name(folder))
    for key, name in shown.items():
        same = sorted({_whole_name(folder) for folder in counts if class_name(folder).casefold() == key})
        if len(same) > 1:
            quoted = ", ".join(f"“{one}”" for one in same)
            told.say(f"The folders {quoted} were taken for one class, “{name}”.")
    return [shown[class_name(folder).casefold()] if folder else "" for folder in folders]

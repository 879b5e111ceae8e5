"""Whether the files that a lesson names are there, are what their names say, and are fit to be shown.

It does not change them, and loads nothing that they name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from cnnlab.course.captions import captions_problem
from cnnlab.course.drawings import drawing_problem
from cnnlab.course.mistakes import Findings, Severity, did_you_mean
from cnnlab.course.prose import ProseCheck

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST_PICTURE = 5 * 2**20
LARGEST_FILM = 50 * 2**20
MOST_PIXELS = 25_000_000
MOST_SIGNS = 1_000_000
_FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}


@dataclass(frozen=True, slots=True)
class FileProblem:
    """What is wrong with a file, and what to do; `code` is the kind of mistake."""

    code: str
    message: str
    help: str


def file_problem(name: str, folders: tuple[Path, ...], root: Path) -> FileProblem | None:
    """Return what is wrong with a file that is looked for in some folders below `root`, or None."""
    found = next((folder / name for folder in folders if (folder / name).is_file()), None)
    if found is None:
        others = (one for one in folders[0].rglob("*") if one.suffix not in ("", ".md"))
        near = [one.relative_to(folders[0]).as_posix() for one in islice(others, 200)]
        return FileProblem("missing-file", f"there is no file `{name}`", did_you_mean(name, near))
    if not found.resolve().is_relative_to(root.resolve()):
        message = f"`{name}` leads out of the folder of lessons"
        return FileProblem("missing-file", message, "copy the file into it")
    suffix = found.suffix.lower()
    most = LARGEST_FILM if suffix in _FILMS else LARGEST_PICTURE
    if found.stat().st_size > most:
        return FileProblem("file", f"`{name}` is larger than {most // 2**20} MiB", "make it smaller")
    message, help = _INSPECTORS[suffix](found) if suffix in _INSPECTORS else ("", "")
    return FileProblem("file", f"`{name}` {message}", help) if message else None


def picture_problem(file: Path) -> tuple[str, str]:
    """Return what is wrong with a picture made of pixels, and what to do; nothing where it is fine."""
    import warnings

    from PIL import Image as Reader

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Reader.DecompressionBombWarning)  # counted below
            with Reader.open(file, formats=["PNG", "JPEG", "WEBP", "GIF"]) as picture:
                return _judge(picture, _FORMATS[file.suffix.lower()])
    except Reader.DecompressionBombError:
        return _TOO_MANY
    except Exception:  # whatever a decoder makes of broken bytes, the picture cannot be shown
        return "is damaged, or no picture at all", "save it anew from the program that drew it"


_TOO_MANY = (f"has more than {MOST_PIXELS // 10**6} million pixels", "make it smaller")


def _judge(picture: "Image", wanted: str) -> tuple[str, str]:
    if picture.format != wanted:
        return (
            f"is a {picture.format} file, which its name does not say",
            f"save it as {wanted}, or rename it",
        )
    if picture.width * picture.height > MOST_PIXELS:
        return _TOO_MANY
    if getattr(picture, "is_animated", False):
        return "moves, and readers could not stop it", "show one picture of it, or a `:::{video}`"
    picture.load()
    return "", ""


def film_problem(file: Path) -> tuple[str, str]:
    """Return what is wrong with a film, as far as its first bytes tell."""
    with file.open("rb") as opened:
        head = opened.read(12)
    is_it = head[4:8] == b"ftyp" if file.suffix.lower() == ".mp4" else head[:4] == b"\x1a\x45\xdf\xa3"
    if is_it:
        return "", ""
    return f"is no {file.suffix.lower()} film", "export it as .mp4 (H.264) or .webm"


def transcript_problem(file: Path) -> tuple[str, str]:
    """Return what is wrong with the text that says what is heard and seen in a film."""
    text = read_text(file)
    if text is None or not text.strip():
        return "holds no text", "write down in UTF-8 what is said and seen"
    findings = Findings(file.name, text.split("\n"))
    check = ProseCheck(findings)
    check.check(text, 1)
    for one in sorted(findings.mistakes):
        if one.severity is Severity.ERROR:
            return f"has a mistake in line {one.line}: {one.message}", one.help
    if check.uses.files:
        return f"shows a picture in line {check.uses.files[0].place.line}", "describe it in words"
    return "", ""


def read_text(file: Path) -> str | None:
    """Return a text file's content without a byte order mark; None where it is no UTF-8, or too long."""
    if file.stat().st_size > MOST_SIGNS:
        return None
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return None


def _captions(file: Path) -> tuple[str, str]:
    return captions_problem(read_text(file))


def _drawing(file: Path) -> tuple[str, str]:
    return drawing_problem(file.read_bytes())


_FILMS = (".mp4", ".webm")
_INSPECTORS: dict[str, Callable[[Path], tuple[str, str]]] = {
    **dict.fromkeys(_FORMATS, picture_problem),
    **dict.fromkeys(_FILMS, film_problem),
    ".svg": _drawing,
    ".vtt": _captions,
    ".md": transcript_problem,
    ".txt": transcript_problem,
}

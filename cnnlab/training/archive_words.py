"""What is told of an archive that no data set can be made of: what it is instead, or what it lacks.

It knows sentences only; `archives` reads.
"""

from collections.abc import Mapping, Sequence

from cnnlab.training.picture_set import LEAST_OF_A_CLASS

_KINDS = {b"\x1f\x8b": "gzip", b"7z\xbc\xaf": "7z", b"Rar!": "rar", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}
_SHOWN = 5
_HOW = "Make a folder for each class, put its pictures into it, and pack the folders."


def no_archive(data: bytes, shown: str) -> str:
    """Return what bytes are that are no zip archive, and what to do."""
    if not data:
        return f"“{shown}” is empty (0 bytes): perhaps it was not copied to its end. Make it again."
    if data.startswith(b"PK"):
        return (
            f"“{shown}” is a damaged zip archive, or it is cut short: perhaps it was not copied or "
            "downloaded to its end. Make it again."
        )
    kind = next((f"a {name} archive" for start, name in _KINDS.items() if data.startswith(start)), "")
    return (
        f"“{shown}” is {kind or 'no archive'}; zip archives can be read here. On most computers: select the "
        "folders of pictures, open the menu with the right mouse button, and compress them to a zip file."
    )


def too_few(found: Mapping[str, Sequence[object]], shown: str) -> str:
    """Return what an archive lacks, fewer than two classes of which have enough pictures."""
    counts = [f"“{name}”: {len(pictures)}" for name, pictures in sorted(found.items())]
    more = f" and {len(counts) - _SHOWN:,} more" if len(counts) > _SHOWN else ""
    holds, advice = {
        0: ("no picture that can be read", _HOW),
        1: ("pictures of one class only", _HOW),
    }.get(
        sum(map(bool, found.values())),
        ("too few pictures", "Put more into the folders: one is learned from, one measured with."),
    )
    return (
        f"“{shown}” holds {holds} ({', '.join(counts[:_SHOWN])}{more}); two classes with {LEAST_OF_A_CLASS} "
        f"pictures each are needed at least. {advice}"
    )

"""Whether a film's captions can be shown: WebVTT with its first line, and cues whose times make sense.

It does not hear the film, and does not look at styles.
"""

import re

_TIME = re.compile(r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})")
_ARROW = re.compile(r"^\s*(\S+)\s+-->\s+(\S+)(\s.*)?$")
_NO_CUE = ("NOTE", "STYLE", "REGION")
_NO_GAP = ("a cue begins without an empty line above it", "leave a line empty above it")
_WRITE_TIME = "write a cue's times as `00:01.000 --> 00:04.500`"


class _Wrong(Exception):
    """Ends the reading at the first mistake: its line, what it is, and what to do."""


def captions_problem(text: str | None) -> tuple[str, str]:
    r"""Return what is wrong with a caption file's text (None: it is no text), and what to do.

    >>> captions_problem("WEBVTT\n\n00:01.000 --> 00:04.000\nA kernel slides.\n")
    ('', '')
    >>> captions_problem("A kernel slides.")[0]
    'has no `WEBVTT` in its first line'
    """
    lines = text.splitlines() if text is not None else []
    if not lines or not re.fullmatch(r"WEBVTT([ \t].*)?", lines[0]):
        return "has no `WEBVTT` in its first line", "begin the file with a line `WEBVTT`, then an empty one"
    try:
        _read(lines)
    except _Wrong as wrong:
        number, message, help = wrong.args
        return f"has a mistake in line {number}: {message}", help
    return "", ""


def _read(lines: list[str]) -> None:
    before = -1
    found = False
    at = next((row for row, line in enumerate(lines) if not line.strip()), len(lines))
    for row in range(at):
        if "-->" in lines[row]:
            raise _Wrong(row + 1, *_NO_GAP)
    while at < len(lines):
        block = [at]
        while block[-1] + 1 < len(lines) and lines[block[-1] + 1].strip():
            block.append(block[-1] + 1)
        at = block[-1] + 1
        if not lines[block[0]].strip():
            block = block[1:]
        if block and not lines[block[0]].startswith(_NO_CUE):
            before = _cue(lines, block, before)
            found = True
    if not found:
        raise _Wrong(len(lines), "there is no cue", f"{_WRITE_TIME}, and what is said below")


def _cue(lines: list[str], block: list[int], before: int) -> int:
    """Check one cue, and return when it begins in milliseconds."""
    row = next((at for at in block[:2] if "-->" in lines[at]), block[0])
    times = _ARROW.match(lines[row])
    if times is None:
        raise _Wrong(row + 1, "a cue begins with its times", _WRITE_TIME)
    start, end = _time(times[1], row), _time(times[2], row)
    if end <= start:
        raise _Wrong(row + 1, "the cue ends before it begins", "put the later time behind `-->`")
    if start < before:
        raise _Wrong(row + 1, "the cue begins before the one above it", "put the cues in the order of time")
    if row == block[-1]:
        raise _Wrong(row + 1, "the cue says nothing", "write what is said below its times")
    for at in block[block.index(row) + 1 :]:
        if "-->" in lines[at]:
            raise _Wrong(at + 1, *_NO_GAP)
    return start


def _time(text: str, row: int) -> int:
    found = _TIME.fullmatch(text)
    if found is None:
        help = "times have a point before the thousandths" if "," in text else _WRITE_TIME
        raise _Wrong(row + 1, f"`{text[:20]}` is no time", help)
    hours, minutes, seconds, thousandths = (int(one or 0) for one in found.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths

"""Files that a lesson names: pictures, drawings, films, captions and transcripts that cannot be shown."""

from pathlib import Path

import pytest
from PIL import Image

from cnnlab.course.captions import captions_problem
from cnnlab.course.drawings import drawing_problem
from cnnlab.course.files import FileProblem, file_problem

SVG = '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'
CUE = "00:01.000 --> 00:04.500\nA kernel slides.\n"


def problem(folder: Path, name: str) -> FileProblem | None:
    return file_problem(name, (folder, folder.parent), folder.parent)


def said(folder: Path, name: str) -> str:
    found = problem(folder, name)
    assert found
    assert found.code == "file"
    assert found.help
    return found.message


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lessons").mkdir()
    return tmp_path / "lessons"


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.JPEG", "a.webp"])
def test_a_picture_that_is_what_its_name_says_is_fine(name: str, folder: Path):
    Image.new("RGB", (40, 30)).save(folder / name)
    assert problem(folder, name) is None


def test_a_picture_under_another_name_is_named(folder: Path):
    Image.new("RGB", (4, 3)).save(folder / "a.gif")
    (folder / "a.gif").rename(folder / "a.png")
    assert said(folder, "a.png") == "`a.png` is a GIF file, which its name does not say"


def test_a_picture_of_too_many_pixels_is_refused_and_one_of_just_enough_is_not(folder: Path):
    Image.new("1", (5000, 5000)).save(folder / "a.png")
    assert problem(folder, "a.png") is None
    Image.new("1", (5001, 5000)).save(folder / "a.png")
    assert said(folder, "a.png") == "`a.png` has more than 25 million pixels"


@pytest.mark.parametrize("side", [10_000, 14_000])
def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_unpacked(side: int, folder: Path):
    Image.new("1", (side, side)).save(folder / "a.png")
    assert (folder / "a.png").stat().st_size < 100_000
    assert said(folder, "a.png") == "`a.png` has more than 25 million pixels"


def test_bytes_that_are_no_picture_are_named(folder: Path):
    (folder / "a.png").write_bytes(b"no picture")
    assert said(folder, "a.png") == "`a.png` is damaged, or no picture at all"
    Image.effect_noise((200, 200), 50).save(folder / "b.png")
    (folder / "b.png").write_bytes((folder / "b.png").read_bytes()[:5000])
    assert said(folder, "b.png") == "`b.png` is damaged, or no picture at all"


def test_a_picture_that_moves_is_refused(folder: Path):
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("black", "white")]
    frames[0].save(folder / "a.webp", save_all=True, append_images=frames[1:])
    assert said(folder, "a.webp") == "`a.webp` moves, and readers could not stop it"


def test_a_file_may_not_be_too_large(folder: Path):
    (folder / "a.png").write_bytes(b"x" * (5 * 2**20 + 1))
    assert said(folder, "a.png") == "`a.png` is larger than 5 MiB"
    with (folder / "a.webm").open("wb") as film:
        film.write(b"\x1a\x45\xdf\xa3")
        film.truncate(50 * 2**20)
    assert problem(folder, "a.webm") is None
    with (folder / "a.webm").open("ab") as film:
        film.write(b"x")
    assert said(folder, "a.webm") == "`a.webm` is larger than 50 MiB"


def test_a_file_that_is_not_there_is_answered_with_the_nearest(folder: Path):
    (folder / "kernel.png").write_bytes(b"")
    found = problem(folder, "kernl.png")
    assert found == FileProblem("missing-file", "there is no file `kernl.png`", "did you mean `kernel.png`?")


def test_a_film_that_is_none_is_named(folder: Path):
    (folder / "a.mp4").write_bytes(b"\x00\x00\x00\x18ftypmp42")
    (folder / "b.mp4").write_bytes(b"\x1a\x45\xdf\xa3 webm")
    assert problem(folder, "a.mp4") is None
    assert said(folder, "b.mp4") == "`b.mp4` is no .mp4 film"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "`a.md` holds no text"),
        (b"\xff\xfe", "`a.md` holds no text"),
        (b"x" * 1_000_001, "`a.md` holds no text"),
        (b"One\n\n![a cat](https://a.org/b.png)", "`a.md` has a mistake in line 3: a picture from elsewhere"),
        (b"One\n<b>two</b>", "`a.md` has a mistake in line 2: `<b>` is HTML"),
        (b"One\n\n![a cat](b.png)", "`a.md` shows a picture in line 3"),
    ],
)
def test_a_transcript_is_text_and_loads_nothing(content: bytes, message: str, folder: Path):
    (folder / "a.md").write_bytes(content)
    assert said(folder, "a.md").startswith(message)


def test_a_transcript_with_text_is_fine(folder: Path):
    (folder / "a.txt").write_text("\ufeffA kernel slides.", encoding="utf-8")
    assert problem(folder, "a.txt") is None


@pytest.mark.parametrize(
    "text",
    [
        f"WEBVTT\n\n{CUE}",
        f"WEBVTT - in English\n\nNOTE a note\nof two lines\n\n1\n{CUE}",
        f"WEBVTT\n\n{CUE}\n2\n01:00:04.500 --> 01:00:05.000 align:start\nTwo.",
        f"WEBVTT\r\n\r\n{CUE}".replace("\n", "\r\n"),
        f"WEBVTT\nKind: captions\n\nSTYLE\n::cue {{ color: white }}\n\n{CUE}",
    ],
)
def test_captions_that_can_be_shown_are_fine(text: str):
    assert captions_problem(text) == ("", "")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "has no `WEBVTT` in its first line"),
        ("", "has no `WEBVTT` in its first line"),
        (CUE, "has no `WEBVTT` in its first line"),
        ("WEBVTTX\n", "has no `WEBVTT` in its first line"),
        ("WEBVTT\n", "has a mistake in line 1: there is no cue"),
        ("WEBVTT\n\nA kernel slides.", "has a mistake in line 3: a cue begins with its times"),
        ("WEBVTT\n\n1\n00:01,000 --> 00:02,000\na", "has a mistake in line 4: `00:01,000` is no time"),
        ("WEBVTT\n\n0:01.000 --> 00:02.000\na", "has a mistake in line 3: `0:01.000` is no time"),
        ("WEBVTT\n\n00:61.000 --> 00:62.000\na", "has a mistake in line 3: `00:61.000` is no time"),
        ("WEBVTT\n\n00:02.000 --> 00:01.000\na", "has a mistake in line 3: the cue ends before it begins"),
        (f"WEBVTT\n\n{CUE}\n00:00.500 --> 00:01.000\na", "has a mistake in line 6: the cue begins before"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n\n", "has a mistake in line 3: the cue says nothing"),
        (f"WEBVTT\n{CUE}", "has a mistake in line 2: a cue begins without an empty line"),
        (f"WEBVTT\n\n{CUE}{CUE}", "has a mistake in line 5: a cue begins without an empty line"),
    ],
)
def test_captions_that_cannot_be_shown_are_named_with_their_line(text: str | None, message: str):
    found, help = captions_problem(text)
    assert found.startswith(message)
    assert help


def test_captions_with_a_comma_are_told_about_the_point():
    assert "point" in captions_problem("WEBVTT\n\n00:01,000 --> 00:02,000\na")[1]


@pytest.mark.parametrize(
    "inside",
    [
        '<path d="M0 0"/><use xlink:href="#a"/><rect fill="url(#b)" style="fill: url(\'#c\')"/>',
        '<image xlink:href="data:image/png;base64,iVBO"/>',
        "<style>.a { fill: red }</style><title>A kernel</title>",
    ],
)
def test_a_drawing_is_fine(inside: str):
    assert drawing_problem(SVG.format(inside).encode()) == ("", "")


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        ("<script>alert(1)</script>", "holds a program (`script`)"),
        ("<g onload='x()'/>", "holds a program (`onload`)"),
        ("<foreignObject><p/></foreignObject>", "holds a program (`foreignobject`)"),
        ("<x:script xmlns:x='http://www.w3.org/2000/svg'/>", "holds a program (`script`)"),
        ('<image xlink:href="https://a.org/b.png"/>', "names something outside of it"),
        ('<image href="b.png"/>', "names something outside of it"),
        ('<image href="data:text/html,x"/>', "names something outside of it"),
        ('<a xlink:href="javascript:x()"/>', "names something outside of it"),
        ('<rect style="fill: url(https://a.org/b)"/>', "names something outside of it"),
        ("<style>@import 'https://a.org/b.css';</style>", "names something outside of it"),
        ("<style>a { src: u<![CDATA[rl(https://a.org)]]> }</style>", "names something outside of it"),
        ("<?xml-stylesheet href='https://a.org/b.css'?>", "holds an instruction (`xml-stylesheet`)"),
        ("<path", "is no drawing that can be read"),
    ],
)
def test_a_drawing_with_more_than_a_drawing_is_refused(inside: str, message: str):
    found, help = drawing_problem(SVG.format(inside).encode())
    assert found == message
    assert help


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is no drawing that can be read"),
        (b"\x89PNG", "is no drawing that can be read"),
        (b"<html/>", "is no drawing: it does not begin with `<svg`"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>', "declares entities"),
        (b"<svg>" * 200_000, "is no drawing that can be read"),
    ],
)
def test_a_file_that_is_no_drawing_is_refused(content: bytes, message: str):
    assert drawing_problem(content)[0] == message

"""Lessons as they are read: every directive, every kind of question, and where each stands."""

from pathlib import Path
from typing import Any

from cnnlab.course.lesson import (
    Figure,
    Note,
    NoteKind,
    Prose,
    QuestionBlock,
    Reveal,
    Steps,
    Video,
    Widget,
    every,
)
from cnnlab.course.mistakes import Severity
from cnnlab.course.questions import (
    Blank,
    KernelGoal,
    KernelQuestion,
    Kind,
    MultipleQuestion,
    NumericQuestion,
    OrderQuestion,
    Partial,
    PredictQuestion,
    ReachQuestion,
    ShapeQuestion,
    SingleQuestion,
    TableQuestion,
    TextQuestion,
    Tolerance,
)
from cnnlab.course.reading import lines_of, read_file, read_lesson
from tests.source_files import ROOT

SOURCE = (ROOT / "tests/course/good_lesson.md").read_text(encoding="utf-8")
READING = read_lesson(SOURCE, "good.md")
FRONT = "---\nid: a-lesson\ntitle: A lesson\nminutes: 5\n---\n"


def lesson():
    assert READING.lesson is not None
    return READING.lesson


def question(name: str) -> Any:
    return next(one for one in lesson().questions if one.id == name)


def codes(text: str) -> list[tuple[int, str]]:
    return [(one.line, one.code) for one in read_lesson(FRONT + text, "a.md").mistakes]


def test_a_good_lesson_has_no_mistakes():
    assert [one.text() for one in READING.mistakes] == []
    assert READING.sound


def test_every_kind_of_question_is_read():
    kinds = [type(one) for one in lesson().questions]
    assert kinds == [
        SingleQuestion,
        MultipleQuestion,
        NumericQuestion,
        ShapeQuestion,
        TableQuestion,
        OrderQuestion,
        PredictQuestion,
        TextQuestion,
        KernelQuestion,
        ReachQuestion,
    ]
    assert len(kinds) == len(Kind)


def test_every_block_knows_its_line():
    lines = SOURCE.split("\n")
    for block in every(lesson().blocks):
        shown = lines[block.line - 1]
        assert shown.startswith(":::") or (isinstance(block, Prose) and not shown.startswith(":")), block


def test_the_blocks_stand_in_reading_order():
    kinds = [type(block).__name__ for block in lesson().blocks]
    assert kinds[:6] == ["Prose", "Note", "Note", "Figure", "Widget", "QuestionBlock"]
    assert kinds[-2:] == ["Steps", "Video"]


def test_boxes_hold_boxes_and_fold():
    box = lesson().blocks[2]
    assert isinstance(box, Note)
    assert (box.kind, box.title, box.open) == (NoteKind.EXAMPLE, "Worked", False)
    assert [type(block) for block in box.blocks] == [Prose, Note]


def test_a_figure_and_a_video_keep_what_they_were_told():
    figure = next(block for block in lesson().blocks if isinstance(block, Figure))
    assert (figure.path, figure.alt, figure.width) == ("img/kernel.png", "a kernel of nine weights", 300)
    film = next(block for block in lesson().blocks if isinstance(block, Video))
    assert (film.path, film.captions) == ("film.mp4", "film.vtt")


def test_a_widget_speaks_the_address_of_its_lab():
    widget = next(block for block in lesson().blocks if isinstance(block, Widget))
    assert (widget.id, widget.height) == ("lab", 600)
    assert widget.settings == {
        "in": "28x28",
        "k": "3x1",
        "s": "2",
        "p": "same",
        "op": "maxpool",
        "bias": "0",
    }


def test_choices_have_letters_feedback_and_lines():
    one = question("q-single")
    assert [(choice.id, choice.right, choice.text) for choice in one.choices] == [
        ("a", True, "$28$ rows"),
        ("b", False, "26 rows"),
    ]
    assert one.choices[1].feedback == "No: the padding\nadds two."
    assert SOURCE.split("\n")[one.choices[1].line - 1] == "- [ ] 26 rows"
    assert question("q-multiple").partial is Partial.NET


def test_a_number_has_parameters_a_tolerance_and_a_worked_answer():
    one = question("q-numeric")
    assert [(each.name, list(each.values)) for each in one.params][1] == ("k", [3, 5, 7])
    assert (one.answer, one.where, one.unit) == ("n - k + 1", "n > k", "rows")
    assert one.tolerance == Tolerance(absolute=0.1)
    assert one.solution == "It is ${{n}} - {{k}} + 1 = {{n - k + 1}}$."


def test_code_stays_in_the_stem():
    assert question("q-shape").stem == "What shape?\n```python\nconv(x)\n```"


def test_a_table_has_blanks_with_names_of_their_own():
    one = question("q-table")
    assert one.rows[0][0] == "conv"
    assert [blank.label for blank in one.blanks] == ["conv, out", "conv, share", "pool, out"]
    share = one.rows[0][2]
    assert isinstance(share, Blank)
    assert (share.answer, share.tolerance) == ("c / 3", Tolerance(relative=0.01))


def test_a_prediction_reveals_blocks_after_it():
    block = next(one for one in lesson().blocks if isinstance(one, QuestionBlock) and one.reveal)
    assert isinstance(block.reveal, Reveal)
    assert [type(inner) for inner in block.reveal.blocks] == [Prose, Widget]


def test_the_other_kinds_keep_what_they_were_told():
    assert [item.text for item in question("q-order").items] == ["pad", "slide", "add"]
    assert question("q-text").checklist == ("names the kernel", "names the stride")
    assert (question("q-kernel").goal, question("q-kernel").either_sign) == (KernelGoal.VERTICAL_EDGES, True)
    assert (question("q-reach").check, question("q-reach").widget) == ("out_h == 14 and stride == 2", "lab")
    steps = next(block for block in lesson().blocks if isinstance(block, Steps))
    assert [(step.title, step.minutes) for step in steps.steps] == [("First", 2), ("Second", 0)]


def test_footnotes_are_numbered_and_taken_out_of_the_text():
    (note,) = lesson().footnotes
    assert (note.label, note.number) == ("n", 1)
    assert note.text == "Dumoulin and Visin, *A guide to convolution arithmetic*,\n2016."
    first = lesson().blocks[0]
    assert isinstance(first, Prose)
    assert "Dumoulin" not in first.text
    assert lesson().definitions == "[p]: https://arxiv.org/abs/1603.07285"


def test_longer_fences_close_what_they_opened():
    text = "::::{note} A\n:::{tip} B\ntext\n:::\n::::\nafter\n"
    reading = read_lesson(FRONT + text, "a.md")
    assert reading.sound
    assert reading.lesson is not None
    assert [type(block) for block in reading.lesson.blocks] == [Note, Prose]
    assert codes("::::{note} A\n:::{tip} B\ntext\n::::\nafter\n") == [(7, "unclosed")]


def test_colons_inside_code_are_code():
    assert codes("```\n:::{note}\n<b> $x :smile: {{n}}\n```\nand `:::{note} <b>` here\n") in (
        [],
        [(8, "parameter-outside")],
    )


def test_windows_line_ends_marks_and_tabs_are_taken_as_they_are_meant():
    assert lines_of("\ufeffa\r\nb\tc\rd\x00") == ["a", "b   c", "d\ufffd"]
    assert read_lesson("\ufeff" + SOURCE.replace("\n", "\r\n"), "good.md") == READING


def test_a_file_that_is_no_text_is_a_mistake(tmp_path: Path):
    file = tmp_path / "bad.md"
    file.write_bytes(b"one\n\xff\xfe")
    (mistake,) = read_file(file, "bad.md").mistakes
    assert (mistake.line, mistake.code, mistake.severity) == (2, "not-utf-8", Severity.ERROR)
    file.write_bytes(b"a" * 1_000_001)
    assert read_file(file, "bad.md").mistakes[0].code == "too-large"
    assert (
        read_file(tmp_path / "none.md", "none.md").mistakes[0].message.startswith("the file cannot be read")
    )


def test_an_author_is_shown_the_text_of_a_lesson_whose_front_matter_cannot_be_used():
    reading = read_lesson("---\nid: NO\n---\nHello\n", "a.md")
    assert reading.lesson is None
    assert reading.shown is not None
    assert [block.line for block in reading.shown.blocks] == [4]
    sound = read_lesson('---\nid: fine\ntitle: "T"\nminutes: 1\n---\nHello\n', "a.md")
    assert sound.shown is sound.lesson is not None

"""Boxes as GitHub writes them: what they become, and which are none."""

import pytest

from cnnlab.course.lesson import Note, NoteKind, Prose
from cnnlab.course.reading import read_lesson

FRONT = "---\nid: a-lesson\ntitle: A lesson\nminutes: 5\n---\n"


def blocks(text: str) -> list[tuple]:
    lesson = read_lesson(FRONT + text, "a.md").lesson
    assert lesson
    return [shape(one) for one in lesson.blocks]


def shape(block: object) -> tuple:
    if isinstance(block, Note):
        return (block.kind.value, block.title, block.open, [shape(one) for one in block.blocks], block.line)
    assert isinstance(block, Prose)
    return (block.text, block.line)


def mistakes(text: str) -> list[tuple[int, int, str]]:
    return [(one.line, one.column, one.code) for one in read_lesson(FRONT + text, "a.md").mistakes]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("NOTE", "note"),
        ("tip", "tip"),
        ("IMPORTANT", "note"),
        ("WARNING", "warning"),
        ("Caution", "warning"),
        *((kind.value.upper(), kind.value) for kind in NoteKind),
    ],
)
def test_a_box_is_the_directive_of_its_name(word: str, kind: str):
    assert blocks(f"> [!{word}]\n> Text.") == [(kind, "", None, [("Text.", 7)], 6)]


def test_a_box_has_a_title_and_may_fold():
    assert blocks("> [!TIP] Quicker\n> Text.")[0][:3] == ("tip", "Quicker", None)
    assert blocks("> [!TIP]- Quicker\n> Text.")[0][:3] == ("tip", "Quicker", False)
    assert blocks("> [!TIP]+ Quicker\n> Text.")[0][:3] == ("tip", "Quicker", True)


def test_text_around_boxes_stays_where_it_is():
    text = "Before.\n> [!NOTE]\n> One\n>\n> - two\n\nBetween.\n\n> [!TIP]\n> Three.\n\nAfter."
    inner = [("One\n\n- two", 8)]
    assert blocks(text) == [
        ("Before.", 6),
        ("note", "", None, inner, 7),
        ("Between.", 11),
        ("tip", "", None, [("Three.", 15)], 14),
        ("After.", 16),
    ]


def test_boxes_stand_in_boxes_and_in_directives():
    assert blocks(":::{example} A\n> [!NOTE]\n> > [!TIP]\n> > In.\n:::") == [
        ("example", "A", None, [("note", "", None, [("tip", "", None, [("In.", 9)], 8)], 7)], 6)
    ]


@pytest.mark.parametrize(
    "text", ["```\n> [!NOTE]\n> Text.\n```", "`> [!NOTE]`", "> Said.\n> And [more](https://example.org)."]
)
def test_code_and_quotations_are_no_boxes(text: str):
    assert blocks(text) == [(text, 6)]
    assert mistakes(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("> [!NOT]\n> Text.", [(6, 5, "callout")]),
        ("> [!NOTE]\n> Text.\nOutside.", [(8, 1, "callout")]),
        ("> [!NOTE]\n> :::{widget} conv-lab\n> :::", [(7, 3, "callout"), (8, 3, "callout")]),
        ("> [!NOTE]\n", [(6, 5, "empty")]),
        ("> Text.\n> [!NOTE]", [(7, 1, "callout")]),
        ("- > [!NOTE]\n  > Text.", [(6, 1, "callout")]),
        ("[!NOTE]\nText.", [(6, 1, "callout")]),
        ("> [!TIP] See <b>this</b>\n> Text.", [(6, 14, "html"), (6, 21, "html")]),
        ("> [!TIP]\n> It is <b>bold</b>.", [(7, 9, "html"), (7, 16, "html")]),
        (
            ":::{question} single\n:id: q\nWhat?\n- [x] a\n- [ ] b\n  > [!NOTE]\n  > No.\n:::",
            [(11, 5, "callout")],
        ),
    ],
)
def test_a_box_with_a_mistake_is_named_at_its_place(text: str, expected: list[tuple[int, int, str]]):
    assert mistakes(text) == expected


def test_a_misspelled_box_is_answered_with_the_nearest():
    (mistake,) = read_lesson(FRONT + "> [!WARNIG]\n> Text.", "a.md").mistakes
    assert mistake.help == "did you mean `warning`?"


def test_boxes_in_boxes_without_end_are_read():
    text = "\n".join("> " * depth + "[!NOTE]" for depth in range(1, 400))
    assert ("callout" in {code for _, _, code in mistakes(text)}) is True


def test_notes_and_links_reach_into_boxes():
    lesson = read_lesson(FRONT + "> [!NOTE]\n> Said.[^1]\n\n[^1]: There.", "a.md").lesson
    assert lesson
    assert [note.text for note in lesson.footnotes] == ["There."]

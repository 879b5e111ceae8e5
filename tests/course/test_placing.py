"""A mistake is shown above its own block, or above the next one where its block could not be read."""

from cnnlab.course.lesson import Prose, every
from cnnlab.course.mistakes import Mistake, Severity
from cnnlab.course.placing import AT_THE_END, placed
from cnnlab.course.reading import lines_of, read_lesson

TEXT = """---
id: placing
title: "Placing"
minutes: 5
---
First paragraph.

:::{question} singel
:id: dropped
Which?

- [x] A
- [ ] B
:::

Second paragraph.

:::{note} Kept
Inside the note.

:::{widget} no-such-lab
:::

After the widget.
:::

:::{question} numeric
:id: kept
How many?

- [x] `3`

:::{reveal}
Because.
:::
:::

:::{steps}
:::{step} One
:minutes: many
In the step.
:::
:::

:::{widget} nothing
:::
"""
READING = read_lesson(TEXT, "a.md")


def line_of(text: str) -> int:
    return lines_of(TEXT).index(text) + 1


def block_with(text: str) -> int:
    """Return the line at which the prose with a text begins, which may be an empty one."""
    assert READING.shown is not None
    return next(
        block.line for block in every(READING.shown.blocks) if isinstance(block, Prose) and text in block.text
    )


def homes(lines: list[int]) -> list[int]:
    """Return where a mistake at each line is shown."""
    assert READING.shown is not None
    mistakes = [Mistake("a.md", line, 1, 1, Severity.ERROR, "x", "m", "", "") for line in lines]
    found = placed(READING.shown, lines_of(TEXT), mistakes)
    by_line = {one.line: home for home, many in found.items() for one in many}
    return [by_line[line] for line in lines]


def test_the_lesson_has_lost_the_blocks_that_the_tests_are_about():
    assert READING.shown is not None
    assert [one.id for one in READING.shown.questions] == ["kept"]
    assert READING.shown.widgets == ()
    assert {line_of(":::{question} singel"), line_of(":minutes: many")} <= {
        one.line for one in READING.mistakes
    }


def test_a_block_that_was_read_has_its_mistakes_above_it():
    for text in ("First paragraph.", "Inside the note.", "In the step.", "After the widget."):
        assert homes([line_of(text)]) == [block_with(text)]
    assert homes([line_of(":::{note} Kept")]) == [line_of(":::{note} Kept")]


def test_a_mistake_anywhere_in_a_question_is_above_the_question():
    question = line_of(":::{question} numeric")
    assert homes([question, question + 2, question + 4, line_of("Because.")]) == [question] * 4


def test_what_could_not_be_read_has_its_mistakes_above_the_next_block():
    question = line_of(":::{question} singel")
    assert homes([question, question + 2, question + 4]) == [block_with("Second paragraph.")] * 3
    assert homes([line_of(":::{widget} no-such-lab")]) == [block_with("After the widget.")]
    assert homes([line_of(":minutes: many")]) == [block_with("In the step.")]
    assert homes([line_of(":::{widget} nothing")]) == [AT_THE_END]


def test_mistakes_of_the_front_matter_belong_to_no_block():
    mistake = Mistake("a.md", 3, 1, 1, Severity.ERROR, "x", "m", "", "")
    assert READING.shown is not None
    assert placed(READING.shown, lines_of(TEXT), [mistake]) == {}

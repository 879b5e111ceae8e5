"""The counts of a lesson are those that one makes by hand."""

import pytest

from cnnlab.course.measuring import Picture, measure, readability
from cnnlab.course.reading import read_lesson

LESSON = """---
id: counted
title: "Counted"
minutes: 5
---
## Two words

A kernel of $k$ pixels slides. It has `weights`.[^1]

![a small kernel](img/kernel.png)

:::{teacher}
None of these words count.
:::

:::{figure} img/map.png
:alt: a map of nine places
:caption: Three more words
:::

:::{widget} conv-lab
:::

:::{question} single
:id: q
How many is {{1 + 1}}?

- [x] Two
  > Not counted, because it comes later.
- [ ] Three
  > Not counted.
:::

:::{question} table
:id: t
Fill in.

| layer | size |
|---|---|
| pool | [[3]] |
:::

[^1]: One note.
"""


def test_the_words_a_learner_reads_are_counted_and_no_others():
    lesson = read_lesson(LESSON, "a.md").shown
    assert lesson is not None
    found = measure(lesson)
    # heading 2, paragraph 6 + 3, caption 3, question 4, choices 2, table question 2 + 3 cells, note 2
    assert found.words == 2 + 9 + 3 + 4 + 2 + 5 + 2
    assert (found.questions, found.labs) == (2, 1)
    assert found.minutes == 4  # 27 words are 0.2 minutes, two questions 2, a lab 2
    assert found.pictures == (
        Picture("img/kernel.png", "a small kernel"),
        Picture("img/map.png", "a map of nine places"),
    )


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        # 26 letters, 9 words, 2 sentences: 4.71 · 2.889 + 0.5 · 4.5 − 21.43
        (["The cat sat on the mat. It was warm."], -5.6),
        # 51 letters and digits, 7 words, 1 sentence, since a point in a number ends none: 34.32 + 3.5 − 21.43
        (["Convolutions of stride 1.5 approximate interpolations here."], 16.4),
        ([], None),
        (["–"], None),
    ],
)
def test_readability_is_the_automated_readability_index(paragraphs: list[str], expected: float | None):
    assert readability(paragraphs) == expected


def test_an_abbreviation_ends_no_sentence_and_a_paragraph_does():
    long = "Take one of them, e.g. the last of all"
    assert readability([long]) == readability([long + "."])
    assert readability([long, long]) == readability([long])


def test_only_what_is_written_in_sentences_has_a_reading_level():
    prose = "The whole convolution computes differences between neighbouring pixels everywhere."
    question = ":::{question} single\n:id: q\n" + prose + "\n\n- [x] Two\n- [ ] No, three.\n:::\n"
    front = '---\nid: counted\ntitle: "Counted"\nminutes: 5\n---\n'
    text = f"{front}## Two words\n\n{prose} In 1998, $n - k$.\n\n- a point\n\n{question}"
    lesson = read_lesson(text, "a.md").shown
    assert lesson is not None
    assert measure(lesson).readability == readability([f"{prose} In.", prose])

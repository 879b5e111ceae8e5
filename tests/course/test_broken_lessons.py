"""Broken lessons: each mistake is named at its line and column, and nothing else is."""

from pathlib import Path

import pytest

from cnnlab.course.checking import check_lessons
from cnnlab.course.mistakes import Mistake
from tests.source_files import ROOT

FOLDER = ROOT / "tests/course/broken"
EXPECTED = [
    ("alt-name", 6, 11, "alt"),
    ("alt-name", 9, 7, "alt"),
    ("backticks", 6, 1, "backtick-directive"),
    ("bad-expression", 9, 8, "expression"),
    ("bad-kind", 6, 15, "bad-value"),
    ("bad-minutes", 4, 10, "bad-value"),
    ("bad-yaml", 3, 14, "yaml"),
    ("both-letters", 9, 7, "all-of-the-above"),
    ("braces", 6, 4, "braces"),
    ("callout-end", 8, 1, "callout"),
    ("callout-inside", 8, 3, "callout"),
    ("callout-unknown", 6, 5, "callout"),
    ("captions", 7, 12, "file"),
    ("colour", 6, 9, "colour-only"),
    ("covered", 11, 7, "covered"),
    ("covered-sometimes", 12, 8, "covered"),
    ("definition-list", 7, 1, "definition-list"),
    ("drawing", 6, 13, "file"),
    ("duplicate-id", 15, 6, "duplicate-id"),
    ("duplicate-key", 5, 1, "duplicate-key"),
    ("emoji", 6, 16, "emoji"),
    ("everything-above", 12, 7, "all-of-the-above"),
    ("feedback-indent", 11, 1, "feedback-indent"),
    ("footnote", 6, 10, "footnote"),
    ("footnote", 8, 1, "unused-footnote"),
    ("formula-brace", 6, 24, "formula"),
    ("formula-command", 6, 10, "formula"),
    ("formula-environment", 7, 1, "formula"),
    ("formula-left", 6, 16, "formula"),
    ("formula-number", 9, 16, "formula"),
    ("formula-spaces", 6, 4, "dollar"),
    ("formula-spaces", 6, 23, "dollar"),
    ("formula-unclosed", 6, 1, "dollar"),
    ("h1", 6, 1, "h1"),
    ("heading-jump", 8, 1, "heading-jump"),
    ("html", 6, 6, "html"),
    ("html", 6, 32, "html"),
    ("kernel-goal", 10, 8, "goal"),
    ("kernel-right", 11, 8, "same-as-right"),
    ("late-option", 9, 1, "late-option"),
    ("missing-alt", 6, 5, "missing-option"),
    ("missing-file", 6, 28, "missing-file"),
    ("missing-id", 6, 5, "missing-option"),
    ("missing-title", 1, 1, "missing-option"),
    ("no-anchor", 8, 13, "link"),
    ("no-front-matter", 1, 1, "no-front-matter"),
    ("no-picture", 6, 34, "file"),
    ("no-right-answer", 6, 15, "no-right-answer"),
    ("not-whole", 10, 7, "tolerance-missing"),
    ("order-feedback", 12, 3, "feedback-place"),
    ("outside", 6, 13, "path"),
    ("parameter-outside", 6, 15, "parameter-outside"),
    ("reach-state", 11, 9, "unknown-name"),
    ("remote-image", 6, 28, "remote-image"),
    ("removed-id", 2, 5, "removed-id"),
    ("right-feedback", 11, 5, "feedback-place"),
    ("same-as-right", 11, 8, "same-as-right"),
    ("same-item", 11, 4, "same-item"),
    ("same-words", 10, 7, "same-as-right"),
    ("script-link", 6, 12, "link"),
    ("step-alone", 6, 5, "not-a-step"),
    ("stray-close", 8, 1, "stray-close"),
    ("table-choice", 14, 7, "answer-kind"),
    ("table-empty-header", 6, 1, "table-header"),
    ("table-width", 12, 1, "table-width"),
    ("table-without-header", 6, 1, "table"),
    ("table-without-header", 9, 1, "table"),
    ("text-after", 12, 1, "text-after-answers"),
    ("text-directive", 6, 9, "text-directive"),
    ("tilde", 6, 8, "tilde"),
    ("two-at-once", 4, 10, "bad-value"),
    ("two-at-once", 9, 8, "tolerance-missing"),
    ("two-right-answers", 10, 7, "two-right-answers"),
    ("two-wrongs", 12, 7, "same-as-wrong"),
    ("unclosed", 8, 1, "unclosed"),
    ("unclosed-leaf", 6, 1, "unclosed"),
    ("unknown-directive", 6, 5, "unknown-directive"),
    ("unknown-key", 5, 1, "unknown-option"),
    ("unknown-lesson", 6, 16, "unknown-lesson"),
    ("unknown-name", 10, 12, "unknown-name"),
    ("unknown-option", 7, 1, "unknown-option"),
    ("video", 6, 5, "missing-option"),
    ("video", 6, 12, "missing-file"),
    ("where-rejects-all", 9, 9, "where"),
    ("words-without-quotes", 11, 22, "expression"),
    ("words-without-quotes", 24, 43, "expression"),
]
CHECK = check_lessons(FOLDER)


def found_in(name: str) -> list[Mistake]:
    return [one for one in CHECK.mistakes if Path(one.file).stem == name]


@pytest.mark.parametrize("name", sorted(file.stem for file in FOLDER.glob("*.md")))
def test_a_broken_lesson_has_exactly_its_mistakes(name: str):
    expected = [(line, column, code) for stem, line, column, code in EXPECTED if stem == name]
    assert [(one.line, one.column, one.code) for one in found_in(name)] == expected
    assert expected


def test_there_are_thirty_broken_lessons_or_more():
    assert len(list(FOLDER.glob("*.md"))) >= 30
    assert CHECK.failed()


@pytest.mark.parametrize("mistake", CHECK.mistakes, ids=lambda one: f"{Path(one.file).stem}-{one.code}")
def test_a_mistake_points_into_its_line_and_says_what_to_do(mistake: Mistake):
    source = Path(mistake.file).read_text(encoding="utf-8").splitlines()[mistake.line - 1]
    assert mistake.source == source
    assert 1 <= mistake.column <= mistake.column + mistake.length - 1 <= len(source)
    assert mistake.message
    assert mistake.help or mistake.code == "expression"
    assert "Traceback" not in mistake.text()


@pytest.mark.parametrize(
    ("name", "help"),
    [
        ("unknown-key", "did you mean `level`?"),
        ("unknown-option", "did you mean `kernel`?"),
        ("unknown-directive", "did you mean `question`?"),
        ("bad-kind", "did you mean `single`?"),
        ("missing-file", "did you mean `img/kernel.png`?"),
        ("reach-state", "did you mean `out_h`?"),
        ("formula-command", "did you mean `\\times`?"),
        ("formula-environment", "did you mean `cases`?"),
        ("callout-unknown", "did you mean `note`?"),
    ],
)
def test_a_misspelled_name_is_answered_with_the_nearest(name: str, help: str):
    assert found_in(name)[0].help == help


def test_a_wrong_answer_that_is_sometimes_right_is_named_with_its_numbers():
    (mistake,) = found_in("same-as-right")
    assert mistake.message == "this answer equals the right one when n = 32, p = 0"


def test_words_of_a_condition_stand_in_quotes():
    pooling, step = found_in("words-without-quotes")
    assert (pooling.help, step.help) == (
        "put words in quotes: 'max-pool'",
        "put words in quotes: 'layer1.0.conv1'",
    )


def test_what_is_said_to_a_table_stands_in_its_option():
    assert ":feedback:" in found_in("table-choice")[0].help


def test_a_tolerance_that_is_too_wide_is_counted():
    """One is within a tenth of 10 and of 11, not of 8 and 9."""
    assert found_in("covered-sometimes")[0].message.endswith(
        "; so it does in 2 of the 4 sets of numbers that were tried"
    )

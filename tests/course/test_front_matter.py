"""Front matter: every value is taken as it is written, and every mistake is named at its place."""

import pytest

from cnnlab.course.front_matter import FrontMatter, Level, Status, read_front_matter
from cnnlab.course.mistakes import Findings


def read(*lines: str) -> tuple[FrontMatter | None, list[tuple[int, int, str]], int]:
    findings = Findings("a.md", ["---", *lines, "---", "Text."])
    front, first = read_front_matter(findings)
    return front, [(one.line, one.column, one.code) for one in findings.mistakes], first


NEEDED = ("id: a-lesson", "title: A lesson", "minutes: 20")


def test_what_is_left_out_has_a_value():
    front, mistakes, first = read(*NEEDED)
    assert front is not None
    assert (front.minutes, front.level, front.status, front.order) == (20, Level.CORE, Status.PUBLISHED, 0)
    assert (mistakes, first) == ([], 6)


def test_yaml_guesses_no_types():
    front, mistakes, _ = read("id: no", "title: 1.10", "minutes: 5", "lang: no", "skills: [1:30, yes]")
    assert mistakes == []
    assert front is not None
    assert (front.id, front.title, front.lang, front.skills) == ("no", "1.10", "no", ("1:30", "yes"))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("title: Again", (5, 1, "duplicate-key")),
        ("levl: core", (5, 1, "unknown-option")),
        ("level: coer", (5, 8, "bad-value")),
        ("order: first", (5, 8, "bad-value")),
        ("order: -1", (5, 8, "bad-value")),
        ("lang: English", (5, 7, "bad-value")),
        ("objectives: one", (5, 13, "bad-value")),
        ("objectives: [{a: b}]", (5, 13, "bad-value")),
        ("summary: [one]", (5, 10, "bad-value")),
        ("summary: &a text", (5, 10, "yaml-trick")),
        ("summary: *a", (5, 10, "yaml-trick")),
        ("summary: !!python/name:os text", (5, 10, "yaml-trick")),
        ("summary: a: b", (5, 11, "yaml")),
        ("summary: [[[" + "[" * 50, (2, 1, "yaml")),
        ("just words", (5, 11, "yaml")),
    ],
)
def test_a_mistake_is_named_at_its_place(line: str, expected: tuple[int, int, str]):
    assert read(*NEEDED, line)[1][:1] == [expected]


def test_ids_are_small_letters_digits_and_hyphens():
    for name in ("A", "a", "1a", "a b", "a_b", "a" * 62, "é" * 5):
        assert read(f"id: {name}", *NEEDED[1:])[1] == [(2, 5, "bad-value")], name


def test_front_matter_that_is_no_list_of_names_is_refused():
    assert read("- a", "- b")[1] == [(2, 1, "yaml")]
    assert read()[1] == [(2, 1, "yaml")]


def test_front_matter_without_an_end_is_refused():
    findings = Findings("a.md", ["---", "id: a"])
    assert read_front_matter(findings) == (None, 3)
    assert [one.code for one in findings.mistakes] == ["unclosed-front-matter"]

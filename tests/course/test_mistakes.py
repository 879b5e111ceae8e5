"""Mistakes: how one is written down for people, for programs and for pull requests."""

import json

import pytest

from cnnlab.course.mistakes import Findings, Place, did_you_mean


def findings(*lines: str) -> Findings:
    return Findings("a,b:c.md", lines)


def test_the_caret_stands_below_what_is_wrong():
    found = findings("one", "  :kernal: 3")
    found.error("unknown-option", "unknown option `kernal`", Place(2, 3, 8), "did you mean `kernel`?")
    assert found.mistakes[0].text() == (
        "a,b:c.md:2:3: error[unknown-option]: unknown option `kernal`\n"
        "    2 |   :kernal: 3\n"
        "      |   ^^^^^^^^\n"
        "      = help: did you mean `kernel`?"
    )


def test_a_long_line_is_cut():
    found = findings("x" * 1000)
    found.warning("long", "too long", Place(1, 500, 400))
    assert max(map(len, found.mistakes[0].text().split("\n"))) <= 170


def test_a_workflow_command_cannot_be_broken_out_of():
    found = findings("text")
    found.error("code", "100%\n::error::no", Place(1))
    assert found.mistakes[0].github() == (
        "::error file=a%2Cb%3Ac.md,line=1,col=1,title=code::100%25%0A::error::no"
    )


def test_a_program_reads_every_field():
    found = findings("text")
    found.warning("code", "message", Place(1, 2, 3), "help")
    assert json.loads(found.mistakes[0].as_json()) == {
        "file": "a,b:c.md", "line": 1, "column": 2, "length": 3, "severity": "warning", "code": "code",
        "message": "message", "help": "help", "source": "text",
    }  # fmt: skip


def test_a_mistake_is_noted_once_and_only_errors_fail():
    found = findings("text")
    found.warning("code", "message", Place(1))
    found.warning("code", "message", Place(1))
    assert len(found.mistakes) == 1
    assert not found.failed
    found.error("code", "message", Place(1))
    assert found.failed


@pytest.mark.parametrize(
    ("text", "line", "last", "expected"),
    [
        ("two", 1, 3, Place(2, 3, 3)),
        ("none", 2, 3, Place(2, 3, 3)),
        ("", 2, 2, Place(2, 3, 3)),
        ("two", 9, 9, Place(9, 1, 0)),
    ],
)
def test_a_text_is_found_below_a_line(text: str, line: int, last: int, expected: Place):
    assert findings("one", "  two", "three").place_of(text, line, last) == expected


def test_the_nearest_name_is_suggested_or_all_are_listed():
    assert did_you_mean("Strde", ["stride", "kernel"]) == "did you mean `stride`?"
    assert did_you_mean("zzz", ["b", "a"]) == "there are `a`, `b`"
    assert did_you_mean("zzz", []) == ""
    assert did_you_mean("zzz", [f"n{i}" for i in range(30)]).endswith(" and others")

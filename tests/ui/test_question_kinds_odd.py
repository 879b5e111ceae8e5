"""What nobody should type: every kind of question answers it with a verdict or with words, and goes on."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cnnlab.course.grading import Setting, grade
from cnnlab.course.progress import LOCAL_LEARNER, open_progress
from cnnlab.course.questions import KernelQuestion, NumericQuestion, Question, ShapeQuestion, TableQuestion
from cnnlab.course.reading import read_file
from cnnlab.ui.lessons.in_words import as_typed

LESSON = Path(__file__).parent / "every_kind"
LESSON_READ = read_file(LESSON / "10-every-kind.md", "10-every-kind.md").lesson
QUESTIONS = LESSON_READ.questions if LESSON_READ else ()
ODD = {
    "nothing": "   ",
    "a picture sign": "👩‍👩‍👧",
    "no number": "NaN",
    "endless": "-inf",
    "too large": "1e400",
    "too small": "1e-400",
    "nothing below": "1/0",
    "negative sizes": "-8 x 26 x 26",
    "no size": "8 x 0 x 26",
    "lines": "8\n26\r\n26 and more",
    "a null": "1\x00",
    "a power": "10²",
    "Markdown": "![x](https://example.org/x.png) $x$ **8** <b>8</b>",
    "many digits": "9" * 5_000,
    "a book": "many words " * 20_000,
}
OTHER_DIGITS = {
    "Arabic": "٢١٦",
    "Devanagari": "२१६",
    "full width": "\uff12\uff11\uff16",
    "with a mark": "\u200b216\ufeff",
}


def page(path: str) -> None:
    from pathlib import Path

    from cnnlab.ui.lessons.page import draw_lesson
    from cnnlab.ui.lessons.shelf import shelf

    draw_lesson(shelf(Path(path))[0])


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], AppTest]:
    """Return a function that opens the lesson of every kind for a learner who has answered nothing."""
    from cnnlab.ui.lessons.store import progress

    monkeypatch.setenv("CNNLAB_DATABASE_URL", f"sqlite:///{tmp_path / 'progress.db'}")
    progress.clear()
    return lambda: AppTest.from_function(page, args=(str(LESSON),), default_timeout=60).run()


def check(app: AppTest, question: str) -> AppTest:
    return app.button(f"lesson.kinds.{question}.0.check").click().run()


def outcomes() -> list[str]:
    return [one.outcome for one in open_progress().attempts(LOCAL_LEARNER)]


def fields_of(app: AppTest, question: str) -> list[Any]:
    return [
        one
        for one in (*app.text_input, *app.text_area)
        if (one.key or "").startswith(f"lesson.kinds.{question}.0.")
    ]


@pytest.mark.parametrize("typed", ODD.values(), ids=ODD)
@pytest.mark.parametrize("kind", [NumericQuestion, ShapeQuestion, TableQuestion, KernelQuestion])
def test_odd_text_is_no_attempt_and_is_answered_shortly(kind: type[Question], typed: str):
    question = next(one for one in QUESTIONS if isinstance(one, kind))
    answer: Any = typed
    if isinstance(question, TableQuestion):
        answer = {blank.id: typed for blank in question.blanks}
    elif isinstance(question, KernelQuestion):
        answer = [[typed] * 3] * 3
    verdict = grade(question, answer, Setting({"n": 28, "k": 3}))
    assert not verdict.is_attempt
    assert 20 < len(verdict.message) < 1000


@pytest.mark.parametrize("typed", OTHER_DIGITS.values(), ids=OTHER_DIGITS)
def test_digits_of_other_scripts_are_digits(typed: str):
    question = next(one for one in QUESTIONS if isinstance(one, NumericQuestion))
    assert grade(question, typed, Setting()).outcome == "right"


def test_odd_text_on_the_page_is_shown_as_it_is_and_the_next_answer_counts(lesson: Callable[[], AppTest]):
    app = lesson()
    for typed in (ODD["Markdown"], ODD["a book"], ODD["a null"]):
        fields_of(app, "shape")[0].set_value(typed)
        app = check(app, "shape")
        assert not app.exception
        assert ["did not count" in one.value for one in app.warning] == [True]
        assert "](" not in app.warning[0].value  # a picture from the network, else
    assert outcomes() == []
    fields_of(app, "numeric")[0].set_value("216")
    check(app, "numeric")
    assert outcomes() == ["right"]


def test_words_of_odd_signs_are_kept_and_a_book_is_refused(lesson: Callable[[], AppTest]):
    app = lesson()
    fields_of(app, "essay")[0].set_value("many words " * 20_000)
    app = check(app, "essay")
    assert ["at most 10,000 are kept" in one.value for one in app.warning] == [True]
    assert outcomes() == []
    fields_of(app, "essay")[0].set_value("🙂" * 9_000)
    app = check(app, "essay")
    assert outcomes() == ["recorded"]
    assert not app.exception


def test_what_was_typed_is_shown_as_it_was_typed():
    picture = "![x](https://example.org/x.png)"
    shown = as_typed(f"“{picture}” cannot be read as a number.", picture)
    assert shown == r"“\!\[x\]\(https\:\/\/example\.org\/x\.png\)” cannot be read as a number."
    assert as_typed("conv $3$: “a*b” cannot be read.", {"r1": "a*b"}) == r"conv $3$: “a\*b” cannot be read."

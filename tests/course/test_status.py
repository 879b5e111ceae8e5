"""Done, mastered and due: for one question, and for a lesson as a whole."""

from datetime import UTC, datetime, timedelta

import pytest

from cnnlab.course.progress import Attempt
from cnnlab.course.questions import Choice, NumericQuestion, Parameter, PredictQuestion, TextQuestion
from cnnlab.course.reading import read_lesson
from cnnlab.course.status import LessonStatus, Status, lesson_status, status_of

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIXED = NumericQuestion(id="q", stem="?", answer="2")
DRAWN = NumericQuestion(id="q", stem="?", answer="n", params=(Parameter("n", (1, 2, 3)),))
GUESS = PredictQuestion(id="q", stem="?", choices=(Choice("a", "A", True), Choice("b", "B", False)))
WORDS = TextQuestion(id="q", stem="?")
NAMED = TextQuestion(id="q", stem="?", accepted=("stride",))


def answered(*outcomes: str) -> list[Attempt]:
    """Return attempts at noon, each at numbers of its own."""
    return [
        Attempt(learner="ann", lesson="l", question="q", answer="", outcome=one, variant=at, at=NOON)
        for at, one in enumerate(outcomes)
    ]


@pytest.mark.parametrize(
    ("question", "outcomes", "done", "mastered"),
    [
        (FIXED, [], False, False),
        (FIXED, ["wrong"], False, False),
        (FIXED, ["wrong", "right"], True, True),
        (DRAWN, ["right"], True, False),
        (DRAWN, ["right", "right"], True, True),
        (GUESS, [], False, False),
        (GUESS, ["recorded"], True, True),  # there is nothing to master in it
        (WORDS, ["recorded"], True, True),
        (NAMED, ["right"], True, True),
    ],
)
def test_a_question_is_done_before_it_is_mastered(question, outcomes: list[str], done: bool, mastered: bool):
    assert status_of(question, answered(*outcomes), NOON) == Status(done, mastered, is_due=False)


def test_only_what_is_scored_comes_again():
    later = NOON + timedelta(days=1)
    assert status_of(FIXED, answered("right"), later).is_due
    assert not status_of(FIXED, answered("right"), later - timedelta(seconds=1)).is_due
    assert not status_of(GUESS, answered("recorded"), later).is_due


LESSON = '---\nid: tried\ntitle: "Tried"\nminutes: 10\n---\n\n' + "".join(
    f":::{{question}} numeric\n:id: {name}\nHow many?\n- [x] `2`\n:::\n\n" for name in ("one", "two", "three")
)


def test_a_lesson_counts_its_own_questions_and_names_what_is_due_by_its_number():
    lesson = read_lesson(LESSON, "lesson.md").lesson
    assert lesson is not None
    assert lesson_status(lesson, {}, NOON) == LessonStatus(3, 0, False, ())
    right = answered("right")
    two = {"two": right, "gone": right}
    assert lesson_status(lesson, two, NOON) == LessonStatus(3, 1, False, ())
    assert lesson_status(lesson, two, NOON + timedelta(days=2)) == LessonStatus(3, 1, False, (2,))
    every = {question.id: right for question in lesson.questions}
    assert lesson_status(lesson, every, NOON) == LessonStatus(3, 3, True, ())

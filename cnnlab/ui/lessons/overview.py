"""How far the learner of this machine is in each lesson, for the home page and for the menu.

It counts; it does not draw, and it does not decide what counts as answered: grading has done that.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from cnnlab.course.progress import LOCAL_LEARNER, Mark
from cnnlab.course.status import DONE, LessonStatus, lesson_status
from cnnlab.errors import CnnLabError
from cnnlab.language import translate, translate_count
from cnnlab.ui.addresses import address
from cnnlab.ui.lessons.places import PARAMETER
from cnnlab.ui.lessons.reminders import due_in_words, how_far
from cnnlab.ui.lessons.shelf import ShelfEntry, shelf
from cnnlab.ui.lessons.store import progress
from cnnlab.ui.problems import log

Marks = Mapping[str, Mapping[str, Sequence[Mark]]]


def course_overview() -> dict[str, Any]:
    """Return the course in words: its lessons, how far the learner is in each, and what is due for review."""
    marks, now = marks_by_lesson(), datetime.now(UTC)
    statuses = [
        (entry, lesson_status(entry.lesson, marks.get(entry.lesson.front.id, {}), now)) for entry in shelf()
    ]
    return {
        "title": translate("The course"),
        "lessons": [_lesson(entry, status) for entry, status in statuses],
        "reviews": _reviews(statuses),
    }


def _lesson(entry: ShelfEntry, status: LessonStatus) -> dict[str, Any]:
    front = entry.lesson.front
    minutes = translate_count("{n} minute", "{n} minutes", front.minutes)
    return {
        "title": front.title,
        "address": address(entry.url_path),
        "details": translate("{minutes}; {far}").format(minutes=minutes, far=how_far(status)),
        "summary": front.summary,
    }


def _reviews(statuses: Sequence[tuple[ShelfEntry, LessonStatus]]) -> dict[str, Any]:
    """Return what is due, in a sentence and as links by lesson; empty where nothing is."""
    count = sum(len(status.due) for _, status in statuses)
    if not count:
        return {}
    lessons = [
        {
            "title": entry.lesson.front.title,
            "links": [_link(entry, number) for number in status.due],
        }
        for entry, status in statuses
        if status.due
    ]
    title, why = due_in_words(count)
    return {"title": title, "why": why, "lessons": lessons}


def _link(entry: ShelfEntry, number: int) -> dict[str, str]:
    question = entry.lesson.questions[number - 1].id
    return {
        "text": translate("Question {number}").format(number=number),
        "address": f"{address(entry.url_path)}?{PARAMETER}={question}",
    }


def menu_title(title: str, url_path: str) -> str:
    """Return a lesson's title with how far the learner is in it, once they have begun."""
    marks = marks_by_lesson().get(url_path.removeprefix("lesson-"), {})
    entry = next((one for one in shelf() if one.url_path == url_path), None) if marks else None
    ids = [question.id for question in entry.lesson.questions] if entry else []
    done = sum(any(one.outcome in DONE for one in marks.get(name, ())) for name in ids)
    if not done:
        return title
    if done == len(ids):
        return translate("{title} · done ✓").format(title=title)
    return translate("{title} · {done} of {questions} done").format(
        title=title, done=done, questions=len(ids)
    )


_sorted: dict[str, tuple[list[Mark], Marks]] = {}


def marks_by_lesson(learner: str = LOCAL_LEARNER) -> Marks:
    """Return what was answered, by lesson and question; none where the store cannot be read.

    The menu asks at every run of a page: they are sorted once, and again when the store gives another list.
    """
    try:
        marks = progress().marks(learner)
    except CnnLabError:
        log.exception("the progress could not be read")
        return {}
    known = _sorted.get(learner)
    if known and known[0] is marks:
        return known[1]
    found: dict[str, dict[str, list[Mark]]] = {}
    for mark in marks:
        found.setdefault(mark.lesson, {}).setdefault(mark.question, []).append(mark)
    _sorted[learner] = (marks, found)
    return found

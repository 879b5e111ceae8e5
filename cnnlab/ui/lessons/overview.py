"""How far the learner of this machine is in each lesson, for the home page.

It counts; it does not draw, and it does not decide what counts as answered: grading has done that.
"""

from typing import Any

from cnnlab.course.grading import Outcome
from cnnlab.course.progress import LOCAL_LEARNER
from cnnlab.errors import CnnLabError
from cnnlab.ui.addresses import address
from cnnlab.ui.lessons.page import progress
from cnnlab.ui.lessons.shelf import shelf
from cnnlab.ui.problems import log

DONE = {Outcome.RIGHT, Outcome.RECORDED}


def course_overview() -> list[dict[str, Any]]:
    """Return each lesson's title, address, minutes, summary, questions, and how many of them are done."""
    done = done_by_lesson()
    return [
        {
            "title": entry.lesson.front.title,
            "address": address(entry.url_path),
            "minutes": entry.lesson.front.minutes,
            "summary": entry.lesson.front.summary,
            "questions": len(entry.lesson.questions),
            "done": len(done.get(entry.lesson.front.id, set()) & {one.id for one in entry.lesson.questions}),
        }
        for entry in shelf()
    ]


def done_by_lesson() -> dict[str, set[str]]:
    """Return the ids of the questions that are done, by lesson; none where the store cannot be read."""
    try:
        attempts = progress().attempts(LOCAL_LEARNER)
    except CnnLabError:
        log.exception("the progress could not be read")
        return {}
    done: dict[str, set[str]] = {}
    for attempt in attempts:
        if attempt.outcome in DONE:
            done.setdefault(attempt.lesson, set()).add(attempt.question)
    return done

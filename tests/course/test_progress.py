"""The log of attempts on SQLite and on a real PostgreSQL: what goes in comes out, once and in order."""

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest

from cnnlab.course.database import ProgressUnavailable
from cnnlab.course.progress import (
    LOCAL_LEARNER,
    AnswerTooLong,
    Event,
    EventKind,
    Progress,
    open_progress,
)
from tests.course.databases import ANN, BOB, NOON, attempt
from tests.source_files import ROOT


def questions(progress: Progress, learner: str = ANN, lesson: str = "") -> list[str]:
    return [one.question for one in progress.attempts(learner, lesson)]


def test_everything_about_an_attempt_comes_back_as_it_went_in(progress: Progress):
    full = attempt(
        answer={"r1c1": "28 × 28", "r1c2": ["a", 1, None, 0.5, True, "\u0645"]},
        outcome="right",
        score=0.75,
        variant=3,
        params={"n": 28, "p": 0.5},
        key="(64, 26, 26)",
        matched="b",
        diagnosis="channels-last",
        hints=2,
        seconds=41,
        skill="conv-shape",
        lesson_sha="3f2a",
        version="en:0123456789abcdef",
        at=NOON,
    )
    bare = attempt("q2", score=None)
    for one in (full, bare):
        progress.record(one)
    assert progress.attempts(ANN) == [full, bare]
    assert progress.attempts(BOB) == []


def test_attempts_come_back_in_the_order_of_writing_whatever_the_clock_said(progress: Progress):
    for minutes in (5, 0, 3):
        progress.record(attempt(f"q{minutes}", at=NOON + timedelta(minutes=minutes)))
    assert questions(progress) == ["q5", "q0", "q3"]


def test_times_are_kept_in_utc(progress: Progress):
    progress.record(attempt(at=datetime(2026, 3, 1, 14, tzinfo=timezone(timedelta(hours=2)))))
    (found,) = progress.attempts(ANN)
    assert (found.at, found.at.tzinfo) == (NOON, UTC)


def test_a_double_click_counts_once(progress: Progress):
    one = attempt()
    progress.record(one)
    progress.record(one)
    assert progress.attempts(ANN) == [one]


def test_joining_twice_keeps_the_first_name(progress: Progress):
    progress.join(ANN, "another")
    assert progress.everything(ANN)["learner"]["nick"] == "green-otter-27"


def test_the_local_learner_needs_no_login(progress: Progress):
    progress.join()
    progress.record(attempt(learner=LOCAL_LEARNER))
    assert questions(progress, LOCAL_LEARNER) == ["q1"]


def test_a_lesson_is_read_by_itself(progress: Progress):
    progress.record(attempt("a"))
    progress.record(attempt("b", lesson="pooling"))
    assert questions(progress, lesson="pooling") == ["b"]
    assert questions(progress) == ["a", "b"]


def test_an_answer_that_is_too_long_is_refused(progress: Progress):
    with pytest.raises(AnswerTooLong, match="20,000 characters are kept"):
        progress.record(attempt(answer="x" * 20_001))
    assert progress.attempts(ANN) == []


def test_an_attempt_of_nobody_is_not_kept(progress: Progress):
    with pytest.raises(ProgressUnavailable, match="cannot be saved just now"):
        progress.record(attempt(learner="nobody"))


def test_starting_over_puts_behind_what_it_names_and_keeps_the_log(progress: Progress):
    for lesson, question in (("shapes", "a"), ("shapes", "b"), ("pooling", "a")):
        progress.record(attempt(question, lesson=lesson))
    progress.record(attempt("z", learner=BOB))
    progress.start_over(ANN, "shapes", "a")
    assert questions(progress) == ["b", "a"]
    progress.start_over(ANN, "shapes")
    assert [one.lesson for one in progress.attempts(ANN)] == ["pooling"]
    progress.record(attempt("a"))
    assert questions(progress, lesson="shapes") == ["a"]
    progress.start_over(ANN)
    assert questions(progress) == []
    assert len(progress.everything(ANN)["attempts"]) == 4
    assert questions(progress, BOB) == ["z"]


def test_an_older_start_does_not_undo_a_newer_one(progress: Progress):
    progress.record(attempt("a"))
    progress.start_over(ANN, "shapes", "a")
    progress.record(attempt("a"))
    progress.start_over(ANN, "shapes", "a")
    assert questions(progress) == []


def test_marks_are_the_attempts_in_short(progress: Progress):
    for question, outcome in (("a", "wrong"), ("a", "right"), ("b", "recorded")):
        progress.record(attempt(question, outcome=outcome, variant=3, at=NOON))
    assert [(one.lesson, one.question, one.outcome, one.as_try) for one in progress.marks(ANN)] == [
        (one.lesson, one.question, one.outcome, one.as_try) for one in progress.attempts(ANN)
    ]
    assert len(progress.marks(ANN)) == 3
    progress.start_over(ANN, "shapes", "a")
    assert [one.question for one in progress.marks(ANN)] == ["b"]
    assert progress.marks(BOB) == []
    progress.forget(ANN)
    assert progress.marks(ANN) == []


def test_a_new_start_also_puts_behind_what_was_done_besides_answering(progress: Progress):
    def note(lesson: str, question: str) -> None:
        progress.note(Event(learner=ANN, kind=EventKind.NEW_NUMBERS, lesson=lesson, question=question))

    def kept() -> list[str]:
        return [one.question for one in progress.events_since_start(ANN, "shapes")]

    for lesson, question in (("shapes", "a"), ("shapes", "b"), ("pooling", "a")):
        note(lesson, question)
    progress.start_over(ANN, "pooling")
    assert kept() == ["a", "b"]
    progress.start_over(ANN, "shapes", "a")
    assert kept() == ["b"]
    note("shapes", "a")
    assert kept() == ["b", "a"]
    progress.start_over(ANN)
    assert kept() == []


def test_events_come_back_as_they_went_in(progress: Progress):
    hint = Event(learner=ANN, kind=EventKind.HINT, lesson="shapes", question="q1", data={"hint": 1}, at=NOON)
    view = Event(learner=ANN, kind=EventKind.VIEW, lesson="pooling", at=NOON)
    for one in (hint, view, hint):
        progress.note(one)
    assert progress.events(ANN) == [hint, view]
    assert progress.events(ANN, "pooling") == [view]


def test_my_data_is_all_of_mine_and_only_mine(progress: Progress):
    progress.record(attempt(params={"n": 1}, at=NOON))
    progress.note(Event(learner=ANN, kind=EventKind.VIEW, lesson="shapes"))
    progress.record(attempt(learner=BOB))
    data = json.loads(json.dumps(progress.everything(ANN)))
    assert data["learner"]["nick"] == "green-otter-27"
    assert [(one["question"], one["params"], one["at"]) for one in data["attempts"]] == [
        ("q1", {"n": 1}, "2026-03-01T12:00:00+00:00")
    ]
    assert [one["kind"] for one in data["events"]] == ["view"]


def test_forgetting_leaves_nothing_of_a_learner_and_all_of_others(progress: Progress):
    for learner in (ANN, BOB):
        progress.record(attempt(learner=learner))
        progress.note(Event(learner=learner, kind=EventKind.VIEW))
    progress.forget(ANN)
    assert progress.everything(ANN) == {"learner": None, "attempts": [], "events": []}
    assert questions(progress, BOB) == ["q1"]


def test_the_secret_is_drawn_once_for_a_database(progress: Progress, url: str):
    assert len(progress.secret()) == 32
    assert open_progress(url).secret() == progress.secret()


def test_an_attempt_counts_for_mastery_only_if_it_is_right():
    assert attempt(outcome="right", variant=2, at=NOON).as_try.is_right
    assert not attempt(outcome="recorded").as_try.is_right


def start_writer(url: str, name: str, threads: int, count: int) -> subprocess.Popen[str]:
    program = [sys.executable, "-m", "tests.course.writer", url, name, str(threads), str(count)]
    return subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_thirty_writers_at_once_lose_no_attempt(url: str):
    # Three programs with ten threads each; all of them find the database empty.
    writers = [start_writer(url, f"class{number}", threads=10, count=10) for number in range(3)]
    acknowledged = [line for writer in writers for line in writer.communicate(timeout=120)[0].split()]
    assert [writer.returncode for writer in writers] == [0] * 3
    assert len(set(acknowledged)) == 300
    kept = open_progress(url)
    learners = [f"class{number}-{thread}" for number in range(3) for thread in range(10)]
    assert {one.uid for learner in learners for one in kept.attempts(learner)} == set(acknowledged)
    assert [one.answer for one in kept.attempts("class2-7")] == [str(number) for number in range(10)]


def test_a_killed_writer_loses_nothing_that_was_acknowledged(url: str):
    with start_writer(url, "killed", threads=4, count=100_000) as writer:
        assert writer.stdout is not None
        acknowledged = [writer.stdout.readline().strip() for _ in range(40)]
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged += [line.strip() for line in writer.stdout if len(line) == 37]
    kept = open_progress(url)
    found = {one.uid for number in range(4) for one in kept.attempts(f"killed-{number}")}
    assert set(acknowledged) <= found
    assert len(found) - len(set(acknowledged)) <= 4  # what was on disk but not yet said, one a thread
    kept.join(ANN)
    kept.record(attempt())
    assert questions(kept) == ["q1"]

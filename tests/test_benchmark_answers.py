"""The benchmark of answering asks both sides the same and counts what is lost."""

import sqlite3
from pathlib import Path

from benchmarks.answers import hurry, with_sqlite_as_it_comes, with_the_log
from benchmarks.effort import Effort

SMALL = Effort(sessions=3, answers=4)


def test_every_answer_of_the_log_is_asked_timed_and_kept(tmp_path: Path):
    rush = with_the_log(tmp_path / "ours.sqlite3", SMALL)
    assert (rush.asked, rush.kept, len(rush.waits_ms)) == (12, 12, 12)
    assert rush.words.endswith(" a second, 0 of 12 lost")


def test_the_peer_answers_as_often(tmp_path: Path):
    rush = with_sqlite_as_it_comes(tmp_path / "theirs.sqlite3", SMALL)
    assert (rush.asked, len(rush.waits_ms)) == (12, 12)
    assert 0 < rush.kept <= 12


def test_an_answer_that_fails_is_timed_and_shows_as_lost():
    def fail(_learner: str) -> None:
        raise sqlite3.OperationalError("database is locked")

    waits, seconds, asked = hurry(["ann", "bob"], 3, fail)
    assert (len(waits), asked) == (6, 6)
    assert seconds > 0

"""How long thirty learners wait who answer at the same moment, and whether every answer is kept.

Ours is the app's log of attempts on SQLite; the peer writes the same rows with Python's sqlite3 as it comes.
"""

import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.effort import Effort
from benchmarks.rows import Figure, Row, Target
from benchmarks.servers import Servers
from cnnlab.course.database import open_database
from cnnlab.course.progress import Attempt, Progress, new_uid, open_progress

LESSON = "benchmark"


@dataclass(frozen=True, slots=True)
class Rush:
    """What a class met that answers as fast as it can: each wait, and how much was asked and kept."""

    waits_ms: tuple[float, ...]
    seconds: float
    asked: int
    kept: int

    @property
    def words(self) -> str:
        """Rate and losses for people."""
        return f"{self.kept / self.seconds:.0f} a second, {self.asked - self.kept} of {self.asked} lost"


def run(effort: Effort, _servers: Servers) -> list[Row]:
    """Let the same class answer both ways, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        ours = with_the_log(Path(folder) / "ours.sqlite3", effort)
        theirs = with_sqlite_as_it_comes(Path(folder) / "theirs.sqlite3", effort)
    each = f"{effort.sessions} threads, {effort.answers} answers each, without a pause"
    return [
        Row(
            f"{effort.sessions} learners answer at once",
            Figure(ours.waits_ms, "ms", "p95"),
            "sqlite3 as it comes: rollback journal, one connection an answer",
            Figure(theirs.waits_ms, "ms", "p95"),
            Target(1000),
            (each, f"ours {ours.words}; peer {theirs.words}"),
        ),
        Row("answers lost", Figure((ours.asked - ours.kept,), ""), target=Target(0)),
    ]


def with_the_log(file: Path, effort: Effort) -> Rush:
    """Answer through the app's own progress."""
    progress = open_progress(f"sqlite:///{file}")
    learners = [f"learner {number}" for number in range(effort.sessions)]
    for learner in learners:
        progress.join(learner)
    rush = hurry(learners, effort.answers, lambda learner: record(progress, learner))
    kept = sum(len(progress.attempts(learner)) for learner in learners)
    progress.engine.dispose()
    open_database.cache_clear()
    return Rush(*rush, kept)


def record(progress: Progress, learner: str) -> None:
    """Keep one attempt."""
    progress.record(Attempt(learner=learner, lesson=LESSON, question="q", answer="26", outcome="wrong"))


def with_sqlite_as_it_comes(file: Path, effort: Effort) -> Rush:
    """Answer with the library's defaults."""

    def insert(learner: str) -> None:
        connection = sqlite3.connect(file)
        try:
            with connection:
                row = (new_uid(), learner, LESSON, "q", "26", "wrong")
                connection.execute("INSERT INTO attempt VALUES (?, ?, ?, ?, ?, ?)", row)
        finally:
            connection.close()

    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE attempt (uid, learner, lesson, question, answer, outcome)")
    rush = hurry([f"learner {number}" for number in range(effort.sessions)], effort.answers, insert)
    (kept,) = connection.execute("SELECT count(*) FROM attempt").fetchone()
    connection.close()
    return Rush(*rush, kept)


def hurry(
    learners: list[str], count: int, answer: Callable[[str], None]
) -> tuple[tuple[float, ...], float, int]:
    """Let every learner answer so many times in a thread; return the waits in ms, seconds, and how many."""
    waits: list[float] = []
    together = threading.Barrier(len(learners) + 1)

    def learn(learner: str) -> None:
        together.wait()
        for _ in range(count):
            began = time.perf_counter()
            with suppress(sqlite3.Error, ValueError):  # it shows in what is kept
                answer(learner)
            waits.append(1000 * (time.perf_counter() - began))

    threads = [threading.Thread(target=learn, args=(learner,)) for learner in learners]
    for thread in threads:
        thread.start()
    together.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return tuple(waits), time.perf_counter() - began, len(learners) * count

"""What learners have answered: written once, never changed, and read back in the same order.

It does not grade and does not know Streamlit; what attempts add up to is told by `mastery`.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, Table, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from cnnlab.course.database import database_url, open_database, transaction
from cnnlab.course.keeping import Kept
from cnnlab.course.mastery import Try
from cnnlab.course.schema import upgrade
from cnnlab.course.tables import ATTEMPT, EVENT, INSTALLATION, LEARNER
from cnnlab.errors import CnnLabError

LONGEST_ANSWER = 20_000
LOCAL_LEARNER = str(uuid.UUID(int=0))
_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class AnswerTooLong(CnnLabError):
    """An answer that is too long to be kept."""


class EventKind(StrEnum):
    """What a learner does besides answering."""

    VIEW = "view"
    HINT = "hint"
    REVEAL = "reveal"
    NEW_NUMBERS = "new-numbers"
    STEP = "step"
    START_OVER = "start-over"


def new_uid() -> str:
    """Return an id for an attempt; made before it is sent, so that a double click counts once."""
    return str(uuid.uuid4())


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One graded answer, with all that explains it after the lesson has been edited.

    `params` are the learner's numbers, `key` the right answer for them in words, `seconds` the time since
    the question was shown, None if unknown; `score` is None where nothing is scored; `version` names the
    question's key as it was (`versions`), empty if unknown.
    """

    learner: str
    lesson: str
    question: str
    answer: Any
    outcome: str
    score: float | None = None
    variant: int = 0
    params: Mapping[str, int | float] = field(default_factory=dict)
    key: str = ""
    matched: str = ""
    diagnosis: str = ""
    hints: int = 0
    seconds: int | None = None
    skill: str = ""
    lesson_sha: str = ""
    version: str = ""
    uid: str = field(default_factory=new_uid)
    at: datetime = field(default_factory=_now)

    @property
    def as_try(self) -> Try:
        """Return what counts for mastery."""
        return Try(self.variant, self.outcome == "right", self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something a learner did besides answering; `question` is empty for a whole lesson, `lesson` for all."""

    learner: str
    kind: EventKind
    lesson: str = ""
    question: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    uid: str = field(default_factory=new_uid)
    at: datetime = field(default_factory=_now)


@dataclass(frozen=True, slots=True)
class Mark:
    """An attempt in short: whose question it was about, and what counts for mastery."""

    lesson: str
    question: str
    outcome: str
    as_try: Try


@dataclass(frozen=True, slots=True)
class Progress:
    """The log of one database; every method is one short transaction."""

    engine: Engine
    _marks: Kept[list[Mark]] = field(default_factory=Kept, repr=False, compare=False)

    def secret(self) -> bytes:
        """Return the secret that decides every learner's numbers; it is drawn once for a database."""
        with transaction(self.engine) as connection:
            return connection.execute(select(INSTALLATION.c.value)).scalar_one()

    def join(self, learner: str = LOCAL_LEARNER, nick: str = "") -> None:
        """Make a learner known, once; the local one needs no login."""
        with transaction(self.engine, writes=True) as connection:
            _insert(connection, LEARNER, {"id": learner, "nick": nick[:60], "created": _now()})

    def record(self, attempt: Attempt) -> None:
        """Keep an attempt: it is on disk when this returns; the same uid twice is kept once."""
        if len(json.dumps(attempt.answer, ensure_ascii=False)) > LONGEST_ANSWER:
            raise AnswerTooLong(
                f"The answer is too long to be saved; {LONGEST_ANSWER:,} characters are kept."
            )
        with transaction(self.engine, writes=True) as connection:
            _insert(connection, ATTEMPT, asdict(attempt))
        self._marks.drop(attempt.learner)

    def note(self, event: Event) -> None:
        """Keep an event, as `record` keeps an attempt."""
        with transaction(self.engine, writes=True) as connection:
            _insert(connection, EVENT, asdict(event))

    def start_over(self, learner: str, lesson: str = "", question: str = "") -> None:
        """Let a question, a lesson or everything begin anew; what was answered stays in the log."""
        with transaction(self.engine, writes=True) as connection:
            last = connection.execute(
                select(func.max(ATTEMPT.c.number)).where(ATTEMPT.c.learner == learner)
            ).scalar()
            event = Event(
                learner=learner,
                kind=EventKind.START_OVER,
                lesson=lesson,
                question=question,
                data={"after": last or 0},
            )
            _insert(connection, EVENT, asdict(event))
        self._marks.drop(learner)

    def attempts(self, learner: str, lesson: str = "") -> list[Attempt]:
        """Return a learner's attempts since the last new start, of one lesson or of all; oldest first."""
        with transaction(self.engine) as connection:
            rows = connection.execute(_of(ATTEMPT, learner, lesson)).mappings().all()
            behind = _starts(connection, learner)
        return [_attempt(row) for row in rows if row["number"] > _behind(row, behind)]

    def marks(self, learner: str) -> list[Mark]:
        """Return all of a learner's attempts since the last new start in short, oldest first.

        They are read once, and again after this process has recorded something of the learner's.
        """
        return self._marks.get(learner, lambda: self._read_marks(learner))

    def _read_marks(self, learner: str) -> list[Mark]:
        columns = [ATTEMPT.c[name] for name in ("number", "lesson", "question", "outcome", "variant", "at")]
        chosen = select(*columns).where(ATTEMPT.c.learner == learner).order_by(ATTEMPT.c.number)
        with transaction(self.engine) as connection:
            rows = connection.execute(chosen).mappings().all()
            behind = _starts(connection, learner)
        return [
            Mark(row["lesson"], row["question"], row["outcome"], _try(row))
            for row in rows
            if row["number"] > _behind(row, behind)
        ]

    def events(self, learner: str, lesson: str = "") -> list[Event]:
        """Return what a learner did besides answering, oldest first."""
        with transaction(self.engine) as connection:
            rows = connection.execute(_of(EVENT, learner, lesson)).mappings().all()
        return [Event(**{**_own(row, Event), "kind": EventKind(row["kind"])}) for row in rows]

    def events_since_start(self, learner: str, lesson: str) -> list[Event]:
        """Return what a learner did in a lesson since the last new start, oldest first."""
        kept: list[Event] = []
        for event in self.events(learner):
            if event.kind is not EventKind.START_OVER:
                kept += [event] if event.lesson == lesson else []
            elif event.lesson in ("", lesson):
                kept = [one for one in kept if event.question not in ("", one.question)]
        return kept

    def everything(self, learner: str) -> dict[str, Any]:
        """Return all that is stored about a learner, ready for JSON; "my data"."""
        with transaction(self.engine) as connection:
            person = connection.execute(select(LEARNER).where(LEARNER.c.id == learner)).mappings().first()
            logs = {
                table.name + "s": [_plain(row) for row in connection.execute(_of(table, learner)).mappings()]
                for table in (ATTEMPT, EVENT)
            }
        return {"learner": _plain(person) if person else None, **logs}

    def forget(self, learner: str) -> None:
        """Delete a learner and all that is stored about them, for good."""
        with transaction(self.engine, writes=True) as connection:
            connection.execute(delete(LEARNER).where(LEARNER.c.id == learner))
        self._marks.drop(learner)


def open_progress(url: str | None = None) -> Progress:
    """Return the progress kept at an address, by default the user's own, with its tables up to date."""
    engine = open_database(url or database_url())
    upgrade(engine)
    return Progress(engine)


def _insert(connection: Connection, table: Table, row: dict[str, Any]) -> None:
    connection.execute(_INSERT[connection.dialect.name](table).values(row).on_conflict_do_nothing())


def _of(table: Table, learner: str, lesson: str = "") -> Any:
    chosen = select(table).where(table.c.learner == learner).order_by(table.c.number)
    return chosen.where(table.c.lesson == lesson) if lesson else chosen


def _starts(connection: Connection, learner: str) -> dict[tuple[str, str], int]:
    """Return the number of the last attempt before each new start, by its lesson and question."""
    starts = connection.execute(
        select(EVENT).where(EVENT.c.learner == learner, EVENT.c.kind == EventKind.START_OVER)
    ).all()
    behind: dict[tuple[str, str], int] = {}
    for start in starts:
        scope = (start.lesson, start.question)
        behind[scope] = max(start.data["after"], behind.get(scope, 0))
    return behind


def _behind(row: RowMapping, starts: Mapping[tuple[str, str], int]) -> int:
    """Return the number of the last attempt that a new start puts behind this row's question."""
    scopes = (("", ""), (row["lesson"], ""), (row["lesson"], row["question"]))
    return max(starts.get(scope, 0) for scope in scopes)


def _own(row: RowMapping, kind: type) -> dict[str, Any]:
    return {one.name: row[one.name] for one in fields(kind)}


def _try(row: RowMapping) -> Try:
    return Try(row["variant"], row["outcome"] == "right", row["at"])


def _attempt(row: RowMapping) -> Attempt:
    return Attempt(**_own(row, Attempt))


def _plain(row: RowMapping) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}

"""What is stored: learners, their attempts and what else they did, and the secret of this installation.

It opens no database. `migrations` holds the steps that lead to these tables; a test compares the two.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
)

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no time zone, so it is given back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Turn any time with a zone into UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the time in UTC, whatever zone the database answers in."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


METADATA = MetaData(naming_convention=NAMES)

INSTALLATION = Table(
    "installation",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
LEARNER = Table(
    "learner",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("nick", String(60), nullable=False),
    Column("created", UtcTime, nullable=False),
)
ATTEMPT = Table(
    "attempt",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("uid", String(36), nullable=False, unique=True),
    Column("learner", ForeignKey("learner.id", ondelete="CASCADE"), nullable=False),
    Column("lesson", String(80), nullable=False),
    Column("lesson_sha", String(64), nullable=False),
    Column("question", String(80), nullable=False),
    Column("version", String(64), nullable=False, server_default=""),
    Column("skill", String(80), nullable=False),
    Column("variant", Integer, nullable=False),
    Column("params", JSON, nullable=False),
    Column("answer", JSON, nullable=False),
    Column("key", String, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("score", Float),
    Column("matched", String, nullable=False),
    Column("diagnosis", String(40), nullable=False),
    Column("hints", Integer, nullable=False),
    Column("seconds", Integer),
    Column("at", UtcTime, nullable=False),
    Index(None, "learner", "lesson"),
)
EVENT = Table(
    "event",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("uid", String(36), nullable=False, unique=True),
    Column("learner", ForeignKey("learner.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("lesson", String(80), nullable=False),
    Column("question", String(80), nullable=False),
    Column("data", JSON, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index(None, "learner", "lesson"),
)

"""Whether a database has today's tables, and how it gets them: Alembic's steps, one process at a time.

It does not know what the tables are for.
"""

from functools import cache
from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from cnnlab.course import migrations
from cnnlab.course.database import ProgressUnavailable, transaction

# Any number that no other program on the same PostgreSQL server uses for its locks.
_LOCK = 0x434E4E4C


@cache
def _steps() -> ScriptDirectory:
    folder = str(Path(migrations.__file__).parent)
    return ScriptDirectory(folder, version_locations=[folder])


def version_of(connection: Connection) -> str | None:
    """Return the newest step that a database has taken, or None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine) -> None:
    """Bring the tables up to date, once even if many processes try; a newer database is left alone."""
    newest = _steps().get_current_head()
    with transaction(engine) as connection:
        if version_of(connection) == newest:
            return
    with transaction(engine, writes=True) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
        current = version_of(connection)
        if current is not None and current not in {step.revision for step in _steps().walk_revisions()}:
            raise ProgressUnavailable(
                f"The database is newer (step {current}) than this CNN Lab (step {newest}); update CNN Lab."
            )
        _run(connection)


def _run(connection: Connection) -> None:
    steps = _steps()
    environment = EnvironmentContext(
        Config(),
        steps,
        fn=lambda current, _context: steps._upgrade_revs("head", current),  # pyright: ignore[reportArgumentType]
    )
    with environment:
        environment.configure(connection=connection, transactional_ddl=True)
        environment.run_migrations()

"""The steps of the tables: they lead from any older database to what the code uses, and lose nothing."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from cnnlab.course.database import ProgressUnavailable, open_database, transaction
from cnnlab.course.migrations import step_0001_attempts
from cnnlab.course.progress import Progress, open_progress
from cnnlab.course.schema import upgrade
from cnnlab.course.tables import METADATA
from tests.course.databases import ANN, NOON, attempt


def test_the_steps_lead_to_the_tables_that_the_code_uses(progress: Progress):
    with progress.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_the_first_database_is_brought_up_to_date_with_what_it_holds(url: str):
    with transaction(open_database(url), writes=True) as connection:
        with Operations.context(MigrationContext.configure(connection)):
            step_0001_attempts.upgrade()
        for statement in FIRST_CONTENT:
            connection.execute(text(statement))
    opened = open_progress(url)
    assert opened.attempts(ANN) == [attempt(uid="u", key="28", lesson_sha="3f2a", at=NOON)]
    opened.record(attempt("new", version="en:1"))
    assert [one.version for one in opened.attempts(ANN)] == ["", "en:1"]


FIRST_CONTENT = (
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)",
    "INSERT INTO alembic_version VALUES ('0001')",
    "INSERT INTO learner VALUES ('ann', '', '2026-03-01 09:00:00')",
    "INSERT INTO attempt (uid, learner, lesson, lesson_sha, question, skill, variant, params, answer, key,"
    " outcome, matched, diagnosis, hints, at)"
    " VALUES ('u', 'ann', 'shapes', '3f2a', 'q1', '', 0, '{}', '\"26\"', '28',"
    " 'wrong', '', '', 0, '2026-03-01 12:00:00+00:00')",
)


def test_a_database_of_a_newer_cnn_lab_is_left_alone(progress: Progress):
    with transaction(progress.engine, writes=True) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ProgressUnavailable, match="newer \\(step 9999\\) than this CNN Lab"):
        upgrade(progress.engine)

"""A store of progress for the tests, on SQLite and on a real PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from cnnlab.course.database import open_database, transaction
from cnnlab.course.progress import Progress, open_progress
from tests.conftest import unavailable
from tests.course.databases import ANN, BOB, postgresql, server_account, server_programs


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    programs, account = server_programs(), server_account()
    if programs is None or account == "":
        unavailable("PostgreSQL cannot be started here; on Debian: apt-get install postgresql")
    else:
        with postgresql(programs, account) as url:
            yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'progress.sqlite3'}"
        yield address
    else:
        address = request.getfixturevalue("server_url")
        yield address
        with transaction(open_database(address), writes=True) as connection:
            connection.execute(text("DROP SCHEMA public CASCADE; CREATE SCHEMA public"))
    open_database(address).dispose()
    open_database.cache_clear()


@pytest.fixture
def progress(url: str) -> Progress:
    opened = open_progress(url)
    opened.join(ANN, "green-otter-27")
    opened.join(BOB)
    return opened

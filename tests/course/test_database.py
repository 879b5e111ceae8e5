"""Where progress is kept, and what is said when it cannot be."""

import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from cnnlab.course import database
from cnnlab.course.database import (
    ADDRESS,
    ProgressUnavailable,
    database_url,
    open_database,
    transaction,
)
from cnnlab.course.progress import open_progress
from cnnlab.folders import data_folder


@pytest.fixture(autouse=True)
def own_engines() -> Iterator[None]:
    open_database.cache_clear()
    yield
    open_database.cache_clear()


@pytest.mark.parametrize(
    ("platform", "variables", "folder"),
    [
        ("linux", {}, "home/.local/share/cnnlab"),
        ("linux", {"XDG_DATA_HOME": "elsewhere"}, "elsewhere/cnnlab"),
        ("darwin", {}, "home/Library/Application Support/cnnlab"),
        ("win32", {}, "home/AppData/Local/cnnlab"),
        ("win32", {"LOCALAPPDATA": "local"}, "local/cnnlab"),
    ],
)
def test_the_data_folder_is_where_the_system_wants_it(
    platform: str, variables: dict[str, str], folder: str, monkeypatch: pytest.MonkeyPatch
):
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: Path("home"))
    assert data_folder() == Path(folder)


def test_the_address_comes_from_the_environment_else_it_is_a_file_of_the_users(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv(ADDRESS, " postgresql://ann@host/course ")
    assert database_url() == "postgresql://ann@host/course"
    monkeypatch.delenv(ADDRESS)
    monkeypatch.setattr(database, "data_folder", lambda: tmp_path / "new" / "cnnlab")
    assert database_url() == f"sqlite:///{tmp_path}/new/cnnlab/progress.sqlite3"
    open_progress().join()
    assert (tmp_path / "new" / "cnnlab" / "progress.sqlite3").is_file()
    assert (tmp_path / "new" / "cnnlab").stat().st_mode & 0o077 == 0


def test_a_process_has_one_engine_for_an_address(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/one.sqlite3"
    assert open_database(url) is open_database(url)


def test_sqlite_writes_every_commit_to_disk_and_lets_readers_read(tmp_path: Path):
    engine = open_database(f"sqlite:///{tmp_path}/one.sqlite3")
    with transaction(engine) as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def run_all(engine: Engine, statements: list[str]) -> None:
    with transaction(engine, writes=True) as connection:
        for one in statements:
            connection.execute(text(one))


def test_a_transaction_that_fails_changes_nothing(tmp_path: Path):
    engine = open_database(f"sqlite:///{tmp_path}/one.sqlite3")
    statements = ["CREATE TABLE t (x INTEGER)", "INSERT INTO nowhere VALUES (1)"]
    with pytest.raises(ProgressUnavailable, match="cannot be saved just now \\(no such table: nowhere\\)"):
        run_all(engine, statements)
    with transaction(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM sqlite_master")).scalar() == 0


@pytest.mark.parametrize("name", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_name_of_postgresql_is_understood(name: str):
    assert open_database(f"{name}://ann@host/course").url.drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", f"{ADDRESS} is no address of a database"),
        ("mysql://ann@host/course", "names mysql; SQLite and PostgreSQL are supported"),
        ("sqlite://", "names no file, so nothing would last"),
        ("sqlite:///:memory:", "names no file, so nothing would last"),
    ],
)
def test_an_address_that_cannot_work_is_refused_in_words(url: str, words: str):
    with pytest.raises(ProgressUnavailable, match=words):
        open_database(url)


def test_the_password_in_an_address_is_not_repeated():
    with pytest.raises(ProgressUnavailable, match="names mysql") as caught:
        open_database("mysql://ann:hush@host/course")
    assert "hush" not in str(caught.value)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(ProgressUnavailable, match="cannot be made"):
        open_database(f"sqlite:///{tmp_path}/file/progress.sqlite3")


def test_postgresql_without_its_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ProgressUnavailable, match="pip install 'psycopg"):
        open_database("postgresql://ann@host/other")


def test_a_server_that_does_not_answer_is_said(tmp_path: Path):
    with pytest.raises(ProgressUnavailable, match="cannot be read just now"):
        open_progress(f"postgresql://ann@/course?host={tmp_path}")


def test_a_file_that_is_no_database_is_said(tmp_path: Path):
    (tmp_path / "progress.sqlite3").write_text("these are words and no database at all" * 100)
    with pytest.raises(ProgressUnavailable, match="not a database"):
        open_progress(f"sqlite:///{tmp_path}/progress.sqlite3")


def test_a_database_that_stays_locked_is_said_in_the_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(database, "WAIT_S", 0.1)
    file = tmp_path / "progress.sqlite3"
    with sqlite3.connect(file, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ProgressUnavailable, match="database is locked"):
            open_progress(f"sqlite:///{file}")
        other.execute("ROLLBACK")
    other.close()


def test_only_waiting_helps_a_lock_so_other_problems_are_said_at_once():
    class Broken:
        def execute(self, _statement: str) -> Any:
            raise sqlite3.OperationalError("disk I/O error")

    with pytest.raises(sqlite3.OperationalError, match="disk I/O error"):
        database._switch_to_log(Broken())

"""Where progress is stored, and a connection to it that 30 people can write through at once.

SQLite in the user's data folder, or the database that CNNLAB_DATABASE_URL names. It does not know what is
stored; `schema` brings the tables up to date.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from cnnlab.errors import CnnLabError
from cnnlab.folders import data_folder
from cnnlab.language import translate

ADDRESS = "CNNLAB_DATABASE_URL"
FILE = "progress.sqlite3"
WAIT_S = 20.0
_PRAGMAS = ("PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON")
_WRITES = "cnnlab_writes"


class ProgressUnavailable(CnnLabError):
    """Progress cannot be read or kept; nothing of the lesson itself depends on it."""


def database_url() -> str:
    """Return the address from the environment, else that of a file in the user's data folder."""
    return os.environ.get(ADDRESS, "").strip() or f"sqlite:///{(data_folder() / FILE).as_posix()}"


@cache
def open_database(url: str) -> Engine:
    """Return the one engine of this process for an address, or raise `ProgressUnavailable`."""
    try:
        address = make_url(url)
    except ArgumentError:
        raise ProgressUnavailable(
            f"{ADDRESS} is no address of a database; write postgresql://user@host/name or sqlite:///file."
        ) from None
    if address.get_backend_name() in ("postgres", "postgresql"):
        address = address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() not in ("postgresql", "sqlite"):
        raise ProgressUnavailable(
            f"{ADDRESS} names {address.get_backend_name()}; SQLite and PostgreSQL are supported."
        )
    return (
        _sqlite(str(address.database or "")) if address.get_backend_name() == "sqlite" else _server(address)
    )


def _server(address: Any) -> Engine:
    try:
        return create_engine(
            address, pool_pre_ping=True, max_overflow=50, connect_args={"connect_timeout": 10}
        )
    except (ModuleNotFoundError, NoSuchModuleError):
        raise ProgressUnavailable(
            "PostgreSQL needs one more package: install it with pip install 'psycopg[binary]'."
        ) from None


def _sqlite(file: str) -> Engine:
    if not file or file == ":memory:":
        raise ProgressUnavailable(f"{ADDRESS} names no file, so nothing would last; write sqlite:///file.")
    try:
        Path(file).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as problem:
        raise ProgressUnavailable(
            f"The folder {Path(file).parent} cannot be made ({problem.strerror}); name another in {ADDRESS}."
        ) from None
    engine = create_engine(
        f"sqlite:///{file}", connect_args={"timeout": WAIT_S}, pool_size=10, max_overflow=50
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    """Set up a new SQLite connection: readers need not wait, and every commit is on disk."""
    connection.isolation_level = None  # `_begin` opens transactions itself, so that they also hold DDL
    _switch_to_log(connection)
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _switch_to_log(connection: Any) -> None:
    """Turn on the write-ahead log; SQLite does not wait for others that do the same, so this does."""
    patience = time.monotonic() + WAIT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as problem:
            if "locked" not in str(problem) or time.monotonic() > patience:
                raise
            time.sleep(0.02)


def _begin(connection: Connection) -> None:
    """Open a transaction; one that will write waits for its turn now, since later it could not."""
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@cache
def _queue(_file: str) -> threading.Lock:
    return threading.Lock()


def _turn(engine: Engine, writes: bool) -> AbstractContextManager[Any]:
    """Let the writers of this process take turns; SQLite lets them poll, and some would wait long."""
    waits = writes and engine.dialect.name == "sqlite"
    return _queue(str(engine.url)) if waits else nullcontext()


@contextmanager
def transaction(engine: Engine, writes: bool = False) -> Iterator[Connection]:
    """Give a connection whose changes are on disk once the block has ended without an error."""
    try:
        with _turn(engine, writes), engine.connect() as plain:
            connection = plain.execution_options(**{_WRITES: writes})
            with connection.begin():
                yield connection
    except (SQLAlchemyError, sqlite3.Error) as problem:
        reason = str(getattr(problem, "orig", None) or problem).strip().splitlines()[0]
        saved = translate("Your progress cannot be saved just now ({reason}). Try again.")
        read = translate("Your progress cannot be read just now ({reason}). Try again.")
        raise ProgressUnavailable((saved if writes else read).format(reason=reason)) from problem

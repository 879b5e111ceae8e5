"""What the tests of progress share: a PostgreSQL server of the test's own, two learners and an attempt."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cnnlab.course.progress import Attempt

ANN, BOB = "ann", "bob"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def attempt(question: str = "q1", learner: str = ANN, lesson: str = "shapes", **more) -> Attempt:
    return Attempt(
        learner=learner, lesson=lesson, question=question, **{"answer": "26", "outcome": "wrong", **more}
    )


def server_programs() -> Path | None:
    """Return the folder with PostgreSQL's initdb and pg_ctl, where they are installed."""
    found = shutil.which("pg_ctl")
    folders = [Path(found).parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((one for one in folders if (one / "initdb").is_file() and (one / "pg_ctl").is_file()), None)


def server_account() -> str | None:
    """Return the account to start a server as: PostgreSQL refuses root; None is one's own, "" is none."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return ""


@contextmanager
def postgresql(programs: Path, account: str | None) -> Iterator[str]:
    """Start a server that listens on a socket in a folder only, and give the address of its database.

    The folder is not pytest's: pytest closes the folders above its own to everybody but its user.
    """
    with tempfile.TemporaryDirectory(prefix="cnnlab-postgresql-") as folder:
        server = _Server(programs, folder, account)
        if account:
            shutil.chown(folder, account)
        server.call("initdb", "--auth=trust", "--username=cnnlab", "--encoding=UTF8", "--no-sync")
        port = _free_port()
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -p {port}"
        server.call("pg_ctl", "-w", "-l", f"{folder}/log", "-o", options, "start")
        try:
            yield f"postgresql://cnnlab@/postgres?host={folder}&port={port}"
        finally:
            server.call("pg_ctl", "-w", "-m", "immediate", "stop")


@dataclass(frozen=True, slots=True)
class _Server:
    programs: Path
    folder: str
    account: str | None

    def call(self, program: str, *words: str) -> None:
        subprocess.run(
            [str(self.programs / program), "-D", f"{self.folder}/data", *words],
            check=True,
            user=self.account,
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            stdout=subprocess.DEVNULL,
            timeout=60,
        )


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]

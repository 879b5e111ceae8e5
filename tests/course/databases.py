"""Databases for the tests of progress: a file of SQLite, and a PostgreSQL server of the test's own."""

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
def postgresql(programs: Path, folder: Path, account: str | None) -> Iterator[str]:
    """Start a server that listens on a socket in a folder only, and give the address of its database."""
    if account:
        shutil.chown(folder, account)
    port = _free_port()

    def call(program: str, *words: str) -> None:
        subprocess.run(
            [str(programs / program), "-D", str(folder / "data"), *words],
            check=True,
            user=account,
            cwd=folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            stdout=subprocess.DEVNULL,
            timeout=60,
        )

    call("initdb", "--auth=trust", "--username=cnnlab", "--encoding=UTF8", "--no-sync")
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -p {port}"
    call("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql://cnnlab@/postgres?host={folder}&port={port}"
    finally:
        call("pg_ctl", "-w", "-m", "immediate", "stop")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]

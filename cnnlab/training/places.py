"""Where runs and learners' own data sets lie, and what a new run is called.

`CNNLAB_RUNS` and `CNNLAB_DATA` name other folders than those beside the progress database. It does not know
what is in a run's folder (`run_folder`) nor in a data set's (`own_data`).
"""

import os
import re
import secrets
from pathlib import Path

from cnnlab.folders import data_folder
from cnnlab.training.run_folder import NoSuchRun

RUNS, DATA = "CNNLAB_RUNS", "CNNLAB_DATA"
_RUN_ID = re.compile(r"[0-9a-f]{16}")


def runs_root() -> Path:
    """Return the folder that holds a folder for each run; it need not exist."""
    return _named(RUNS) or data_folder() / "runs"


def data_root() -> Path:
    """Return the folder that holds learners' own data sets; it need not exist."""
    return _named(DATA) or data_folder() / "data"


def _named(variable: str) -> Path | None:
    name = os.environ.get(variable, "").strip()
    return Path(name).expanduser().resolve() if name else None


def new_run_id() -> str:
    """Return a name that no one guesses, 16 hexadecimal digits; who knows it may look at the run."""
    return secrets.token_hex(8)


def run_path(run_id: str) -> Path:
    """Return a run's folder; raises `NoSuchRun` for what is no run's name, such as a path.

    >>> run_path("0123456789abcdef").name
    '0123456789abcdef'
    """
    if not _RUN_ID.fullmatch(run_id):
        raise NoSuchRun("This is not the name of a run; a run's name is 16 digits from 0 to f.")
    return runs_root() / run_id

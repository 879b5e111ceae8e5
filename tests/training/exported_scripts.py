"""A run's script, as somebody runs it who has its archive and nothing else."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

from cnnlab.training.exporting import export
from cnnlab.training.run_folder import RunFolder


def printed_by_the_script(run: RunFolder, place: Path) -> list[dict]:
    """Unpack a run's archive where nothing else is, run its script, and return what it printed."""
    with zipfile.ZipFile(export(run, "script")) as archive:
        archive.extractall(place)
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "train.py"],
        cwd=place,
        env={**environment, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]

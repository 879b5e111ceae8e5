"""What pages and broker tell each other: small files in `.board` beside the runs.

`queue/ID` stands as long as a run waits or goes on; `learners/HASH/ID` for every run of a learner;
`status.json` is what the broker does, written anew each second; `needed` is touched by a running app.
Whoever reads may find a file gone. It knows neither processes nor PyTorch.
"""

import hashlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cnnlab.training.jobs.queue import Waiting

FRESH_S = 5.0
DELETED = ".deleted"  # in the folder of a run that is to be deleted as soon as it has ended
_FOLDER = ".board"


class Board:
    """The files beside the runs of one root."""

    def __init__(self, root: Path) -> None:
        """Name the folder of the runs; nothing is read or written."""
        self.root, self.path = root, root / _FOLDER

    def make(self) -> None:
        """Make the folders, readable for this user only."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in ("queue", "learners"):
            (self.path / name).mkdir(parents=True, exist_ok=True, mode=0o700)

    def file(self, name: str) -> Path:
        """Return the path of one of the files."""
        return self.path / name

    def enter(self, one: Waiting) -> None:
        """Let the broker find a run."""
        text = json.dumps({"at": one.at, "learner": one.learner, "series": one.series})
        _replace(self.path / "queue" / one.run_id, text)

    def leave(self, run_id: str) -> None:
        """Take a run off the queue."""
        (self.path / "queue" / run_id).unlink(missing_ok=True)

    def active(self, run_id: str) -> bool:
        """Return whether a run waits or goes on."""
        return (self.path / "queue" / run_id).exists()

    def entered(self, known: frozenset[str] = frozenset()) -> Iterator[Waiting]:
        """Return the runs that wait or go on, other than those that are known."""
        for path in _listed(self.path / "queue"):
            if path.name in known or path.name.startswith("."):
                continue
            try:
                facts = json.loads(path.read_text("utf-8"))
                series = str(facts.get("series", ""))
                yield Waiting(int(facts["at"]), path.name, str(facts["learner"]), series)
            except (OSError, ValueError, KeyError, TypeError):
                continue

    def own(self, learner: str, run_id: str) -> None:
        """Note whose run it is."""
        folder = self._learner(learner)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / run_id).touch(mode=0o600)

    def disown(self, learner: str, run_id: str) -> None:
        """Forget whose run it was."""
        (self._learner(learner) / run_id).unlink(missing_ok=True)

    def owned(self, learner: str) -> list[str]:
        """Return the runs of a learner, in no order."""
        return [path.name for path in _listed(self._learner(learner))]

    def _learner(self, learner: str) -> Path:
        return self.path / "learners" / hashlib.sha256(learner.encode()).hexdigest()[:32]

    def tell(self, **status: Any) -> None:
        """Say what the broker does."""
        _replace(self.path / "status.json", json.dumps(status))

    def told(self) -> dict[str, Any]:
        """Return what the broker said last; nothing where there is none."""
        try:
            return json.loads((self.path / "status.json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}

    def fall_silent(self) -> None:
        """Say that there is no broker any more."""
        (self.path / "status.json").unlink(missing_ok=True)

    def retire(self, stamp: str) -> None:
        """Ask a broker that was started with something else to leave when its runs have ended."""
        _replace(self.path / "next", stamp)

    def successor(self) -> str:
        """Return what the broker that shall be here was started with; "" where nobody waits."""
        try:
            return (self.path / "next").read_text("utf-8")
        except OSError:
            return ""

    def answered(self) -> bool:
        """Return whether a broker was here within the last seconds."""
        return _age(self.path / "status.json") < FRESH_S

    def need(self) -> None:
        """Say that an app is there; nothing happens where no run ever was."""
        if self.path.is_dir():
            (self.path / "needed").touch(mode=0o600)

    def alone_for(self) -> float:
        """Return for how many seconds no app has said that it is there."""
        return _age(self.path / "needed")


def _age(path: Path) -> float:
    try:
        return max(0.0, time.time() - path.stat().st_mtime)
    except OSError:
        return float("inf")


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _replace(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)

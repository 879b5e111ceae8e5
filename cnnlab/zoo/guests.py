"""Networks that come while the app runs, such as those that learners have trained.

Whoever keeps them says here how one is found by its name; the zoo looks for nothing itself and loads no
PyTorch. They are in no list of names: who knows a name, may open it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cnnlab.zoo.records import Facts


@dataclass(frozen=True, slots=True, eq=False)
class Guest:
    """A network that came.

    Attributes:
        facts: What is known of it.
        weights: The file of its trained weights.
        trace: The file in which its steps are kept, once they have been recorded.
        build: Makes it with random weights.
        trained: Makes what looks into networks: `cnnlab.inspection.weights.Loaded`.
    """

    facts: Facts
    weights: Path
    trace: Path
    build: Callable[[], Any]
    trained: Callable[[], Any]

    @property
    def stamp(self) -> str:
        """Return what changes with its weights; "" where there are none any more."""
        try:
            status = self.weights.stat()
        except OSError:
            return ""
        return f"{self.facts.name}-{status.st_mtime_ns}-{status.st_size}"


_finders: dict[str, Callable[[str], Guest]] = {}


def welcome(prefix: str, find: Callable[[str], Guest]) -> None:
    """Let names that begin with `prefix` be found by `find`, which raises where there is no such network."""
    _finders[prefix] = find


def guest(name: str) -> Guest | None:
    """Return the guest of that name, None for other kinds of names; raises what its finder raises."""
    for prefix, find in _finders.items():
        if name.startswith(prefix):
            return find(name)
    return None

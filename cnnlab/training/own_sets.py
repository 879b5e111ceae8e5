"""What is known of a learner's own data set besides its pictures, and what can be wrong with one.

It does not know where sets are kept.
"""

from dataclasses import dataclass

from cnnlab.errors import CnnLabError
from cnnlab.training.picture_set import LEAST_OF_A_CLASS


class NoOwnSet(CnnLabError):
    """A set that is not there, or no longer, or that belongs to somebody else."""


class NoRoom(CnnLabError):
    """Something that would be more than is kept."""


def isolated(name: str) -> str:
    r"""Return a name that leaves what stands beside it where it is, whichever way the name is read.

    >>> isolated("cup"), isolated("قطة") == "\u2068قطة\u2069"
    ('cup', True)
    """
    return name if name.isascii() else f"\u2068{name}\u2069"


@dataclass(frozen=True, slots=True)
class OwnClass:
    """A class: its name, how many pictures it has, and the file that they are in ("" for none)."""

    name: str
    count: int = 0
    file: str = ""


@dataclass(frozen=True, slots=True)
class OwnSet:
    """What is known of a set without its pictures.

    `owner` tells learners apart without telling who they are; `notes` say what was changed when it was read.
    """

    name: str
    title: str
    owner: str
    side: int
    created: float
    classes: tuple[OwnClass, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def pictures(self) -> int:
        """Return how many pictures it has."""
        return sum(one.count for one in self.classes)

    @property
    def missing(self) -> str:
        """Return what it lacks before a network can learn from it, as a sentence; "" for nothing."""
        if len(self.classes) < 2:
            return "A network learns to tell classes apart: add at least two."
        few = [
            f"“{isolated(one.name)}” ({one.count})" for one in self.classes if one.count < LEAST_OF_A_CLASS
        ]
        if few:
            return f"Each class needs at least {LEAST_OF_A_CLASS} pictures; too few: {', '.join(few)}."
        return ""

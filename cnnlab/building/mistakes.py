"""What is wrong in the notation of a network, and where: every mistake with line, column and a sentence.

It does not know what is allowed; the readers do.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from cnnlab.errors import CnnLabError

MOST_MISTAKES = 20
LONGEST_QUOTE = 30


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: line and column from 1, and how many signs it has."""

    line: int
    column: int
    length: int = 1


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One mistake: what was given, what is allowed, what to do."""

    place: Place
    sentence: str

    def __str__(self) -> str:
        """Say it with its place."""
        return f"Line {self.place.line}, column {self.place.column}: {self.sentence}"


class NotationProblem(CnnLabError):
    """A text that is no network; `mistakes` are all that were found, in the order of the text."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        """Keep the mistakes for a page to mark."""
        self.mistakes = tuple(sorted(set(mistakes)))[:MOST_MISTAKES]
        super().__init__("\n".join(map(str, self.mistakes)))


def quoted(word: str) -> str:
    """Quote what was given, and no more of it than a sentence can hold.

    >>> quoted("kernal")
    '`kernal`'
    """
    return f"`{word if len(word) <= LONGEST_QUOTE else word[:LONGEST_QUOTE] + '…'}`"


def listed(words: Iterable[str]) -> str:
    """Write words as a list of quoted ones."""
    return ", ".join(f"`{word}`" for word in words)


def did_you_mean(word: str, known: Iterable[str], synonyms: dict[str, str] | None = None) -> str:
    """Return " Did you mean `conv`?" where a known word is near or says the same, else nothing.

    >>> did_you_mean("covn", ("conv", "dense"))
    ' Did you mean `conv`?'
    """
    same = (synonyms or {}).get(word)
    near = [same] if same else get_close_matches(word, tuple(known), n=1, cutoff=0.7)
    return f" Did you mean `{near[0]}`?" if near else ""

"""What is said when a layer cannot exist: the violated rules, and the nearest settings that work.

It does not find them: `rules` and `nearest` do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cnnlab.errors import CnnLabError


@dataclass(frozen=True, slots=True)
class Problem:
    """A violated rule: a short stable id, and the sentence with the numbers in it.

    `axis` is the 0-based spatial axis that the rule was broken on, or None for the layer as a whole.
    """

    rule: str
    sentence: str
    axis: int | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Settings that work: new values by field name ("input" is the input shape), and a sentence."""

    changes: Mapping[str, Any]
    sentence: str


class ImpossibleLayer(CnnLabError):
    """A layer that cannot work on this input; PyTorch refuses it too, or would return no numbers."""

    def __init__(self, problems: tuple[Problem, ...], suggestions: tuple[Suggestion, ...] = ()) -> None:
        """Keep the parts for a page to show, and join them into one message."""
        self.problems = problems
        self.suggestions = suggestions
        text = "; ".join(problem.sentence for problem in problems) + "."
        if suggestions:
            text += " Nearest settings that work: "
            text += "; ".join(suggestion.sentence for suggestion in suggestions) + "."
        super().__init__(text)

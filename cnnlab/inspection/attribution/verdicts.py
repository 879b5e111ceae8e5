"""Whether a method can be trusted on a network: what was measured, kept in a file of the package.

Importing it loads no PyTorch. The file is written by `measure_verdicts`.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cnnlab.errors import CnnLabError

FILE = Path(__file__).with_name("verdicts.json")
UNMEASURED = (
    "This network was not measured with this method: look at the tests of the map before trusting it."
)


class RefusedMethod(CnnLabError):
    """A method whose map would not mean on this network what the method promises."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`kind` is "holds", "approximate" or "refused"; `measured` says whether the pair was measured."""

    kind: str
    reason: str = ""
    measured: bool = True


def verdict(method: str, model: str) -> Verdict:
    """Return what was found for a method on a network; one that nobody measured is approximate.

    >>> verdict("saliency", "my_own_network").kind
    'approximate'
    """
    found = measured().get(model, {}).get("methods", {}).get(method)
    if found is None:
        return Verdict("approximate", UNMEASURED, measured=False)
    return Verdict(found["verdict"], found.get("reason", ""))


def refuse(method: str, model: str) -> None:
    """Raise RefusedMethod, with the reason, where a method does not hold on a network."""
    found = verdict(method, model)
    if found.kind == "refused":
        raise RefusedMethod(found.reason)


@cache
def measured() -> dict[str, dict[str, Any]]:
    """Return what the file holds of each network."""
    return json.loads(FILE.read_text(encoding="utf-8"))["models"] if FILE.is_file() else {}

"""What the options of all labs have in common: how a lab is told, and checks of names and forms.

It knows no lab.
"""

import difflib
import re
from typing import Annotated

from pydantic import AfterValidator

from cnnlab import zoo
from cnnlab.course.typed import Options


class LabOptions(Options):
    """What a lab can be told; every lab writes it as its own address."""

    def settings(self) -> dict[str, str]:
        """Return the parameters of the lab's address that say the same."""
        return {}


def shaped(pattern: str, example: str, longest: int = 100) -> AfterValidator:
    """Return a check that a text has a form; the mistake names an example."""

    def check(text: str) -> str:
        if len(text) > longest or not re.fullmatch(pattern, text):
            raise ValueError(f"`{text[:40]}` is not written as {example}")
        return text

    return AfterValidator(check)


def _network(name: str) -> str:
    """Return the name of a network that there is."""
    if name in zoo.names():
        return name
    close = difflib.get_close_matches(name, zoo.names(), 1)
    hint = f"did you mean `{close[0]}`?" if close else f"there are {', '.join(zoo.names())}"
    raise ValueError(f"`{name[:40]}` is no network of this app; {hint}")


NetworkName = Annotated[str, AfterValidator(_network)]

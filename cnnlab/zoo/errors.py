"""What can go wrong with the name of a network, its options, or an instructor's file.

It does not know how networks are built.
"""

from collections.abc import Iterable
from difflib import get_close_matches

from cnnlab.errors import CnnLabError


class UnknownNetwork(CnnLabError):
    """No network has this name."""


class ImpossibleOption(CnnLabError):
    """A network has no such option, or cannot be built with this value."""


class BrokenModelFile(CnnLabError):
    """An instructor's file does not define a model that can be used."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a hint at names that look alike, or nothing.

    >>> did_you_mean("resnet5O", ["resnet50", "vgg16"])
    'Did you mean `resnet50`?'
    """
    candidates = sorted(set(known))
    lower = {candidate.lower(): candidate for candidate in reversed(candidates)}
    near = get_close_matches(name.strip().lower(), lower, n=3, cutoff=0.6)
    return f"Did you mean {' or '.join(f'`{lower[found]}`' for found in near)}?" if near else ""

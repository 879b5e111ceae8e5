"""What is done to the pictures while a network learns: names and strengths of transforms, and their words.

A policy is written as `flip:0.5,rotate:15` in addresses, in lessons and on the command line. It loads no
PyTorch; `augmentation` does what is named here, and which transforms there are stands in `transforms`.
"""

from cnnlab.errors import CnnLabError
from cnnlab.inspection.attribution.method import UnsuitableSetting
from cnnlab.training.transforms import TRANSFORMS

# Pairs of a transform's name and its strength, in the order in which they are applied: that of `TRANSFORMS`.
Policy = tuple[tuple[str, float], ...]

LONGEST_TEXT = 400
PRESETS: dict[str, Policy] = {
    "none": (),
    "light": (("flip", 0.5), ("crop", 0.2), ("brightness", 0.1)),
    "strong": (
        *(("flip", 0.5), ("stretch", 0.2), ("rotate", 15.0), ("translate", 0.1), ("crop", 0.4)),
        *(("brightness", 0.3), ("contrast", 0.3), ("colour", 0.1), ("cutout", 0.25)),
    ),
}


class UnsuitablePolicy(CnnLabError):
    """A transform that there is not, or a strength that it does not allow."""


def checked_policy(policy: Policy) -> Policy:
    """Return a policy as it is kept: in the order of `TRANSFORMS`, without what is at 0 and does nothing.

    Raises `UnsuitablePolicy` for a transform that there is not, one that is named twice, or a strength that
    it does not allow.

    >>> checked_policy((("rotate", 15), ("flip", 0.5), ("shear", 0)))
    (('flip', 0.5), ('rotate', 15.0))
    """
    strengths: dict[str, float] = {}
    for name, strength in policy:
        if name not in TRANSFORMS:
            raise UnsuitablePolicy(f"There is no transform “{name}”; choose of: {', '.join(TRANSFORMS)}.")
        if name in strengths:
            raise UnsuitablePolicy(f"The transform “{name}” is named twice; name each once.")
        try:
            strengths[name] = float(TRANSFORMS[name].checked(strength))
        except UnsuitableSetting as problem:
            raise UnsuitablePolicy(str(problem)) from problem
    return tuple((name, strengths[name]) for name in TRANSFORMS if strengths.get(name))


def strength_of(policy: Policy, name: str) -> float:
    """Return how strong a transform is in a policy; 0 where it is not in it."""
    return dict(policy).get(name, 0.0)


def policy_text(policy: Policy) -> str:
    """Return a policy as addresses and command lines have it.

    >>> policy_text((("flip", 0.5), ("rotate", 15.0)))
    'flip:0.5,rotate:15'
    """
    return ",".join(f"{name}:{strength:g}" for name, strength in checked_policy(policy))


def policy_from_text(text: str) -> Policy:
    """Return the policy that `policy_text` wrote, or the preset of that name; "" is the empty policy.

    Raises `UnsuitablePolicy` for a text that is no policy.

    >>> policy_from_text("rotate:15, flip:0.5")
    (('flip', 0.5), ('rotate', 15.0))
    """
    text = text.strip()
    if text in PRESETS:
        return PRESETS[text]
    if len(text) > LONGEST_TEXT:
        raise UnsuitablePolicy(f"A policy has at most {LONGEST_TEXT} signs; {len(text)} were given.")
    return checked_policy(tuple(_pair(part.strip()) for part in text.split(",") if part.strip()))


def _pair(part: str) -> tuple[str, float]:
    name, _, strength = part.partition(":")
    try:
        return name.strip(), float(strength)
    except ValueError:
        raise UnsuitablePolicy(f"“{part[:40]}” is no transform with its strength; {_hint(part)}") from None


def _hint(part: str) -> str:
    """Return how a part that could not be read is written, with its own values where they can be guessed."""
    if part in PRESETS:
        return f"it is a whole policy, so nothing can stand beside it. Write “{part}” alone."
    name, equals, strength = (piece.strip() for piece in part.partition("="))
    if equals and name in TRANSFORMS and strength:
        return f"write it with a colon: {name}:{strength[:20]}."
    return "write it as name:strength, such as flip:0.5."

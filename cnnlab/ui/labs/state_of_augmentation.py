"""What a question may say about the augmentation lab's settings: the picture, the strength of each transform.

The browser reports an address's parameters; they are read here as recipes are.
"""

from collections.abc import Mapping
from typing import Any

from cnnlab.training.policy import UnsuitablePolicy, policy_from_text, strength_of
from cnnlab.training.transforms import TRANSFORMS

FIRST = "flip:0.5,rotate:15,crop:0.3,brightness:0.2"  # what the lab begins with


def augmentation_state(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the lab's state by readable names; nothing where the policy is none."""
    try:
        policy = policy_from_text(str(settings.get("policy", FIRST)))
    except UnsuitablePolicy:
        return {}
    strengths = {name: strength_of(policy, name) for name in TRANSFORMS}
    return {
        "picture": str(settings.get("pic", "cat")),
        "transform": str(settings.get("at", "rotate")),
        **strengths,
    }

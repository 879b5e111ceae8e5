"""What is done to the pictures while a network learns: names and strengths of transforms.

It loads no PyTorch; `augmentation` does what is named here.
"""

from cnnlab.errors import CnnLabError
from cnnlab.inspection.attribution.method import Setting, UnsuitableSetting

# Pairs of a transform's name and its strength, in the order in which they are applied.
Policy = tuple[tuple[str, float], ...]


class UnsuitablePolicy(CnnLabError):
    """A transform that there is not, or a strength that it does not allow."""


TRANSFORMS: dict[str, Setting] = {
    one.name: one
    for one in (
        Setting("flip", "Flip", "Swaps left and right, with this chance.", 0.5, 0, 1, 0.05),
        Setting("translate", "Move", "Moves by up to this share of the side.", 0.1, 0, 0.5, 0.01),
    )
}


def checked_policy(policy: Policy) -> Policy:
    """Return a policy whose transforms there are; raises `UnsuitablePolicy`."""
    done = []
    for name, strength in policy:
        if name not in TRANSFORMS:
            raise UnsuitablePolicy(f"There is no transform “{name}”; choose of: {', '.join(TRANSFORMS)}.")
        try:
            done.append((name, float(TRANSFORMS[name].checked(strength))))
        except UnsuitableSetting as problem:
            raise UnsuitablePolicy(str(problem)) from problem
    return tuple(done)

"""All methods of attribution, by name, in the order in which they are offered.

Importing it loads no PyTorch.
"""

from cnnlab.inspection.attribution.method import Cost, Method, Setting, UnsuitableSetting
from cnnlab.inspection.attribution.methods_gradient import GRADIENT_METHODS
from cnnlab.inspection.attribution.methods_masking import LAYER_METHODS, MASKING_METHODS

__all__ = ["METHODS", "Cost", "Method", "Setting", "UnknownMethod", "UnsuitableSetting", "method"]

METHODS: dict[str, Method] = {one.name: one for one in (*GRADIENT_METHODS, *LAYER_METHODS, *MASKING_METHODS)}


class UnknownMethod(UnsuitableSetting):
    """A method was asked for that there is not."""


def method(name: str) -> Method:
    """Return a method.

    >>> method("occlusion").cost({"window": 25})
    Cost(forward=17, backward=0, exact=True)
    """
    if name not in METHODS:
        raise UnknownMethod(f"There is no method “{name}”; choose one of: {', '.join(METHODS)}.")
    return METHODS[name]

"""How a run ends before its last step."""

from cnnlab.errors import CnnLabError

_SHORT_OF_MEMORY = ("out of memory", "allocate memory", "not enough memory")


class OutOfMemory(CnnLabError):
    """A run needs more memory than there is."""


def is_short_of_memory(problem: Exception) -> bool:
    """Whether PyTorch or Python could not have memory, on whatever device."""
    return isinstance(problem, MemoryError) or any(one in str(problem).lower() for one in _SHORT_OF_MEMORY)


class Ended(Exception):
    """The run ends before its last step; the message says why, `state` is what it stands at then."""

    def __init__(self, state: str, message: str) -> None:
        super().__init__(message)
        self.state = state

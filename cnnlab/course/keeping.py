"""What is read once and kept until it changes, by key, for all threads of this process.

What was read before a change and comes in after it is not kept. It does not know what it keeps.
"""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

MOST = 1000
T = TypeVar("T")


class Kept(Generic[T]):
    """Things by key, each as it was last read.

    >>> kept = Kept[int]()
    >>> kept.get("ann", lambda: 1), kept.get("ann", lambda: 2)
    (1, 1)
    >>> kept.drop("ann")
    >>> kept.get("ann", lambda: 2)
    2
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._things: dict[str, T] = {}
        self._changes = 0

    def get(self, key: str, read: Callable[[], T]) -> T:
        """Return what is kept under a key; where there is nothing, read it."""
        with self._lock:
            if key in self._things:
                return self._things[key]
            changes = self._changes
        found = read()
        with self._lock:
            if changes == self._changes:
                if len(self._things) >= MOST:
                    self._things.clear()
                self._things[key] = found
        return found

    def drop(self, key: str) -> None:
        """Forget what is kept under a key, because it has changed."""
        with self._lock:
            self._changes += 1
            self._things.pop(key, None)

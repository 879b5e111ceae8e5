"""Results of long work, kept for whoever asks next: the last used ones, as long as they fit.

They are shared by all learners, so nobody may change one. It does not know what they are.
"""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Any

MOST_BYTES = 96_000_000


class Results:
    """Values under keys; the ones that nobody asked for longest leave first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def find(self, key: Hashable) -> Any:
        """Return what is kept under a key, None where there is nothing (any more)."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def keep(self, key: Hashable, value: Any, size: int) -> Any:
        """Keep a value that takes about `size` bytes, and return it; the newest one always stays.

        >>> results = Results(most_bytes=10)
        >>> results.keep("a", 1, size=6), results.keep("b", 2, size=6)
        (1, 2)
        >>> results.find("a"), results.find("b")
        (None, 2)
        """
        with self._lock:
            self._bytes -= self._kept.pop(key, (None, 0))[1]
            self._kept[key] = value, size
            self._bytes += size
            while len(self._kept) > 1 and self._bytes > self._most:
                _, (_, freed) = self._kept.popitem(last=False)
                self._bytes -= freed
        return value

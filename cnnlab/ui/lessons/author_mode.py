"""Whether this server runs for authors: then lessons show their answer keys, mistakes and drafts.

Whoever starts the server says so, by `python -m cnnlab serve --author` or by the environment variable; no
address and no message of a browser can. It draws nothing and does not know lessons.
"""

import os

SWITCH = "CNNLAB_AUTHOR"
_YES = {"1", "true", "yes", "on"}


def is_author_mode() -> bool:
    """Return whether whoever started this server wants to see lessons as their author."""
    return os.environ.get(SWITCH, "").strip().lower() in _YES

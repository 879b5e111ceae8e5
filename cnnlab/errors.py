"""What went wrong, in a sentence that a learner can act on.

The tree of errors starts here; each package adds its own below `CnnLabError`.
This module does not know how an error is shown.
"""


class CnnLabError(ValueError):
    """An expected problem: the message says what was given, what is allowed and what to do."""

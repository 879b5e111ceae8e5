"""How a run ends before its last step."""


class Ended(Exception):
    """The run ends before its last step; the message says why, `state` is what it stands at then."""

    def __init__(self, state: str, message: str) -> None:
        super().__init__(message)
        self.state = state

"""Several runs that the browser asks about; the page runs again whenever one more of them has ended.

It stands where a piece of work stands (`cnnlab.ui.inspection.progress_bar`), though runs go on in processes
of their own. It does not know what is drawn of the runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cnnlab.errors import CnnLabError
from cnnlab.training.run_folder import OVER, RunFolder
from cnnlab.ui.training.runs import folder


@dataclass(frozen=True, slots=True)
class Followed:
    """Runs by their ids, of which `ended` had ended when the page was drawn."""

    runs: tuple[str, ...]
    ended: int

    def told(self) -> dict[str, Any]:
        """Tell how many have ended and what the one that goes on is doing."""
        states = [_state(one) for one in self.runs]
        now = sum(one.get("state") in OVER for one in states)
        return {
            "text": f"{now} of {len(self.runs)} runs have ended. {_doing(states)}".strip(),
            "share": sum(map(_share, states)) / max(1, len(states)),
            "over": now != self.ended,
            "shown": None,
        }


def _state(run_id: str) -> dict[str, Any]:
    try:
        return folder(run_id).state()
    except CnnLabError:
        return {"state": "lost"}


def _share(state: dict[str, Any]) -> float:
    if state.get("state") in OVER:
        return 1.0
    return min(1.0, state.get("step", 0) / max(1, state.get("steps", 0) or 1))


def _doing(states: Sequence[dict[str, Any]]) -> str:
    going = next((one for one in states if one.get("state") == "running"), None)
    if going is None or not going.get("epochs"):
        return ""
    return f"One is in epoch {going.get('epoch', 1)} of {going['epochs']}."


def ended(runs: Sequence[RunFolder]) -> int:
    """Return how many runs have ended."""
    return sum(_state(one.path.name).get("state") in OVER for one in runs)

"""How much is measured: counts and seconds of a full run and of a quick one.

Every benchmark takes its bounds from here. It does not know what they are used for.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """Bounds of one run; warm-up comes on top and is not counted."""

    drag_moves: int = 160
    hover_moves: int = 240
    key_steps: int = 60
    trips: int = 80
    starts: int = 5
    sessions: int = 30
    class_seconds: int = 20
    interactions: int = 12
    analyses: int = 200
    networks: int = 5
    answers: int = 40
    saves: int = 20
    maps: int = 9
    pictures: int = 60


FULL = Effort()
QUICK = Effort(
    drag_moves=60,
    hover_moves=60,
    key_steps=12,
    trips=30,
    starts=1,
    class_seconds=4,
    interactions=4,
    analyses=60,
    networks=2,
    answers=8,
    saves=5,
    maps=3,
    pictures=20,
)

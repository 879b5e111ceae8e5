"""The tests of maps as work for the process's queue: what each computes, and what is kept of it.

It draws nothing. The tests themselves are `cnnlab.inspection.attribution.truth_…`, loaded by the first one.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cnnlab.inspection.attribution.methods import METHODS
from cnnlab.inspection.attribution.running import Question
from cnnlab.inspection.attribution.truth_maps import controls
from cnnlab.inspection.attribution.truth_pointing import Played
from cnnlab.inspection.models import shared_models
from cnnlab.inspection.pictures import Picture
from cnnlab.inspection.work import Progress
from cnnlab.ui.inspection.why_asking import results
from cnnlab.ui.inspection.working import with_progress

STAGES = 6
Work = Callable[[Progress], Any]


@dataclass(frozen=True, slots=True)
class Fidelity:
    """What of a covered square's effect a map did not foretell, and how much it changes under small noise."""

    unexplained: float | None
    sensitivity: float


@dataclass(frozen=True, slots=True, eq=False)
class PushedMaps:
    """A push: pictures before and after from 0 to 255, probabilities, and each method's maps of both.

    `said_once` are the probabilities after one step of FGSM, for a push in several; None otherwise. `maps`
    has for each method its map before, after for the category before, and after for the new one.
    """

    before: np.ndarray
    after: np.ndarray
    said_before: np.ndarray
    said_after: np.ndarray
    said_once: np.ndarray | None
    maps: dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]


def done(key: Hashable, work: Work) -> Any:
    """Return a test's outcome; as long as there is none, have it computed and show how far it is."""
    return with_progress(
        key, lambda progress: results().keep(key, *_sized(work(progress))), lambda: results().find(key)
    )


def randomised(asked: Question, picture: Picture) -> Any:
    """Return the network's input, the map of the trained network, and the stages of forgetting."""

    def work(progress: Progress) -> Any:
        from cnnlab.inspection.attribution.truth_asking import examined
        from cnnlab.inspection.attribution.truth_randomisation import randomisation

        subject = examined(asked, picture, shared_models(), _named(asked, progress))
        made = randomisation(subject.explain, subject.subject, most=STAGES, progress=subject.progress)
        return _in_colour(subject.pixels), *made

    return done(("why", "randomised", asked), work)


def pixel_game(asked: tuple[Question, ...], picture: Picture, maps: dict[str, np.ndarray]) -> Any:
    """Return curves of deletion and insertion of maps by title, and of those that know nothing."""

    def work(progress: Progress) -> Any:
        from cnnlab.inspection.attribution.truth_asking import examined
        from cnnlab.inspection.attribution.truth_curves import curves

        subject = examined(asked[0], picture, shared_models(), progress)
        return curves(
            subject.subject, maps | controls(subject.pixels), subject.without("blur"), progress=progress
        )

    return done(("why", "pixels", asked), work)


def fidelity(asked: Question, picture: Picture, made: np.ndarray) -> Fidelity | None:
    """Return infidelity and sensitivity of a map."""

    def work(progress: Progress) -> Any:
        from cnnlab.inspection.attribution.truth_asking import LOCAL, examined
        from cnnlab.inspection.attribution.truth_metrics import Covering, Noise, infidelity, sensitivity

        subject = examined(asked, picture, shared_models(), _named(asked, progress))
        covering = Covering(subject.without("blur"))
        found = infidelity(subject.subject, made, covering, asked.method in LOCAL, subject.progress)
        noisy = sensitivity(subject.explain, subject.subject, Noise(), subject.progress)
        return Fidelity(found.unexplained, noisy)

    return done(("why", "fidelity", asked), work)


def moved(asked: Question, picture: Picture, shift: tuple[int, int]) -> Any:
    """Return the network's input, its map, and what became of it when moved (down, right) by some pixels."""

    def work(progress: Progress) -> Any:
        from cnnlab.inspection.attribution.truth_asking import examined
        from cnnlab.inspection.attribution.truth_shift import shifted

        subject = examined(asked, picture, shared_models(), _named(asked, progress))
        stayed, (there,) = shifted(subject.explain, subject.subject, (shift,), subject.progress)
        return _in_colour(subject.pixels), stayed, there

    return done(("why", "moved", asked, shift), work)


def game(asked: Question) -> Played | None:
    """Return where a method points in the pictures of the pointing game."""
    asked = replace(asked, picture="", target=-1)

    def work(progress: Progress) -> Any:
        from cnnlab.inspection.attribution.pointing_game import play

        return play(asked, shared_models(), _named(asked, progress))

    return done(("why", "pointing", asked), work)


def blind_game() -> dict[str, Played] | None:
    """Return where maps point that know nothing of any network."""

    def work(_progress: Progress) -> Any:
        from cnnlab.inspection.attribution.pointing_game import play_blindly

        return play_blindly()

    return done(("why", "pointing", "blindly"), work)


def pushed_maps(
    asked: tuple[Question, ...], picture: Picture, epsilon: float, steps: int = 1
) -> PushedMaps | None:
    """Push by FGSM, or by PGD in several steps, and return what the network says of both, with their maps."""

    def work(progress: Progress) -> Any:
        from cnnlab.inspection.attribution.adversarial import Push, fgsm, pushed, usual_pace
        from cnnlab.inspection.attribution.truth_asking import examined

        first = examined(asked[0], picture, shared_models(), progress)
        push = once = fgsm(first.subject, Push(epsilon))
        if steps > 1:
            push = pushed(
                first.subject, Push(epsilon, steps=steps, pace=usual_pace(epsilon, steps)), progress
            )
        now = int(push.after.argmax())
        maps = {}
        for place, one in enumerate(asked):
            subject = examined(one, picture, shared_models(), _at(place, len(asked), progress))
            explain, model, target = subject.explain, subject.subject.model, subject.subject.target
            after = explain(model, push.values, target)
            other = after if now == target else explain(model, push.values, now)
            maps[one.method] = subject.map(), after, other
        said_once = once.after if steps > 1 else None
        return PushedMaps(
            first.pixels.astype(np.float32), push.pixels, push.before, push.after, said_once, maps
        )

    return done(("why", "pushed", asked, epsilon, steps), work)


def _in_colour(pixels: np.ndarray) -> np.ndarray:
    return np.broadcast_to(pixels, (*pixels.shape[:2], 3))


def _at(place: int, total: int, progress: Progress) -> Progress:
    return lambda doing, _done, _total: progress(doing, place, total)


def _named(asked: Question, progress: Progress) -> Progress:
    title = METHODS[asked.method].title
    return lambda doing, done, total: progress(f"{title}: {doing[:1].lower()}{doing[1:]}", done, total)


def _sized(made: Any) -> tuple[Any, int]:
    """Return what was made with the bytes that its arrays take."""
    return made, _size(made)


def _size(value: Any) -> int:
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, (tuple, list)):
        return sum(map(_size, value))
    if isinstance(value, dict):
        return sum(map(_size, value.values()))
    fields = getattr(value, "__dataclass_fields__", ())
    return 200 + sum(_size(getattr(value, name)) for name in fields)

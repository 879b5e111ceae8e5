"""What a recipe costs, said before it starts: how many pictures go through the network, and how often.

It does not know how fast this machine is; the run says how much time is left once it has begun.
"""

from cnnlab import zoo
from cnnlab.arithmetic.units import grouped, written_count
from cnnlab.building import build
from cnnlab.errors import CnnLabError
from cnnlab.tracing import replay_as_far_as_possible, trace_of
from cnnlab.training.built_models import PREFIX as BUILT
from cnnlab.training.data_sets import data_set
from cnnlab.training.recipe import Recipe, count_of_batches

BACKWARD = 2  # a pass back costs about two passes forward: one for the pictures, one for the weights

# SqueezeNet on 66 photographs: head first, then everything, guessed after 18 steps, and was right after 90.
FEW_STEPS = 40
FEW = (
    " So few steps are rarely enough, and the rate rises and falls within them: take more epochs, or smaller "
    "batches."
)

FROZEN_AT_FIRST = ("partial", "probe-then-full")  # what does not learn need not be asked at every step


def cost(chosen: Recipe) -> str:
    """Return in a sentence or two what a run of this recipe computes."""
    pictures = learned_from(chosen)
    if pictures is None:
        return f"Every picture {chosen.epochs} times."
    each = _multiply_adds(chosen)
    if chosen.regime == "frozen":
        passes = pictures * (chosen.copies if chosen.augmentation else 1)
        head = f"then the head learns from what came out, {chosen.epochs} times"
        return f"{grouped(passes)} pictures go through the network once{_in_all(passes, each)}; {head}."
    passes = pictures * chosen.epochs
    taken = chosen.epochs * count_of_batches(pictures, chosen.batch)
    computed = _in_all((1 + BACKWARD) * passes, each, at_most=chosen.regime in FROZEN_AT_FIRST)
    return (
        f"{grouped(pictures)} pictures × {chosen.epochs} epochs = {grouped(passes)} passes forward and back, "
        f"in {grouped(taken)} steps{computed}.{FEW if taken < FEW_STEPS else ''}"
    )


def learned_from(chosen: Recipe) -> int | None:
    """Return how many pictures are learned from; None for a set that is not known here."""
    try:
        known = data_set(chosen.data)
    except CnnLabError:
        return None
    if not known.classes:
        return None
    if not chosen.per_class:
        return known.pictures
    most = len(known.classes) * chosen.per_class
    return most if known.endless else min(most, known.pictures)


def _in_all(passes: int, each: int | None, *, at_most: bool = False) -> str:
    return (
        f", {'at most' if at_most else 'about'} {written_count(passes * each)} multiply-adds" if each else ""
    )


def _multiply_adds(chosen: Recipe) -> int | None:
    try:
        if chosen.model.startswith(BUILT):  # without recording it, which would load PyTorch
            return None if chosen.size else build(chosen.model.removeprefix(BUILT)).replayed.macs
        channels, height, width = zoo.input_shape(chosen.model)
        shape = (channels, chosen.size or height, chosen.size or width)
        return replay_as_far_as_possible(trace_of(chosen.model), shape).macs
    except CnnLabError:
        return None

"""What a family costs at every setting of its knob and every size of the input, so that it can follow a hand.

All numbers come from replays. It does not know how they travel, nor how they are drawn.
"""

from typing import Any

from cnnlab.tracing import ImpossibleSize, replay
from cnnlab.tracing.trace import Trace
from cnnlab.tracing.variants import KNOBS, Variant, knob, trace_of_variant

SIZES = tuple(range(64, 641, 32))


def all_knobs() -> list[dict[str, Any]]:
    """Return the families that can be scaled, with the settings of their knobs."""
    return [
        {
            "name": one.name,
            "title": one.title,
            "turned": one.turned,
            "about": one.about,
            "labels": [variant.label for variant in one.variants],
            "start": one.start,
        }
        for one in KNOBS
    ]


def scaled(name: str) -> dict[str, Any]:
    """Return a family's costs: for each setting its own size, and a row for each of `SIZES`.

    A row is parameters, multiply-adds, bytes of all outputs, receptive field; None where the network cannot
    take the size. Raises `UnknownFamily`.
    """
    variants = knob(name).variants
    # Each also at the sizes that others of the family were made for.
    own = {trace_of_variant(variant).input_shape[1] for variant in variants}
    sizes = sorted({*SIZES, *own})
    return {"sizes": sizes, "variants": [_variant(one, sizes) for one in variants]}


def _variant(variant: Variant, sizes: list[int]) -> dict[str, Any]:
    trace = trace_of_variant(variant)
    return {
        "label": variant.label,
        "network": variant.network if variant.is_published else None,
        "own_size": trace.input_shape[1],
        "rows": [_row(trace, size) for size in sizes],
    }


def _row(trace: Trace, size: int) -> list[int | None] | None:
    try:
        replayed = replay(trace, (trace.input_shape[0], size, size))
    except ImpossibleSize:
        return None
    field = replayed.receptive_field
    return [replayed.parameters, replayed.macs, replayed.memory, field.size[0] if field else None]

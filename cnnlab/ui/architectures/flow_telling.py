"""What the browser is told of a run, of a step, of a channel: plain dictionaries for JSON.

Many numbers travel as bytes, written in base64. It computes none of them, and does not know how they travel.
"""

from base64 import b64encode
from dataclasses import dataclass
from typing import Any

import numpy as np

from cnnlab.errors import CnnLabError
from cnnlab.inspection.flow import Run
from cnnlab.inspection.flow_summary import map_shape, ordered

_DIGITS = 7


class NoSuchPart(CnnLabError):
    """A step or a channel that a network does not have."""


@dataclass(frozen=True, slots=True)
class Page:
    """Which channels are wanted: `count` of them, in an order of `SORTS`, `number` pages further on."""

    sort: str
    number: int
    count: int


def run_told(run: Run) -> dict[str, Any]:
    """Return what there is to say of a run as a whole."""
    loaded = run.loaded
    return {
        "weights": loaded.kind,
        "source": loaded.source,
        "steps": len(run.steps),
        "outcome": run.outcome,
        "likely": [
            {"category": index, "name": loaded.categories[index], "probability": probability}
            for index, probability in run.likely
        ],
    }


def step_told(run: Run, index: int, page: Page) -> dict[str, Any]:
    """Return one step's statistics and a page of its channels; a page beyond the last one is the last one."""
    if index >= len(run.steps):
        raise NoSuchPart(f"{run.asked.name} has {len(run.steps)} steps; there is no step {index + 1}.")
    step = run.steps[index]
    order = ordered(step, page.sort)
    pages = -(-len(order) // page.count)
    number = min(page.number, pages - 1)
    shown = order[number * page.count : (number + 1) * page.count]
    names = run.loaded.categories if _tells_categories(run, index) else ()
    return {
        "step": index,
        "shape": step.shape,
        "size": map_shape(step.shape)[1:],
        "channels": step.channels,
        "mean": step.mean,
        "deviation": step.deviation,
        "low": step.low,
        "high": step.high,
        "zeros": step.zeros,
        "dead": step.dead,
        "odd": step.odd,
        "histogram": step.histogram,
        "sort": page.sort,
        "page": number,
        "pages": pages,
        "shown": shown.tolist(),
        "strengths": _numbers(step.strengths[shown]),
        "deviations": _numbers(step.deviations[shown]),
        "highest": _numbers(step.highest[shown]),
        "dead_shown": step.dead_channels[shown].tolist(),
        "names": [names[one] for one in shown] if names else None,
        "tile": step.tiles.shape[1:],
        "factor": step.factor,
        "tile_low": _numbers(step.tile_low[shown]),
        "tile_high": _numbers(step.tile_high[shown]),
        "tiles": b64encode(step.tiles[shown].tobytes()).decode(),
    }


def _tells_categories(run: Run, index: int) -> bool:
    """Whether a step has a channel for each category: the outcome, and steps before it that have as many."""
    count = len(run.loaded.categories)
    rest = run.steps[index : run.outcome + 1]
    return bool(rest) and count > 1 and all(step.channels == count for step in rest)


def channel_told(output: np.ndarray, channel: int) -> dict[str, Any]:
    """Return all values of a channel as float32, little end first, row by row."""
    if channel >= len(output):
        raise NoSuchPart(f"This step has {len(output)} channels; there is no channel {channel}.")
    values = output[channel]
    return {
        "channel": channel,
        "size": values.shape,
        "values": b64encode(values.astype("<f4").tobytes()).decode(),
    }


def _numbers(values: np.ndarray) -> list[float]:
    """Return numbers short enough to travel; the exact ones are told by `channel_told`."""
    return [float(f"{value:.{_DIGITS}g}") for value in values.tolist()]

"""What the browser is told of a bank of filters: plain values for JSON, many numbers as bytes in base64.

It computes only what is said in words, and does not know how the filters are drawn.
"""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import numpy as np

from cnnlab.inspection.filter_measures import CLEAR, NEARLY_DEAD
from cnnlab.inspection.filters import Filters
from cnnlab.inspection.gabor import GOOD

PER_PAGE = 96
MOST_PLANES = 64  # of one filter, the strongest ones
BINS = 24
LOOKS = {"gabor": "Gabor-like", "blob": "colour blob", "": ""}


def bank_told(filters: Filters, sort: str, plane: int, chosen: int) -> dict[str, Any]:
    """Return the page of filters on which the chosen one is, drawn by one plane, or in colour."""
    bank, measures = filters.bank, filters.measures
    order = filters.order(sort)
    page = int(np.flatnonzero(order == chosen)[0]) // PER_PAGE
    shown = order[page * PER_PAGE : (page + 1) * PER_PAGE]
    planes = bank[shown] if filters.colour else bank[shown, plane : plane + 1]
    return {
        "layer": f"{filters.asked.model} {filters.asked.step} {filters.asked.trained} {sort}",
        "size": bank.shape[2:],
        "colour": filters.colour,
        "count": len(bank),
        "page": page,
        "pages": -(-len(order) // PER_PAGE),
        "before": int(order[max(0, page * PER_PAGE - 1)]),
        "after": int(order[min(len(order) - 1, (page + 1) * PER_PAGE)]),
        "shown": shown.tolist(),
        "kernels": packed(planes),
        "most": float(np.abs(bank).max()),
        "norms": [float(f"{norm:.4g}") for norm in measures.norms[shown]],
        "looks": [LOOKS[filters.looks[one]] for one in shown],
        "dead": measures.nearly_dead[shown].tolist(),
        "chosen": chosen,
        "statistics": _statistics(filters),
        "histogram": _histogram(measures.norms),
    }


def filter_told(filters: Filters, number: int) -> dict[str, Any]:
    """Return one filter: its planes, the strongest first where there are many, and its numbers in words."""
    one = filters.bank[number]
    strength = np.sqrt((one.astype(np.float64) ** 2).sum((1, 2)))
    kept = np.argsort(-strength, kind="stable")[:MOST_PLANES] if len(one) > 3 else np.arange(len(one))
    first = filters.first_plane(number)
    names = ["red", "green", "blue"] if filters.colour else [f"channel {first + index}" for index in kept]
    return {
        "number": number,
        "planes": packed(one[kept]),
        "names": names,
        "all_planes": len(one),
        "numbers": _numbers(filters, number),
    }


def response_told(values: np.ndarray) -> dict[str, Any]:
    """Return the map that a filter makes of the picture."""
    return {
        "size": values.shape,
        "values": packed(values),
        "low": float(values.min()),
        "high": float(values.max()),
    }


def packed(values: np.ndarray) -> str:
    """Return values as float32, little end first, in base64."""
    return b64encode(np.ascontiguousarray(values, "<f4").tobytes()).decode()


def _numbers(filters: Filters, number: int) -> list[tuple[str, str]]:
    measures, gabors = filters.measures, filters.gabors
    told = {
        "Norm": f"{measures.norms[number]:.4g}",
        "Weights": f"{filters.bank[number].size:,}, {100 * measures.zeros[number]:.1f} % exactly 0",
    }
    if filters.bank.shape[2:] != (1, 1):
        sure = measures.sure[number]
        clear = f"{measures.direction[number]:.0f}°" if sure >= CLEAR else "none clear"
        told["Changes most along"] = f"{clear} (sureness {sure:.2f})"
        told["Mean frequency"] = f"{measures.frequency[number]:.3f} cycles a pixel"
    if filters.colour:
        told["In colour"] = f"{100 * measures.colour[number]:.0f} % of its squared weights"
    if gabors is not None:
        wave = f", a wave of {gabors.wavelength[number]:.1f} px at {gabors.angle[number]:.0f}°"
        good = gabors.explained[number] >= GOOD
        told["Best Gabor function"] = f"R² = {gabors.explained[number]:.2f}{wave if good else ''}"
    told["Looks like"] = {"gabor": "a Gabor function", "blob": "a colour blob", "": ""}[filters.looks[number]]
    return [(name, text) for name, text in told.items() if text]


def _statistics(filters: Filters) -> list[tuple[str, str]]:
    bank, measures = filters.bank, filters.measures
    told: Mapping[str, str] = {
        "Filters": f"{len(bank)} of {' × '.join(map(str, bank.shape[1:]))}",
        "Weights exactly 0": f"{100 * float((bank == 0).mean()):.1f} %",
        f"Nearly dead (norm below {100 * NEARLY_DEAD:.0f} % of the median)": str(
            int(measures.nearly_dead.sum())
        ),
        "Norm, median": f"{np.median(measures.norms):.4g}",
    }
    if filters.gabors is not None:
        told = {**told, "Gabor-like": f"{filters.looks.count('gabor')} of {len(bank)}"}
    if filters.colour:
        told = {**told, "Colour blobs": f"{filters.looks.count('blob')} of {len(bank)}"}
    return list(told.items())


def _histogram(norms: np.ndarray) -> dict[str, Any]:
    top = float(norms.max()) or 1.0
    counts, _ = np.histogram(norms, BINS, (0.0, top))
    return {"counts": counts.tolist(), "low": 0.0, "high": top}

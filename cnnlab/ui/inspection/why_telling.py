"""What the browser is told of maps: their numbers as bytes, their unit, and what there is to say of each.

The channels of a map are added. It makes no maps and draws none.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cnnlab.inspection.attribution.methods import METHODS
from cnnlab.inspection.attribution.running import Attribution
from cnnlab.inspection.attribution.verdicts import verdict
from cnnlab.inspection.pictures import Picture

GREEN, AMBER = 0.01, 0.05  # how far a map's sum may be off, as a share of what it should be
# What the numbers are: a change of the score a pixel's change brings, or a share of the score.
SLOPES = frozenset(("saliency", "smoothgrad", "guided_backprop", "deconvolution", "guided_grad_cam"))
EMPTY = "This map is 0 everywhere: with these settings, no pixel makes a difference to this score."
NOTHING = "Knows nothing of the network."


def numbers_told(values: np.ndarray) -> dict[str, Any]:
    """Return a map, H × W, as float16 shares of its largest absolute value `top`."""
    top = float(np.abs(values).max()) or 1.0
    shares = (values / top).astype("<f2")
    return {"values": b64encode(shares.tobytes()).decode(), "top": top, "size": list(values.shape)}


def picture_told(pixels: np.ndarray) -> str:
    """Return uint8 pixels, H × W × 3, as PNG in base64."""
    return b64encode(Picture(np.ascontiguousarray(pixels), "input").png()).decode()


def map_told(name: str, made: np.ndarray, about: str, **more: Any) -> dict[str, Any]:
    """Return what is told of a map (C × H × W) that the method `name` made."""
    known = METHODS[name]
    return {
        **numbers_told(made.sum(axis=0, dtype=np.float64)),
        "title": known.title,
        "signed": known.signed,
        "unit": unit(name),
        "alt": f"{known.title} for {about}",
        "about": about,
        "file": name.replace("_", "-"),
        "picture": 0,
        "empty": EMPTY,
        "remarks": [],
        **more,
    }


def unit(name: str) -> str:
    """Return the unit of a method's numbers."""
    if name == "grad_cam":
        return "weighted activation"
    return "change of the score" if name in SLOPES else "share of the score"


def attribution_told(name: str, made: Attribution, model: str, about: str) -> dict[str, Any]:
    """Return what is told of a map that was asked for on the page."""
    found = verdict(name, model)
    approximate = f"Approximate on this network: {found.reason}" if found.kind == "approximate" else ""
    passes = f"{made.forwards} forward and {made.backwards} backward passes, {made.seconds:.2g} s."
    return map_told(
        name,
        made.values,
        about,
        light=light(name, made),
        remarks=[text for text in (approximate, made.note, passes) if text],
        badge="",
    )


def light(name: str, made: Attribution) -> dict[str, str] | None:
    """Return whether a map adds up, for methods that promise it."""
    error = made.completeness_error
    if error is None:
        return None
    whole = "the score" if METHODS[name].complete_to == "score" else "the score's rise over the baseline"
    kind = "green" if error < GREEN else "amber" if error < AMBER else "red"
    verdicts = {"green": "It adds up", "amber": "It nearly adds up", "red": "It does not add up"}
    return {"kind": kind, "words": f"{verdicts[kind]}: its sum is {percent(error)} off {whole}."}


def percent(share: float) -> str:
    """Return a share in per cent, with two digits."""
    if share >= 10:
        return "over 1,000 %"
    return "under 0.01 %" if 0 < share < 0.0001 else f"{float(f'{100 * share:.2g}'):g} %"


def controls_told(controls: Mapping[str, np.ndarray]) -> list[dict[str, Any]]:
    """Return what is told of the maps that know nothing of the network."""
    return [
        {
            **numbers_told(values.sum(axis=0)),
            "title": title,
            "signed": False,
            "unit": title,
            "alt": f"{title}, a map that knows nothing of the network",
            "about": "knows nothing of the network",
            "file": title.split()[0].lower(),
            "picture": 0,
            "empty": EMPTY,
            "remarks": [NOTHING],
            "light": None,
            "badge": "",
        }
        for title, values in controls.items()
    ]


def common_picture(maps: Sequence[Attribution]) -> list[str]:
    """Return the one picture that all these maps are of, as the browser takes it."""
    return [picture_told(maps[0].pixels)] if maps else []

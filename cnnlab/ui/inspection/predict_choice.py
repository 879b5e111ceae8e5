"""What a learner chose in the lens Predict: one look, ten crops or several networks, and the temperature.

It is kept in the session and in the address. It does not know what networks say.
"""

import math
from dataclasses import dataclass, replace

import streamlit as st

KEPT = "remembered.predict"
WAYS = {"one": "One look", "crops": "Ten crops", "several": "Several networks"}
LEAST, MOST = 0.1, 10.0
MOST_NETWORKS = 5
MOST_VOICES = 10
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """`voice` is the crop or network that is looked at alone, −1 for all; `others` join the network."""

    way: str = "one"
    temperature: float = 1.0
    voice: int = -1
    others: tuple[str, ...] | None = None


def choice() -> Choice:
    """Return what is chosen; what the address says comes first, once."""
    kept = st.session_state.get(KEPT)
    if kept is None:
        kept = _of_address()
        st.session_state[KEPT] = kept
    return kept


def choose(**fields: object) -> None:
    """Choose something else, and let the address say it. Works in callbacks, too."""
    st.session_state[KEPT] = replace(choice(), **fields)
    tell()


def tell() -> None:
    """Let the address say what is chosen; the usual is left out."""
    now, usual = choice(), Choice()
    told = {
        "look": now.way if now.way != usual.way else "",
        "t": f"{now.temperature:.4g}" if now.temperature != 1 else "",
        "voice": str(now.voice) if now.voice >= 0 else "",
        "with": "" if now.others is None else ".".join(now.others) or "none",
    }
    for name, text in told.items():
        if text and st.query_params.get(name) != text:
            st.query_params[name] = text
        elif not text and name in st.query_params:
            del st.query_params[name]


def settled(given: object) -> None:
    """Take over what the browser reports: a temperature and a voice."""
    if not isinstance(given, dict):
        return
    voice = given.get("voice")
    known = isinstance(voice, int) and -1 <= voice < MOST_VOICES
    choose(temperature=_heat(given.get("temperature")), voice=voice if known else -1)


def _of_address() -> Choice:
    asked = {name: st.query_params.get(name, "")[:LONGEST] for name in ("look", "t", "voice", "with")}
    voice = asked["voice"]
    return Choice(
        way=asked["look"] if asked["look"] in WAYS else "one",
        temperature=_heat(asked["t"]),
        voice=int(voice) if voice.isascii() and voice.isdigit() and int(voice) < MOST_VOICES else -1,
        others=tuple(asked["with"].split(".")[:MOST_NETWORKS]) if asked["with"] else None,
    )


def _heat(given: object) -> float:
    """Return a temperature that the slider has, whatever was given."""
    try:
        heat = float(given)  # pyright: ignore[reportArgumentType]
    except (TypeError, ValueError):
        return 1.0
    return min(MOST, max(LEAST, heat)) if math.isfinite(heat) else 1.0

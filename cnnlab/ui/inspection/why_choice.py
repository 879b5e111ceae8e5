"""What a learner chose on the page Why?: methods and their settings, a category, how the maps are shown.

It is kept in the session and in the address, as short texts under short names. Network, picture and layer are
the learner's place (`place`). It does not know what is made of the choice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from cnnlab.inspection.attribution.methods import METHODS, UnsuitableSetting, method

KEPT = "remembered.why"
LONGEST = 600
PREDICTED = -1
MOST_METHODS = 8
USUAL = ("saliency", "integrated_gradients", "grad_cam")
VIEW = ("view", "scale", "opacity", "at")
TESTS = ("test", "try", "ran", "eps", "pgd", "shift")
NAMES = ("by", "set", "target", "controls", "go", *TESTS, *VIEW)
_SETTING, _PART = "~", "."


@dataclass(frozen=True, slots=True)
class Choice:
    """The methods in their order, what differs from their default settings, and the category's number.

    `target` is negative for what the network takes the picture for. `asked` is the stamp of the maps that the
    learner asked for.
    """

    methods: tuple[str, ...] = USUAL
    settings: Mapping[str, Mapping[str, float | int | str]] = field(default_factory=dict)
    target: int = PREDICTED
    controls: bool = False
    asked: str = ""

    def of(self, name: str) -> dict[str, float | int | str]:
        """Return all settings of a method; one that an address says wrongly is as by default."""
        given, known = dict(self.settings.get(name, {})), method(name)
        try:
            return known.full_settings(given)
        except UnsuitableSetting:
            return known.full_settings()


def settle_choice() -> Choice:
    """Take the choice from the address where it says one, and let the address say it; call it once a page."""
    asked = {name: st.query_params[name][:LONGEST] for name in NAMES if name in st.query_params}
    if asked:
        _keep(asked)
    _tell()
    return choice()


def choice() -> Choice:
    """Return what is chosen."""
    texts = _texts()
    chosen = tuple(name for name in texts.get("by", _PART.join(USUAL)).split(_PART) if name in METHODS)
    target = texts.get("target", "")
    return Choice(
        methods=tuple(dict.fromkeys(chosen))[:MOST_METHODS],
        settings=read_settings(texts.get("set", "")),
        target=int(target) if target.isascii() and target.isdigit() and len(target) <= 6 else PREDICTED,
        controls=texts.get("controls") == "1",
        asked=texts.get("go", ""),
    )


def text(name: str, usual: str = "") -> str:
    """Return one of the texts of `NAMES`."""
    return _texts().get(name, usual)


def view() -> dict[str, str]:
    """Return how the maps are shown, as the browser wrote it."""
    return {name: text for name, text in _texts().items() if name in VIEW}


def choose(**texts: str) -> None:
    """Choose something else; an empty text means the usual. Works in callbacks, too."""
    _keep(texts)
    _tell()


def choose_setting(name: str, setting: str, value: float | int | str) -> None:
    """Set one setting of a method."""
    given = {one: dict(pairs) for one, pairs in choice().settings.items()}
    given.setdefault(name, {})[setting] = value
    choose(set=written_settings(given))


def read_settings(text: str) -> dict[str, dict[str, float | int | str]]:
    """Return the settings of each method; what is not known or not allowed is left out."""
    found: dict[str, dict[str, float | int | str]] = {}
    for part in text.split(_SETTING):
        name, _, rest = part.partition(_PART)
        setting, _, value = rest.partition(_PART)
        known = {one.name: one for one in METHODS[name].settings} if name in METHODS else {}
        if setting not in known:
            continue
        try:
            found.setdefault(name, {})[setting] = known[setting].checked(value)
        except UnsuitableSetting:
            continue
    return found


def written_settings(settings: Mapping[str, Mapping[str, float | int | str]]) -> str:
    """Return the text of the settings that differ from the default; `read_settings` reads it."""
    return _SETTING.join(
        f"{name}{_PART}{one.name}{_PART}{_short(given[one.name])}"
        for name, given in settings.items()
        for one in method(name).settings
        if one.name in given and given[one.name] != one.default
    )


def _short(value: float | int | str) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _texts() -> dict[str, str]:
    return dict(st.session_state.get(KEPT, {}))


def _keep(texts: Mapping[str, str]) -> None:
    kept = {**_texts(), **texts}
    st.session_state[KEPT] = {name: text for name, text in kept.items() if text or name == "by"}


def _tell() -> None:
    texts = _texts()
    if texts.get("by") == _PART.join(USUAL):
        del texts["by"]
    for name in NAMES:
        if name in texts and st.query_params.get(name) != texts[name]:
            st.query_params[name] = texts[name]
        elif name not in texts and name in st.query_params:
            del st.query_params[name]

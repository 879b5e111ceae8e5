"""The settings of one layer: `conv 32 k3 stride=2 bias=no` → numbers, or mistakes with their places.

It knows how settings are written; which there are stands in `words`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cnnlab.building.mistakes import Place, did_you_mean, listed, quoted
from cnnlab.building.tokens import Token
from cnnlab.building.words import Setting

Report = Callable[[Place, str], None]
_SHORT = re.compile(r"([a-z]+)(\d[\dx]*)")
_WHOLE = re.compile(r"\d{1,9}")
_FRACTION = re.compile(r"\d{0,6}\.?\d{1,6}")
_FLAGS = {"yes": True, "no": False, "true": True, "false": False}


class Unreadable(Exception):
    """A value that a setting cannot take."""


def read_settings(head: Token, words: Sequence[Token], forms: tuple[Setting, ...], report: Report) -> dict:
    """Return every setting of a layer by name; what cannot be read is reported, and left at its default."""
    values: dict[str, Any] = {}
    for token in words:
        found = _setting_of(token, forms, head.text.lower(), values)
        if isinstance(found, str):
            report(token.place, found)
            continue
        form, text = found
        if form.name in values:
            report(token.place, f"{quoted(form.name)} is given twice; keep one of them.")
            continue
        try:
            values[form.name] = value_of(form, text)
        except Unreadable:
            values[form.name] = form.default
            report(token.place, f"{quoted(text)} is no {form.name}: it takes {form.allowed}.")
    for form in forms:
        if form.default is None and form.name not in values:
            report(head.place, _missing(head.text.lower(), form, forms))
        values.setdefault(form.name, form.default)
    if values.get("stride") == "kernel":
        values["stride"] = values["kernel"]
    return values


def _setting_of(
    token: Token, forms: tuple[Setting, ...], word: str, given: Mapping[str, Any]
) -> tuple[Setting, str] | str:
    """Return which setting a word is and its text, or a sentence.

    A number alone is the first setting that is needed and not there yet: the channels, then the kernel.
    """
    text = token.text.lower().replace("×", "x")
    if not forms:
        return f"{quoted(word)} has no settings; {quoted(token.text)} cannot stand behind it."
    named = {form.name: form for form in forms} | {form.short: form for form in forms if form.short}
    if "=" in text:
        name, _, value = text.partition("=")
        return (named[name], value) if name in named else _no_setting(word, name, forms)
    short = _SHORT.fullmatch(text)
    if short:
        return (named[short[1]], short[2]) if short[1] in named else _no_setting(word, short[1], forms)
    if text[:1].isdigit() or text[:1] in "-.+":
        needed = [form for form in forms if form.default is None and form.name not in given]
        return (needed[0], text) if needed else _number_alone(token.text, word, forms)
    worded = next((form for form in forms if text in form.words), None)
    if worded:
        return (worded, text)
    return _no_setting(word, text, forms)


def _no_setting(word: str, name: str, forms: tuple[Setting, ...]) -> str:
    known = [f"{form.name}" + (f" ({form.short})" if form.short else "") for form in forms]
    near = did_you_mean(name, [form.name for form in forms]) if len(name) > 1 else ""
    return f"{quoted(word)} has no setting {quoted(name)}; it has {', '.join(known)}.{near}"


def _number_alone(text: str, word: str, forms: tuple[Setting, ...]) -> str:
    rest = [form.example for form in forms if form.default is not None]
    hint = f" Name the setting, as in {listed(rest[:2])}." if rest else ""
    return f"{quoted(text)} is one number too many for {quoted(word)}.{hint}"


def _missing(word: str, form: Setting, forms: tuple[Setting, ...]) -> str:
    if form is forms[0]:
        example = "0.5" if form.fraction else "32" if form.name in ("channels", "features") else "2"
        return f"{quoted(word)} needs its {form.name}, {form.allowed}: write `{word} {example}`."
    return f"{quoted(word)} needs a {form.name}, {form.allowed}: write `{form.example}` behind it."


def value_of(form: Setting, text: str) -> Any:
    """Read a value as the setting takes it; raises `Unreadable`.

    >>> value_of(Setting("kernel", 1, 99, pair=True), "3x1")
    (3, 1)
    """
    if text in form.words:
        return text
    if form.flag:
        if text not in _FLAGS:
            raise Unreadable
        return _FLAGS[text]
    if form.fraction:
        if not _FRACTION.fullmatch(text) or float(text) > 1:
            raise Unreadable
        return float(text)
    numbers = tuple(_whole(part, form) for part in text.split("x"))
    if len(numbers) > (2 if form.pair else 1):
        raise Unreadable
    if not form.pair:
        return numbers[0]
    return numbers if len(numbers) == 2 else numbers * 2


def _whole(text: str, form: Setting) -> int:
    if not (text.isascii() and _WHOLE.fullmatch(text)) or not form.low <= int(text) <= form.high:
        raise Unreadable
    return int(text)

"""The words of the interface in the reader's language, by gettext; English where a language lacks them.

Wrap what a learner reads: `translate("Check")`, `translate("Question {number}").format(number=3)`,
`translate_count("{n} minute", "{n} minutes", n)`. The first words are always written out, because the
catalogues in `locales/` are made from them. What is written at one place and read at another is marked:
`mark("Home")` there, `translate_marked(title)` here. It does not know who reads: `speak` or `ask_readers_by`
is told.
"""

import gettext
import io
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

ENGLISH = "en"
LOCALES = Path(__file__).parent / "locales"


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the interface: its code, what its readers call it, and how it is written."""

    code: str
    name: str
    direction: Literal["ltr", "rtl"]


LANGUAGES = {one.code: one for one in (Language(ENGLISH, "English", "ltr"), Language("ar", "العربية", "rtl"))}

_chosen: ContextVar[str] = ContextVar("language", default="")
_reader: list[Callable[[], str]] = []


def speak(language: str) -> None:
    """Use a language (its code, as `ar`) for all that follows in this thread; "" leaves it to the reader."""
    _chosen.set(language)


def ask_readers_by(question: Callable[[], str]) -> None:
    """Name the function that tells the language of whoever reads now, "" where nobody does.

    It is asked for every text, so that whatever runs for a reader, in whatever thread, has their language.
    """
    _reader[:] = [question]


def language() -> str:
    """Return the code of the language in use."""
    code = _chosen.get() or (_reader[0]() if _reader else "")
    return code if code in LANGUAGES else ENGLISH


def direction() -> Literal["ltr", "rtl"]:
    """Return whether the language in use is written from the left or from the right."""
    return LANGUAGES[language()].direction


def translate(text: str) -> str:
    """Return a text of the interface in the language in use."""
    return _catalogue(language()).gettext(text)


def translate_count(one: str, many: str, n: int) -> str:
    """Return the form for `n` things, with `{n}` filled in."""
    return _catalogue(language()).ngettext(one, many, n).format(n=n)


def mark(text: str) -> str:
    """Return the text as it is; from then on the catalogues have it, for `translate_marked`."""
    return text


def translate_marked(text: str) -> str:
    """Return a text that was marked where it was written, in the language in use."""
    return translate(text) if text else ""


@cache
def writes_decimal_comma(code: str) -> bool:
    """Return whether people write 0,5 in a language, given by its code with or without a country."""
    if code == ENGLISH:
        return False
    from babel import Locale, UnknownLocaleError

    try:
        symbols = Locale.parse(code, sep="-").number_symbols
    except (UnknownLocaleError, ValueError):
        return False
    return symbols["latn"]["decimal"] == ","


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """Return a language's texts, from its text file, once a process; English is the texts themselves."""
    if language == ENGLISH:
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo  # 0.2 s that only readers of other languages wait for, once
    from babel.messages.pofile import read_po

    with (LOCALES / language / "LC_MESSAGES" / "cnnlab.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)

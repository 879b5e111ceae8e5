"""The words of the interface in the reader's language, by gettext; English where a language lacks them.

Wrap what a learner reads: `translate("Check")`, `translate("Question {number}").format(number=3)`,
`translate_count("{n} minute", "{n} minutes", n)`. It does not know who reads: `speak` is told.
"""

import gettext
from contextvars import ContextVar

ENGLISH = "en"
_chosen: ContextVar[str] = ContextVar("language", default=ENGLISH)


def speak(language: str) -> None:
    """Use a language (its code, as `ar`) for all that follows in this script run."""
    _chosen.set(language)


def language() -> str:
    """Return the code of the language in use."""
    return _chosen.get()


def translate(text: str) -> str:
    """Return a text of the interface in the language in use."""
    return _catalogue(language()).gettext(text)


def translate_count(one: str, many: str, n: int) -> str:
    """Return the form for `n` things, with `{n}` filled in."""
    return _catalogue(language()).ngettext(one, many, n).format(n=n)


def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.NullTranslations()

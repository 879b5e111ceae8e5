"""The interface in other languages: every text is translated, whole, and for the reader who reads it."""

import ast
import string
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from cnnlab import language
from cnnlab.language import ENGLISH, LANGUAGES, LOCALES, speak, translate, translate_count, translate_marked
from tests.source_files import ROOT, python_files, text_of

OTHERS = sorted(set(LANGUAGES) - {ENGLISH})
WRAPPERS = {"translate": 1, "translate_count": 2, "mark": 1}


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A text in the sources, its plural if it has one, and where it stands."""

    ids: tuple[str, ...]
    place: str


@pytest.fixture(autouse=True)
def nobody_in_particular() -> Iterator[None]:
    yield
    speak("")


@cache
def wrapped() -> tuple[Wrapped, ...]:
    """Return every text that the sources wrap, found by Python's own parser, not by what collects them."""
    files = [file for file in python_files("cnnlab", "pages", "app.py") if file.name != "language.py"]
    calls = [(file, node) for file in files for node in ast.walk(ast.parse(text_of(file)))]
    return tuple(
        Wrapped(tuple(map(literal, node.args[: WRAPPERS[node.func.id]])), f"{file}:{node.lineno}")
        for file, node in calls
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WRAPPERS
    )


def literal(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


@cache
def catalogue(code: str) -> Catalog:
    with (LOCALES / code / "LC_MESSAGES" / "cnnlab.po").open("rb") as file:
        return read_po(file, locale=code, abort_invalid=True)


def ids_of(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def forms_of(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def messages(code: str) -> list[Message]:
    return [message for message in catalogue(code) if message.id]


def placeholders(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def test_the_first_words_of_every_wrapped_text_are_written_out():
    assert [one.place for one in wrapped() if not all(one.ids)] == []
    assert len(wrapped()) > 100


@pytest.mark.parametrize("code", OTHERS)
def test_the_catalogue_has_every_text_of_the_sources_and_no_other(code: str):
    """Where this fails: `make catalogues`, then translate what is empty."""
    kept = {ids_of(message) for message in messages(code)}
    assert {one.ids: one.place for one in wrapped() if one.ids not in kept} == {}
    assert kept - {one.ids for one in wrapped()} == set()


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_translated_whole(code: str):
    assert [message.id for message in messages(code) if message.fuzzy or not all(forms_of(message))] == []
    wanted = {(len(ids_of(one)) > 1, len(forms_of(one))) for one in messages(code)}
    assert wanted <= {(False, 1), (True, catalogue(code).num_plurals)}


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_has_the_placeholders_of_its_text(code: str):
    for message in messages(code):
        if len(ids_of(message)) == 1:
            assert placeholders(forms_of(message)[0]) == placeholders(ids_of(message)[0]), message.id


@pytest.mark.parametrize("code", OTHERS)
def test_a_form_of_the_plural_leaves_out_the_number_only_where_it_is_for_one_number(code: str):
    rule = Locale.parse(code).plural_form
    counts: dict[str, int] = {}
    for n in range(1000):
        counts[rule(n)] = counts.get(rule(n), 0) + 1
    for message in messages(code):
        if len(ids_of(message)) == 1:
            continue
        for n in range(200):
            speak(code)
            one, many = ids_of(message)
            said = translate_count(one, many, n)
            assert "{" not in said
            assert counts[rule(n)] == 1 or str(n) in said, (message.id, n)


@pytest.mark.parametrize("code", OTHERS)
def test_the_forms_of_the_plural_are_chosen_as_unicode_says(code: str):
    """The header of the catalogue and the Unicode CLDR divide the numbers into the same groups."""
    rule = Locale.parse(code).plural_form
    speak(code)
    said = {n: translate_count("{n} minute", "{n} minutes", n).replace(str(n), "n") for n in range(300)}
    groups = {frozenset(n for n in said if rule(n) == rule(one)) for one in said}
    for group in groups:
        assert len({said[n] for n in group}) == 1


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_is_called_and_written_as_unicode_says(code: str):
    locale = Locale.parse(code)
    assert LANGUAGES[code].name == locale.get_display_name(code)
    assert LANGUAGES[code].direction == locale.text_direction


def test_every_language_has_a_catalogue_and_every_catalogue_a_language():
    assert sorted(path.parent.name for path in LOCALES.glob("*/LC_MESSAGES")) == OTHERS


def test_english_is_the_text_itself_and_loads_nothing():
    program = """
import sys
from cnnlab.language import translate, translate_count
assert translate("Check") == "Check"
assert translate_count("{n} minute", "{n} minutes", 1) == "1 minute"
assert translate_count("{n} minute", "{n} minutes", 3) == "3 minutes"
print("babel" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_an_unknown_language_is_english():
    speak("xx-../../etc")
    assert language.language() == ENGLISH
    assert translate("Check") == "Check"


def test_a_text_without_a_translation_stays_as_it_is():
    speak("ar")
    assert translate("A text that nobody wrote") == "A text that nobody wrote"
    assert translate_marked("") == ""


def test_two_readers_at_once_never_get_each_others_language(monkeypatch: pytest.MonkeyPatch):
    """Each thread is a session; they take turns at every text, as reruns on a busy server do."""
    reader = threading.local()
    monkeypatch.setattr(language, "_reader", [lambda: getattr(reader, "code", "")])
    expected = {"ar": "تحقّق", "en": "Check"}
    start = threading.Barrier(8)
    wrong: list[tuple[str, str]] = []

    def read(code: str) -> None:
        reader.code = code
        start.wait()
        for _ in range(500):
            said = translate("Check")
            if said != expected[code]:
                wrong.append((code, said))

    readers = [threading.Thread(target=read, args=(code,)) for code in ("ar", "en") * 4]
    for one in readers:
        one.start()
    for one in readers:
        one.join()
    assert wrong == []
    assert translate("Check") == "Check"


def test_the_command_that_collects_the_texts_knows_all_functions_that_wrap_them():
    command = text_of(Path("Makefile"))
    assert all(f"-k {name}" in command for name in WRAPPERS)

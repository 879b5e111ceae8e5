"""Which language a reader has: what the address says, what they chose, what their browser asks for."""

import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from streamlit.runtime.scriptrunner import add_script_run_ctx
from streamlit.runtime.state import SafeSessionState, SessionState
from streamlit.testing.v1 import AppTest

from cnnlab.language import LANGUAGES, language, speak, translate
from cnnlab.ui import languages
from cnnlab.ui.lessons.shelf import file_beside, menu_lines, shelf, shelf_of
from tests.running_app import ROOT
from tests.source_files import python_files, text_of

SHELL = ROOT / "cnnlab" / "ui" / "shell.py"
LESSON = '---\nid: {id}\ntitle: "{title}"\nminutes: 10\norder: {order}\n---\n\nText.\n'


def opened(**parameters: str) -> AppTest:
    app = AppTest.from_file(SHELL, default_timeout=30)
    app.query_params.update(parameters)
    return app.run()


def purpose(app: AppTest) -> str:
    return app.markdown[0].value


@pytest.fixture
def arabic() -> Any:
    speak("ar")
    yield
    speak("")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ar" / "img").mkdir(parents=True)
    (tmp_path / "img").mkdir()
    for number, name in enumerate(("one", "two", "three"), start=1):
        text = LESSON.format(id=name, title=f"Lesson {name}", order=number)
        (tmp_path / f"{number}0-{name}.md").write_text(text, encoding="utf-8")
    text = LESSON.format(id="two", title="الدرس الثاني", order=2)
    (tmp_path / "ar" / "20-two.md").write_text(text, encoding="utf-8")
    for place in ("img/both.png", "img/source.png", "ar/img/both.png"):
        (tmp_path / place).write_bytes(b"x")
    return tmp_path


def test_a_page_is_in_english_unless_something_asks_for_another_language():
    assert purpose(opened()).startswith("Learn how")


@pytest.mark.parametrize("code", ["ar", "AR", "ar-EG", "ar_SA"])
def test_the_address_asks_for_a_language(code: str):
    app = opened(lang=code)
    assert purpose(app).startswith("تعلّم")
    assert app.session_state[languages.CHOSEN] == "ar"


@pytest.mark.parametrize("code", ["", "xx", "../ar", "arabic", "<b>", "ar" * 500])
def test_an_address_that_asks_for_nothing_known_is_english(code: str):
    assert purpose(opened(lang=code)).startswith("Learn how")


def test_each_other_language_is_offered_by_its_own_name_and_stays_chosen():
    app = opened()
    assert [button.label for button in app.button] == ["العربية"]
    app = app.button[0].click().run()
    assert purpose(app).startswith("تعلّم")
    assert [button.label for button in app.run().button] == ["English"]
    assert purpose(app.button[0].click().run()).startswith("Learn how")


def test_a_choice_is_stronger_than_the_address_it_was_made_on():
    app = opened(lang="ar")
    app = app.button[0].click().run()
    assert purpose(app).startswith("Learn how")
    assert "lang" not in app.query_params


def test_the_browsers_own_language_is_taken_where_nothing_else_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.locale", "ar-EG")
    assert purpose(opened()).startswith("تعلّم")
    assert purpose(opened(lang="en")).startswith("Learn how")
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.locale", "fr-FR")
    assert purpose(opened()).startswith("Learn how")


def test_a_kept_choice_is_stronger_than_the_browsers_own_language(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.locale", "ar-EG")
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.cookies", {languages.COOKIE: "en"})
    assert purpose(opened()).startswith("Learn how")


def test_readers_of_another_language_are_told_that_labs_are_in_english():
    said = [text.value for text in opened(lang="ar").markdown]
    assert "المختبرات باللغة الإنجليزية في الوقت الحاضر." in said
    assert not any("in English" in text.value for text in opened().markdown)


def test_a_lab_leaves_the_language_in_its_address_alone():
    app = AppTest.from_file(SHELL, default_timeout=30)
    app.query_params.update({"lang": "ar", "k": "5"})
    app.switch_page(str(ROOT / "pages" / "convolution.py")).run()
    assert app.query_params["lang"] == "ar"
    assert app.query_params["k"] == "5"
    assert app.session_state["remembered.convolution"] == {"k": "5"}


def test_outside_of_a_session_nobody_reads():
    assert languages.language_of_reader() == ""
    assert language() == "en"


def test_two_sessions_at_once_each_keep_their_language():
    """In threads of their own, as Streamlit runs them; nothing tells a thread but the session it runs for."""
    start = threading.Barrier(6)
    wrong: list[tuple[str, str]] = []

    def read(code: str) -> None:
        state = SafeSessionState(SessionState(), lambda: None)
        state[languages.CHOSEN] = code
        context = SimpleNamespace(session_state=state, pages_manager=SimpleNamespace(main_script_hash=""))
        add_script_run_ctx(threading.current_thread(), cast(Any, context))
        start.wait()
        for _ in range(300):
            if (said := translate("Check")) != {"ar": "تحقّق", "en": "Check"}[code]:
                wrong.append((code, said))

    sessions = [threading.Thread(target=read, args=(code,)) for code in ("ar", "en") * 3]
    for one in sessions:
        one.start()
    for one in sessions:
        one.join()
    assert wrong == []


@pytest.mark.usefixtures("arabic")
def test_names_and_sizes_keep_their_order_on_a_page_from_the_right():
    assert languages.embedded("1 × 1, grouped") == "\u20681 × 1, grouped\u2069"
    assert languages.readable("شكله 3 × 4") == "شكله \u20663 × 4\u2069"


def test_english_texts_get_no_marks():
    assert languages.embedded("1 × 1, grouped") == "1 × 1, grouped"
    assert languages.readable("of 3 × 4") == "of 3 × 4"


def test_only_one_place_decides_the_language():
    """A fragment or a callback that set it for itself would differ from the page around it."""
    calling = [str(file) for file in python_files("cnnlab", "pages") if "speak(" in text_of(file)]
    assert calling == ["cnnlab/language.py"]


@pytest.mark.usefixtures("arabic")
def test_the_shelf_has_a_lesson_in_the_readers_language_where_there_is_one(folder: Path):
    entries = shelf(folder)
    assert [entry.lesson.front.title for entry in entries] == ["Lesson one", "الدرس الثاني", "Lesson three"]
    assert [entry.language for entry in entries] == ["en", "ar", "en"]
    assert [entry.url_path for entry in shelf_of(entries[1])] == ["lesson-one", "lesson-two", "lesson-three"]
    assert [line.title for line in menu_lines(folder)] == ["Lesson one", "الدرس الثاني", "Lesson three"]


def test_the_shelf_of_english_readers_has_no_translation(folder: Path):
    assert [entry.language for entry in shelf(folder)] == ["en", "en", "en"]


@pytest.mark.usefixtures("arabic")
def test_a_broken_or_unpublished_translation_leaves_the_source(folder: Path):
    file = folder / "ar" / "20-two.md"
    file.write_text(
        LESSON.format(id="two", title="مسوّدة", order=2).replace("---\n\n", "status: draft\n---\n\n")
    )
    assert [entry.language for entry in shelf(folder)] == ["en", "en", "en"]
    (folder / "ar" / "10-one.md").write_text("---\nid: one\n---\n", encoding="utf-8")
    assert [entry.language for entry in shelf(folder)] == ["en", "en", "en"]


def test_a_translation_has_its_own_pictures_or_those_of_its_source(folder: Path):
    assert file_beside(folder / "ar", "img/both.png") == folder / "ar" / "img" / "both.png"
    assert file_beside(folder / "ar", "img/source.png") == folder / "img" / "source.png"
    assert file_beside(folder, "img/source.png") == folder / "img" / "source.png"


def test_the_browser_is_told_every_language_that_is_written_from_the_right():
    assert languages.RIGHT_TO_LEFT.split() == [
        one.code for one in LANGUAGES.values() if one.direction == "rtl"
    ]

"""The Author page, in Streamlit's own test runner: every lesson with its state, the starter and the guide."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cnnlab.course.checking import check_lessons
from cnnlab.ui.lessons.author_mode import SWITCH
from cnnlab.ui.lessons.author_overview import STARTER

TOP = '---\nid: {}\ntitle: "{}"\nminutes: 5\nstatus: {}\n---\n'


def page(folder: str) -> None:
    from pathlib import Path

    from cnnlab.ui.lessons.author_overview import author_overview

    author_overview(Path(folder))


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Return a function that saves lessons by file name and opens the page for their author."""
    monkeypatch.setenv(SWITCH, "1")

    def start(**files: str) -> AppTest:
        for name, text in files.items():
            path = tmp_path / f"{name.replace('__', '/')}.md"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return AppTest.from_function(page, args=(str(tmp_path),), default_timeout=30).run()

    return start


def rows(app: AppTest) -> list[str]:
    table = next(one.value for one in app.markdown if one.value.startswith("| Lesson"))
    return table.split("\n")[2:]


def test_every_file_is_listed_with_its_state_its_mistakes_and_a_link(opened: Callable[..., AppTest]):
    app = opened(
        a=TOP.format("one", "One | and $", "published") + "Hello",
        b=TOP.format("two", "Two", "draft") + ":::{note} Look\n",
        c="no front matter",
        ar__a=TOP.format("one", "واحد", "published") + "Hello",
    )
    assert rows(app) == [
        r"| [One \| and \$](/lesson-one?preview=1) `a.md` | published |",
        "| [واحد](/lesson-one?lang=ar&preview=1) `ar/a.md` | published, 1 warning |",
        "| [Two](/lesson-two?preview=1) `b.md` | draft, broken, 2 errors |",
        "| [Unread](/file-c?preview=1) `c.md` | broken, 1 error |",
    ]
    assert any(one.value.startswith("python -m cnnlab check ") for one in app.code)


def test_a_lesson_without_a_page_has_its_mistakes_here(opened: Callable[..., AppTest]):
    text = TOP.format("one", "One", "published") + "Hello"
    app = opened(a=text, b=text)
    assert rows(app) == ["| One `a.md` | published, 1 error |", "| One `b.md` | published, 1 error |"]
    assert [one.label for one in app.expander] == ["a.md", "b.md"]
    assert any("has the id `one`, too" in one.value for one in app.markdown)


def test_an_empty_folder_is_told_and_the_way_to_begin_is_there(opened: Callable[..., AppTest]):
    app = opened()
    assert any("There is no lesson yet" in one.value for one in app.markdown)
    assert any(one.value == STARTER.read_text(encoding="utf-8").strip() for one in app.code)
    assert not app.exception


def test_a_server_for_learners_says_how_to_start_one_for_authors_and_lists_nothing(
    opened: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv(SWITCH)
    app = opened(a=TOP.format("secret", "Secret", "draft") + "Hello")
    assert [one.value for one in app.code][:2] == ["python -m cnnlab serve --author", f"{SWITCH}=1"]
    assert not any("ecret" in one.value for one in app.markdown)


def test_the_guide_is_there_without_its_title(opened: Callable[..., AppTest]):
    texts = [one.value for one in opened().markdown]
    assert any("## A first lesson" in text and "# Writing a lesson" not in text for text in texts)


def test_the_starter_is_a_lesson_without_any_mistake_that_learners_do_not_see_yet():
    check = check_lessons(STARTER)
    assert check.mistakes == ()
    assert check.lessons[0].lesson is not None
    assert check.lessons[0].lesson.front.status == "draft"
    assert (len(check.lessons[0].lesson.questions), len(check.lessons[0].lesson.widgets)) == (2, 1)

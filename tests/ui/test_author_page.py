"""A lesson as its author sees it, in Streamlit's own test runner: keys, mistakes in place, drafts, counts."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cnnlab.course.checking import check_lessons
from cnnlab.course.progress import LOCAL_LEARNER, open_progress
from cnnlab.ui.lessons.author_mode import SWITCH
from cnnlab.ui.lessons.author_page import AUTHOR
from cnnlab.ui.lessons.shelf import menu_lines
from tests.source_files import ROOT

FRONT = '---\nid: tried\ntitle: "Tried"\nminutes: 10\n---\n\n'
LESSON = """Begin here.

:::{steps}
:::{step} One
Step by step.
:::
:::{step} Two
Read by its author at once.
:::
:::

:::{teacher} For you
Ask it aloud.
:::

:::{question} numeric
:id: count
:params: k = 3|5|7
:hint: Think of rows.
:feedback: Neither rows nor columns.

How many weights has a {{k}} × {{k}} kernel?

- [x] `k * k`
- [ ] `2 * k`
  > That is {{k}} + {{k}}.

:::{reveal}
{{k}} rows of {{k}}.
:::
:::

The end.
"""
KEY = ("That is 3 + 3.", "3 rows of 3.", "Think of rows.", "Neither rows", "Ask it aloud.", "at once.")


def page(folder: str, url_path: str) -> None:
    from pathlib import Path

    from cnnlab.ui.lessons.page import draw_opened

    draw_opened(url_path, Path(folder))


Opener = Callable[..., AppTest]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opener:
    """Return a function that saves a lesson and opens its page, for its author if nothing else is said."""
    monkeypatch.setenv("CNNLAB_DATABASE_URL", f"sqlite:///{tmp_path / 'progress.db'}")
    monkeypatch.setenv(SWITCH, "1")

    def start(text: str, url_path: str = "lesson-tried", **parameters: str) -> AppTest:
        from cnnlab.ui.lessons.store import progress

        progress.clear()
        (tmp_path / "lesson.md").write_text(text, encoding="utf-8")
        app = AppTest.from_function(page, args=(str(tmp_path), url_path), default_timeout=30)
        app.query_params.update(parameters)
        return app.run()

    return start


def said(app: AppTest) -> str:
    parts: list[Any] = [*app.success, *app.error, *app.warning, *app.info, *app.markdown, *app.code]
    return "\n".join(part.value for part in parts)


def variant_one(app: AppTest) -> int:
    stem = next(one.value for one in app.markdown if one.value.startswith("How many weights"))
    return int(stem.split()[5])


def test_an_author_sees_the_key_with_each_answer_and_the_notes_for_teachers(opened: Opener):
    text = said(opened(FRONT + LESSON.replace("3|5|7", "3")))
    assert all(part in text for part in KEY)
    assert "✓ right:** 9 = `k * k`" in text
    assert "✗ wrong:** 6 = `2 * k`" in text


@pytest.mark.parametrize("parameters", [{}, {"preview": "1"}], ids=["plain", "preview"])
def test_where_the_server_is_not_for_authors_no_address_shows_the_key(
    opened: Opener, monkeypatch: pytest.MonkeyPatch, parameters: dict[str, str]
):
    monkeypatch.delenv(SWITCH)
    app = opened(FRONT + LESSON.replace("3|5|7", "3"), **parameters)
    text = said(app)
    assert "How many weights" in text
    assert [part for part in KEY if part in text] == []
    assert not app.toggle


def test_as_learner_the_page_is_what_learners_see_and_the_address_keeps_it(opened: Opener):
    app = opened(FRONT + LESSON, preview="0")
    assert app.toggle[0].value
    assert [part for part in KEY if part in said(app)] == []
    app.toggle[0].set_value(False).run()
    assert app.query_params["preview"] == "1"
    assert "Ask it aloud." in said(app)
    app.toggle[0].set_value(True).run()
    assert app.query_params["preview"] == "0"
    assert "Ask it aloud." not in said(app)


def test_the_slider_leafs_through_all_numbers_of_a_question(opened: Opener):
    app = opened(FRONT + LESSON)
    assert (app.slider[0].min, app.slider[0].max) == (1, 3)
    seen = [variant_one(app.slider[0].set_value(n).run()) for n in (1, 2, 3)]
    assert sorted(seen) == [3, 5, 7]
    assert f"✓ right:** {seen[-1] ** 2} = `k * k`" in said(app)


def test_trial_answers_are_no_learner_s_and_can_be_forgotten(opened: Opener):
    app = opened(FRONT + LESSON.replace("3|5|7", "3"))
    app.text_input[0].set_value("9")
    next(button for button in app.button if button.label == "Check").click().run()
    assert [one.outcome for one in open_progress().attempts(AUTHOR)] == ["right"]
    assert open_progress().attempts(LOCAL_LEARNER) == []
    next(button for button in app.button if button.label == "Forget my trial answers").click().run()
    assert open_progress().attempts(AUTHOR) == []
    assert app.text_input[0].value == ""
    assert not app.exception


def test_a_broken_save_is_explained_in_place_and_learners_keep_the_last_good_version(
    opened: Opener, tmp_path: Path
):
    opened(FRONT + LESSON)
    app = opened(FRONT + LESSON.replace("numeric", "numerik").replace("The end", "Another end"))
    text = said(app)
    assert "**Error in line 22, column 15:** there is no kind of question `numerik`" in text
    assert "  22 | :::{question} numerik\n     |               ^^^^^^^" in text
    assert "did you mean `numeric`?" in text
    assert "Another end." in text
    boxes = [one.value for one in app.error]
    assert len(boxes) == 1
    assert "broken: learners go on seeing the last version" in text
    learner = said(opened((tmp_path / "lesson.md").read_text(), preview="0"))
    assert "The end." in learner
    assert "numerik" not in learner


def test_a_lesson_that_was_never_good_opens_with_its_mistakes_and_what_can_be_read(opened: Opener):
    app = opened("---\nid: NO\n---\nHello there.\n", "file-lesson")
    text = said(app)
    assert "**Error in line 2, column 5:**" in text
    assert "Hello there." in text
    assert [title.value for title in app.title] == ["lesson.md"]


def test_a_draft_says_that_learners_do_not_see_it(opened: Opener, monkeypatch: pytest.MonkeyPatch):
    text = (FRONT + LESSON).replace("minutes: 10", "minutes: 10\nstatus: draft")
    assert "draft: learners do not see it" in said(opened(text))
    monkeypatch.delenv(SWITCH)
    assert "How many weights" not in said(opened(text))


def test_a_missing_picture_is_told_and_the_rest_of_the_lesson_stands(opened: Opener):
    figure = ":::{figure} img/none.png\n:alt: nine places\n:::\n"
    app = opened(FRONT + figure + LESSON)
    text = said(app)
    assert "there is no file `img/none.png`" in text
    assert "The file `none.png` is missing. nine places" in text
    assert "`img/none.png`: nine places **The file is missing.**" in text
    assert "The end." in text
    assert not app.exception


# Those whose mistakes leave odd things to draw.
ODD = (
    "duplicate-id duplicate-key drawing missing-file missing-id outside reach-state same-as-right step-alone "
    "unclosed unclosed-leaf video where-rejects-all"
)


@pytest.mark.parametrize("name", ODD.split())
def test_no_broken_lesson_keeps_its_author_from_its_page(opened: Opener, tmp_path: Path, name: str):
    text = (ROOT / f"tests/course/broken/{name}.md").read_text(encoding="utf-8")
    (tmp_path / "lesson.md").write_text(text, encoding="utf-8")
    app = opened(text, menu_lines(tmp_path)[0].url_path)
    assert not app.exception
    mistakes = check_lessons(tmp_path / "lesson.md").mistakes
    assert mistakes
    assert [one for one in mistakes if one.message[:20] not in said(app)] == []


def test_the_counts_are_those_of_the_lesson(opened: Opener):
    app = opened(FRONT + LESSON)
    counts = {one.label: one.value for one in app.metric}
    assert counts["Questions"] == "1"
    assert counts["Labs"] == "0"
    assert counts["Minutes: estimate / stated"] == "1 / 10"


def test_what_a_prediction_reveals_is_in_the_key_with_its_picture(opened: Opener, tmp_path: Path):
    shutil.copytree(ROOT / "tests/course/broken/img", tmp_path / "img")
    figure = ":::{figure} img/kernel.png\n:alt: a small kernel\n:::\n"
    choices = "What then?\n\n- [x] It grows\n- [ ] It stays\n\n"
    reveal = f":::{{reveal}}\nSee below.\n{figure}:::{{widget}} conv-lab\n:::\n:::\n"
    app = opened(f"{FRONT}:::{{question}} predict\n:id: then\n{choices}{reveal}:::\n")
    assert not app.exception
    assert "See below." in said(app)
    assert "Then a lab is shown: `conv-lab`." in said(app)
    assert len(app.get("image")) == 1


def test_the_panel_tells_of_lost_questions_and_of_minutes_that_are_far_off(opened: Opener):
    lost = LESSON.replace("- [x] `k * k`", "")
    text = said(opened(FRONT.replace("10", "30") + LESSON + lost.replace(":id: count", ":id: other")))
    assert "1 question with a mistake is left out of the page and of the count." in text
    assert "You state 30 minutes, the estimate is 1: which of the two is right?" in text
    assert "You state" not in said(opened(FRONT.replace("10", "2") + LESSON))

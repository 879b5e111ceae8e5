"""A guided sequence: one step at a time, on by trying or skipping, and the place is kept."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.lesson_app import check, labels, open_lesson, press, said

STEPS = """:::{steps} In three steps
:::{step} Look
:minutes: 2
First text.
:::{question} numeric
:id: one
One and one?
- [x] `2`
:::
:::{question} numeric
:id: two
One and two?
- [x] `3`
:::
:::
:::{step} Read
Second text.
:::
:::{step} Say
Third text.
:::{question} numeric
:id: three
Two and two?
- [x] `4`
:::
:::
:::
"""


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], AppTest]:
    monkeypatch.setenv("CNNLAB_DATABASE_URL", f"sqlite:///{tmp_path / 'progress.db'}")
    return lambda text: open_lesson(tmp_path, text)


def ways(app: AppTest) -> list[str]:
    return [label for label in labels(app) if label in ("Back", "Next", "Skip this step")]


def answer(app: AppTest, number: int, value: str) -> AppTest:
    app.text_input[number].set_value(value)
    return [button for button in app.button if button.label == "Check"][number].click().run()


def test_one_step_is_open_and_next_comes_when_all_its_questions_were_tried(lesson: Callable[[str], AppTest]):
    app = lesson(STEPS)
    assert "**Step 1 of 3** · 2 minutes" in said(app)
    assert "First text." in said(app)
    assert "Second text." not in said(app)
    assert ways(app) == ["Skip this step"]
    app = answer(app, 0, "7")
    assert ways(app) == ["Skip this step"]
    app = answer(app, 1, "3")
    assert ways(app) == ["Next"]
    app = press(app, "Next")
    assert "**Step 2 of 3**" in said(app)
    assert "First text." not in said(app)
    assert ways(app) == ["Back", "Next"]  # there is nothing to try
    app = press(press(app, "Next"), "Back")
    assert "Second text." in said(app)


def test_nobody_is_held_up_and_the_end_is_told(lesson: Callable[[str], AppTest]):
    app = press(press(lesson(STEPS), "Skip this step"), "Next")
    assert "Third text." in said(app)
    assert ways(app) == ["Back"]
    app.text_input[0].set_value("5")
    app = check(app)
    assert "That was the last step." in said(app)
    assert ways(app) == ["Back"]


def test_the_place_is_there_after_a_reload_and_gone_after_a_new_start(lesson: Callable[[str], AppTest]):
    press(press(lesson(STEPS), "Skip this step"), "Next")
    app = lesson(STEPS)
    assert "**Step 3 of 3**" in said(app)
    app = lesson(STEPS.replace(":::\n:::{step} Say\n", "\n"))
    assert "**Step 2 of 2**" in said(app)  # the author has made two of three
    app = press(lesson(STEPS), "Start this lesson over")
    assert "**Step 1 of 3**" in said(app)


def test_the_address_opens_the_step_of_a_question_and_then_lets_one_go_on(lesson: Callable[[str], AppTest]):
    app = lesson(STEPS)
    app.query_params["question"] = "three"
    app.run()
    assert "Third text." in said(app)
    app = press(press(app, "Back"), "Back")
    assert "First text." in said(app)
    app.run()
    assert "First text." in said(app)


@pytest.mark.parametrize("name", ["nothing", "", "../../etc/passwd", "x" * 5000])
def test_an_address_of_no_question_leaves_the_lesson_as_it_is(lesson: Callable[[str], AppTest], name: str):
    app = lesson(STEPS)
    app.query_params["question"] = name
    app.run()
    assert not app.exception
    assert "First text." in said(app)


def test_two_sequences_have_places_of_their_own(lesson: Callable[[str], AppTest]):
    second = STEPS.replace("text.", "text too.")
    for name in ("one", "two", "three"):
        second = second.replace(f":id: {name}", f":id: {name}-too")
    app = press(lesson(f"{STEPS}\n\n{second}"), "Skip this step")
    assert "Second text." in said(app)
    assert "First text too." in said(app)

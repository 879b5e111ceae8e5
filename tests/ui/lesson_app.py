"""A lesson in Streamlit's own test runner, for a learner whose answers are kept in a folder of the test."""

from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from cnnlab.course.progress import LOCAL_LEARNER, Attempt, open_progress

FRONT = '---\nid: tried\ntitle: "Tried"\nminutes: 10\n---\n\n'


def page(path: str) -> None:
    """Draw the first lesson of a folder; Streamlit runs the text of this function."""
    from pathlib import Path

    from cnnlab.ui.lessons.page import draw_lesson
    from cnnlab.ui.lessons.shelf import shelf

    draw_lesson(shelf(Path(path))[0])


def open_lesson(folder: Path, text: str, front: str = FRONT) -> AppTest:
    """Write a lesson and open it in a new session."""
    from cnnlab.ui.lessons.store import progress

    progress.clear()
    (folder / "lesson.md").write_text(front + text, encoding="utf-8")
    return AppTest.from_function(page, args=(str(folder),), default_timeout=30).run()


def press(app: AppTest, label: str) -> AppTest:
    """Press the first button with a label."""
    return next(button for button in app.button if button.label == label).click().run()


def labels(app: AppTest) -> list[str]:
    """Return what is written on the buttons."""
    return [button.label for button in app.button]


def check(app: AppTest) -> AppTest:
    """Check the first question."""
    return press(app, "Check")


def said(app: AppTest) -> str:
    """Return everything that is said on the page."""
    parts: list[Any] = [*app.success, *app.error, *app.warning, *app.info, *app.markdown]
    return "\n".join(part.value for part in parts)


def stored() -> list[Attempt]:
    """Return what the learner has answered, as the log has it."""
    return open_progress().attempts(LOCAL_LEARNER)

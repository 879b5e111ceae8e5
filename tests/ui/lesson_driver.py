"""Somebody at the lesson that has every kind of question, with keys only, and what the server keeps of them.

It does not know what is right.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, expect

from cnnlab.course.progress import LOCAL_LEARNER, Progress
from tests.running_app import running_app
from tests.ui.keyboard import HOLDS_FOCUS, Keyboard

LESSONS = Path(__file__).parent / "every_kind"


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody at the open lesson: their keys, and what the server has kept of them."""

    keys: Keyboard
    store: Progress

    def card(self, name: str) -> Locator:
        """Return the box of a question."""
        return self.keys.page.locator(f'[data-testid="stVerticalBlock"].st-key-lesson-kinds-{name}')

    def outcomes(self, name: str) -> list[str]:
        """Return what became of the attempts at a question, as they are stored."""
        return [one.outcome for one in self.store.attempts(LOCAL_LEARNER, "kinds") if one.question == name]

    def is_told(self, name: str, *words: str, sign: str = "") -> None:
        """Wait for words, and the sign beside them; the focus has to be somewhere in the question."""
        for one in words:
            expect(self.card(name)).to_contain_text(one)
        if sign:
            expect(self.card(name).get_by_test_id("stAlert").get_by_text(sign)).to_be_visible()
        expect(self.keys.page.locator("body")).not_to_be_focused()
        assert self.card(name).evaluate(HOLDS_FOCUS)


@contextmanager
def the_lesson(database: str, log: Path) -> Iterator[str]:
    """Serve the lesson with the answers of a database; yield its address."""
    store = {"CNNLAB_LESSONS": str(LESSONS), "CNNLAB_DATABASE_URL": database}
    with running_app(log, environment=store) as app:
        yield f"{app.url}/lesson-kinds"

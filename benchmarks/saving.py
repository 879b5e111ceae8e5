"""How long from saving a lesson until its author sees the new text, without loading the page again.

The course's own lessons are copied, and the first of them is saved again and again.
"""

import random
import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page

from benchmarks.effort import Effort
from benchmarks.pages import chromium
from benchmarks.rows import Figure, Row, Target
from benchmarks.servers import Servers
from tests.running_app import ROOT, open_page, running_app

WARM_UP = 2
PAUSE_S = (0.3, 1.3)  # a save may come at any time between two looks at the folder
TIMEOUT_MS = 20_000


def run(effort: Effort, _servers: Servers) -> list[Row]:
    """Save a lesson some times while its author has it open."""
    with TemporaryDirectory() as folder:
        lessons = Path(shutil.copytree(ROOT / "lessons", Path(folder) / "lessons"))
        environment = {
            "CNNLAB_LESSONS": str(lessons),
            "CNNLAB_DATABASE_URL": f"sqlite:///{folder}/progress.db",
            "CNNLAB_AUTHOR": "1",
        }
        with running_app(Path(folder) / "app.log", environment=environment) as app, chromium() as browser:
            page = browser.new_page()
            file = min(lessons.glob("*.md"))
            open_page(page, f"{app.url}/lesson-{lesson_id(file)}?preview=1")
            seconds = saved(page, file, WARM_UP + effort.saves)[WARM_UP:]
    return [
        Row(
            "saved lesson to new text",
            Figure(tuple(seconds), "s", "p95"),
            target=Target(2.0),
            notes=("the first lesson of the course, with its labs, questions and answer keys",),
        )
    ]


def lesson_id(file: Path) -> str:
    """Return the id that a lesson's front matter says."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return next(line.removeprefix("id:").strip() for line in lines if line.startswith("id:"))


def saved(page: Page, file: Path, times: int) -> list[float]:
    """Save a lesson with another last paragraph each time; return the seconds until it is shown."""
    text, pauses, seconds = file.read_text(encoding="utf-8"), random.Random(0), []
    for number in range(times):
        time.sleep(pauses.uniform(*PAUSE_S))
        words = f"These words were saved as number {number}."
        file.write_text(f"{text}\n\n{words}\n", encoding="utf-8")
        began = time.perf_counter()
        page.get_by_text(words).wait_for(timeout=TIMEOUT_MS)
        seconds.append(time.perf_counter() - began)
    return seconds

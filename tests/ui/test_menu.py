"""The menu says how far one is, and loads nothing for it where a page can do without."""

import sys
from types import SimpleNamespace

import pytest

from cnnlab.ui import menu


@pytest.mark.parametrize(
    ("url", "loads"),
    [
        ("http://localhost:8501/", True),
        ("http://localhost:8501", True),
        ("http://localhost:8501/cnnlab/", True),
        ("http://localhost:8501/lesson-pooling?question=size", True),
        ("http://localhost:8501/convolution?in=8", False),
        ("http://localhost:8501/cnnlab/layers", False),
    ],
)
def test_what_counts_is_loaded_for_pages_that_need_it_anyway(
    url: str, loads: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(menu.st, "context", SimpleNamespace(url=url))
    monkeypatch.delitem(sys.modules, menu.COUNTS, raising=False)
    assert menu.with_progress("Not a lesson", "lesson-of-no-file") == "Not a lesson"
    assert (menu.COUNTS in sys.modules) is loads


def test_once_it_is_loaded_every_page_has_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(menu.st, "context", SimpleNamespace(url="http://localhost:8501/convolution"))
    told = SimpleNamespace(menu_title=lambda title, url_path: f"{title} at {url_path}")
    monkeypatch.setitem(sys.modules, menu.COUNTS, told)
    assert menu.with_progress("Pooling", "lesson-pooling") == "Pooling at lesson-pooling"

"""The part of a page that gets weights: a download is started, watched, stopped, tried again."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
import torch
from streamlit.testing.v1 import AppTest
from torchvision.models import squeezenet1_1

from cnnlab.fetching import FetchFailed
from cnnlab.inspection.downloads import Source
from cnnlab.inspection.work import Desk, Progress, Stopped
from cnnlab.ui.inspection import filters_panel, weights_panel, working
from tests.ui.inspection.plain_bar import plain_bar

SOURCE = Source("resnet18", "V1", "https://weights.example/resnet18-f37072fd.pth", 46_830_572, "f37072fd")


def show() -> None:
    from cnnlab.inspection.models import entry
    from cnnlab.ui.inspection.weights_panel import offer_weights

    offer_weights("try", entry("resnet18"))


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Use a queue of this test's own, and a machine without weights."""
    monkeypatch.setattr(torch.hub, "_hub_dir", str(tmp_path))
    monkeypatch.setattr(weights_panel, "source", lambda _name: SOURCE)
    mine = Desk()
    monkeypatch.setattr(weights_panel, "download_desk", lambda: mine)
    return mine


@pytest.fixture
def gate() -> Iterator[Event]:
    """Return what ends a slow download."""
    opened = Event()
    yield opened
    opened.set()


def page() -> None:
    import streamlit as st

    from cnnlab.ui.inspection.choosing import choose_model
    from cnnlab.ui.inspection.filters_panel import filters_panel
    from cnnlab.ui.inspection.place import settle_place

    settle_place("model", "layer", "channel", "picture", "lens")
    model = choose_model("try")
    filters_panel("try.filters", model, ("cat", None))  # pyright: ignore[reportArgumentType]
    st.markdown("The end")


def labels(app: AppTest) -> list[str]:
    return [one.label for one in app.button]


def told(app: AppTest, words: str) -> bool:
    return any(words in one.value for one in app.markdown)


def press(app: AppTest, label: str) -> AppTest:
    return next(one for one in app.button if one.label == label).click().run(timeout=60)


def test_a_download_is_watched_and_stopped(desk: Desk, gate: Event, monkeypatch: pytest.MonkeyPatch):
    halfway, ended = Event(), []

    def slow(wanted: Source, progress: Progress) -> None:
        try:
            while not gate.wait(0.01):
                progress("Downloading", wanted.size // 2, wanted.size)
                halfway.set()
        except Stopped as problem:
            ended.append(problem)
            raise

    monkeypatch.setattr(weights_panel, "fetch", slow)
    monkeypatch.setattr(weights_panel, "progress_bar", plain_bar)
    app = AppTest.from_function(show, default_timeout=60).run()
    assert labels(app)[0] == "Download 44.7 MiB"
    press(app, "Download 44.7 MiB")
    assert halfway.wait(20)
    app.run()
    assert "Stop" in labels(app)
    assert not any(label.startswith("Download") for label in labels(app))
    told = app.get("progress")[0].proto
    assert (told.text, told.value) == ("Downloading: 22.3 MiB of 44.7 MiB", 50)
    press(app, "Stop")
    app.run()
    assert labels(app)[0] == "Download 44.7 MiB"
    assert desk.ask("after it", lambda _progress: None).over.wait(10)
    assert len(ended) == 1


def test_a_reload_finds_the_download_again_and_can_stop_it(
    desk: Desk, gate: Event, monkeypatch: pytest.MonkeyPatch
):
    halfway = Event()

    def slow(wanted: Source, progress: Progress) -> None:
        while not gate.wait(0.01):
            progress("Downloading", wanted.size // 2, wanted.size)
            halfway.set()

    monkeypatch.setattr(weights_panel, "fetch", slow)
    monkeypatch.setattr(weights_panel, "progress_bar", plain_bar)
    monkeypatch.setattr(weights_panel, "learner", lambda: "the one before")
    press(AppTest.from_function(show, default_timeout=60).run(), "Download 44.7 MiB")
    assert halfway.wait(20)
    monkeypatch.setattr(weights_panel, "learner", lambda: "after the reload")
    again = AppTest.from_function(show, default_timeout=60).run()
    assert labels(again) == ["Stop"]
    assert again.get("progress")[0].proto.text == "Downloading: 22.3 MiB of 44.7 MiB"
    press(again, "Stop")
    assert labels(again) == ["Download 44.7 MiB"]  # here it was stopped; who asked before still waits
    assert desk.going(("weights", "resnet18"))
    gate.set()
    for _ in range(200):
        if not desk.going(("weights", "resnet18")):
            break
        again.run()
    assert not desk.going(("weights", "resnet18"))
    assert labels(again) == ["Download 44.7 MiB"]


@pytest.mark.usefixtures("desk")
def test_why_it_failed_is_said_and_one_can_try_again(monkeypatch: pytest.MonkeyPatch):
    answers: list[Exception | None] = [FetchFailed("This computer is offline."), None]

    def fetch(_wanted: Source, _progress: Progress) -> None:
        problem = answers.pop(0)
        if problem:
            raise problem

    monkeypatch.setattr(weights_panel, "fetch", fetch)
    app = AppTest.from_function(show, default_timeout=60).run()
    press(app, "Download 44.7 MiB")
    for _ in range(200):
        if app.error:
            break
        app.run()
    assert [one.value for one in app.error] == ["This computer is offline."]
    press(app, "Try again")
    for _ in range(200):
        if not answers and not app.error and "Stop" not in labels(app):
            break
        app.run()
    assert not app.error
    assert answers == []


def test_a_network_that_has_none_says_so_and_offers_others():
    def show_other() -> None:
        from cnnlab.inspection.models import Entry
        from cnnlab.ui.inspection.weights_panel import tell_untrained

        tell_untrained("try", Entry("plain18", "Plain net", "random", None, (3, 224, 224)))

    app = AppTest.from_function(show_other, default_timeout=60).run()
    assert "there are no trained weights of it to download" in app.markdown[0].value
    assert not any(label.startswith("Download") for label in labels(app))


@pytest.mark.usefixtures("desk")
def test_under_another_lens_the_kernels_are_the_trained_ones_once_they_have_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def fetch(_wanted: Source, _progress: Progress) -> None:
        (tmp_path / "checkpoints").mkdir()
        torch.save(squeezenet1_1().state_dict(), tmp_path / "checkpoints" / "squeezenet1_1-b8a52dc0.pth")

    monkeypatch.setattr(weights_panel, "fetch", fetch)
    monkeypatch.setattr(weights_panel, "progress_bar", plain_bar)
    monkeypatch.setattr(working, "AT_ONCE_SECONDS", 60)
    monkeypatch.setattr(filters_panel, "_response", lambda *_: None)
    app = AppTest.from_function(page, default_timeout=60)
    app.query_params["model"] = "squeezenet1_1"
    app.run(timeout=60)
    assert told(app, "Random weights.")
    assert told(app, "These are random numbers")
    press(app, "Download 4.7 MiB")
    for _ in range(200):
        if not told(app, "Random weights."):
            break
        app.run(timeout=60)
    assert told(app, "Trained weights, torchvision's, from this machine (4.7 MiB).")
    assert not told(app, "These are random numbers")
    assert not any(label.startswith("Download") for label in labels(app))
    assert told(app, "The end")
    assert not app.exception

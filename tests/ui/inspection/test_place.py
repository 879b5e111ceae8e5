"""A place is taken from the address and told to it; work is shown, is stopped, and fails in a sentence."""

import time
from threading import Event
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnlab.errors import CnnLabError
from cnnlab.inspection.pictures import Picture
from cnnlab.ui.inspection import working
from cnnlab.ui.inspection.gallery import NoDrawing, drawn
from cnnlab.ui.pages import page_entry
from tests.running_app import ROOT
from tests.ui.inspection.plain_bar import plain_bar

SHELL = ROOT / "cnnlab" / "ui" / "shell.py"


def look_inside(**parameters: str) -> AppTest:
    app = AppTest.from_file(SHELL, default_timeout=60)
    app.query_params.update(parameters)
    app.run()
    app.switch_page(str(page_entry("look-inside").file))
    return app.run()


def place_of(app: AppTest) -> dict[str, Any]:
    return dict(app.session_state["remembered.place"])


def press(app: AppTest, label: str) -> None:
    next(one for one in app.button if one.label == label).click().run(timeout=60)


def test_a_wrong_network_is_a_sentence_and_another_one_is_shown():
    app = look_inside(model="resnet-thousand", layer="nowhere", ch="12")
    assert "resnet-thousand" in app.error[0].value
    assert [title.value for title in app.title] == ["Look inside"]
    shown = place_of(app)
    assert (shown["layer"], shown["channel"]) == ("", 0)
    assert app.selectbox[0].value == shown["model"]


def test_another_network_is_looked_at_from_its_beginning():
    app = look_inside(model="shapes_plain", layer="conv1", ch="3", pic="cat", lens="filters")
    assert place_of(app) == {
        "model": "shapes_plain", "layer": "conv1", "channel": 3, "unit": "", "picture": "cat",
        "lens": "filters",
    }  # fmt: skip
    app.selectbox[0].select("squeezenet1_1").run()
    assert place_of(app) == {
        "model": "squeezenet1_1", "layer": "", "channel": 0, "unit": "", "picture": "cat", "lens": "filters",
    }  # fmt: skip
    assert app.query_params["model"] == "squeezenet1_1"
    assert "layer" not in app.query_params
    assert "ch" not in app.query_params


def test_another_lens_looks_at_the_layer_that_is_shown_though_nobody_has_chosen_it(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(working, "AT_ONCE_SECONDS", 60)
    app = look_inside(model="shapes_plain", lens="filters")
    assert "layer" not in app.query_params
    press(app, "Its feature map")
    assert not app.exception
    assert (place_of(app)["lens"], place_of(app)["layer"]) == ("maps", "conv1")
    assert app.query_params["lens"] == "maps"
    assert any("Each tile is what one channel makes" in one.value for one in app.markdown)


def test_a_link_leads_to_the_same_sight_whatever_was_looked_at_before():
    app = look_inside(model="shapes_plain", layer="conv1", ch="3", pic="cat", lens="maps", unit="7,9")
    app.query_params.clear()
    app.query_params.update({"model": "shapes_plain", "lens": "filters"})
    app.run()
    shown = place_of(app)
    assert (shown["layer"], shown["channel"], shown["unit"], shown["picture"]) == ("", 0, "", "")
    app.query_params.clear()
    app.run()
    assert place_of(app) == shown
    assert app.query_params["lens"] == "filters"


def test_a_forgotten_picture_is_a_sentence_and_the_usual_one_is_shown():
    app = look_inside(model="shapes_plain", pic="upload-0123")
    assert "not kept any more" in app.error[0].value
    assert place_of(app)["picture"] == ""


def test_a_drawing_is_read_cell_by_cell():
    cells = "0123" * 196
    assert isinstance(drawn(cells), Picture)
    assert drawn(cells).pixels[0, :5, 0].tolist() == [0, 85, 170, 255, 0]
    assert np.array_equal(drawn(cells).pixels[..., 0], drawn(cells).pixels[..., 2])
    with pytest.raises(NoDrawing, match="28 × 28 cells of four greys"):
        drawn(cells[:-1] + "4")


KEPT: dict[str, int] = {}
MAY_END = Event()


def script(kind: str) -> None:
    """Stand on a page of its own; what it needs is imported inside, as AppTest wants it."""
    import streamlit as st

    from cnnlab.ui.inspection.working import with_progress
    from tests.ui.inspection import test_place as here

    found = with_progress(("test", kind), here.WORKS[kind], lambda: here.KEPT.get(kind))
    st.text(f"found {found}")


def slow(progress: Any) -> None:
    for part in range(400):
        progress("Counting", part, 400)
        if MAY_END.wait(0.05):
            break
    KEPT["slow"] = 7


def quick(progress: Any) -> None:
    progress("Counting", 0, 1)
    KEPT["quick"] = 5


def broken(_progress: Any) -> None:
    raise CnnLabError("There are no more numbers. Choose another one.")


WORKS = {"slow": slow, "quick": quick, "broken": broken}


def running(kind: str) -> AppTest:
    return AppTest.from_function(script, kwargs={"kind": kind}, default_timeout=60).run()


def test_quick_work_is_simply_there():
    app = running("quick")
    for _ in range(100):
        if app.text and app.text[0].value == "found 5":
            break
        time.sleep(0.05)  # the first work loads PyTorch
        app.run()
    assert app.text[0].value == "found 5"
    assert not app.button


def test_slow_work_can_be_stopped_and_gone_on_with(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(working, "progress_bar", plain_bar)
    app = running("slow")
    app.button[0].click().run()
    app.run()
    assert [one.value for one in app.info] == ["This was stopped."]
    assert [one.label for one in app.button] == ["Go on"]
    MAY_END.set()
    app.button[0].click().run()
    for _ in range(100):
        if app.text and app.text[0].value == "found 7":
            break
        time.sleep(0.05)
        app.run()
    assert app.text[0].value == "found 7"


def test_work_that_fails_says_why_and_can_be_tried_again():
    app = running("broken")
    for _ in range(100):
        if app.error:
            break
        time.sleep(0.05)
        app.run()
    assert app.error[0].value == "There are no more numbers. Choose another one."
    assert [one.label for one in app.button] == ["Try again"]

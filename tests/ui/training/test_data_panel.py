"""The section Pictures: what is told of each set, sets that lack something, sets that are gone or foreign."""

import json
from base64 import b64encode
from io import BytesIO
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from cnnlab.inspection.work import Desk
from cnnlab.training import own_data, public_sets
from cnnlab.training.data_sets import DATA_SETS
from cnnlab.training.picture_set import PictureSet
from cnnlab.training.places import DATA
from cnnlab.ui.training import own_bringing, own_editor
from cnnlab.ui.training.data_serving import data_routes, sheet_address
from cnnlab.ui.training.learner import KEPT
from tests.training.made_archives import picture

ANN = "a" * 32


@pytest.fixture(autouse=True)
def _data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA, str(tmp_path))
    monkeypatch.delenv(public_sets.FOLDER_SETTING, raising=False)


def show() -> None:
    import streamlit as st

    from cnnlab.ui.training.choice import settle
    from cnnlab.ui.training.data_panel import data_panel

    settle()
    st.text(data_panel("try") or "nothing yet")


def panel(data: str, learner: str = ANN) -> AppTest:
    app = AppTest.from_function(show, default_timeout=20)
    app.session_state[KEPT] = learner
    app.query_params["data"] = data
    return app.run()


def told(app: AppTest) -> str:
    assert not app.exception
    return " ".join(one.value for kind in (app.markdown, app.info, app.error) for one in kind)


def kept(counts: tuple[int, ...] = (4, 4), notes: tuple[str, ...] = ()) -> own_data.OwnSet:
    pixels = np.random.default_rng(0).integers(0, 256, (sum(counts), 16, 16, 3), dtype=np.uint8)
    labels = np.repeat(np.arange(len(counts)), counts)
    return own_data.keep(ANN, "Kitchen", PictureSet(pixels, labels, ("cup", "spoon")[: len(counts)]), notes)


@pytest.mark.parametrize("name", [name for name, one in DATA_SETS.items() if one.megabytes is None])
def test_each_set_that_comes_along_is_told_and_can_be_learned_from(name: str):
    app = panel(name)
    assert app.subheader[0].value == DATA_SETS[name].title
    assert DATA_SETS[name].sentence in told(app)
    assert DATA_SETS[name].licence in told(app)
    assert app.text[0].value == name


def test_a_published_set_tells_its_size_before_anything_is_downloaded():
    app = panel("pets")
    assert "811.1 MB have to be downloaded" in told(app)
    assert "CC BY-SA 4.0" in told(app)
    assert [one.label for one in app.button if "Download" in one.label] == ["Download 811.1 MB"]
    assert app.text[0].value == "nothing yet"


def test_a_download_that_fails_says_why_and_can_be_tried_again(monkeypatch: pytest.MonkeyPatch):
    def offline(_name: str, _progress: object) -> None:
        raise public_sets.NotHereYet("This computer is offline.")

    monkeypatch.setattr(public_sets, "obtain", offline)
    app = panel("cifar-10")
    next(one for one in app.button if one.label.startswith("Download")).click().run()
    assert "This computer is offline." in told(app)
    assert "Try again" in [one.label for one in app.button]


def test_an_own_set_tells_its_notes_its_split_and_the_seed():
    app = panel(kept(notes=("Each was cut.",)).name)
    assert app.subheader[0].value == "Kitchen"
    assert "Each was cut." in told(app)
    assert "A quarter of each class is kept to measure with" in told(app)
    assert "now 0" in told(app)


def test_uneven_classes_are_pointed_out():
    assert "far from equally large" in told(panel(kept((16, 4)).name))
    assert "far from equally large" not in told(panel(kept((6, 4)).name))


def test_a_set_that_lacks_something_is_not_learned_from():
    app = panel(own_data.begin(ANN, "New").name)
    assert "add at least two" in told(app)
    assert app.text[0].value == "nothing yet"


def test_a_set_of_somebody_else_can_be_learned_from_but_not_changed():
    one = kept()
    app = panel(one.name, "b" * 32)
    assert app.text[0].value == one.name
    assert "Somebody else made this set" in told(app)
    assert not [each for each in app.button if "Delete" in each.label]


def test_a_set_that_is_gone_is_told_and_another_stands_in():
    app = panel("own-" + "0" * 24)
    assert "may have been deleted" in told(app)
    assert app.text[0].value == "shapes-new"


def press(app: AppTest, label: str) -> AppTest:
    return next(one for one in app.button if one.label == label).click().run()


def test_a_set_is_begun_named_and_deleted():
    app = press(panel("shapes-new"), "Begin a set")
    name = own_data.sets(ANN)[0].name
    next(one for one in app.text_input if one.label == "What the set is called").set_value("Kitchen").run()
    next(one for one in app.text_input if one.label == "Name of a new class").set_value("cup")
    press(app, "Add class")
    assert [one.name for one in own_data.own_set(name).classes] == ["cup"]
    assert own_data.own_set(name).title == "Kitchen"
    assert next(one for one in app.text_input if one.label == "Name of a new class").value == ""
    press(app, "Add class")
    assert "A class needs a name" in told(app)
    next(one for one in app.text_input if one.label == "Name of a new class").set_value("Cup")
    press(app, "Add class")
    assert "There is a class “Cup” already" in told(app)
    next(one for one in app.text_input if one.label == "What the class is called").set_value("mug").run()
    assert own_data.own_set(name).classes[0].name == "mug"
    press(app, "Take out the class “mug”")
    assert own_data.own_set(name).classes == ()
    press(app, "Delete it")
    assert own_data.sets(ANN) == []
    assert app.text[0].value == "shapes-new"


def test_a_press_that_comes_late_changes_no_other_class_and_no_other_set():
    name = own_data.begin(ANN, "New").name
    for title in ("cup", "spoon", "fork"):
        own_data.add_class(ANN, name, title)
    drawn = own_data.own_set(name)

    def twice() -> list[str]:
        for change in (own_data.drop_class, own_data.drop_class):
            own_editor._change_class(drawn, 0, change)  # pyright: ignore[reportPrivateUsage]
        own_editor._change_class(drawn, 2, own_data.rename_class, "cup")  # pyright: ignore[reportPrivateUsage]
        return [one.name for one in own_data.own_set(name).classes]

    app = panel(name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(own_editor, "learner", lambda: ANN)
        assert twice() == ["spoon", "fork"]
        own_editor._deleted(name)  # pyright: ignore[reportPrivateUsage]
        own_editor._deleted(name)  # pyright: ignore[reportPrivateUsage]
    keys = {one.key for kind in (app.text_input, app.button) for one in kind if one.key and ".own" in one.key}
    assert keys
    assert all(name in key for key in keys)  # the fields of another set are others


def test_an_archive_that_is_being_read_is_told_when_the_page_is_loaded_anew(monkeypatch: pytest.MonkeyPatch):
    key, done, desk = ("archive", ANN, "file"), Event(), Desk()
    one = own_bringing.Brought(key, "cups.zip", lambda _progress: done.wait(20))
    monkeypatch.setattr(own_bringing, "_desk", lambda: desk)
    monkeypatch.setitem(own_bringing._brought, ANN, one)  # pyright: ignore[reportPrivateUsage]
    job = desk.ask(key, one.work)
    app = panel("shapes-new")
    assert "“cups.zip” is still being read." in told(app)
    assert "still being read" not in told(panel("shapes-new", "b" * 32))
    done.set()
    assert job.over.wait(20)
    assert "still being read" not in told(app.run())


def test_an_empty_set_is_gone_on_with():
    first = own_data.begin(ANN, "New")
    app = press(panel("shapes-new"), "Begin a set")
    assert first.name in app.query_params["data"]
    assert [one.name for one in own_data.sets(ANN)] == [first.name]


def test_pictures_are_added_and_what_is_none_is_told(monkeypatch: pytest.MonkeyPatch):
    state: dict[str, Any] = {}
    monkeypatch.setattr(own_editor.st, "session_state", state)
    monkeypatch.setattr(own_editor, "learner", lambda: ANN)
    one = kept()
    files = [
        SimpleNamespace(name="a.png", getvalue=lambda: picture(1, 40, 30)),
        SimpleNamespace(name="b.txt", getvalue=lambda: b"hello"),
    ]
    own_editor._add_files(one, 1, files)
    assert [each.count for each in own_data.own_set(one.name).classes] == [4, 5]
    assert ["b.txt" in str(problem) for problem in state[own_editor.PROBLEMS]] == [True]


def test_photographs_that_the_browser_sends_are_added(monkeypatch: pytest.MonkeyPatch):
    state: dict[str, Any] = {}
    monkeypatch.setattr(own_editor.st, "session_state", state)
    monkeypatch.setattr(own_editor, "learner", lambda: ANN)
    one = kept()
    shots = [own_editor.JPEG + b64encode(picture(number, 32, 32, "JPEG")).decode() for number in range(3)]
    own_editor._add_shots(one, 0, shots)
    assert own_data.own_set(one.name).classes[0].count == 7
    for broken in (["nonsense!"], [own_editor.JPEG + "AAAA"], None):
        own_editor._add_shots(one, 0, broken)
    assert own_data.own_set(one.name).classes[0].count == 7
    assert [str(problem).split(";")[0] for problem in state[own_editor.PROBLEMS]] == [
        "'photograph' is empty (0 bytes)",
        "'photograph' is not a picture, or one of a kind that cannot be read here",
    ]


def test_sheets_come_over_http():
    client = TestClient(Starlette(routes=data_routes()))
    one = kept()
    for name in ("shapes-new", one.name):
        answer = client.get(sheet_address(name))
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
    for name in ("own-" + "0" * 24, "mnist", "secret", "..%2Fx", own_data.begin(ANN, "New").name):
        assert client.get(sheet_address(name)).status_code == 404
    assert client.get(f"{sheet_address(one.name).partition('?')[0]}?seed={'9' * 5000}").status_code == 200
    assert sheet_address("x", 1) != sheet_address("x", 2)


def test_single_pictures_of_own_sets_come_over_http_to_the_pixel():
    client = TestClient(Starlette(routes=data_routes()))
    one = kept()
    exact = client.get(f"/data-sets/{one.name}/1/3.png")
    assert exact.headers["content-type"] == "image/png"
    with Image.open(BytesIO(exact.content)) as image:
        assert np.array_equal(np.asarray(image), own_data.pictures(one.name).pixels[7])
    assert client.get(f"/data-sets/{one.name}/1/3.webp").content[8:12] == b"WEBP"
    for place in ("1/4.png", "2/0.png"):
        gone = client.get(f"/data-sets/{one.name}/{place}")
        assert (gone.status_code, gone.text[:38]) == (404, "“Kitchen” has no such picture any more")
    for place in ("own-" + "0" * 24 + "/0/0.png", "shapes-new/0/0.png", f"{one.name}/-1/0.png"):
        assert client.get(f"/data-sets/{place}").status_code == 404


def test_the_augmentation_lab_is_told_of_own_sets_with_the_axes_of_their_colours():
    red, dark = np.full((2, 8, 8, 3), (200, 30, 30), np.uint8), np.zeros((2, 8, 8, 3), np.uint8)
    both = PictureSet(np.concatenate([red, dark]), np.array([0, 0, 1, 1]), ("red", "dark"))
    one, empty = own_data.keep(ANN, "Colours", both), own_data.begin(ANN, "Empty")
    app = AppTest.from_function(lab_is_told, default_timeout=20)
    app.session_state[KEPT] = ANN
    app.run()
    mine, foreign, gone = (json.loads(text.value) for text in app.text)
    assert [each["name"] for each in mine["sets"]] == [one.name]
    assert mine["sets"][0]["classes"][0] | {"version": ""} == {"name": "red", "count": 2, "version": ""}
    assert empty.name not in mine["axes"]
    axes = mine["axes"][one.name]
    assert axes["of"] == "the first pictures of each class of “Colours”"
    colours = np.array([[200, 30, 30], [0, 0, 0]]) / 255
    assert axes["variances"] == pytest.approx([colours.var(0).sum(), 0, 0], abs=1e-12)
    assert [row[0] for row in axes["vectors"]] == pytest.approx(colours[0] / np.linalg.norm(colours[0]))
    assert foreign == mine  # whoever has the link may see the set that it names
    assert gone == {"folder": "/data-sets", "sets": [], "axes": {}}


def lab_is_told() -> None:
    import json

    import streamlit as st

    from cnnlab.training import own_data
    from cnnlab.ui.labs.augmentation import own_pictures
    from cnnlab.ui.training.learner import KEPT

    st.text(json.dumps(own_pictures("cat")))
    name = own_data.sets(st.session_state[KEPT])[-1].name
    st.session_state[KEPT] = "b" * 32
    for shown in (f"{name}.0.1", f"own-{'0' * 24}.0.0"):
        st.text(json.dumps(own_pictures(shown)))

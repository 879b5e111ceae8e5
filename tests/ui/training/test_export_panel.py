"""What is offered of a finished run: files in four forms, and its network in other pages."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cnnlab.training.exporting import exported
from cnnlab.training.own_models import welcome_runs
from cnnlab.training.run_folder import RunFolder
from cnnlab.zoo import guests
from tests.training.finished import finished

RUN = "00112233445566bb"


def show() -> None:
    from cnnlab.ui.training.export_panel import export_panel

    export_panel("try", "00112233445566bb")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return finished(tmp_path_factory.mktemp("made") / RUN)


@pytest.fixture
def run(kept: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    monkeypatch.setenv("CNNLAB_RUNS", str(tmp_path))
    monkeypatch.setattr(guests, "_finders", {})
    welcome_runs()
    shutil.copytree(kept.path, tmp_path / RUN)
    return RunFolder(tmp_path / RUN)


def panel() -> AppTest:
    app = AppTest.from_function(show, default_timeout=60).run()
    assert not app.exception
    return app


def settled(app: AppTest) -> AppTest:
    """Run the page until its work is done, as the browser does."""
    for _ in range(200):
        if not app.get("bidi_component"):
            break
        app.run()
    assert not app.exception
    return app


def downloads(app: AppTest) -> list[str]:
    return [one.proto.label for one in app.get("download_button")]  # pyright: ignore[reportAttributeAccessIssue]


def test_a_file_is_made_when_it_is_asked_for(run: RunFolder):
    app = settled(panel())
    assert downloads(app) == ["Download “Weights” (0.2 MB)"]
    app.radio[0].set_value("tensorboard").run()
    assert exported(run, "tensorboard") is None
    next(one for one in app.button if one.label == "Make “TensorBoard”").click().run()
    settled(app)
    assert exported(run, "tensorboard") is not None
    assert downloads(app)[0].startswith("Download “TensorBoard”")


def test_its_network_is_linked_under_its_name(run: RunFolder):
    app = settled(panel())
    links = next(one.value for one in app.markdown if "look inside" in one.value)
    assert f"look-inside?model=run-{run.path.name}" in links
    assert f"why?model=run-{run.path.name}" in links


def test_pictures_of_another_learner_are_not_given_away(run: RunFolder):
    recipe = run.path / "recipe.json"
    recipe.write_text(recipe.read_text().replace('"digits"', '"own-0123456789abcdef01234567"'))
    assert "script" not in settled(panel()).radio[0].options
    assert "Weights" in settled(panel()).radio[0].options


def test_a_run_that_goes_on_has_nothing_to_take_along(run: RunFolder):
    run.stand(state="running")
    app = panel()
    assert "nothing to take along yet" in app.markdown[0].value
    assert not app.radio


def test_a_deleted_run_says_so(run: RunFolder):
    shutil.rmtree(run.path)
    assert "may have been deleted" in panel().error[0].value

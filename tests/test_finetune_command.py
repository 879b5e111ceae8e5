"""The command `finetune`: a folder of class folders or a set of the app in, a run and its results out."""

import json
import signal
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from cnnlab.__main__ import main
from cnnlab.finetune_command import Watching, finetune
from cnnlab.training.policy import PRESETS, Policy
from cnnlab.training.recipe import REGIMES, Recipe, suggested
from cnnlab.training.run_folder import STOPPED, RunFolder
from tests.training.nets import few_shapes


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Write a folder with a folder of pictures for each class."""
    whole = few_shapes().training
    for number, (pixels, label) in enumerate(zip(whole.pixels, whole.labels, strict=True)):
        folder = tmp_path / "pictures" / whole.classes[label]
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.ascontiguousarray(pixels)).save(folder / f"{number}.png")
    return tmp_path / "pictures"


def asked(data: Path | str, out: Path, *more: str) -> Result:
    words = ["finetune", "--data", str(data), "--model", "shapes_plain", "--out", str(out), "--size", "32"]
    return CliRunner().invoke(main, [*words, "--epochs", "2", *more])


def test_a_folder_of_class_folders_becomes_a_run(pictures: Path, tmp_path: Path):
    result = asked(pictures, tmp_path / "run", "--regime", "partial", "--json", "--augment", "flip:0.5")
    told = json.loads(result.output)
    assert result.exit_code == 0
    assert told["state"] == "done"
    assert told["classes"] == sorted(few_shapes().classes)
    assert told["pictures"] == [9, 3]
    assert [one["epoch"] for one in told["epochs"]] == [1, 2]
    folder = RunFolder(tmp_path / "run")
    assert folder.epochs()[-1]["accuracy"] == told["epochs"][-1]["accuracy"]
    assert folder.recipe() == Recipe(
        data=str(pictures), size=32, augmentation=(("flip", 0.5),), **{**suggested("partial"), "epochs": 2}
    )
    assert Path(told["weights"]).is_file()


def test_a_set_of_the_app_is_learned_from_and_told_in_words(tmp_path: Path):
    result = asked("shapes-new", tmp_path / "run", "--per-class", "2", "--seed", "4")
    assert result.exit_code == 0
    assert "20 pictures to learn from, 400 to measure with, on " in result.output
    assert result.output.count("  right ") == 2
    assert "Done. " in result.output


def test_the_same_command_gives_the_same_run(pictures: Path, tmp_path: Path):
    one, other = (asked(pictures, tmp_path / name, "--json") for name in ("one", "other"))
    measured = [[epoch["loss"] for epoch in json.loads(result.output)["epochs"]] for result in (one, other)]
    assert measured[0] == measured[1]


def test_an_interrupted_run_is_kept_and_gone_on_with(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    looked = Watching.look

    def interrupted(watching: Watching) -> None:
        looked(watching)
        signal.raise_signal(signal.SIGINT)

    with monkeypatch.context() as patched:
        patched.setattr(Watching, "look", interrupted)
        patched.setattr("cnnlab.finetune_command._LOOK_EVERY_S", 1000)
        before = signal.getsignal(signal.SIGINT)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            first = asked(pictures, tmp_path / "run")
        finally:
            signal.signal(signal.SIGINT, before)
    assert first.exit_code == 130
    assert "Stopped when asked to" in first.output
    again = asked(pictures, tmp_path / "run")
    assert again.exit_code == 0
    done = asked(pictures, tmp_path / "run")
    assert done.exit_code == 2
    assert "is done. Name another folder" in done.output
    other = asked(pictures, tmp_path / "run", "--seed", "9")
    assert other.exit_code == 2
    assert "holds something else" in other.output


def test_a_run_does_not_go_on_with_other_pictures(pictures: Path, tmp_path: Path):
    out, words = tmp_path / "run", ("--regime", "full")
    asked(pictures, out, *words)
    folder = RunFolder(out)
    folder.stand(state=STOPPED)
    (out / "checkpoint").mkdir(exist_ok=True)
    (out / "checkpoint" / "last.safetensors").touch()
    more = next(pictures.iterdir()) / "more.png"
    Image.new("RGB", (32, 32), "red").save(more)
    changed = asked(pictures, out, *words)
    assert changed.exit_code == 2
    assert "have been changed since it began. It cannot go on with others." in changed.output
    more.unlink()
    assert "What was kept of this run is damaged" in asked(pictures, out, *words).output


def test_a_policy_is_spelled_on_the_command_line_as_in_an_address(tmp_path: Path):
    def augmented(name: str, *words: str) -> Policy:
        assert asked("digits", tmp_path / name, *words, "--per-class", "1").exit_code == 0
        return RunFolder(tmp_path / name).recipe().augmentation

    both = augmented("a", "--augment", "rotate:15", "--augment", "flip:0.5,shear:5")
    assert both == (("flip", 0.5), ("shear", 5.0), ("rotate", 15.0))
    assert augmented("b", "--augment", "light") == PRESETS["light"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--augment", "flip"), "write it as name:strength"),
        (("--augment", "flip=0.5"), "write it with a colon: flip:0.5."),
        (("--augment", "light", "--augment", "flip:0.5"), "“light” is no transform with its strength"),
        (("--augment", "fold:1"), "There is no transform “fold”"),
        (("--learning-rate", "1000"), "Learning rate goes from"),
        (("--data", "nothing"), "There is no data set “nothing”"),
        (("--model", "resnet18"), "no trained weights on this machine"),
    ],
)
def test_what_does_not_fit_is_a_sentence(
    words: tuple[str, ...], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setattr("torch.hub._hub_dir", None)
    result = asked("digits", tmp_path / "run", *words)
    assert result.exit_code == 2
    assert sentence in result.output
    assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize("regime", REGIMES)
def test_what_is_usual_for_a_regime_is_a_recipe(regime: str):
    assert Recipe(**suggested(regime)).regime == regime


def test_every_setting_is_an_option():
    options = {option for one in finetune.params for option in one.opts}
    assert {"--learning-rate", "--batch", "--weight-decay", "--patience", "--blocks"} <= options

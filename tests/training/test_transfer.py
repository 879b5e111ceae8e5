"""What was learned before helps: on new shapes by far, on hands as much as a linear probe does."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from cnnlab.training import archives, transfer
from cnnlab.training.blocks import before
from cnnlab.training.devices import chosen_device
from cnnlab.training.engine import run
from cnnlab.training.picture_set import PictureSet, SplitSet
from cnnlab.training.recipe import Recipe, suggested
from cnnlab.training.run_folder import RunFolder
from cnnlab.training.setting_up import brought
from cnnlab.training.stages import pooled
from tests.training.nets import Asked, few_shapes, ran

SHARED = Path(__file__).resolve().parents[3] / "shared" / "assets"


def hands(monkeypatch: pytest.MonkeyPatch) -> PictureSet:
    """Return photographs of hands, and let SqueezeNet's trained weights be found."""
    pictures, weights = SHARED / "datasets" / "sign_digits_100px", SHARED / "torch_home"
    if not (pictures.is_dir() and weights.is_dir()):
        pytest.skip(f"needs the photographs in {pictures} and the weights in {weights}")
    monkeypatch.setenv("TORCH_HOME", str(weights))
    monkeypatch.setattr("torch.hub._hub_dir", None)
    return archives.read_folder(pictures).pictures


def test_trained_layers_help_with_few_pictures_of_new_classes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cnnlab.training.data_sets.MEASURED_OF_A_CLASS", 8)
    monkeypatch.setattr(transfer, "STEPS", {"frozen": 60, "full": 24, "scratch": 24})
    found = {
        regime: transfer.measure(regime, "shapes-new", 10, [0]) for regime in ("frozen", "full", "scratch")
    }
    assert found["frozen"].mean >= found["scratch"].mean + 0.3
    assert found["full"].mean >= found["scratch"].mean + 0.3
    assert "10 of a class  frozen" in str(found["frozen"])


def test_as_many_steps_whatever_the_number_of_pictures():
    few, many = (transfer.recipe_for("full", "shapes-new", count, 10) for count in (10, 50))
    assert few.epochs * 4 == pytest.approx(transfer.STEPS["full"], rel=0.1)
    assert many.epochs * 16 == pytest.approx(transfer.STEPS["full"], rel=0.1)


def test_the_command_prints_a_line_for_each(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(transfer, "STEPS", {"frozen": 2})
    words = ["--data", "digits", "--regimes", "frozen", "--seeds", "1", "--model", "digits_lenet"]
    assert transfer.main([*words, "--pictures", "2", "3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines] == [["digits", "2"], ["digits", "3"]]


def test_a_head_gets_as_good_as_scikit_learns_on_the_same_features(tmp_path: Path):
    data = few_shapes(5, 12, 64)
    recipe = Recipe(**{**suggested("frozen"), "epochs": 60})
    folder = ran(tmp_path / "run", recipe, data)
    trainable, pictures = brought(data, recipe, chosen_device())
    trainable.model.requires_grad_(False)
    features = [
        pooled(before(trainable.model, trainable.head, one.plain(slice(None)))).float().cpu().numpy()
        for one in (pictures.training, pictures.validation)
    ]
    probe = LogisticRegression(max_iter=1000).fit(features[0], data.training.labels)
    wanted = np.mean(probe.predict(features[1]) == data.validation.labels)
    assert folder.epochs()[-1]["accuracy"] >= wanted - 0.1


def test_settings_can_be_tried_in_place_of_the_usual_ones(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(transfer, "STEPS", {"full": 2})
    asked: list[Recipe] = []
    monkeypatch.setattr("cnnlab.training.engine.run", lambda folder, *_: asked.append(folder.recipe()))
    monkeypatch.setattr(RunFolder, "epochs", lambda _: [{"accuracy": 0.5}])
    words = [
        "--data",
        "digits",
        "--seeds",
        "1",
        "--pictures",
        "2",
        "--slower",
        "1",
        "--learning-rate",
        "0.003",
    ]
    assert transfer.main([*words, "--weight-decay", "0"]) == 0
    assert [(one.slower, one.learning_rate, one.weight_decay) for one in asked] == [(1.0, 0.003, 0.0)]
    assert "50.0%" in capsys.readouterr().out


@pytest.mark.every_run
def test_more_layers_than_the_head_are_worth_it_also_with_few_pictures_and_more_so_with_many():
    few, head = (transfer.measure(regime, "shapes-new", 10, [0, 1]).mean for regime in ("partial", "frozen"))
    assert few >= head + 0.01
    many, head = (transfer.measure(regime, "shapes-hard", 50, [0]).mean for regime in ("full", "frozen"))
    assert many >= head + 0.03


@pytest.mark.every_run
def test_hands_are_told_apart_as_well_as_by_the_linear_probe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The probe's 87.7 % are those that the folder's own description names."""
    pictures = hands(monkeypatch)
    recipe = Recipe(model="squeezenet1_1", data="hands", **suggested("frozen"))
    folder = RunFolder.create(tmp_path / "run", recipe)
    run(folder, SplitSet(*pictures.split(0)), Asked())
    assert folder.epochs()[-1]["accuracy"] >= 0.877


@pytest.mark.every_run
def test_a_network_without_normalisation_keeps_what_it_knows_when_everything_learns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """At one rate of 0.003 for all blocks it forgets everything, and guesses."""
    learned, measured = hands(monkeypatch).split(0)
    data, right = SplitSet(learned.a_class(10, 0), measured.a_class(15, 0)), {}
    for regime in ("full", "frozen"):
        recipe = Recipe(model="squeezenet1_1", data="hands", size=128, **suggested(regime))
        folder = RunFolder.create(tmp_path / regime, recipe)
        run(folder, data, Asked())
        right[regime] = folder.epochs()[-1]["accuracy"]
    assert right["full"] >= right["frozen"] + 0.05

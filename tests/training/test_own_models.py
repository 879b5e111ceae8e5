"""A run's network is a network of the app: named, loaded, traced, predicted with; gone when it is deleted."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from cnnlab import zoo
from cnnlab.inspection.models import entries, entry
from cnnlab.inspection.pictures import Picture
from cnnlab.inspection.predicting import predict
from cnnlab.inspection.weight_files import weights_here
from cnnlab.inspection.weights import Models, load
from cnnlab.tracing import Trace, replay, trace_of
from cnnlab.tracing.library import keep_trace_of_guest
from cnnlab.training import data_sets
from cnnlab.training.own_models import find, name_of, trace_of_run, welcome_runs
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import NoSuchRun, RunFolder
from cnnlab.training.trained import NoTrainedNetwork, network_of
from cnnlab.zoo import guests
from tests.training.finished import finished

RUN = "00112233445566aa"
NAME = name_of(RUN)
# In colour, of another size than the network was made for, with classes that it never had.
RECIPE = Recipe(data="colours", model="shapes_plain", regime="frozen", per_class=3, epochs=2, size=32)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return finished(tmp_path_factory.mktemp("made") / RUN, RECIPE)


@pytest.fixture
def run(kept: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    monkeypatch.setenv("CNNLAB_RUNS", str(tmp_path))
    monkeypatch.setattr(guests, "_finders", {})
    shutil.copytree(kept.path, tmp_path / RUN)
    welcome_runs()
    return RunFolder(tmp_path / RUN)


def scores(trace: Trace) -> tuple[int, ...]:
    return replay(trace, trace.input_shape).steps[-1].output_shape


def test_it_is_known_by_its_name_and_in_no_list(run: RunFolder):
    assert zoo.facts(NAME).title == "Small"
    assert zoo.input_shape(NAME) == (3, 32, 32)
    assert zoo.resolve(NAME) == NAME
    one = entry(NAME)
    assert (one.status, one.trained) == ("run", True)
    assert one.megabytes == pytest.approx(run.weights.stat().st_size / 2**20)
    assert NAME not in zoo.names()
    assert NAME not in {one.name for one in entries()}


def test_it_is_loaded_with_its_classes_and_answers_as_the_run_did(run: RunFolder):
    loaded = load(NAME)
    assert loaded.kind == "trained"
    assert loaded.categories == ("red", "orange", "yellow", "green", "blue", "purple")
    assert f"{100 * run.epochs()[-1]['accuracy']:.1f} %" in loaded.source
    expected = network_of(run).state_dict()
    assert all(torch.equal(one, expected[key]) for key, one in loaded.model.state_dict().items())
    assert not any(one.requires_grad for one in loaded.model.parameters())


def test_what_it_predicts_of_a_picture_is_what_the_run_said_of_it(run: RunFolder):
    answers = run.arrays(2, "validation")
    assert answers is not None
    pixels = data_sets.split("colours", 0, 3).validation.pixels
    for row in (0, 50, 100):
        said = predict(NAME, Picture(pixels[row], "one"), Models())
        probabilities = said.probabilities()
        assert np.abs(probabilities - answers["probabilities"][row]).max() < 0.02  # resized by Pillow


@pytest.mark.usefixtures("run")
def test_its_steps_end_in_its_classes_and_are_recorded_once():
    assert scores(trace_of(NAME)) == (6,)
    assert trace_of_run(RUN) is None
    file = keep_trace_of_guest(NAME)
    before = file.stat().st_mtime_ns
    assert keep_trace_of_guest(NAME) == trace_of_run(RUN) == file
    assert file.stat().st_mtime_ns == before
    assert scores(trace_of(NAME)) == (6,)
    assert trace_of(NAME).input_shape == (3, 32, 32)


def test_steps_are_recorded_of_runs_only():
    with pytest.raises(zoo.UnknownNetwork, match="`resnet18` is no network that was trained here"):
        keep_trace_of_guest("resnet18")


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("![x](http://a.example/b.png) <b>$", "x http a.example b.png b"),
        ("Kürbis, 50 % – 2", "Kürbis, 50 % – 2"),
        ("**", "run 001122"),
    ],
)
def test_a_title_is_what_is_left_of_a_name_without_signs_of_markdown(run: RunFolder, name: str, title: str):
    run.describe(name=name)
    assert zoo.facts(NAME).title == title


def test_other_weights_are_another_network_in_every_key(run: RunFolder):
    models = Models()
    first, stamp = models.get(NAME), weights_here(NAME)
    assert models.get(NAME) is first
    os.utime(run.weights, ns=(1, 1))
    assert weights_here(NAME) not in ("", stamp)
    assert models.get(NAME) is not first


def test_a_deleted_run_says_so_wherever_its_network_is_asked_for(run: RunFolder):
    models = Models()
    models.get(NAME)
    shutil.rmtree(run.path)
    for ask in (zoo.facts, zoo.build, entry, trace_of, weights_here, models.get, find):
        with pytest.raises(NoSuchRun, match="no such run, or it was deleted, and its network with it"):
            ask(NAME)


@pytest.mark.parametrize("name", ["run-", "run-../../etc", "run-0011", "run-" + "g" * 16])
@pytest.mark.usefixtures("run")
def test_what_is_no_runs_name_is_refused(name: str):
    with pytest.raises(NoSuchRun, match="not the name of a run"):
        zoo.facts(name)


def test_a_run_that_goes_on_has_no_network_yet(run: RunFolder):
    run.weights.unlink()
    with pytest.raises(NoTrainedNetwork, match="Wait for its end"):
        entry(NAME)
    RunFolder.create(run.path.with_name("0" * 16), RECIPE)
    with pytest.raises(NoTrainedNetwork, match="no trained weights"):
        zoo.build("run-" + "0" * 16)

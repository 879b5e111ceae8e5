"""Trained weights come while a server runs: what random ones gave before is not told any more."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from torchvision.models import SqueezeNet1_1_Weights, squeezenet1_1

from cnnlab.inspection.exciting import Excitements, Recipe, Wish
from cnnlab.inspection.exciting_patches import Patches
from cnnlab.inspection.filters import AskedFilters, FilterBanks
from cnnlab.inspection.flow import Asked, Flows
from cnnlab.inspection.flow_input import cut, numbers
from cnnlab.inspection.samples import SAMPLES, sample_picture
from cnnlab.inspection.weight_files import weights_here
from cnnlab.inspection.weights import Models
from cnnlab.ui.inspection.why_asking import Scene, find, question, results, stamp
from cnnlab.ui.inspection.why_choice import Choice

NAME, LAYER, SHAPE = "squeezenet1_1", "features.0", (3, 224, 224)
ASKED = Asked(NAME, SHAPE, "cat")
FILE = SqueezeNet1_1_Weights.IMAGENET1K_V1.url.rpartition("/")[2]
pytestmark = pytest.mark.usefixtures("one_core")


@dataclass
class Machine:
    """A machine without weights, the network whose weights will come, and the stores of a server."""

    file: Path
    comes: torch.nn.Module
    models: Models

    def weights_come(self) -> None:
        torch.save(self.comes.state_dict(), self.file)

    def first_layer(self, picture: str) -> np.ndarray:
        """Return what plain PyTorch says that the first convolution makes of a picture."""
        preparing = self.models.get(NAME).preparing
        x = torch.from_numpy(numbers(cut(sample_picture(picture), SHAPE, preparing), preparing))
        with torch.no_grad():
            return self.comes.get_submodule(LAYER)(x)[0].numpy()


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setattr(torch.hub, "_hub_dir", str(tmp_path))
    (tmp_path / "checkpoints").mkdir()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(21)
        comes = squeezenet1_1().eval()
    return Machine(tmp_path / "checkpoints" / FILE, comes, Models())


def kernels(machine: Machine) -> tuple[Callable, Callable, Callable]:
    store, asked = FilterBanks(machine.models), AskedFilters(NAME, LAYER)
    wanted = machine.comes.get_parameter("features.0.weight").detach().numpy()
    return (lambda: store.known(asked)), (lambda: store.find(asked).bank), (lambda: wanted)


def a_step(machine: Machine) -> tuple[Callable, Callable, Callable]:
    store, cat = Flows(machine.models), sample_picture("cat")
    return (
        lambda: store.known_exact(ASKED, 0),
        lambda: store.exact(ASKED, 0, cat),
        lambda: machine.first_layer("cat"),
    )


def a_run(machine: Machine) -> tuple[Callable, Callable, Callable]:
    store, cat = Flows(machine.models), sample_picture("cat")
    return (
        lambda: store.known_run(ASKED),
        lambda: np.array(store.run(ASKED, cat).steps[0].deviation),
        lambda: machine.first_layer("cat").std(),
    )


def strongest(machine: Machine) -> tuple[Callable, Callable, Callable]:
    store, first = Patches(machine.models), next(iter(SAMPLES))
    return (
        lambda: store.known(NAME, LAYER),
        lambda: store.find(NAME, LAYER).values[0],
        lambda: machine.first_layer(first).max((1, 2)),
    )


@pytest.mark.parametrize("made", [kernels, a_step, a_run, strongest])
def test_what_is_kept_of_random_weights_is_made_again_of_the_trained_ones(machine: Machine, made: Callable):
    known, make, wanted = made(machine)
    before = make()
    assert known() is not None
    machine.weights_come()
    assert known() is None
    after = make()
    assert known() is not None
    assert not np.allclose(after, before)
    assert np.allclose(after, wanted(), atol=1e-4)


def test_a_picture_that_excites_a_random_channel_is_made_again(machine: Machine):
    store, wish = Excitements(machine.models), Wish(NAME, LAYER, 1, Recipe(steps=2, size=32))
    assert store.make(wish).kind == "random"
    machine.weights_come()
    assert store.latest(wish) is None
    assert store.make(wish).kind == "trained"
    found = store.latest(wish)
    assert found is not None
    assert found.kind == "trained"


def test_weights_that_come_during_a_climb_do_not_take_over_its_picture(machine: Machine):
    store, wish = Excitements(machine.models), Wish(NAME, LAYER, 1, Recipe(steps=2, size=32))

    def come(_doing: str, done: int, _total: int) -> None:
        if done:
            machine.weights_come()

    store.make(wish, come)
    assert store.latest(wish) is None


def test_a_question_about_trained_weights_is_another_one(machine: Machine):
    scene, chosen = Scene(NAME, "cat", sample_picture("cat"), 281), Choice()
    before = question(scene, chosen, "saliency")
    results().keep(before, "a map of random weights", 10)
    assert find(before) is not None
    machine.weights_come()
    after = question(scene, chosen, "saliency")
    assert find(after) is None
    assert stamp(before) != stamp(after)  # so what was pressed for was the other one


def test_the_file_is_named_once_it_is_there(machine: Machine):
    assert weights_here(NAME) == ""
    machine.weights_come()
    assert weights_here(NAME) == FILE
    assert weights_here("shapes_plain") == ""

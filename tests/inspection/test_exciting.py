"""Pictures that excite a channel: the way to the layer, the waves, the moves, the climb; against PyTorch."""

import copy
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from cnnlab import zoo
from cnnlab.inspection.exciting import Excitements, NotExcitable, Recipe, Wish, possible_sizes, usual_size
from cnnlab.inspection.exciting_climb import RATE, Adam
from cnnlab.inspection.exciting_network import SLOPE, MissingStep, Prefix
from cnnlab.inspection.weights import Models
from cnnlab.inspection.work import GivenUp
from cnnlab.tracing import trace_of
from tests.inspection.watched import hooked

pytestmark = pytest.mark.usefixtures("one_core")
SMALL = Recipe(steps=12, size=32)
STAR = Wish("shapes_plain", "block2.1.relu", 30, SMALL)


def chance(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def store() -> Excitements:
    return Excitements(Models())


@pytest.mark.parametrize(
    "name", ["squeezenet1_1", "resnet18", "densenet121", "shufflenet_v2_x1_0", "inception_v3"]
)
def test_a_network_cut_off_gives_what_its_modules_give(name: str):
    model = zoo.build(name).eval().requires_grad_(False)
    values = torch.randn(1, 3, 96, 96, generator=chance())
    trace = trace_of(name)
    calls = hooked(model, values)
    paths = [step.path for step in trace.steps]
    for number in range(0, len(trace.steps), len(trace.steps) // 5):
        path = paths[number]
        found = Prefix(model, number, values)(values)
        if len(calls.get(path, ())) == paths.count(path):
            wanted = calls[path][paths[:number].count(path)]
            assert torch.equal(found, wanted), trace.steps[number].name


def test_each_part_of_a_tensor_that_is_cut_is_a_step_of_its_own():
    class Parts(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            first, second = (x * 2).chunk(2, 1)
            return first - second

    values = torch.randn(1, 4, 3, 3, generator=chance())
    for number, wanted in ((1, 2 * values[:, :2]), (2, 2 * values[:, 2:])):
        assert torch.equal(Prefix(Parts(), number, values)(values), wanted)


def test_nothing_behind_the_layer_runs_and_the_network_stays_as_it_is():
    class Late(nn.Module):
        def forward(self, _x: Tensor) -> Tensor:
            raise AssertionError("not so far")

    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(inplace=True), Late()).requires_grad_(False)
    before = copy.deepcopy(model.state_dict())
    values = torch.randn(2, 3, 8, 8, generator=chance()).requires_grad_()
    found = Prefix(model, 1, values[:1].detach())(values)
    found.sum().backward()
    assert values.grad is not None
    assert all(torch.equal(one, before[key]) for key, one in model.state_dict().items())
    assert not any(module._forward_hooks or module._backward_hooks for module in model.modules())


def test_a_step_that_a_network_does_not_take_is_refused():
    with pytest.raises(MissingStep, match=r"takes 1 steps on an input of 3 × 8 × 8; step 5 was asked for"):
        Prefix(nn.ReLU(), 4, torch.zeros(1, 3, 8, 8))


@pytest.mark.parametrize("clipping", [nn.ReLU(), nn.ReLU(inplace=True), nn.ReLU6()])
def test_waking_changes_the_way_back_only(clipping: nn.Module):
    model = nn.Sequential(nn.Identity(), clipping)
    values = torch.tensor([[-3.0, 2.0]])
    prefix = Prefix(model, 1 if len(trace_names(model, values)) > 1 else 0, values)
    for waking, wanted in ((False, [0.0, 1.0]), (True, [SLOPE, 1.0])):
        leaf = values.clone().requires_grad_()
        found = prefix(leaf + 0, waking)
        assert found.tolist() == [[0.0, 2.0]]
        found.sum().backward()
        assert leaf.grad is not None
        assert leaf.grad[0].tolist() == pytest.approx(wanted)


def trace_names(model: nn.Module, values: Tensor) -> list[str]:
    from cnnlab.inspection.flow_recorder import watch

    seen: list[str] = []
    watch(model, values, lambda step, _output: seen.append(str(step)))
    return seen


def test_the_way_uphill_is_pytorchs_adam():
    ours, theirs = torch.zeros(5), torch.zeros(5, requires_grad=True)
    adam, oracle = Adam(ours), torch.optim.Adam([theirs], lr=RATE, maximize=True)
    for slope in torch.randn(30, 5, generator=chance()):
        adam.climb(slope)
        theirs.grad = slope.clone()
        oracle.step()
    assert torch.allclose(ours, theirs.detach(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("aim", ["channel", "unit"])
@pytest.mark.parametrize("waves", [True, False])
def test_the_value_rises_and_is_that_of_the_picture(store: Excitements, aim, waves: bool):
    wish = Wish("shapes_plain", "block1.1.relu", 7, Recipe(24, 48, aim=aim, waves=waves))
    found = store.make(wish)
    assert found.done
    assert found.steps == (1, 2, 4, 8, 16, 24)
    assert found.plain[-1] > 1.5 * found.plain[0] + 0.1
    assert found.under[-1] > found.under[0]
    assert (found.pixels.shape, found.pixels.dtype) == ((48, 48, 3), np.uint8)
    loaded = store._models.get("shapes_plain")
    values = torch.from_numpy(found.pixels / np.float32(255)).permute(2, 0, 1)[None]
    mean, deviation = (
        torch.tensor(one)[:, None, None] for one in (loaded.preparing.mean, loaded.preparing.deviation)
    )
    maps = hooked(loaded.model, (values - mean) / deviation)["block1.1.relu"][0][0, 7]
    wanted = maps.mean() if aim == "channel" else maps[12, 12]
    assert found.plain[-1] == pytest.approx(wanted.item(), rel=0.03)  # pixels are rounded to 1/255


def test_a_score_of_a_category_is_excited_and_named(store: Excitements):
    found = store.make(Wish("shapes_plain", "fc", 5, Recipe(16, 64)))
    assert found.category == store._models.get("shapes_plain").categories[5]
    assert found.plain[-1] > found.plain[0] + 1


def test_a_silent_unit_is_woken(store: Excitements, monkeypatch: pytest.MonkeyPatch):
    loaded = store._models.get("shapes_plain")
    model = copy.deepcopy(loaded.model)
    model.get_parameter("block1.0.bn.bias").data[7] = -2.0
    monkeypatch.setattr(store._models, "get", lambda _name: type(loaded)(model, "own", loaded.preparing))
    found = store.make(Wish("shapes_plain", "block1.0.relu", 7, Recipe(64, 32)))
    assert found.plain[0] == 0
    assert found.plain[-1] > 0


@pytest.mark.parametrize("channel", [7, 100])
def test_without_moves_more_of_the_value_is_lost_when_the_picture_moves(channel: int):
    store = Excitements(Models())
    kept = {}
    for with_moves in (True, False):
        recipe = Recipe(48, 64, moved=with_moves, waves=False)
        found = store.make(Wish("shapes_plain", "last.1.relu", channel, recipe))
        kept[with_moves] = found.under[-1] / found.plain[-1]
    assert kept[True] > 0.95  # a small net: a sixth is lost without moves, far more in large ones
    assert kept[False] < 0.87


def test_the_same_seed_gives_the_same_picture_whatever_else_draws():
    first, second = Excitements(Models()), Excitements(Models())
    one = first.make(STAR)
    second.make(Wish("shapes_plain", "conv1", 0, Recipe(1)))  # loads the network
    torch.manual_seed(99)
    state = torch.random.get_rng_state()
    other = second.make(STAR)
    assert np.array_equal(one.pixels, other.pixels)
    assert one.plain == other.plain
    assert torch.equal(state, torch.random.get_rng_state())
    third = second.make(Wish("shapes_plain", "block2.1.relu", 30, Recipe(steps=12, size=32, seed=1)))
    assert not np.array_equal(one.pixels, third.pixels)


def stopping_at(step: int) -> Callable[[str, int, int], None]:
    def progress(_doing: str, done: int, _total: int) -> None:
        if done == step:
            raise GivenUp("enough")

    return progress


def test_pictures_arrive_on_the_way_and_a_stop_keeps_the_last_one():
    store, seen = Excitements(Models()), []

    def progress(doing: str, done: int, total: int) -> None:
        found = store.latest(STAR)
        seen.append((doing, done, total, found.step if found else None))
        stopping_at(6)(doing, done, total)

    with pytest.raises(GivenUp, match="enough"):
        store.make(STAR, progress)
    assert seen[:3] == [
        ("Loading the network", 0, 12, None),
        ("Step 1 of 12", 1, 12, 1),
        ("Step 2 of 12", 2, 12, 2),
    ]
    kept = store.latest(STAR)
    assert kept is not None
    assert (kept.step, kept.done, kept.steps) == (6, False, (1, 2, 4, 6))


@pytest.mark.parametrize("waves", [True, False])
@pytest.mark.parametrize("stop", [3, 8])
def test_a_climb_that_was_stopped_goes_on_as_if_it_had_not_been(waves: bool, stop: int):
    wish = replace(STAR, recipe=replace(SMALL, waves=waves))
    stopped, whole = Excitements(Models()), Excitements(Models())
    with pytest.raises(GivenUp, match="enough"):
        stopped.make(wish, stopping_at(stop))
    steps: list[int] = []
    found = stopped.make(wish, lambda _doing, done, _total: steps.append(done))
    assert steps == [0, *range(stop + 1, 13)]
    wanted = whole.make(wish)
    assert np.array_equal(found.pixels, wanted.pixels)
    assert (found.plain[-1], found.under[-1]) == (wanted.plain[-1], wanted.under[-1])
    assert set(wanted.steps) | {stop} == set(found.steps)
    assert found.standing is None


def test_a_network_of_one_channel_gives_a_grey_picture():
    found = Excitements(Models()).make(Wish("digits_lenet", "c3", 2, Recipe(4)))
    assert found.pixels.shape == (32, 32, 3)
    assert (found.pixels[..., :1] == found.pixels).all()


def test_sizes_to_choose_from_reach_the_layer():
    assert usual_size("shapes_plain", "conv1") == 64
    assert usual_size("resnet18", "fc") == 128
    assert possible_sizes("digits_lenet", "output") == (32,)
    assert 32 not in possible_sizes("inception_v3", "fc")
    assert usual_size("inception_v3", "fc") == 128


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        (Wish("shapes_plain", "conv9", 0), "shapes_plain has no layer called conv9"),
        (Wish("shapes_plain", "conv1", 24), "conv1 has the channels 0 to 23, and none 24"),
        (Wish("shapes_plain", "conv1", 0, Recipe(steps=5000)), "5000 steps were asked for; take 32 to 512"),
        (
            Wish("digits_lenet", "output", 0, Recipe(size=64)),
            "A picture of 64 pixels a side does not reach output",
        ),
        (
            Wish("shapes_plain", "conv1", 0, Recipe(size=512)),
            r"At 512 × 512 pixels, one pass to conv1 .* At most 224",
        ),
        (
            Wish("vit_b_16", "encoder.layers.encoder_layer_0.ln_1", 0, Recipe(size=224)),
            "neither maps nor a vector",
        ),
    ],
)
def test_what_cannot_be_excited_says_why(store: Excitements, wish: Wish, sentence: str):
    with pytest.raises(NotExcitable, match=sentence):
        store.make(wish)

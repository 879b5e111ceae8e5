"""Stand-ins compute what their networks compute, and leave them as they were."""

from threading import Event, Thread

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from cnnlab import zoo
from cnnlab.inspection.attribution.graphs import Extractor, Traced, UnknownLayer, UntraceableNetwork, traced
from cnnlab.inspection.attribution.preparing import ACTIVATIONS, StandIn, stand_in
from cnnlab.inspection.attribution.quick import fused, quick
from tests.inspection.attribution.nets import SIDE, awkward, plain

pytestmark = pytest.mark.usefixtures("one_core")
# Functional ReLUs and pools, gates, shuffled channels, skips, reused modules, dropout.
NETWORKS = (
    "googlenet",
    "densenet121",
    "resnet18",
    "mobilenet_v2",
    "mobilenet_v3_small",
    "shufflenet_v2_x0_5",
    "squeezenet1_1",
    "efficientnet_b0",
    "googlenet_2014",
    "lenet5_1998",
    "preact_resnet164_cifar",
)


def varied(name: str) -> nn.Module:
    """Return a network whose normalisations do something."""
    torch.manual_seed(0)
    model = zoo.build(name)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d) and module.running_mean is not None:
            nn.init.uniform_(module.running_mean, -0.1, 0.1)
    return model.eval().requires_grad_(False)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_stand_in_and_a_fused_copy_give_what_the_network_gives(name: str):
    model = varied(name)
    channels, side, _ = zoo.input_shape(name)
    x = torch.randn(2, channels, *[min(side, 64)] * 2)
    before = model(x)
    assert torch.equal(StandIn(model)(x), before)
    torch.testing.assert_close(fused(model)(x), before, rtol=1e-4, atol=1e-5 * float(before.abs().max()))
    assert torch.equal(model(x), before)


def test_a_stand_in_has_its_own_activations_one_for_each_use_and_shares_the_weights():
    model = awkward()
    standing = StandIn(model)
    own = [one for one in standing.modules() if isinstance(one, (*ACTIVATIONS, nn.MaxPool2d))]
    assert len(own) == 5  # the block's ReLU is used twice
    assert not {id(one) for one in own} & {id(one) for one in model.modules()}
    assert not any(getattr(one, "inplace", False) for one in own)
    assert {one.data_ptr() for one in standing.parameters()} <= {one.data_ptr() for one in model.parameters()}
    assert not any(isinstance(one, nn.Dropout) for one in standing.modules())


class Functional(nn.Module):
    """Everything that a network may write as a function instead of a module."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)

    def forward(self, x: Tensor) -> Tensor:
        """Return 4 numbers."""
        x = functional.relu(self.conv(x), inplace=True)
        x = functional.max_pool2d(x, 3, 2, padding=1)
        x = functional.leaky_relu(x - 0.1, 0.2)
        y = functional.dropout(x.sigmoid(), 0.5, self.training)
        y += functional.avg_pool2d(x, 3, 1, 1)
        y = torch.tanh(y) * functional.silu(y)
        return functional.adaptive_avg_pool2d(y.relu(), 1).flatten(1)


def test_functions_become_modules():
    torch.manual_seed(0)
    model, x = Functional().eval(), torch.randn(2, 3, 12, 12)
    standing = StandIn(model)
    torch.testing.assert_close(standing(x), model(x), rtol=0, atol=0)
    kinds = [
        type(one).__name__ for one in standing.modules() if isinstance(one, (*ACTIVATIONS, nn.MaxPool2d))
    ]
    assert sorted(kinds) == ["Applied"] * 4 + ["MaxPool2d", "ReLU", "ReLU"]


def test_after_a_failure_the_next_gets_a_fresh_stand_in():
    model = plain()
    with stand_in(model) as first:
        pass
    with stand_in(model) as second:
        assert second is first
    with pytest.raises(RuntimeError, match="stopped"), stand_in(model):
        raise RuntimeError("stopped")
    with stand_in(model) as third:
        assert third is not first


def test_a_fused_copy_is_kept_until_the_weights_change_and_only_where_something_is_fused():
    model, x = awkward().requires_grad_(False), torch.randn(1, 3, SIDE, SIDE)
    first = quick(model)
    assert quick(model) is first
    model.get_parameter("0.weight").mul_(2)
    again = quick(model)
    assert again is not first
    torch.testing.assert_close(again(x), model(x), rtol=1e-4, atol=1e-5)
    without = plain()
    assert quick(without) is without


class Deciding(nn.Module):
    """A network whose steps depend on its numbers."""

    def forward(self, x: Tensor) -> Tensor:
        """Return what depends on the sign of the sum."""
        return x.flatten(1) if x.sum() > 0 else x.flatten(1) * 2


def test_what_cannot_be_traced_is_told_and_needs_no_tracing_to_be_quick():
    with pytest.raises(UntraceableNetwork, match="Deciding decides on the way, by numbers"):
        traced(Deciding())


def test_a_layer_that_there_is_not_is_told():
    with pytest.raises(UnknownLayer, match="no layer “block9”"):
        Extractor(plain(), "block9")


class Slow(nn.Module):
    """A network that waits in the middle of being traced."""

    def __init__(self, inside: Event, go_on: Event) -> None:
        super().__init__()
        self.conv, self.inside, self.go_on = nn.Conv2d(3, 4, 3), inside, go_on

    def forward(self, x: Tensor) -> Tensor:
        """Wait, then return the convolution."""
        self.inside.set()
        self.go_on.wait(20)
        return self.conv(x)


def test_while_one_thread_traces_a_network_others_run_theirs():
    inside, go_on = Event(), Event()
    other, x = awkward(), torch.randn(1, 3, SIDE, SIDE)
    wanted = other(x)
    tracing = Thread(target=lambda: Traced(Slow(inside, go_on)))
    tracing.start()
    assert inside.wait(20)
    try:
        assert torch.equal(other(x), wanted)
    finally:
        go_on.set()
        tracing.join()


def test_an_extractor_gives_what_a_layer_gives_though_the_next_one_overwrites_it():
    model, x = awkward(), torch.randn(2, 3, SIDE, SIDE)
    activation, outcome = Extractor(model, "0")(x)
    torch.testing.assert_close(activation, model[0](x))
    torch.testing.assert_close(outcome, model(x))

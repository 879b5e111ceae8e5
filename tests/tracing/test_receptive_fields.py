"""Is what a unit is said to see what really reaches it, in networks of every kind?

A NaN in one column of the picture reaches exactly the units that see the column. Where a weight of zero
would carry it on, as in interpolation, gradients are asked instead.
"""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from cnnlab import zoo
from cnnlab.tracing import ReceptiveField, Trace, record, recorded_names, replay, trace_of
from tests.tracing.real_networks import Shape
from tests.tracing.small_networks import (
    Branches,
    ChannelsLast,
    Gated,
    Resampled,
    Residual,
    Shifted,
    Shuffled,
    UShaped,
)

Seen = list[tuple[int, int] | None]
SIZE = (19, 16)
PLAIN = {
    "residual": Residual,
    "branches": Branches,
    "shuffled": Shuffled,
    "channels last": ChannelsLast,
    "shifted": Shifted,
    "two by two up": lambda: UShaped(2, 2),
    "three by three up": lambda: UShaped(3, 2),
    "thrice up": lambda: UShaped(5, 3),
    "adaptive": lambda: nn.Sequential(nn.Conv2d(2, 2, 3), nn.AdaptiveAvgPool2d((5, 6))),
    "average that rounds up": lambda: nn.Sequential(nn.AvgPool2d(3, 2, ceil_mode=True), nn.Conv2d(2, 2, 2)),
    "two blocks": lambda: nn.Sequential(Residual(), nn.Conv2d(4, 2, 1), Branches(), nn.Conv2d(8, 2, 3)),
}


def prepared(network: nn.Module) -> nn.Module:
    """Give every parameter the same small positive number, so that nothing cancels."""
    for parameter in network.parameters():
        nn.init.constant_(parameter, 0.1)
    return network.eval()


def spans(reached: Tensor) -> Seen:
    """From which input cells reach which unit (a table: cells × units) to the first and last for each."""
    columns = (torch.nonzero(column).flatten().tolist() for column in reached.T)
    return [(min(cells), max(cells)) if cells else None for cells in columns]


def by_nan(network: nn.Module, axis: int) -> Seen:
    reached = []
    for cell in range(SIZE[axis]):
        picture = torch.ones(1, 2, *SIZE)
        picture.select(2 + axis, cell).fill_(float("nan"))
        with torch.no_grad():
            output = network(picture)
        reached.append(torch.isnan(output).any(1).any(2 - axis)[0])
    return spans(torch.stack(reached))


def by_gradient(network: nn.Module, axis: int) -> Seen:
    picture = torch.ones(1, 2, *SIZE, requires_grad=True)
    output = network(picture)
    reached = []
    for unit in range(output.shape[2 + axis]):
        (gradient,) = torch.autograd.grad(output.select(2 + axis, unit).sum(), picture, retain_graph=True)
        reached.append(gradient.abs().sum((0, 1, 3 - axis)) > 0)
    return spans(torch.stack(reached).T)


def told(field: ReceptiveField, axis: int, units: int, cells: int) -> Seen:
    """What the field says that each unit sees, without the padding."""
    seen, one = field.seen[axis], field.axes[axis]
    found: Seen = []
    for unit in range(units):
        low, high = one.lo or 0, one.hi or 0
        shift = int(one.stride * unit) if seen.units is None else 0
        span = seen.units[unit] if seen.units is not None else (low + shift, high + shift)
        inside = span and (max(span[0], 0), min(span[1], cells - 1))
        found.append(inside if inside and inside[0] <= inside[1] else None)
    return found


def last_field(trace: Trace, shape: Shape) -> tuple[ReceptiveField, Shape]:
    step = replay(trace, shape).steps[-1]
    assert step.receptive_field is not None
    return step.receptive_field, step.output_shape


def check(network: nn.Module, probe: Callable[[nn.Module, int], Seen]) -> None:
    shape = (2, *SIZE)
    field, output = last_field(record(network, shape, "small"), shape)
    for axis in (0, 1):
        assert told(field, axis, output[1 + axis], SIZE[axis]) == probe(network, axis)


@pytest.mark.parametrize("kind", PLAIN)
def test_every_unit_sees_exactly_what_reaches_it(kind: str):
    check(prepared(PLAIN[kind]()), by_nan)


@pytest.mark.parametrize("mode", ["nearest", "bilinear", "bicubic"])
def test_every_unit_of_an_enlarged_map_sees_exactly_what_reaches_it(mode: str):
    torch.manual_seed(0)
    check(Resampled(mode).eval(), by_gradient)


def test_the_size_told_is_that_of_the_unit_that_sees_most():
    field, _ = last_field(record(UShaped(3, 2), (2, *SIZE), "small"), (2, *SIZE))
    sizes = [high - low + 1 for low, high in filter(None, field.seen[0].units or ())]
    assert field.size[0] == max(sizes) > min(sizes)
    assert not field.axes[0].uniform
    assert not field.aligned


def test_a_gate_has_seen_everything_and_the_local_path_is_what_it_is_without_the_gate():
    gated, _ = last_field(record(Gated(gate=True), (2, *SIZE), "gated"), (2, *SIZE))
    plain, _ = last_field(record(Gated(gate=False), (2, *SIZE), "plain"), (2, *SIZE))
    assert (gated.whole, gated.gated, gated.local) == (True, True, True)
    assert (plain.whole, plain.gated) == (False, False)
    assert gated.axes == plain.axes
    network = prepared(Gated(gate=True))
    assert set(by_nan(network, 0)) == {(0, SIZE[0] - 1)}


def reaches(network: nn.Module, width: int, columns: slice, unit: int) -> bool:
    """Whether NaNs in these columns of a picture change a unit."""
    picture = torch.ones(1, 3, 32, width)
    picture[..., columns] = float("nan")
    with torch.no_grad():
        return bool(torch.isnan(network(picture)[0, :, :, unit]).any())


def first_column(network: nn.Module, width: int, unit: int) -> int:
    """Find the first column that reaches a unit, by halving."""
    low, high = -1, width - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(network, width, slice(0, middle + 1), unit) else (middle, high)
    return high


def last_column(network: nn.Module, width: int, unit: int) -> int:
    """Find the last column that reaches a unit, by halving."""
    low, high = 0, width
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if reaches(network, width, slice(middle, width), unit) else (low, middle)
    return low


@pytest.mark.parametrize(("name", "width", "size"), [("resnet18", 640, 435), ("squeezenet1_1", 416, 207)])
def test_a_real_network_sees_what_a_nan_says(name: str, width: int, size: int):
    model = zoo.build(name)
    parts = list(model.children())[:-2] if name == "resnet18" else [model.get_submodule("features")]
    network = prepared(nn.Sequential(*parts))
    trace = record(network, (3, 32, width), name)
    field, output = last_field(trace, (3, 32, width))
    unit = output[2] // 2
    first, last = first_column(network, width, unit), last_column(network, width, unit)
    start = int(field.start[1] or 0) + unit * int(field.stride[1])
    assert (first, last, last - first + 1) == (start, start + field.size[1] - 1, size)


# Size, stride and padding to the left as Araujo, Norris and Sim publish them (Distill, 2019), or measured
# with the probe above; networks whose real form differs from the published one have their own numbers.
TABLE = {
    "alexnet": (195, 32, 66), "vgg16": (212, 32, 90), "vgg19": (268, 32, 118), "googlenet": (379, 32, 167),
    "inception_v3": (1311, 32, 618), "resnet18": (435, 32, 217), "resnet34": (899, 32, 449),
    "resnet50": (427, 32, 213), "resnet101": (971, 32, 485), "resnet152": (1451, 32, 725),
    "resnet50_v1": (483, 32, 241), "resnet101_v1": (1027, 32, 513), "resnet152_v1": (1507, 32, 753),
    "legacy_seresnet50": (483, 32, 239), "squeezenet1_0": (155, 16, 60), "squeezenet1_1": (207, 16, 88),
    "densenet121": (2071, 32, 1021), "densenet201": (3863, 32, 1917), "mobilenetv1_100": (315, 32, 157),
    "mobilenet_v2": (491, 32, 245), "mobilenet_v3_large": (595, 32, 297), "dpn92": (875, 32, 437),
    "shufflenet_v1_g3": (527, 32, 263), "shufflenet_v2_x1_0": (527, 32, 263),
    "efficientnet_b0": (851, 32, 425), "efficientnet_b7": (3079, 32, 1539),
    "legacy_xception": (1083, 32, 538), "resnext50_32x4d": (427, 32, 213), "nasnetalarge": (3303, 32, 1642),
}  # fmt: skip
DETECTORS = {"ssd300_vgg16", "ssdlite320_mobilenet_v3_large"}
NOT_ALIGNED = {"nasnetalarge", "nasnet_a_mobile", "unet", "lraspp_mobilenet_v3_large"} | DETECTORS


@pytest.mark.parametrize("name", TABLE)
def test_the_field_of_a_known_network(name: str):
    trace = trace_of(name)
    field = replay(trace, trace.input_shape).receptive_field
    assert field is not None
    size, stride, padding = TABLE[name]
    assert (field.size, field.stride, field.start) == ((size,) * 2, (stride,) * 2, (-padding,) * 2)


def test_branches_are_aligned_except_where_a_network_is_known_for_it():
    fields = {
        name: replay(trace_of(name), trace_of(name).input_shape).receptive_field for name in recorded_names()
    }
    assert {name for name, field in fields.items() if field is not None and not field.aligned} == NOT_ALIGNED


@pytest.mark.parametrize("name", ["inception_v4", "inception_resnet_v2"])
def test_distill_and_we_agree_on_the_networks_that_only_timm_has(name: str):
    size, padding = {"inception_v4": (2071, 998), "inception_resnet_v2": (3039, 1482)}[name]
    trace = trace_of(f"timm:{name}")
    field = replay(trace, trace.input_shape).receptive_field
    assert field is not None
    assert (field.size[0], field.stride[0], field.start[0]) == (size, 32, -padding)


def test_a_dense_layer_sees_the_whole_map_it_was_made_for():
    steps = {step.name: step for step in replay(trace_of("vgg16"), (3, 224, 224)).steps}
    field = steps["classifier.0"].receptive_field
    assert field is not None
    assert field.size == (404, 404)  # 212 + 6 · 32
    assert not field.local


def test_the_same_network_sees_equally_much_at_every_size():
    found = {replay(trace_of("resnet50"), (3, size, size)).receptive_field for size in (64, 224, 500)}
    assert {field.size for field in found if field} == {(427, 427)}


def test_attention_inside_windows_is_not_followed():
    assert replay(trace_of("torchvision:swin_t"), (3, 224, 224)).steps[-1].receptive_field is None

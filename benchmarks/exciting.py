"""How long a step takes towards a picture that excites a channel: ours beside the usual way.

The peer does what lucent does by default: the whole network at 224 pixels a side, with a hook on the layer,
on the same kind of picture (waves, colours, a sigmoid, small moves). Ours ends at the layer, at 128 pixels.
The later the layer, the less is saved.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from benchmarks.attribution import milliseconds
from benchmarks.effort import Effort
from benchmarks.rows import Figure, Row, Target
from benchmarks.servers import Servers
from cnnlab import zoo
from cnnlab.inspection.exciting import Recipe, Wish, checked
from cnnlab.inspection.flow_input import IMAGENET
from cnnlab.inspection.weights import Loaded

LAYERS = (
    ("resnet18", "layer1.1.relu_2"),
    ("squeezenet1_1", "features.6.cat"),
    ("mobilenet_v2", "features.6.add"),
)
MODULES = {"resnet18": "layer1", "squeezenet1_1": "features.6", "mobilenet_v2": "features.6"}
FULL_SIDE = 224
Work = Callable[[], Any]


def run(effort: Effort, _servers: Servers) -> list[Row]:
    """Measure each layer, both in turn, after three rounds that are not counted."""
    torch = import_module("torch")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return [row(name, layer, effort.networks * 20) for name, layer in LAYERS]
    finally:
        torch.set_num_threads(before)


def row(name: str, layer: str, rounds: int) -> Row:
    """Measure one layer."""
    model = zoo.build(name).eval().requires_grad_(False)
    ours, theirs = our_step(name, model, layer), usual_step(model, MODULES[name])
    taken = [(milliseconds(ours), milliseconds(theirs)) for _ in range(rounds + 3)][3:]
    return Row(
        f"exciting {name}, {layer}",
        Figure(tuple(one for one, _ in taken), "ms of processor"),
        f"whole network at {FULL_SIDE} px with a hook",
        Figure(tuple(one for _, one in taken), "ms of processor"),
        Target(0.25, of_ratio=True),
        ("one step with moves, forward, backward and Adam, on one core, random weights",),
    )


def our_step(name: str, model: Any, layer: str) -> Work:
    """Return a step of the app's own."""
    climb = import_module("cnnlab.inspection.exciting_climb")
    wish = Wish(name, layer, 3, Recipe(size=128))
    number, _ = checked(wish)
    return climb.Climber(wish, Loaded(model, "random", IMAGENET), number).go


def usual_step(model: Any, module: str) -> Work:
    """Return a step with a hook on a module of the whole network, and PyTorch's own Adam."""
    torch = import_module("torch")
    canvases = import_module("cnnlab.inspection.exciting_canvas")
    chance = torch.Generator().manual_seed(0)
    canvas = canvases.Canvas((3, FULL_SIDE, FULL_SIDE), True, chance)
    mean, deviation = (torch.tensor(one).view(-1, 1, 1) for one in (IMAGENET.mean, IMAGENET.deviation))
    adam, seen = torch.optim.Adam([canvas.numbers], lr=0.05), {}
    hooked = import_module("copy").deepcopy(model)
    hooked.get_submodule(module).register_forward_hook(lambda _module, _in, out: seen.update(output=out))

    def step() -> None:
        adam.zero_grad()
        hooked((canvases.moved(canvas.picture(), 1, chance) - mean) / deviation)
        (-seen["output"][:, 3].mean()).backward()
        adam.step()

    return step

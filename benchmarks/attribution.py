"""How long a map takes, beside the bare Captum call, pytorch-grad-cam, and Captum's own drawing.

Both sides make the same map of the same picture on the same network, with as many pictures at once; that they
agree is checked first. DeepLift's and LRP's peers get our stand-in: Captum stops on the network itself.
"""

import copy
import io
import time
import warnings
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from benchmarks.effort import Effort
from benchmarks.rows import Figure, Row, Target
from benchmarks.servers import Servers

# With the layer that Grad-CAM looks at: a module that is used once, since the peers' hooks need that.
NETWORKS = {"resnet18": "layer4", "mobilenet_v2": "features"}
SIDE = 224
Work = Callable[[], Any]
EQUAL, FASTER = Target(1.1, of_ratio=True), Target(1 / 1.3, of_ratio=True)


def run(effort: Effort, _servers: Servers) -> list[Row]:
    """Measure every method on every network, ours and the peer's in turn, on one core."""
    torch = import_module("torch")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            rows = [row for name in NETWORKS for row in methods(name, effort.maps)]
            return [*rows, drawing(effort.maps)]
    finally:
        torch.set_num_threads(before)


def methods(name: str, rounds: int) -> list[Row]:
    """Measure the methods on one network."""
    peers = Peers(name)
    rows = [peers.row(method, work, rounds) for method, work in peers.works().items()]
    return [*rows, peers.grad_cam(rounds)]


class Peers:
    """A network, a picture, and what others do with the two."""

    def __init__(self, name: str) -> None:
        torch, weights = import_module("torch"), import_module("cnnlab.inspection.weights")
        flow_input, samples = (import_module(f"cnnlab.inspection.{one}") for one in ("flow_input", "samples"))
        self.attr, self.name = import_module("captum.attr"), name
        self.running = import_module("cnnlab.inspection.attribution.running")
        self.loaded = weights.load(name)
        preparing = self.loaded.preparing
        pixels = flow_input.cut(samples.sample_picture("cat"), (3, SIDE, SIDE), preparing)
        self.x = torch.from_numpy(flow_input.numbers(pixels, preparing))
        self.black = torch.from_numpy(flow_input.numbers(np.zeros_like(pixels), preparing))
        with torch.no_grad():
            self.target = int(self.loaded.model(self.x).argmax())
        self.layer = NETWORKS[name]
        self.at_once = 4 if name == "resnet18" else 2  # as ours

    def ours(self, method: str) -> Any:
        """Make our map."""
        question = self.running.Question(self.name, "cat", method, self.target, (), self.layer)
        return self.running.attribute_tensor(self.loaded, self.x, question).values

    def works(self) -> dict[str, Work]:
        """Return the bare call of each method."""
        attr, model = self.attr, self.loaded.model
        layer = model.get_submodule(self.layer)
        few = {"target": self.target, "internal_batch_size": self.at_once, "n_steps": 20}
        squares = {"sliding_window_shapes": (3, 32, 32), "strides": (3, 32, 32), "baselines": self.black}
        occluding = {**squares, "target": self.target, "perturbations_per_eval": self.at_once}
        works: dict[str, Work] = {
            "saliency": lambda: attr.Saliency(model).attribute(self.fresh(), self.target),
            "input_x_gradient": lambda: attr.InputXGradient(model).attribute(self.fresh(), self.target),
            "integrated_gradients": lambda: attr.IntegratedGradients(model).attribute(
                self.fresh(), self.black, **few
            ),
            "smoothgrad": lambda: attr.NoiseTunnel(attr.Saliency(model)).attribute(
                self.fresh(),
                nt_samples=16,
                nt_samples_batch_size=self.at_once,
                stdevs=0.15,
                target=self.target,
            ),
            "occlusion": lambda: attr.Occlusion(model).attribute(self.x, **occluding),
            "grad_cam": lambda: attr.LayerGradCam(model, layer).attribute(
                self.fresh(), self.target, relu_attributions=True
            ),
            "deeplift": self.deeplift(),
        }
        return works

    def deeplift(self) -> Work:
        """Return Captum's DeepLift on a stand-in made beforehand."""
        standing = import_module("cnnlab.inspection.attribution.preparing").StandIn(
            copy.deepcopy(self.loaded.model)
        )
        return lambda: self.attr.DeepLift(standing).attribute(self.fresh(), self.black, self.target)

    def fresh(self) -> Any:
        """Return the picture with its gradient wanted."""
        return self.x.clone().requires_grad_()

    def row(self, method: str, peer: Work, rounds: int) -> Row:
        """Measure one method beside the bare call."""
        if method not in ("smoothgrad", "grad_cam", "deeplift"):  # other noise; enlarged; other rules
            agree(self.ours(method), peer())
        ours, theirs = in_turn(lambda: self.ours(method), peer, rounds)
        target = FASTER if method == "occlusion" else EQUAL
        return Row(f"{self.name}: {method}", ours, "Captum", theirs, target)

    def grad_cam(self, rounds: int) -> Row:
        """Measure Grad-CAM beside pytorch-grad-cam."""
        package = import_module("pytorch_grad_cam")
        aim = import_module("pytorch_grad_cam.utils.model_targets").ClassifierOutputTarget(self.target)
        private = copy.deepcopy(self.loaded.model).requires_grad_(True)  # it puts hooks on the network

        def peer() -> Any:
            with package.GradCAM(private, [private.get_submodule(self.layer)]) as cam:
                return cam(self.x, [aim])

        ours, theirs = self.ours("grad_cam")[0], peer()[0]
        if np.corrcoef(ours.ravel(), theirs.ravel())[0, 1] < 0.98:  # it enlarges and scales in another way
            raise RuntimeError("our Grad-CAM is not that of pytorch-grad-cam")
        ours, theirs = in_turn(lambda: self.ours("grad_cam"), peer, rounds)
        return Row(f"{self.name}: grad_cam", ours, "pytorch-grad-cam", theirs, Target(1 / 3, of_ratio=True))


def drawing(rounds: int) -> Row:
    """Measure the drawing of a map as a PNG file."""
    ours, captums = (
        import_module("cnnlab.inspection.attribution.drawing"),
        import_module("captum.attr._utils.visualization"),
    )
    values = np.random.default_rng(0).normal(size=(3, SIDE, SIDE)).astype(np.float32)

    def peer() -> bytes:
        file = io.BytesIO()
        figure, _ = captums.visualize_image_attr(
            values.transpose(1, 2, 0), method="heat_map", sign="all", use_pyplot=False
        )
        figure.savefig(file, format="png")
        return file.getvalue()

    ours_figure, theirs = in_turn(lambda: ours.heat_png(values, ours.scale_of([values])), peer, rounds)
    name = "a heat map drawn to a PNG"
    return Row(name, ours_figure, "visualize_image_attr", theirs, Target(0.1, of_ratio=True))


def agree(ours: np.ndarray, peer: Any) -> None:
    """Refuse to measure what is not the same map."""
    wanted = peer.detach()[0].numpy()[: len(ours)]
    difference = float(np.abs(ours - wanted).max() / np.abs(wanted).max())
    if difference > 0.01:
        raise RuntimeError(f"the maps differ by {difference:.1%} of the largest value")


def in_turn(ours: Work, peer: Work, rounds: int) -> tuple[Figure, Figure]:
    """Measure two in turn, after one round that is not counted."""
    taken = [(milliseconds(ours), milliseconds(peer)) for _ in range(rounds + 1)][1:]
    first, second = zip(*taken, strict=True)
    return Figure(first, "ms of processor"), Figure(second, "ms of processor")


def milliseconds(work: Work) -> float:
    """Return how long a piece of work keeps the processor busy: others on the machine count less."""
    began = time.process_time_ns()
    work()
    return (time.process_time_ns() - began) / 1e6

"""Where a lesson can send a learner on the pages Look inside and Why?: network, picture, layer, method.

Options have readable names; `settings` writes them as the pages' own addresses do. It does not know what the
pages show.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from cnnlab.course.lab_options import LabOptions, NetworkName, shaped

MOST_METHODS = 8
METHODS = (
    "saliency", "input_x_gradient", "integrated_gradients", "smoothgrad", "deeplift", "guided_backprop",
    "deconvolution", "lrp", "grad_cam", "guided_grad_cam", "conductance", "occlusion", "ablation", "shapley",
    "lime",
)  # fmt: skip
_ADDRESS = {"network": "model", "layer": "layer", "channel": "ch", "picture": "pic", "lens": "lens"}


def _methods(text: str) -> str:
    """Return methods as the page's address has them, with points between; `text` has commas."""
    names = [name.strip() for name in text.split(",")]
    unknown = [name for name in names if name not in METHODS]
    if unknown or len(names) > MOST_METHODS:
        said = f"`{unknown[0][:40]}` is no method" if unknown else f"{len(names)} methods are too many"
        raise ValueError(f"{said}; name at most {MOST_METHODS} of {', '.join(METHODS)}, with commas between")
    return ".".join(names)


class PlaceOptions(LabOptions):
    """Which network is looked at, where, and with which picture."""

    network: NetworkName | None = None
    layer: Annotated[str, shaped(r"[\w.]+", "layer1.0.conv1")] | None = None
    """The name of a step, such as layer1.0.conv1."""
    picture: Annotated[str, shaped(r"[a-z0-9-]+", "cat or shape-star", 40)] | None = None

    def settings(self) -> dict[str, str]:
        """Return the parameters of the page's address that say the same."""
        said = {name: value for name, value in self.model_dump().items() if value is not None}
        return {_ADDRESS[name]: str(value) for name, value in said.items() if name in _ADDRESS}


class LookInside(PlaceOptions):
    """What the page Look inside can be told."""

    lens: Literal["predict", "filters", "maps", "exciting"] | None = None
    """Which lens is open."""
    channel: Annotated[int, Field(ge=0, le=100_000)] | None = None
    """Counted from 0."""


class Why(PlaceOptions):
    """What the page Why? can be told."""

    methods: Annotated[str, AfterValidator(_methods)] | None = None
    """Methods of attribution, with commas between."""

    def settings(self) -> dict[str, str]:
        """Return the parameters of the page's address that say the same."""
        return super().settings() | ({"by": self.methods} if self.methods else {})

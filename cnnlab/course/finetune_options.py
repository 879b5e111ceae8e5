"""Where a lesson can send a learner on the page Fine-tune: pictures, a network, what of it learns, and how.

Options have readable names; `settings` writes them as the page's own address does. It does not know how a
network is trained.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from cnnlab.course.lab_options import LabOptions, NetworkName, shaped

TRANSFORMS = (
    "flip", "elastic", "lens", "stretch", "shear", "rotate", "scale", "translate", "crop", "brightness",
    "contrast", "colour", "pca", "cutout", "mixup",
)  # fmt: skip
PRESETS = ("light", "strong")
_ADDRESS = {
    "section": "section",
    "pictures": "data",
    "network": "model",
    "regime": "regime",
    "of_each_class": "n",
    "epochs": "epochs",
    "learning_rate": "lr",
    "slower": "slower",
    "schedule": "schedule",
    "weight_decay": "decay",
    "dropout": "dropout",
    "early_stopping": "patience",
    "augmentation": "policy",
    "seed": "seed",
}


def _policy(text: str) -> str:
    """Return what is done to the pictures, as the page's address has it: a preset, or name:strength pairs."""
    if text in PRESETS:
        return text
    names = [part.partition(":")[0].strip() for part in text.split(",")]
    if unknown := [name for name in names if name not in TRANSFORMS]:
        raise ValueError(
            f"`{unknown[0][:40]}` is no transform; write {' or '.join(PRESETS)}, or such as flip:0.5, with "
            f"commas between: {', '.join(TRANSFORMS)}"
        )
    return text.replace(" ", "")


class Finetune(LabOptions):
    """What the page Fine-tune can be told; a recipe that is named begins with the usual values."""

    section: Literal["data", "recipe", "compare"] | None = None
    """Which section is open."""
    pictures: Annotated[str, shaped(r"[a-z0-9-]+", "shapes-new", 40)] | None = None
    """The name of a data set."""
    network: NetworkName | None = None
    regime: Literal["scratch", "frozen", "partial", "full", "probe-then-full"] | None = None
    of_each_class: Annotated[int, Field(ge=0, le=5000)] | None = None
    epochs: Annotated[int, Field(ge=1, le=500)] | None = None
    learning_rate: Annotated[float, Field(ge=1e-6, le=10)] | None = None
    slower: Annotated[float, Field(ge=0.05, le=1)] | None = None
    """Each block's rate is that of the next one times this."""
    schedule: Literal["one-cycle", "cosine", "steps", "constant"] | None = None
    weight_decay: Annotated[float, Field(ge=0, le=1)] | None = None
    dropout: Annotated[float, Field(ge=0, le=0.9)] | None = None
    early_stopping: Annotated[int, Field(ge=0, le=100)] | None = None
    """After how many epochs without a better validation loss it stops."""
    augmentation: Annotated[str, AfterValidator(_policy)] | None = None
    seed: Annotated[int, Field(ge=0, le=999_999)] | None = None

    def settings(self) -> dict[str, str]:
        """Return the parameters of the page's address that say the same."""
        said = {name: value for name, value in self.model_dump().items() if value is not None}
        return {_ADDRESS[name]: _text(value) for name, value in said.items()}


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)

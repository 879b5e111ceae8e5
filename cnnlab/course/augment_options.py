"""What a lesson can tell the augmentation lab: a picture, a policy, the transform that is looked at.

It has the names and limits of the transforms again, since lessons are checked without what trains networks; a
test compares the two. It does not know what a transform does.
"""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from cnnlab.course.lab_options import LabOptions, shaped

# transform → its largest strength
STRENGTHS = {
    "flip": 1.0, "elastic": 0.15, "lens": 0.3, "stretch": 1.0, "shear": 45, "rotate": 180, "scale": 1.0,
    "translate": 0.5, "crop": 0.95, "brightness": 1.0, "contrast": 1.0, "colour": 0.5, "pca": 5,
    "cutout": 0.75, "mixup": 1.0,
}  # fmt: skip
_PAIR = re.compile(r"([a-z]+):(\d{0,3}\.?\d{1,4})")
Transform = Literal[
    "flip", "elastic", "lens", "stretch", "shear", "rotate", "scale", "translate", "crop",
    "brightness", "contrast", "colour", "pca", "cutout", "mixup",
]  # fmt: skip


def _policy(text: str) -> str:
    """Return a policy as the lab's address has it, such as `flip:0.5,rotate:15`."""
    parts = [part.strip() for part in text.split(",")]
    if text == "none":
        return text
    for part in parts:
        found = _PAIR.fullmatch(part)
        if not found or found[1] not in STRENGTHS:
            raise ValueError(
                f"`{part[:40]}` is no transform with its strength, such as rotate:15; "
                f"there are {', '.join(STRENGTHS)}, or none alone"
            )
        if float(found[2]) > STRENGTHS[found[1]]:
            raise ValueError(f"`{part}` is too strong: {found[1]} goes to {STRENGTHS[found[1]]:g}")
    return ",".join(parts)


class AugmentLab(LabOptions):
    """What the augmentation lab can be told."""

    picture: Annotated[str, shaped(r"[a-z0-9-]+", "cat or shape-star", 40)] | None = None
    policy: Annotated[str, AfterValidator(_policy)] | None = None
    """Transforms with their strengths, or none."""
    transform: Transform | None = None
    """The transform that is shown on its own."""
    alone: bool = False
    """Whether only that transform is there."""
    draw: Annotated[int, Field(ge=1, le=99_999)] | None = None
    """Which random numbers the eight pictures are drawn with."""

    def settings(self) -> dict[str, str]:
        """Return the parameters of the lab's address that say the same."""
        said = {"pic": self.picture, "policy": self.policy, "at": self.transform, "draw": self.draw}
        return {name: str(value) for name, value in said.items() if value is not None} | (
            {"show": "one"} if self.alone else {}
        )


# What a question may ask of the lab: the strength of each transform, and the picture's name.
AUGMENT_STATE: dict[str, int | str | bool] = {
    "picture": "cat",
    "transform": "rotate",
    **dict.fromkeys(STRENGTHS, 0),
}

"""Which transforms of pictures there are: what each does, teaches and may break, and how strong it may be.

The strength of a transform is how far it may go; for each picture a place up to there is drawn. It knows
words and ranges only; `augmentation` computes.
"""

from dataclasses import dataclass

from cnnlab.inspection.attribution.method import Setting, UnsuitableSetting


@dataclass(frozen=True, slots=True, kw_only=True)
class Transform:
    """A transform, told to a learner.

    Attributes:
        name: What policies call it.
        title: What learners read.
        explanation: What it does, and what its strength is.
        teaches: What a network that sees such pictures learns.
        breaks: When a picture's class is no longer true.
        unit: Behind the strength: "°", "" or "share" (of 1, shown in percent).
        most: The largest strength; the least is 0, which does nothing.
        default: A usual strength.
        step: How finely it is set.
        geometric: Whether it moves what is seen, rather than changing its colours.
    """

    name: str
    title: str
    explanation: str
    teaches: str
    breaks: str
    unit: str = "share"
    most: float = 1.0
    default: float = 0.1
    step: float = 0.05
    geometric: bool = True
    least: float = 0.0

    def checked(self, strength: float) -> float:
        """Return a strength that is allowed; raises `UnsuitableSetting`."""
        setting = Setting(
            self.name, self.title, self.explanation, self.default, self.least, self.most, self.step
        )
        try:
            return float(setting.checked(strength))
        except TypeError:
            raise UnsuitableSetting(
                f"{self.title} goes from 0 to {self.most:g}; {strength} was given."
            ) from None

    def shown(self, strength: float) -> str:
        """Return a strength as learners read it.

        >>> TRANSFORMS["rotate"].shown(15), TRANSFORMS["flip"].shown(0.5), TRANSFORMS["pca"].shown(0.1)
        ('15°', '50 %', '0.1')
        """
        return f"{100 * strength:.3g} %" if self.unit == "share" else f"{strength:.3g}{self.unit}"


_GEOMETRIC = (
    Transform(
        name="flip",
        title="Flip",
        explanation="Swaps left and right, as a mirror does. The strength is the chance: at 50 %, every "
        "second picture.",
        teaches="That it does not matter to which side something looks.",
        breaks="Letters, digits and traffic signs mean something else in a mirror, or nothing.",
        default=0.5,
    ),
    Transform(
        name="elastic",
        title="Elastic warp",
        explanation="Pulls and pushes places a little, neighbours alike, as on a sheet of rubber. The "
        "strength is how far, measured in sides of the picture.",
        teaches="That soft things and handwriting have no fixed form.",
        breaks="Too strong, it bends straight lines and closes gaps: a 5 can become a 6.",
        most=0.15,
        default=0.04,
        step=0.01,
    ),
    Transform(
        name="lens",
        title="Lens distortion",
        explanation="Bulges the middle out or in, as cheap lenses do. The strength is by how much of its "
        "distance from the middle a corner moves.",
        teaches="That straight lines look bent through some cameras.",
        breaks="Rarely; where straight lines are the class, as for crystals or fonts.",
        most=0.3,
        default=0.15,
        step=0.01,
    ),
    Transform(
        name="stretch",
        title="Stretch",
        explanation="Makes the picture wider and lower, or narrower and higher; its area stays. At 20 %, the "
        "ratio of width to height changes by up to a factor of 1.2.",
        teaches="That proportions vary: thin and thick handwriting, things seen at a slant.",
        breaks="Where the proportion is the class: a circle and an ellipse, a square and a rectangle.",
        default=0.2,
    ),
    Transform(
        name="shear",
        title="Shear",
        explanation="Pushes the top to one side and the bottom to the other, as slanted handwriting. The "
        "strength is the largest slant.",
        teaches="That things lean, and that cameras do not stand straight.",
        breaks="Where upright and slanted are two classes, as for fonts.",
        unit="°",
        most=45,
        default=10,
        step=1,
    ),
    Transform(
        name="rotate",
        title="Rotate",
        explanation="Turns the picture about its middle, to either side. The strength is the largest turn.",
        teaches="That things are seen tilted; at 180°, as from above, that there is no up and down.",
        breaks="Turned by half a circle, a 6 is a 9; arrows and letters change long before.",
        unit="°",
        most=180,
        default=15,
        step=1,
    ),
    Transform(
        name="scale",
        title="Scale",
        explanation="Makes everything larger or smaller about the middle. At 20 %, by up to a factor of 1.2.",
        teaches="That the same thing is near or far.",
        breaks="Enlarged too much, the object leaves the picture; where size is the class, as for coins.",
        default=0.2,
    ),
    Transform(
        name="translate",
        title="Move",
        explanation="Moves the picture sideways, up or down; what comes from outside is black. The strength "
        "is the largest move, measured in sides of the picture.",
        teaches="That it does not matter where something is. Convolutions know much of that already.",
        breaks="Where the object is moved out of the picture.",
        most=0.5,
        default=0.1,
        step=0.01,
    ),
    Transform(
        name="crop",
        title="Crop",
        explanation="Cuts out a square part and enlarges it to the size of the picture. The strength is the "
        "largest share of the area that is cut away.",
        teaches="That a part is enough to know the whole, at any place and size.",
        breaks="Where the crop loses the object: then the label names what is not to be seen.",
        most=0.95,
        default=0.3,
    ),
)
_COLOURS = (
    Transform(
        name="brightness",
        title="Brightness",
        explanation="Multiplies all values by one number. At 20 %, by 0.8 to 1.2.",
        teaches="That things are the same in the evening and at noon.",
        breaks="Where so much becomes black or white that nothing is left to see.",
        default=0.2,
        geometric=False,
    ),
    Transform(
        name="contrast",
        title="Contrast",
        explanation="Draws all values towards the picture's mean grey, or away from it. At 20 %, differences "
        "are multiplied by 0.8 to 1.2.",
        teaches="That things are the same in fog and in hard light.",
        breaks="At 100 %, a picture can become one even grey.",
        default=0.2,
        geometric=False,
    ),
    Transform(
        name="colour",
        title="Colour shift",
        explanation="Adds a number to all red values, another to all green ones, a third to all blue ones. "
        "The strength is the largest number; values go from 0 to 1.",
        teaches="That lamps and cameras tint what they see.",
        breaks="Where the colour is the class: ripe and unripe, a red light and a green one.",
        most=0.5,
        default=0.1,
        step=0.01,
        geometric=False,
    ),
    Transform(
        name="pca",
        title="PCA colour",
        explanation="Adds to each pixel the three main axes of the colours of the set, each times its "
        "variance times a normal number. The strength is that number's standard deviation; AlexNet had 0.1.",
        teaches="That light changes in strength and colour, along the ways in which the colours of the "
        "set vary.",
        breaks="Hardly: it is mild by design. From about 3 on, as every shift of colours.",
        unit="",
        most=5,
        default=0.1,
        step=0.05,
        geometric=False,
    ),
    Transform(
        name="cutout",
        title="Cut-out",
        explanation="Covers a grey square at any place; it may reach over the edge. The strength is its "
        "side, measured in sides of the picture.",
        teaches="To look at the whole object: any one part of it may be hidden.",
        breaks="Where it covers the object, or the one stroke that tells two classes apart.",
        most=0.75,
        default=0.3,
        geometric=False,
    ),
    Transform(
        name="mixup",
        title="Mixup",
        explanation="Lays another picture of the batch over this one, and mixes their labels in the same "
        "proportion. The strength is α of the Beta distribution that draws the proportion: small α gives "
        "nearly unmixed pictures, 1 all proportions alike.",
        teaches="To change its mind evenly between two pictures, and to be less sure.",
        breaks="Nothing: the label is mixed, too. That only the picture is mixed would be the mistake.",
        unit="",
        default=0.2,
        geometric=False,
    ),
)
TRANSFORMS: dict[str, Transform] = {one.name: one for one in (*_GEOMETRIC, *_COLOURS)}

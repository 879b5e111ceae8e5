"""Which directives a lesson has, and which options each of them takes.

It does not read text: the options come as texts, and pydantic types them.
"""

from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from cnnlab.course.questions import KernelGoal, Kind, Partial, Tolerance
from cnnlab.course.typed import Options

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".svg")
FILMS = (".mp4", ".webm")
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,60}$")]


def inside_path(*endings: str) -> AfterValidator:
    """Return a check that a text is a path below the lesson's folder with one of these endings."""

    def check(text: str) -> str:
        path = PurePosixPath(text)
        if (
            not text
            or "\\" in text
            or ":" in text
            or path.is_absolute()
            or ".." in path.parts
            or "\0" in text
        ):
            raise ValueError(f"`{text[:60]}` is not a file in the lesson's folder, such as img/kernel.png")
        if path.suffix.lower() not in endings:
            raise ValueError(f"`{text[:60]}` must end in {' or '.join(endings)}")
        return text

    return AfterValidator(check)


def read_tolerance(text: str) -> Tolerance:
    """Read `0.01`, `1%` or `0.01 or 1%`; a ValueError says what else was written.

    >>> read_tolerance("0.5 or 2%")
    Tolerance(absolute=0.5, relative=0.02)
    """
    absolute = relative = 0.0
    for part in text.split(" or "):
        try:
            number = float(part.strip().removesuffix("%"))
        except ValueError:
            number = -1.0
        if not 0 < number < 1e15 or (part.strip().endswith("%") and number > 50):
            raise ValueError(f"`{text[:40]}` is not a tolerance, such as 0.01 or 1%")
        if part.strip().endswith("%"):
            relative = number / 100
        else:
            absolute = number
    return Tolerance(absolute, relative)


class NoteOptions(Options):
    """What a box takes."""

    open: bool | None = None
    """True for a fold that starts open, false for one that starts closed."""


class FigureOptions(Options):
    """What a picture takes."""

    alt: str = Field(min_length=1, max_length=250)
    """What the picture shows, in words, for those who do not see it."""
    caption: str = Field(default="", max_length=500)
    width: Annotated[int, Field(ge=50, le=2000)] | None = None
    """Its width in pixels."""
    dark: Annotated[str, inside_path(*PICTURES)] = ""
    """The file to show in the dark theme."""


class WidgetPlace(Options):
    """What every widget takes besides the lab's own options."""

    id: Identifier = ""
    """A short name, so that a question can speak of it."""
    height: Annotated[int, Field(ge=200, le=2000)] | None = None
    """Its height in pixels."""


class StepOptions(Options):
    """What a step takes."""

    minutes: Annotated[int, Field(ge=1, le=120)] = 1
    """How long it takes, a whole number of minutes."""


class NoOptions(Options):
    """What a directive without options takes."""


class VideoOptions(Options):
    """What a film takes."""

    captions: Annotated[str, inside_path(".vtt")]
    """A .vtt file with what is said."""
    transcript: Annotated[str, inside_path(".md", ".txt")] = ""
    """A .md or .txt file with what is said and seen."""


class QuestionOptions(Options):
    """What every question takes."""

    id: Identifier
    """A short name in small letters, digits and hyphens; answers are kept under it."""
    hint: str = Field(default="", max_length=600)
    hint2: str = Field(default="", max_length=600)
    hint3: str = Field(default="", max_length=600)
    attempts: int = Field(default=0, ge=0, le=20)
    """How many attempts a learner has; 0 is without end."""
    params: str = Field(default="", max_length=400)
    where: str = Field(default="", max_length=200)
    points: float = Field(default=1.0, ge=0, le=100)
    skill: str = Field(default="", max_length=60)
    mastery: int = Field(default=2, ge=1, le=5)
    """How many right answers in a row it takes."""
    review: bool = True
    feedback: str = Field(default="", max_length=600)


class SingleOptions(QuestionOptions):
    """What a question with one right choice takes."""

    shuffle: bool = True


class MultipleOptions(QuestionOptions):
    """What a question with several right choices takes."""

    shuffle: bool = True
    partial: Literal[Partial.OFF, Partial.EACH, Partial.NET] = Partial.OFF


class NumericOptions(QuestionOptions):
    """What a question for a number takes."""

    tolerance: str = Field(default="", max_length=40)
    unit: str = Field(default="", max_length=30)
    bias: str = Field(default="", max_length=200)
    """An expression for how many biases the answer counts."""


class TableOptions(QuestionOptions):
    """What a table to fill in takes."""

    tolerance: str = Field(default="", max_length=40)
    partial: Literal[Partial.OFF, Partial.EACH] = Partial.EACH


class OrderOptions(QuestionOptions):
    """What a question for an order takes."""

    partial: Literal[Partial.OFF, Partial.LCS] = Partial.OFF


class PredictOptions(QuestionOptions):
    """What a prediction takes."""

    shuffle: bool = False


class KernelOptions(QuestionOptions):
    """What a question for a kernel takes."""

    goal: KernelGoal = KernelGoal.SAME
    sign: Literal["fixed", "either"] = "fixed"
    """`either` where the kernel times minus one is right, too."""


class ReachOptions(QuestionOptions):
    """What a question for a state of a lab takes."""

    check: str = Field(min_length=1, max_length=200)
    """A condition on the lab, such as out_h == 14 and stride == 2."""
    widget: Identifier = ""
    """The id of the lab; without it, the lab that stands above."""


OPTIONS_OF: dict[Kind, type[QuestionOptions]] = {
    Kind.SINGLE: SingleOptions,
    Kind.MULTIPLE: MultipleOptions,
    Kind.NUMERIC: NumericOptions,
    Kind.SHAPE: QuestionOptions,
    Kind.TABLE: TableOptions,
    Kind.ORDER: OrderOptions,
    Kind.PREDICT: PredictOptions,
    Kind.TEXT: QuestionOptions,
    Kind.KERNEL: KernelOptions,
    Kind.REACH: ReachOptions,
}

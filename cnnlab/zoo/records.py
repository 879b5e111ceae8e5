"""What is known of a network, as data: who wrote it, when, what it is built by, what was published.

It holds no fact itself and loads no library; the facts are in `cnnlab.zoo.table`.
"""

from dataclasses import dataclass, field

# The input of a network: channels, height, width.
Shape = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Paper:
    """The paper that introduced a network: `link` is its arXiv page or its DOI."""

    year: int
    authors: str
    title: str
    link: str
    venue: str


@dataclass(frozen=True, slots=True)
class Published:
    """A number as a paper prints it, with its unit.

    Attributes:
        text: The number in the paper's own unit, for example `3.8 × 10⁹ multiply-adds`.
        value: The same as a plain number.
        source: Where it is printed.
        recalled: True where nobody has looked it up in the source; it is shown as such.
    """

    text: str
    value: float
    source: str
    recalled: bool = False


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The top-1 accuracy on ImageNet, in per cent, that a library publishes for one set of weights."""

    top1_percent: float
    resolution: int
    weights: str
    library: str


@dataclass(frozen=True, slots=True)
class Said:
    """One side of a disagreement: who says what.

    `measure` names what of the real model the text must agree with: `parameters of NAME` or `macs of NAME`.
    """

    who: str
    what: str
    measure: str = ""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Where the paper, the course notes and the real model differ: all values, and why."""

    about: str
    sides: tuple[Said, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Builder:
    """What builds a network: a library's constructor or a class of `cnnlab.zoo.networks`, with its options.

    Attributes:
        library: `cnnlab`, `torchvision` or `timm`.
        constructor: The name that the library has for it; for our own `module.Class`.
        options: What is set differently from the constructor's own defaults.
        part: The adapter for models that are more than a plain network (a detector's convolutional part).
    """

    library: str
    constructor: str
    options: tuple[tuple[str, object], ...] = ()
    part: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one network; what is unknown is None or empty, and is shown as –."""

    name: str
    title: str
    family: str
    builder: Builder
    input_shape: Shape
    paper: Paper | None = None
    ilsvrc: str = ""
    parameters: Published | None = None
    macs: Published | None = None
    accuracies: tuple[Accuracy, ...] = ()
    introduced: str = ""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    remark: str = ""

    @property
    def year(self) -> int | None:
        """Return the year of the paper."""
        return self.paper.year if self.paper else None


@dataclass(frozen=True, slots=True)
class Family:
    """One row of the history: its idea in one line, and its networks, the first one being the example."""

    name: str
    title: str
    idea: str
    networks: tuple[Facts, ...] = field(default=())

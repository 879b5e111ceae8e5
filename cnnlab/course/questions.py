"""What a question is once its lesson has been read: one frozen dataclass for each kind.

It does not read Markdown, draw numbers or grade. Arithmetic answers are kept as the text of an
expression, because their value depends on the numbers that a learner is given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The argument of the question directive."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    NUMERIC = "numeric"
    SHAPE = "shape"
    TABLE = "table"
    ORDER = "order"
    PREDICT = "predict"
    TEXT = "text"
    KERNEL = "kernel"
    REACH = "reach"


class Partial(StrEnum):
    """What an answer that is partly right earns: nothing, or a part counted in one of three ways."""

    OFF = "off"
    EACH = "each"
    NET = "net"
    LCS = "lcs"


class KernelGoal(StrEnum):
    """What a learner's kernel shall do: respond as the author's kernel does, or a deed by name."""

    SAME = "same"
    VERTICAL_EDGES = "vertical-edges"
    HORIZONTAL_EDGES = "horizontal-edges"
    BLUR = "blur"
    SHARPEN = "sharpen"
    IDENTITY = "identity"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A name whose value is drawn for each learner, and the values that it can have."""

    name: str
    values: Sequence[int | float]


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a number may be off: `absolute` in the answer's unit, `relative` as a fraction of it."""

    absolute: float = 0.0
    relative: float = 0.0


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to tick; `id` is stored with attempts, `feedback` is Markdown, `line` is in the file."""

    id: str
    text: str
    right: bool
    feedback: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class WrongAnswer:
    """An expected wrong answer, an expression or a text, and the Markdown that explains it."""

    answer: str
    feedback: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to put in order."""

    id: str
    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Blank:
    """A cell to fill in: a number or a shape; `label` names its row and its column in words."""

    id: str
    answer: str
    label: str
    tolerance: Tolerance | None = None
    line: int = 0


Cell = str | Blank


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What all kinds share; `stem`, `hints`, `feedback` and `solution` are Markdown.

    `attempts` 0 is without end. `feedback` is said to a wrong answer that nothing else explains;
    `solution` is the worked answer. `mastery` is how many right answers in a row it takes.
    """

    id: str
    stem: str
    line: int = 0
    hints: tuple[str, ...] = ()
    attempts: int = 0
    params: tuple[Parameter, ...] = ()
    where: str = ""
    points: float = 1.0
    skill: str = ""
    mastery: int = 2
    review: bool = True
    partial: Partial = Partial.OFF
    feedback: str = ""
    solution: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleQuestion(Question):
    """One choice is right."""

    choices: tuple[Choice, ...]
    shuffle: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipleQuestion(Question):
    """Every choice is to be decided; any number of them is right."""

    choices: tuple[Choice, ...]
    shuffle: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NumericQuestion(Question):
    """A number; exact if it is whole and has no tolerance. `bias` counts the biases in the answer."""

    answer: str
    tolerance: Tolerance | None = None
    wrong: tuple[WrongAnswer, ...] = ()
    unit: str = ""
    bias: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeQuestion(Question):
    """The sizes of a tensor without its batch, such as `(64, n // 2, n // 2)`."""

    answer: str
    wrong: tuple[WrongAnswer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TableQuestion(Question):
    """A table with cells to fill in; each row is as long as the header."""

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def blanks(self) -> tuple[Blank, ...]:
        """Return the cells to fill in, row by row."""
        return tuple(cell for row in self.rows for cell in row if isinstance(cell, Blank))


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderQuestion(Question):
    """Things to put in order; `items` stand in the right one."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictQuestion(Question):
    """A prediction, kept as it was given and never scored; `right` marks what then happens."""

    choices: tuple[Choice, ...]
    shuffle: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TextQuestion(Question):
    """Words: compared with `accepted` if there are any, else the learner compares with `solution`."""

    accepted: tuple[str, ...] = ()
    wrong: tuple[WrongAnswer, ...] = ()
    checklist: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelQuestion(Question):
    """A kernel, graded by what it does; `answer` is a tuple of rows, an example where a goal is named.

    `either_sign` also accepts the kernel times −1; `wrong` holds kernels as expressions.
    """

    answer: str
    goal: KernelGoal = KernelGoal.SAME
    either_sign: bool = False
    wrong: tuple[WrongAnswer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachQuestion(Question):
    """A state of the widget `widget` (its id): `check` and the answers in `wrong` are conditions on it."""

    check: str
    widget: str = ""
    wrong: tuple[WrongAnswer, ...] = ()


AnyQuestion = (
    SingleQuestion
    | MultipleQuestion
    | NumericQuestion
    | ShapeQuestion
    | TableQuestion
    | OrderQuestion
    | PredictQuestion
    | TextQuestion
    | KernelQuestion
    | ReachQuestion
)
KIND_OF: dict[type[Question], Kind] = {
    SingleQuestion: Kind.SINGLE,
    MultipleQuestion: Kind.MULTIPLE,
    NumericQuestion: Kind.NUMERIC,
    ShapeQuestion: Kind.SHAPE,
    TableQuestion: Kind.TABLE,
    OrderQuestion: Kind.ORDER,
    PredictQuestion: Kind.PREDICT,
    TextQuestion: Kind.TEXT,
    KernelQuestion: Kind.KERNEL,
    ReachQuestion: Kind.REACH,
}

"""How each kind of question is answered: the fields it needs, and the answer in the form that is graded.

No right answer is handed to the page: fields know texts and ids only. It does not grade.
"""

from dataclasses import dataclass
from functools import singledispatch
from typing import Any, Literal

import streamlit as st

from cnnlab.course.filling import fill, value_of
from cnnlab.course.grading import CERTAINTIES, tolerance_in_words
from cnnlab.course.grading.kernel import as_rows
from cnnlab.course.parameters import Draw, shuffled
from cnnlab.course.questions import (
    Blank,
    Choice,
    KernelQuestion,
    MultipleQuestion,
    NumericQuestion,
    OrderQuestion,
    PredictQuestion,
    Question,
    ReachQuestion,
    ShapeQuestion,
    SingleQuestion,
    TableQuestion,
    TextQuestion,
)
from cnnlab.ui.lessons.widgets import state_of

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question stands: the key of its fields, whose numbers it shows, what was answered before."""

    key: str
    draw: Draw
    values: dict[str, Any]
    before: Any = None
    locked: bool = False

    @property
    def visibility(self) -> Literal["visible", "collapsed"]:
        """Return whether a group of choices shows its label: once locked it would be too pale to read."""
        return "collapsed" if self.locked else "visible"

    def name(self, part: str) -> str:
        """Return the key of one field; new numbers get new fields."""
        return f"{self.key}.{self.draw.variant}.{part}"


@singledispatch
def ask(question: Question, place: Place) -> Any:  # noqa: ARG001 - each kind has its own below
    """Draw the fields of a question and return what they hold, in the form that `grade` takes."""
    raise TypeError(f"no fields for a {type(question).__name__}; add them to cnnlab/ui/lessons/inputs.py")


def _in_order(choices: tuple[Choice, ...], shuffle: bool, place: Place) -> list[Choice]:
    return shuffled(choices, place.draw) if shuffle else list(choices)


def _labels(choices: list[Choice], place: Place) -> dict[str, str]:
    """Return a label for each choice; formulas have no name for screen readers, so those get letters."""
    texts = {one.id: fill(one.text, place.values) for one in choices}
    if not any("$" in text or "![" in text for text in texts.values()):
        return texts
    letters = dict(zip(texts, LETTERS, strict=False))
    for choice, text in texts.items():
        st.markdown(f"**{letters[choice]}**  {text}")
    return letters


@ask.register
def _(question: SingleQuestion, place: Place) -> str | None:
    choices = _in_order(question.choices, question.shuffle, place)
    labels = _labels(choices, place)
    ids = list(labels)
    return st.radio(
        "Your answer",
        ids,
        index=ids.index(place.before) if place.before in ids else None,
        format_func=labels.__getitem__,
        key=place.name("choice"),
        disabled=place.locked,
        label_visibility=place.visibility,
    )


@ask.register
def _(question: MultipleQuestion, place: Place) -> list[str]:
    labels = _labels(_in_order(question.choices, question.shuffle, place), place)
    st.markdown("Tick all that are right.")
    before = place.before or []
    ticked = {
        one: st.checkbox(text, value=one in before, key=place.name(one), disabled=place.locked)
        for one, text in labels.items()
    }
    return [one for one, yes in ticked.items() if yes]


@ask.register
def _(question: NumericQuestion, place: Place) -> str:
    label = f"Your answer in {question.unit}" if question.unit else "Your answer"
    said = tolerance_in_words(question.tolerance)
    return _text(label, place, placeholder="a number", help=said or None)


@ask.register(ShapeQuestion)
def _(question: ShapeQuestion, place: Place) -> str:  # noqa: ARG001 - the kind is all that matters
    return _text("Your answer: the shape, channels first", place, placeholder="such as 64 × 28 × 28")


def _text(label: str, place: Place, **more: Any) -> str:
    before = place.before if isinstance(place.before, str) else ""
    return st.text_input(label, value=before, key=place.name("text"), disabled=place.locked, **more)


@ask.register
def _(question: TableQuestion, place: Place) -> dict[str, str]:
    before = place.before if isinstance(place.before, dict) else {}
    _row([f"**{fill(title, place.values)}**" for title in question.header])
    answer: dict[str, str] = {}
    for row in question.rows:
        for column, cell in zip(st.columns(len(row)), row, strict=True):
            with column:
                if isinstance(cell, Blank):
                    typed = st.text_input(
                        fill(cell.label, place.values),
                        value=before.get(cell.id, ""),
                        key=place.name(cell.id),
                        disabled=place.locked,
                    )
                    answer[cell.id] = typed or ""
                else:
                    st.markdown(fill(cell, place.values))
    return answer


def _row(texts: list[str]) -> None:
    for column, text in zip(st.columns(len(texts)), texts, strict=True):
        column.markdown(text)


@ask.register
def _(question: OrderQuestion, place: Place) -> list[str]:
    items = {one.id: fill(one.text, place.values) for one in shuffled(question.items, place.draw)}
    before = (
        place.before if isinstance(place.before, list) and set(place.before) == set(items) else list(items)
    )
    answer = []
    for number in range(len(items)):
        chosen = st.selectbox(
            f"Place {number + 1}",
            list(items),
            index=list(items).index(before[number]),
            format_func=items.__getitem__,
            key=place.name(f"place{number}"),
            disabled=place.locked,
        )
        answer.append(chosen)
    return answer


@ask.register
def _(question: PredictQuestion, place: Place) -> dict[str, str | None]:
    labels = _labels(_in_order(question.choices, question.shuffle, place), place)
    before = place.before if isinstance(place.before, dict) else {}
    ids = list(labels)
    choice = st.radio(
        "Your prediction",
        ids,
        index=ids.index(before["choice"]) if before.get("choice") in ids else None,
        format_func=labels.__getitem__,
        key=place.name("choice"),
        disabled=place.locked,
        label_visibility=place.visibility,
    )
    sure = st.radio(
        "How sure are you?",
        CERTAINTIES,
        index=CERTAINTIES.index(before["sure"]) if before.get("sure") in CERTAINTIES else None,
        horizontal=True,
        key=place.name("sure"),
        disabled=place.locked,
        label_visibility=place.visibility,
    )
    return {"choice": choice, "sure": sure}


@ask.register
def _(question: TextQuestion, place: Place) -> str:
    if question.accepted:
        return _text("Your answer", place)
    before = place.before if isinstance(place.before, str) else ""
    return st.text_area("Your answer", value=before, key=place.name("text"), disabled=place.locked)


@ask.register
def _(question: KernelQuestion, place: Place) -> list[list[str]]:
    example = as_rows(value_of(question.answer, place.values))
    before = place.before if isinstance(place.before, list) else []
    rows = []
    for y, row in enumerate(example):
        cells = []
        for x, column in enumerate(st.columns([1] * len(row) + [max(1, 8 - len(row))])[: len(row)]):
            value = str(before[y][x]) if y < len(before) and x < len(before[y]) else "0"
            label = f"Weight in row {y + 1}, column {x + 1}"
            with column:
                cells.append(
                    st.text_input(
                        label,
                        value=value,
                        key=place.name(f"{y}x{x}"),
                        label_visibility="collapsed",
                        disabled=place.locked,
                    )
                )
        rows.append(cells)
    return rows


@ask.register
def _(question: ReachQuestion, place: Place) -> dict[str, Any] | None:
    lesson_key = place.key.rsplit(".", 1)[0]
    st.markdown("Set the lab above, then check.")
    return state_of(f"{lesson_key}.{question.widget}")

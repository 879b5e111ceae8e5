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
from cnnlab.language import translate, translate_marked
from cnnlab.ui.languages import readable
from cnnlab.ui.lessons.in_words import in_words, with_signs
from cnnlab.ui.lessons.widgets import state_of

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
WEIGHT_PX = 72


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
        """Return the key of one part; new numbers get new ones."""
        return f"{self.key}.{self.draw.variant}.{part}"

    def field(self, part: str) -> str:
        """Return the key of a field; a locked one is another, with the answer that was graded.

        Streamlit 1.67 shows the answer before in a text field of a form that is locked by its own answer.
        """
        return self.name(f"{part}.locked" if self.locked else part)


@singledispatch
def ask(question: Question, place: Place) -> Any:  # noqa: ARG001 - each kind has its own below
    """Draw the fields of a question and return what they hold, in the form that `grade` takes."""
    raise TypeError(f"no fields for a {type(question).__name__}; add them to cnnlab/ui/lessons/inputs.py")


def _in_order(choices: tuple[Choice, ...], shuffle: bool, place: Place) -> list[Choice]:
    return shuffled(choices, place.draw) if shuffle else list(choices)


def _labels(choices: list[Choice], place: Place) -> dict[str, str]:
    """Return a label for each choice: formulas as signs, since a drawn one has no name for screen readers.

    Where one is too long for signs, the choices stand above, and their labels are letters.
    """
    texts = {one.id: fill(one.text, place.values) for one in choices}
    labels = {choice: signs for choice, text in texts.items() if (signs := with_signs(text)) is not None}
    if len(labels) == len(texts):
        return {choice: readable(label) for choice, label in labels.items()}
    letters = dict(zip(texts, LETTERS, strict=False))
    for choice, text in texts.items():
        st.markdown(f"**{letters[choice]}**  {readable(text)}")
    return letters


@ask.register
def _(question: SingleQuestion, place: Place) -> str | None:
    choices = _in_order(question.choices, question.shuffle, place)
    labels = _labels(choices, place)
    ids = list(labels)
    return st.radio(
        translate("Your answer"),
        ids,
        index=ids.index(place.before) if place.before in ids else None,
        format_func=labels.__getitem__,
        key=place.field("choice"),
        disabled=place.locked,
        label_visibility=place.visibility,
    )


@ask.register
def _(question: MultipleQuestion, place: Place) -> list[str]:
    labels = _labels(_in_order(question.choices, question.shuffle, place), place)
    st.markdown(translate("Tick all that are right."))
    before = place.before or []
    ticked = {
        one: st.checkbox(text, value=one in before, key=place.field(one), disabled=place.locked)
        for one, text in labels.items()
    }
    return [one for one, yes in ticked.items() if yes]


@ask.register
def _(question: NumericQuestion, place: Place) -> str:
    label = translate("Your answer")
    if question.unit:
        label = translate("Your answer in {unit}").format(unit=in_words(question.unit))
    said = tolerance_in_words(question.tolerance)
    return _text(label, place, placeholder=translate("a number"), help=said or None)


@ask.register(ShapeQuestion)
def _(question: ShapeQuestion, place: Place) -> str:  # noqa: ARG001 - the kind is all that matters
    label = translate("Your answer: the shape, channels first")
    return _text(label, place, placeholder=translate("such as 64 × 28 × 28"))


def _text(label: str, place: Place, **more: Any) -> str:
    before = place.before if isinstance(place.before, str) else ""
    return st.text_input(label, value=before, key=place.field("text"), disabled=place.locked, **more)


@ask.register
def _(question: TableQuestion, place: Place) -> dict[str, str]:
    before = place.before if isinstance(place.before, dict) else {}
    answer: dict[str, str] = {}
    with st.container(key=f"table-to-fill.{place.name('table')}"):  # lessons.css keeps its rows in one line
        titles = tuple(f"**{title}**" for title in question.header)
        for row in (titles, *question.rows):
            for column, cell in zip(st.columns(len(row)), row, strict=True):
                with column:
                    if isinstance(cell, Blank):
                        answer[cell.id] = _cell(cell, before.get(cell.id, ""), place)
                    else:
                        st.markdown(readable(fill(cell, place.values)))
    return answer


def _cell(blank: Blank, before: str, place: Place) -> str:
    typed = st.text_input(
        in_words(fill(blank.label, place.values)),
        value=before,
        key=place.field(blank.id),
        label_visibility="collapsed",
        disabled=place.locked,
    )
    return typed or ""


@ask.register
def _(question: OrderQuestion, place: Place) -> list[str]:
    texts = {one.id: fill(one.text, place.values) for one in shuffled(question.items, place.draw)}
    items = {one: readable(in_words(text)) for one, text in texts.items()}
    before = place.before if isinstance(place.before, list) and set(place.before) == set(items) else []
    chosen = [
        st.selectbox(
            translate("Place {number}").format(number=number + 1),
            list(items),
            index=list(items).index(before[number]) if before else None,
            format_func=items.__getitem__,
            key=place.field(f"place{number}"),
            placeholder=translate("Choose"),
            disabled=place.locked,
        )
        for number in range(len(items))
    ]
    return [one for one in chosen if one]


@ask.register
def _(question: PredictQuestion, place: Place) -> dict[str, str]:
    labels = _labels(_in_order(question.choices, question.shuffle, place), place)
    before = place.before if isinstance(place.before, dict) else {}
    ids = list(labels)
    choice = st.radio(
        translate("Your prediction"),
        ids,
        index=ids.index(before["choice"]) if before.get("choice") in ids else None,
        format_func=labels.__getitem__,
        key=place.field("choice"),
        disabled=place.locked,
        label_visibility=place.visibility,
    )
    sure = st.radio(
        translate("How sure are you?"),
        CERTAINTIES,
        index=CERTAINTIES.index(before["sure"]) if before.get("sure") in CERTAINTIES else None,
        format_func=translate_marked,
        horizontal=True,
        key=place.field("sure"),
        disabled=place.locked,
        label_visibility=place.visibility,
    )
    return {"choice": choice or "", "sure": sure or ""}


@ask.register
def _(question: TextQuestion, place: Place) -> str:
    if question.accepted:
        return _text(translate("Your answer"), place)
    before = place.before if isinstance(place.before, str) else ""
    return st.text_area(
        translate("Your answer"), value=before, key=place.field("text"), disabled=place.locked
    )


@ask.register
def _(question: KernelQuestion, place: Place) -> list[list[str]]:
    example = as_rows(value_of(question.answer, place.values))
    widths = [len(row) for row in example]
    fits = isinstance(place.before, list) and [len(row) for row in place.before] == widths
    before = place.before if fits else [["0"] * width for width in widths]
    with st.container(key=f"kernel-to-fill.{place.name('kernel')}", gap="xsmall"):
        return [_weights(y, row, place) for y, row in enumerate(before)]


def _weights(y: int, before: list[Any], place: Place) -> list[str]:
    label = translate("Weight in row {row}, column {column}")
    with st.container(horizontal=True, gap="xsmall"):  # lessons.css keeps it in one line
        typed = [
            st.text_input(
                label.format(row=y + 1, column=x + 1),
                value=str(value),
                key=place.field(f"{y}x{x}"),
                label_visibility="collapsed",
                disabled=place.locked,
                width=WEIGHT_PX,
            )
            for x, value in enumerate(before)
        ]
    return [one or "" for one in typed]


@ask.register
def _(question: ReachQuestion, place: Place) -> dict[str, Any] | None:
    lesson_key = place.key.rsplit(".", 1)[0]
    st.markdown(translate("Set the lab above, then check."))
    return state_of(f"{lesson_key}.{question.widget}")

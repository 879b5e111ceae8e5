"""One question on the page: its text, its fields, hints, the verdict, and new numbers.

Grading happens here on the server; what a learner may not know yet is not drawn. It does not know the kinds:
`inputs` has their fields, `cnnlab.course.grading` their rules; `asked` tells what is asked now.
"""

from dataclasses import replace
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAPIException

from cnnlab.course.grading import Outcome, grade
from cnnlab.course.lesson import QuestionBlock
from cnnlab.course.progress import EventKind
from cnnlab.course.questions import AnyQuestion, PredictQuestion, ShapeQuestion
from cnnlab.errors import CnnLabError
from cnnlab.language import translate, writes_decimal_comma
from cnnlab.ui.languages import readable
from cnnlab.ui.lessons.asked import Asked, asked_now, variant_key
from cnnlab.ui.lessons.context import LessonContext, attempt_of
from cnnlab.ui.lessons.in_words import as_typed
from cnnlab.ui.lessons.inputs import Place, ask
from cnnlab.ui.lessons.places import question_box
from cnnlab.ui.lessons.verdicts import draw_change, draw_verdict
from cnnlab.ui.problems import apologise


@st.fragment
def draw_question(context: LessonContext, block: QuestionBlock, number: int) -> None:
    """Draw a question of the lesson; `number` is what learners call it. One that cannot be asked says why."""
    draw_question_here(context, block, number)


def draw_question_here(context: LessonContext, block: QuestionBlock, number: int) -> None:
    """Draw a question as a part of what is around it, so that this is drawn anew with every answer."""
    try:
        _draw_question(context, block, number)
    except CnnLabError as problem:
        apologise(problem)


def _draw_question(context: LessonContext, block: QuestionBlock, number: int) -> None:
    question = block.question
    with st.container(border=True, key=question_box(context, question)):
        asked = asked_now(context, question)
        place = asked.place
        st.markdown(_heading(context, question, asked, number))
        draw_change(asked)
        context.show(question.stem, place.values)
        with st.form(place.name("form"), border=False):  # Enter in a field checks; typing alone sends nothing
            answer = ask(question, place)
            if isinstance(question, ShapeQuestion) and writes_decimal_comma(context.language):
                st.markdown(translate("In a shape a comma stands between two sizes: 3,5 is 3 × 5."))
            is_prediction = isinstance(question, PredictQuestion)
            label = translate("Lock in my prediction") if is_prediction else translate("Check")
            checked = st.form_submit_button(label, key=place.name("check"), disabled=place.locked)
        if checked:
            _check(context, question, asked, answer)
        _buttons(context, question, asked)
        draw_verdict(context, question, asked)
        if block.reveal and asked.attempts:
            from cnnlab.ui.lessons.blocks import draw_blocks

            st.markdown(f"**{readable(block.reveal.title)}**")
            draw_blocks(context, block.reveal.blocks)
        if context.author:
            context.author.below(block, place.values)


def _heading(context: LessonContext, question: AnyQuestion, asked: Asked, number: int) -> str:
    """Return a question's number, and whether it is mastered or due."""
    name = translate("Question {number}").format(number=number)
    if asked.is_due:
        why = (
            translate("Due for review: with new numbers") if question.params else translate("Due for review")
        )
        return f"**{name}** · :material/history: {why}"
    state = ""
    is_wrong = bool(asked.attempts) and asked.attempts[-1].outcome == Outcome.WRONG
    if not is_wrong and asked.changed is None:
        done = translate("Done") if context.status(question).is_done else ""
        state = translate("Mastered") if asked.standing.is_mastered else done
    return f"**{name}** · :material/check: {state}" if state else f"**{name}**"


def _again() -> None:
    """Draw the question anew; in a run of the whole page (as the first one is) the whole page."""
    try:
        st.rerun(scope="fragment")
    except StreamlitAPIException:
        st.rerun()


def _buttons(context: LessonContext, question: AnyQuestion, asked: Asked) -> None:
    place = asked.place
    with st.container(horizontal=True):
        hints = st.session_state.setdefault(place.name("hints"), 0)
        offered = min(len(question.hints), sum(one.outcome == Outcome.WRONG for one in asked.attempts))
        if hints < offered and not place.locked and st.button(translate("Hint"), key=place.name("hint")):
            st.session_state[place.name("hints")] = hints + 1
            context.note(EventKind.HINT, question.id, hint=hints + 1)
            _again()
        if question.params and place.locked and st.button(translate("New numbers"), key=place.name("new")):
            _deal(context, question, place)
    for hint in question.hints[: st.session_state[place.name("hints")]]:
        context.show(translate("*Hint.* {hint}").format(hint=hint), place.values)


def _deal(context: LessonContext, question: AnyQuestion, place: Place) -> None:
    """Give new numbers; the log remembers them before they are answered."""
    variant = st.session_state[variant_key(context, question)] = place.draw.variant + 1
    context.note(EventKind.NEW_NUMBERS, question.id, variant=variant)
    _again()


def _check(context: LessonContext, question: AnyQuestion, asked: Asked, answer: Any) -> None:
    """Grade and keep an answer; the one that is there already, as after a double click, counts once."""
    place = asked.place
    if place.locked:
        return
    verdict = grade(question, answer, context.setting(place.values))
    said = "" if verdict.is_attempt else as_typed(verdict.message, answer)
    st.session_state[place.name("unreadable")] = said
    before = context.status(question)
    if verdict.is_attempt:
        known = asked.attempts[-1] if asked.attempts and asked.attempts[-1].answer == answer else None
        hints = st.session_state.get(place.name("hints"), 0)
        fresh = attempt_of(context, question, place.draw, (answer, verdict, place.values))
        attempt = known or replace(fresh, hints=hints)
        st.session_state[place.name("saved")] = context.keep(question, attempt)
    if context.status(question) != before:
        st.rerun()  # the menu and the reminders say it, too
    _again()

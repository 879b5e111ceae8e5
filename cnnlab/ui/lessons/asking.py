"""One question on the page: its text, its fields, hints, the verdict, and new numbers.

Grading happens here on the server; what a learner may not know yet is not drawn. It does not know the kinds:
`inputs` has their fields, `cnnlab.course.grading` their rules.
"""

from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAPIException

from cnnlab.course.grading import Grade, Outcome, Setting, answer_key, grade
from cnnlab.course.lesson import QuestionBlock
from cnnlab.course.mastery import needed_in_a_row, standing
from cnnlab.course.parameters import draw
from cnnlab.course.progress import Attempt, EventKind
from cnnlab.course.questions import PredictQuestion, Question
from cnnlab.errors import CnnLabError
from cnnlab.ui.lessons.context import LessonContext, attempt_of
from cnnlab.ui.lessons.inputs import Place, ask
from cnnlab.ui.problems import apologise

NOT_SAVED = (
    "This answer could not be saved. Check it again in a moment; if it stays so, tell your instructor."
)


@st.fragment
def draw_question(context: LessonContext, block: QuestionBlock, number: int) -> None:
    """Draw a question of the lesson; `number` is what learners call it. One that cannot be asked says why."""
    try:
        _draw_question(context, block, number)
    except CnnLabError as problem:
        apologise(problem)


def _draw_question(context: LessonContext, block: QuestionBlock, number: int) -> None:
    question = block.question
    key = f"{context.key}.{question.id}"
    history = context.attempts(question)
    variant = st.session_state.setdefault(f"{key}.variant", history[-1].variant if history else 0)
    now = [attempt for attempt in history if attempt.variant == variant]
    numbers = context.draw(question, variant)
    values = draw(question, numbers)
    before = now[-1].answer if now else None
    place = Place(key, numbers, values, before, _is_over(question, now))
    with st.container(border=True, key=key.replace(".", "-")):
        st.markdown(f"**Question {number}**")
        context.show(question.stem, values)
        with st.form(place.name("form"), border=False):  # Enter in a field checks; typing alone sends nothing
            answer = ask(question, place)
            label = "Lock in my prediction" if isinstance(question, PredictQuestion) else "Check"
            checked = st.form_submit_button(label, key=place.name("check"), disabled=place.locked)
        if checked:
            _check(context, question, place, (answer, now))
        _buttons(context, question, place, now)
        _verdict(context, question, place, now)
        if block.reveal and now:
            from cnnlab.ui.lessons.blocks import draw_blocks

            st.markdown(f"**{block.reveal.title}**")
            draw_blocks(context, block.reveal.blocks)
        if context.author:
            context.author.below(question, values)


def _again() -> None:
    """Draw the question anew; in a run of the whole page (as the first one is) the whole page."""
    try:
        st.rerun(scope="fragment")
    except StreamlitAPIException:
        st.rerun()


def _is_over(question: Question, now: list[Attempt]) -> bool:
    if isinstance(question, PredictQuestion):
        return bool(now)
    solved = any(attempt.outcome == Outcome.RIGHT for attempt in now)
    return solved or bool(question.attempts and len(now) >= question.attempts)


def _buttons(context: LessonContext, question: Question, place: Place, now: list[Attempt]) -> None:
    with st.container(horizontal=True):
        hints = st.session_state.setdefault(place.name("hints"), 0)
        offered = min(len(question.hints), sum(one.outcome == Outcome.WRONG for one in now))
        if hints < offered and not place.locked and st.button("Hint", key=place.name("hint")):
            st.session_state[place.name("hints")] = hints + 1
            context.note(EventKind.HINT, question)
            _again()
        if question.params and place.locked and st.button("New numbers", key=place.name("new")):
            st.session_state[f"{place.key}.variant"] = place.draw.variant + 1
            context.note(EventKind.NEW_NUMBERS, question)
            _again()
    for hint in question.hints[: st.session_state[place.name("hints")]]:
        context.show(f"*Hint.* {hint}", place.values)


def _check(
    context: LessonContext, question: Question, place: Place, given: tuple[Any, list[Attempt]]
) -> None:
    """Grade and keep an answer; the one that is there already, as after a double click, counts once."""
    answer, now = given
    if place.locked:
        return
    verdict = grade(question, answer, Setting(place.values))
    st.session_state[place.name("unreadable")] = "" if verdict.is_attempt else verdict.message
    if verdict.is_attempt:
        known = now[-1] if now and now[-1].answer == answer else None
        attempt = known or attempt_of(context, question, place.draw, (answer, verdict, place.values))
        st.session_state[place.name("saved")] = context.keep(question, attempt)
    _again()


def _verdict(context: LessonContext, question: Question, place: Place, now: list[Attempt]) -> None:
    """Say what became of the last answer: sign and words, never colour alone."""
    unreadable = st.session_state.get(place.name("unreadable"))
    if unreadable:
        st.warning(f"{unreadable} This did not count as an attempt.", icon=":material/edit:")
        return
    if not now:
        return
    verdict = grade(question, now[-1].answer, Setting(place.values))
    _say(verdict)
    context.show(verdict.feedback)
    if verdict.diagnosis:
        st.markdown(verdict.diagnosis.sentence)
    if place.locked and not isinstance(question, PredictQuestion):
        _worked_answer(context, question, place, verdict)
    saved = st.session_state.get(place.name("saved"), True)
    st.markdown(_standing(context, question) if saved else NOT_SAVED)


def _say(verdict: Grade) -> None:
    if verdict.outcome is Outcome.RIGHT:
        st.success(verdict.message, icon=":material/check:")
    elif verdict.outcome is Outcome.WRONG:
        st.error(verdict.message, icon=":material/close:")
    else:
        st.info(verdict.message, icon=":material/bookmark:")


def _worked_answer(context: LessonContext, question: Question, place: Place, verdict: Grade) -> None:
    if verdict.outcome is not Outcome.RIGHT:
        st.markdown(f"**The answer:** {answer_key(question, place.values)}")
    context.show(question.solution, place.values)


def _standing(context: LessonContext, question: Question) -> str:
    tries = [attempt.as_try for attempt in context.attempts(question)]
    found = standing(tries, needed_in_a_row(question), question.review)
    saved = f"Saved {context.attempts(question)[-1].at.astimezone():%H:%M}."
    if found.is_mastered:
        return f"{saved} Mastered."
    if found.is_spinning:
        return f"{saved} That was many tries: read the worked answer in peace, and come back to it later."
    if question.params and found.is_solved:
        return f"{saved} {found.in_a_row} of {needed_in_a_row(question)} in a row on new numbers."
    return saved

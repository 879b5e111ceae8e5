"""What a learner is told about their answer: the verdict, why, the worked answer, and what it adds up to.

Sign and words, never colour alone. It does not draw fields and keeps nothing.
"""

import streamlit as st

from cnnlab.course.filling import fill
from cnnlab.course.grading import Grade, Outcome, answer_key, grade
from cnnlab.course.mastery import needed_in_a_row
from cnnlab.course.progress import Attempt
from cnnlab.course.questions import AnyQuestion, PredictQuestion, TableQuestion, TextQuestion
from cnnlab.language import translate
from cnnlab.ui.languages import readable
from cnnlab.ui.lessons.asked import Asked
from cnnlab.ui.lessons.context import LessonContext
from cnnlab.ui.lessons.in_words import in_words


def draw_verdict(context: LessonContext, question: AnyQuestion, asked: Asked) -> None:
    """Say what became of the last answer."""
    place = asked.place
    unreadable = st.session_state.get(place.name("unreadable"))
    if unreadable:
        plain = translate("{problem} This did not count as an attempt.")
        said = translate("{problem} Nothing is kept yet.") if isinstance(question, PredictQuestion) else plain
        st.warning(said.format(problem=unreadable), icon=":material/edit:")
        return
    if not asked.attempts:
        return
    last = asked.attempts[-1]
    verdict = grade(question, last.answer, context.setting(place.values))
    if verdict.outcome == last.outcome:
        _say(verdict)
        _explain(context, question, asked, verdict)
    else:  # as where another language writes numbers otherwise: what was right stays right
        st.info(_then(last), icon=":material/bookmark:")
    if isinstance(question, PredictQuestion):
        _what_happens(context, question, asked)
    elif place.locked:
        if last.outcome != Outcome.RIGHT:
            st.markdown(translate("**The answer:** {key}").format(key=answer_key(question, place.values)))
        context.show(question.solution, place.values)
    if last.outcome == Outcome.RECORDED and isinstance(question, TextQuestion):
        _model_answer(context, question, asked)
    saved = st.session_state.get(place.name("saved"), True)
    st.markdown(_standing(question, asked, last) if saved else _not_saved())


def _what_happens(context: LessonContext, question: PredictQuestion, asked: Asked) -> None:
    """Name the choice that happens, where the author marks one, and whether it was the learner's."""
    happens = next((one for one in question.choices if one.right), None)
    if happens is None:
        return
    given = asked.attempts[-1].answer
    is_as_predicted = isinstance(given, dict) and given.get("choice") == happens.id
    said = translate("✓ **What happens is what you predicted:** {choice}")
    other = translate("✗ **What happens is not what you predicted, but this:** {choice}")
    text = fill(happens.text, asked.place.values)
    context.show((said if is_as_predicted else other).format(choice=text))


def _explain(context: LessonContext, question: AnyQuestion, asked: Asked, verdict: Grade) -> None:
    context.show(verdict.feedback)
    if verdict.diagnosis:
        st.markdown(verdict.diagnosis.sentence)
    if isinstance(question, TableQuestion) and verdict.outcome is Outcome.WRONG:
        _marks(question, verdict, asked)


def _marks(question: TableQuestion, verdict: Grade, asked: Asked) -> None:
    """Say of each cell of a table whether it is right."""
    signs = {True: translate("✓ right"), False: translate("✗ not yet")}
    cells = [
        f"- {readable(in_words(fill(blank.label, asked.place.values)))}: {signs[verdict.marks[blank.id]]}"
        for blank in question.blanks
    ]
    st.markdown("\n".join(cells))


def _model_answer(context: LessonContext, question: TextQuestion, asked: Asked) -> None:
    """Show what an own text is compared with; the ticks are the learner's and are not kept."""
    place = asked.place
    if question.solution:
        st.markdown(f"**{translate('The worked answer.')}**")
        context.show(question.solution, place.values)
    for number, point in enumerate(question.checklist):
        st.checkbox(readable(in_words(fill(point, place.values))), key=place.name(f"has{number}"))


def draw_change(asked: Asked) -> None:
    """Say that the question is another one than when it was answered, and what the answer was worth then."""
    if asked.changed is not None:
        said = translate("This question was changed after you answered it. {then}")
        st.info(said.format(then=_then(asked.changed)), icon=":material/edit_note:")


def _then(attempt: Attempt) -> str:
    if attempt.outcome == Outcome.RIGHT:
        return translate("Your answer was right then.")
    if attempt.outcome == Outcome.WRONG:
        return translate("Your answer was not right then.")
    return translate("Your answer of then is kept.")


def _not_saved() -> str:
    return translate(
        "This answer could not be saved. Check it again in a moment; if it stays so, tell your instructor."
    )


def _say(verdict: Grade) -> None:
    if verdict.outcome is Outcome.RIGHT:
        st.success(verdict.message, icon=":material/check:")
    elif verdict.outcome is Outcome.WRONG:
        st.error(verdict.message, icon=":material/close:")
    else:
        st.info(verdict.message, icon=":material/bookmark:")


def _standing(question: AnyQuestion, asked: Asked, last: Attempt) -> str:
    found, needed = asked.standing, needed_in_a_row(question)
    said = [translate("Saved {time}.").format(time=f"{last.at.astimezone():%H:%M}")]
    if found.is_mastered:
        said += [translate("Mastered.")] if last.outcome == Outcome.RIGHT else []
        if found.review_at:
            date = f"{found.review_at.astimezone():%Y-%m-%d}"
            said.append(translate("To be asked again from {date}, so that it stays.").format(date=date))
    elif found.is_spinning:
        said.append(
            translate("That was many tries: read the worked answer in peace, and come back to it later.")
        )
    elif question.params and found.is_solved:
        count = translate("{done} of {needed} in a row on new numbers.")
        said.append(count.format(done=found.in_a_row, needed=needed))
    return " ".join(said)

"""The answer key that an author sees below each question: all answers, what is said to them, and the rest.

It shows; what the answers are is told by `cnnlab.course.full_key`.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from cnnlab.course.filling import worded
from cnnlab.course.full_key import KeyLine, filled, full_key
from cnnlab.course.lesson import Figure, QuestionBlock, Widget, every
from cnnlab.course.questions import Question
from cnnlab.language import translate
from cnnlab.ui.lessons.blocks import draw_blocks
from cnnlab.ui.lessons.context import LessonContext


def draw_key(context: LessonContext, block: QuestionBlock, values: Mapping[str, Any]) -> None:
    """Draw the key of a question for these numbers; a lab in what it reveals is only named."""
    question = block.question
    with st.expander(translate("Answer key"), icon=":material/key:", expanded=True):
        if values:
            numbers = ", ".join(f"{name} = {worded(value)}" for name, value in values.items())
            st.markdown(f"{translate('Numbers:')} {numbers}")
        context.show("\n".join(_item(line) for line in full_key(question, values)))
        for title, text in _said_besides(question):
            between = "\n\n" if text.startswith(("- ", "* ", "1. ", "$$", "|")) else " "  # these need a line
            context.show(f"*{title}*{between}{filled(text, values)}")
        for one in every(block.reveal.blocks) if block.reveal else ():
            if isinstance(one, Figure):
                draw_blocks(context, [one])
            elif isinstance(one, Widget):
                st.markdown(translate("Then a lab is shown: {name}.").format(name=f"`{one.name}`"))


def _item(line: KeyLine) -> str:
    """Return an answer as an item of a list: sign and word, never colour alone."""
    verdict = f"✓ {translate('right')}" if line.right else f"✗ {translate('wrong')}"
    source = f" = `{line.source}`" if line.source else ""
    said = "".join(f"\n  {text}" for text in line.feedback.split("\n")) if line.feedback else ""
    return f"- **{verdict}:** {line.answer}{source}{'  ' if said else ''}{said}"


def _said_besides(question: Question) -> list[tuple[str, str]]:
    hints = [(translate("Hint {number}.").format(number=n), one) for n, one in enumerate(question.hints, 1)]
    others = [
        (translate("To any other wrong answer."), question.feedback),
        (translate("The worked answer."), question.solution),
    ]
    return [*hints, *(one for one in others if one[1].strip())]

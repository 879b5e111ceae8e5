"""A guided sequence: one step is open at a time, and one goes on when its questions have been tried.

Right or wrong does not matter, and nobody is held up: a step can be skipped. The place is kept with the
answers. It does not know what is in a step.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import streamlit as st

from cnnlab.course.lesson import Block, Step, Steps, every
from cnnlab.course.progress import EventKind
from cnnlab.language import translate, translate_count
from cnnlab.ui.languages import readable
from cnnlab.ui.lessons.context import LessonContext
from cnnlab.ui.lessons.places import lead, open_on_the_way

DrawBlocks = Callable[[LessonContext, Iterable[Block]], None]


@dataclass(frozen=True, slots=True)
class Sequence:
    """A guided sequence of a lesson; `number` counts those of the lesson from 1."""

    context: LessonContext
    block: Steps
    number: int

    @property
    def key(self) -> str:
        """Return the beginning of the keys of all that it draws."""
        return f"{self.context.key}.steps{self.number}"

    def place(self) -> int:
        """Return which step is open, counted from 0."""
        opened = open_on_the_way(self.context, self.key, self.block.steps)
        if opened is not None:
            st.session_state[self.key] = opened
        kept = st.session_state.setdefault(self.key, self._kept())
        return min(max(kept, 0), len(self.block.steps) - 1)

    def _kept(self) -> int:
        """Return where the learner was, as the log says."""
        moves = [one.data for one in self.context.events if one.kind is EventKind.STEP]
        return next(
            (int(one.get("step", 1)) - 1 for one in reversed(moves) if one.get("steps") == self.number), 0
        )

    def move(self, to: int) -> None:
        """Open another step."""
        st.session_state[self.key] = to
        moves = f"{self.key}.moves"
        st.session_state[moves] = st.session_state.get(moves, 0) + 1
        self.context.note(EventKind.STEP, steps=self.number, step=to + 1)


def draw_steps(context: LessonContext, block: Steps, draw_blocks: DrawBlocks) -> None:
    """Draw the step that is open, with the ways to its neighbours."""
    sequences = [one for one in every(context.lesson.blocks) if isinstance(one, Steps)]
    if block.title:
        st.markdown(f"### {readable(block.title)}")
    if context.author is not None:
        _draw_all(context, block, draw_blocks)
    elif block.steps:
        _draw(Sequence(context, block, 1 + sequences.index(block)), draw_blocks)


def _draw_all(context: LessonContext, block: Steps, draw_blocks: DrawBlocks) -> None:
    """Draw all steps one below the other: an author looks for mistakes in any of them."""
    for number, step in enumerate(block.steps, start=1):
        where = translate("Step {number} of {count}").format(number=number, count=len(block.steps))
        with st.container(border=True):
            st.markdown(f"**{where}**")
            st.markdown(f"#### {readable(step.title)}")
            draw_blocks(context, step.blocks)


@st.fragment
def _draw(sequence: Sequence, draw_blocks: DrawBlocks) -> None:
    place, steps = sequence.place(), sequence.block.steps
    step = steps[place]
    where = translate("Step {number} of {count}").format(number=place + 1, count=len(steps))
    box = sequence.key.replace(".", "-")
    with st.container(border=True, key=box):
        minutes = translate_count("{n} minute", "{n} minutes", step.minutes) if step.minutes else ""
        st.markdown(" · ".join(one for one in (f"**{where}**", minutes) if one))
        st.markdown(f"#### {readable(step.title)}")
        draw_blocks(replace(sequence.context, in_step=True), step.blocks)
        _ways(sequence, place)
    moves = st.session_state.get(f"{sequence.key}.moves", 0)
    name = f"steps-{sequence.number}"
    go = {"to": name, "count": moves, "gently": True} if moves else None
    lead(sequence.key, [(box, name, f"{where}: {step.title}")], go)


def _ways(sequence: Sequence, place: int) -> None:
    steps = sequence.block.steps
    tried = is_tried(sequence.context, steps[place])
    with st.container(horizontal=True):
        if place > 0:
            label = translate("Back")
            st.button(label, key=f"{sequence.key}.back", on_click=sequence.move, args=(place - 1,))
        if place + 1 < len(steps):
            label = translate("Next") if tried else translate("Skip this step")
            st.button(
                label,
                key=f"{sequence.key}.next",
                type="primary" if tried else "secondary",
                on_click=sequence.move,
                args=(place + 1,),
            )
    if tried and place + 1 == len(steps):
        said = translate("That was the last step.")
        st.markdown(f":material/check: {said}")


def is_tried(context: LessonContext, step: Step) -> bool:
    """Return whether every question of a step has been answered, in whichever way."""
    return all(context.attempts(question) for question in step.questions)

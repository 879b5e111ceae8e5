"""How the directives of a lesson become blocks, each checked where it stands: one reader for each name.

It does not know files: pictures, films and other lessons are only named.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from cnnlab.course.context import Context
from cnnlab.course.directives import Directive, Part, Text
from cnnlab.course.lesson import (
    Block,
    Figure,
    Footnote,
    Note,
    NoteKind,
    Prose,
    QuestionBlock,
    Reveal,
    Step,
    Steps,
    Video,
    Widget,
    every,
)
from cnnlab.course.mistakes import Findings, Place, did_you_mean
from cnnlab.course.options import (
    FILMS,
    OPTIONS_OF,
    PICTURES,
    FigureOptions,
    NoOptions,
    NoteOptions,
    StepOptions,
    VideoOptions,
    WidgetPlace,
)
from cnnlab.course.prose import Use
from cnnlab.course.question_reading import read_question
from cnnlab.course.questions import Kind, ReachQuestion
from cnnlab.course.reaching import check_reach
from cnnlab.course.widgets import WIDGETS

NOTES = tuple(kind.value for kind in NoteKind)
NAMES = (*NOTES, "figure", "widget", "question", "reveal", "steps", "step", "video")


class BlockReader(Context):
    """Reads the parts of one lesson; the mistakes go to `findings`."""

    def __init__(self, findings: Findings, definitions: str) -> None:
        super().__init__(findings, definitions)
        self.widgets: list[str] = []
        self.lost_questions = 0
        self.readers: dict[str, Callable[[Directive], Block | None]] = {
            **dict.fromkeys(NOTES, self._note),
            "figure": self._figure,
            "widget": self._widget,
            "question": self._question,
            "reveal": self._reveal,
            "steps": self._steps,
            "step": self._lonely_step,
            "video": self._video,
        }

    def read_all(self, parts: Sequence[Part]) -> tuple[Block, ...]:
        """Return the blocks of some parts; those with mistakes that leave nothing to show are left out."""
        blocks = (self._read(part) for part in parts)
        return tuple(block for block in blocks if block is not None)

    def finish(self, blocks: Sequence[Block], footnotes: Sequence[Footnote]) -> None:
        """Check what only the whole lesson tells."""
        check_reach(list(every(blocks)), self.findings)
        if not any(True for _ in every(blocks)) and not footnotes and not self.findings.failed:
            self.findings.error(
                "empty", "the lesson has no text", Place(1), "write something below the front matter"
            )

    def _read(self, part: Part) -> Block | None:
        if isinstance(part, Text):
            self.prose.check(part.source, part.line)
            self._refuse_braces(part)
            return Prose(part.source.strip("\n"), part.line)
        reader = self.readers.get(part.name)
        if reader is None:
            message = f"unknown directive `{part.name}`"
            self.findings.error("unknown-directive", message, part.place, did_you_mean(part.name, NAMES))
            self.read_all(part.parts)
            return None
        block = reader(part)
        self.lost_questions += part.name == "question" and block is None
        return block

    def _refuse_braces(self, part: Text) -> None:
        for number, line in enumerate(part.lines, start=part.line):
            if "{{" in line and "}}" in line.partition("{{")[2]:
                place = Place(number, line.index("{{") + 1, 2)
                message = "numbers in double braces belong to a question"
                self.findings.error("parameter-outside", message, place, "write the number itself")

    def _note(self, directive: Directive) -> Note | None:
        self.prose.check(directive.argument, directive.line)
        options = self.options(directive, NoteOptions)
        blocks = self.read_all(directive.parts)
        if not blocks and not directive.parts:
            message = f"this `{directive.name}` is empty"
            self.findings.error("empty", message, directive.place, "write its text below, then `:::`")
        if options is None:
            return None
        return Note(NoteKind(directive.name), directive.argument, options.open, blocks, directive.line)

    def _figure(self, directive: Directive) -> Figure | None:
        path, options = self.path(directive, PICTURES), self.options(directive, FigureOptions)
        self.leaf(directive)
        if options is None:
            return None
        if options.dark:
            self.prose.uses.files.append(Use(options.dark, self.value_place(directive, "dark")))
        if options.alt.lower() in path.lower():
            place = self.value_place(directive, "alt")
            self.findings.warning(
                "alt", "the picture's words are its file's name", place, "write what it shows"
            )
        self.prose.check(options.caption, self.value_place(directive, "caption").line)
        if not path:
            return None
        return Figure(path, options.alt, options.caption, options.width, options.dark, directive.line)

    def _widget(self, directive: Directive) -> Widget | None:
        self.leaf(directive)
        kind = WIDGETS.get(directive.argument)
        if kind is None:
            what = (
                f"there is no widget `{directive.argument}`"
                if directive.argument
                else "the widget has no name"
            )
            help = did_you_mean(directive.argument, WIDGETS)
            self.findings.error("unknown-widget", what, directive.argument_place, help)
            return None
        own = ("id", "height")
        place = self.options(directive, WidgetPlace, own)
        others = [one.name for one in directive.options if one.name not in own]
        options = self.options(directive, kind.options, others)
        self.identify(place.id if place else "", directive)
        if place is None or options is None:
            return None
        self.widgets.append(place.id or f"lab.{len(self.widgets) + 1}")
        settings = options.settings()
        return Widget(directive.argument, self.widgets[-1], settings, place.height, directive.line)

    def _question(self, directive: Directive) -> QuestionBlock | None:
        known = [kind.value for kind in Kind]
        reveal = self._parts_of_question(directive)
        said = next((one for one in directive.options if one.name == "id"), None)
        self.identify(said.value if said else "", directive)
        if directive.argument not in known:
            what = (
                f"there is no kind of question `{directive.argument}`"
                if directive.argument
                else "the question has no kind"
            )
            self.findings.error(
                "bad-value", what, directive.argument_place, did_you_mean(directive.argument, known)
            )
            return None
        kind = Kind(directive.argument)
        options = self.options(directive, OPTIONS_OF[kind])
        if options is None:
            return None
        question, answers = read_question(directive, kind, options, self.findings)
        self.prose.check(answers.stem, answers.stem_line)
        for entry in answers.entries:
            self.prose.check(entry.text, entry.place.line)
            self.prose.check(entry.said, entry.place.line + 1)
        for number, row in answers.rows:
            self.prose.check(row, number)
        for option in directive.options:
            if option.name in ("hint", "hint2", "hint3", "feedback", "unit"):
                self.prose.check(option.value, option.place.line)
        if isinstance(question, ReachQuestion) and not question.widget and self.widgets:
            question = replace(question, widget=self.widgets[-1])  # the lab above
        shown = reveal if kind is Kind.PREDICT else None
        return QuestionBlock(question, shown, directive.line) if question else None

    def _parts_of_question(self, directive: Directive) -> Reveal | None:
        """Read the reveal inside a question; nothing else may be in it."""
        found: Reveal | None = None
        for part in (one for one in directive.parts if isinstance(one, Directive)):
            if part.name != "reveal":
                message = f"`{part.name}` cannot stand inside a question"
                self.findings.error("not-in-question", message, part.place, "put it above the question")
                continue
            if found:
                message = "a question reveals one thing"
                self.findings.error("two-reveals", message, part.place, "join the two")
            for inner in (one for one in part.parts if isinstance(one, Directive)):
                if directive.argument != Kind.PREDICT:
                    message = f"the worked answer of a `{directive.argument}` question is text only"
                    self.findings.error("not-in-question", message, inner.place, "put it below the question")
            found = self._reveal(part, inside=True)
        return found

    def _reveal(self, directive: Directive, inside: bool = False) -> Reveal:
        self.prose.check(directive.argument, directive.line)
        self.options(directive, NoOptions)
        blocks = self._read_inside(directive.parts) if inside else self.read_all(directive.parts)
        if not directive.parts:
            self.findings.error(
                "empty", "there is nothing to reveal", directive.place, "write it below, then `:::`"
            )
        return Reveal(directive.argument, blocks, directive.line)

    def _read_inside(self, parts: Sequence[Part]) -> tuple[Block, ...]:
        """Read what a question reveals: its text may have the question's numbers."""
        blocks: list[Block | None] = []
        for part in parts:
            if isinstance(part, Text):
                self.prose.check(part.source, part.line)
                blocks.append(Prose(part.source.strip("\n"), part.line))
            else:
                blocks.append(self._read(part))
        return tuple(block for block in blocks if block is not None)

    def _steps(self, directive: Directive) -> Steps:
        self.prose.check(directive.argument, directive.line)
        self.options(directive, NoOptions)
        steps: list[Step] = []
        for part in directive.parts:
            if isinstance(part, Directive) and part.name == "step":
                steps.append(self._step(part))
            else:
                message = "this stands between steps, in none of them"
                help = "put it into a `:::{step}`, or above the steps"
                self.findings.error("not-a-step", message, self.findings.place_of("", part.line), help)
                self._read(part)
        if not steps:
            self.findings.error(
                "empty", "there are no steps", directive.place, "write `:::{step} title` inside"
            )
        return Steps(directive.argument, tuple(steps), directive.line)

    def _step(self, directive: Directive) -> Step:
        self.prose.check(directive.argument, directive.line)
        options = self.options(directive, StepOptions)
        said = any(one.name == "minutes" for one in directive.options)
        minutes = options.minutes if options and said else 0
        return Step(directive.argument, minutes, self.read_all(directive.parts), directive.line)

    def _lonely_step(self, directive: Directive) -> None:
        message = "a step stands inside `:::{steps}`"
        self.findings.error("not-a-step", message, directive.place, "open `:::{steps}` above the first step")
        self._step(directive)

    def _video(self, directive: Directive) -> Video | None:
        path, options = self.path(directive, FILMS), self.options(directive, VideoOptions)
        self.leaf(directive)
        if options is None or not path:
            return None
        for name in ("captions", "transcript"):
            if file := getattr(options, name):
                self.prose.uses.files.append(Use(file, self.value_place(directive, name)))
        return Video(path, options.captions, options.transcript, directive.line)

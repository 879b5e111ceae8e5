"""What is wrong in a piece of Markdown, and which files and lessons it speaks of.

markdown-it-py reads the text for the check only; what learners see is drawn by Streamlit. It does not know
directives, and does not open files.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from cnnlab.course.anchors import anchor
from cnnlab.course.formulas import formula_fault
from cnnlab.course.masking import Masked, mask
from cnnlab.course.mistakes import Findings, Place, Severity, did_you_mean
from cnnlab.course.options import PICTURES
from cnnlab.course.plain_tables import check_tables
from cnnlab.course.signs import SIGNS

LONGEST_ALT = 250
_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*):")
_BLOCK_FORMULA = re.compile(r"^\$\$", re.MULTILINE)
_LATEX = re.compile(r"\\(?=\(|begin\{)|^[ \t]*\\(?=\[[ \t]*$)", re.MULTILINE)
_SPACED = re.compile(r"\$ +(?=[^$\n]*[\\^_=<>+])[^$\n]*\$(?!\d)|\$ +\w +\$(?!\d)")
_MARK = "\ue000"
_ALLOWED_SCHEMES = {"https", "http", "mailto", "lesson"}


@dataclass(frozen=True, slots=True)
class Use:
    """Something that a lesson speaks of by name, and where."""

    name: str
    place: Place


@dataclass(slots=True)
class Uses:
    """Everything that a lesson speaks of by name."""

    files: list[Use] = field(default_factory=list)
    lessons: list[Use] = field(default_factory=list)
    anchors: list[Use] = field(default_factory=list)


def parser() -> MarkdownIt:
    """Return the Markdown reader of the check; it accepts HTML in order to find it."""
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    reader.validateLink = lambda url: True  # noqa: ARG005
    return reader.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)


class ProseCheck:
    """Checks one piece of a lesson's Markdown after another; `definitions` are the link targets of all."""

    def __init__(self, findings: Findings, definitions: str = "") -> None:
        self.findings = findings
        self.definitions = definitions
        self.uses = Uses()
        self.heading = 1
        self.anchors: set[str | None] = {"notes"}
        self.parser = parser()

    def check(self, text: str, line: int) -> None:
        """Note every mistake of a text that starts on a line of the file."""
        if not text.strip():
            return
        masked = mask(text)
        self._check_signs(text, masked.text, line)
        self._check_formulas(text, masked, line)
        self._check_latex(text, line)
        try:
            tokens = self.parser.parse(f"{text}\n\n{self.definitions}")
        except (RecursionError, ValueError):
            self.findings.error(
                "too-deep", "this text is nested too deeply to read", Place(line), "simplify it"
            )
            return
        for token in tokens:
            self._check_block(token, line)
        self._check_headings(tokens, line)
        check_tables(tokens, self.findings, line)

    def _check_formulas(self, text: str, masked: Masked, line: int) -> None:
        for start, end in masked.formulas:
            if "![" in text[start:end]:
                place = self._spot(text, start, end, line)
                message = "a picture cannot stand inside a formula"
                self.findings.error("formula", message, place, "put it outside the dollars")
            elif fault := formula_fault(text[start:end]):
                place = self._spot(text, start + fault.start, start + fault.end, line)
                self.findings.error("formula", fault.message, place, fault.help)
        blocks = [one.start() for one in _BLOCK_FORMULA.finditer(text) if one.start() in masked.dollars]
        for index in masked.dollars:
            if index in blocks[:1]:
                place = self._spot(text, index, index + 2, line)
                help = "write `$$` below the formula, and leave no empty line in it"
                self.findings.error("dollar", "this `$$` starts no formula", place, help)
            elif not blocks and (re.match(r"\$[A-Za-z\\]", text[index:]) or _SPACED.match(text, index)):
                place = self._spot(text, index, index + 2, line)
                help = "close the formula, without spaces inside the dollars"
                self.findings.warning("dollar", "this `$` starts no formula", place, help)

    def _check_latex(self, text: str, line: int) -> None:
        """Note formulas between the brackets of LaTeX, which are no formulas in Markdown."""
        marked = _LATEX.sub(lambda found: found[0][:-1] + _MARK, text)
        if marked == text:
            return
        for found in re.finditer(_MARK, mask(marked).text):
            place = self._spot(text, found.start(), found.start() + 2, line)
            message = f"`{text[found.start() : found.start() + 2]}` starts no formula in a lesson"
            self.findings.warning("latex", message, place, "put formulas between dollars, `$…$` or `$$`")

    def _spot(self, text: str, start: int, end: int, line: int) -> Place:
        """Return the place of a part of the text, also where the line of the file has it further right."""
        number = line + text.count("\n", 0, start)
        wanted = text[start:end].split("\n")[0]
        before = text[:start].rpartition("\n")[2]
        place = self.findings.place_of(before + wanted, number)
        if not before or place.length != len(before + wanted):
            return self.findings.place_of(wanted, number)
        return Place(place.line, place.column + len(before), len(wanted))

    def _check_signs(self, text: str, shown: str, line: int) -> None:
        for sign in SIGNS:
            for found in sign.pattern.finditer(shown):
                note = self.findings.error if sign.severity is Severity.ERROR else self.findings.warning
                what = text[found.start() : found.end()].strip()[:40]
                place = self._spot(text, found.start(), found.end(), line)
                note(sign.code, f"`{what}` {sign.message}", place, sign.help)

    def _check_block(self, token: Token, line: int) -> None:
        first, last = token.map or [0, 1]
        if token.type == "html_block":
            self._complain_html(token.content.strip().split("\n")[0], line + first, line + last - 1)
        for part in token.children or []:
            if part.type == "html_inline":
                self._complain_html(part.content.split("\n")[0], line + first, line + last - 1)
            elif part.type == "link_open":
                self._check_link(str(part.attrs.get("href", "")), line + first, line + last - 1)
            elif part.type == "image":
                self._check_picture(part, line + first, line + last - 1)

    def _complain_html(self, what: str, first: int, last: int) -> None:
        self.findings.error(
            "html",
            f"`{what[:40]}` is HTML, which lessons do not have",
            self.findings.place_of(what, first, last),
            "use Markdown; if you mean less-than, write $a < b$ or put spaces around the sign",
        )

    def _check_link(self, target: str, first: int, last: int) -> None:
        place = self.findings.place_of(unquote(target), first, last)
        scheme = _SCHEME.match(target)
        if target.startswith("#"):
            self.uses.anchors.append(Use(unquote(target[1:]), place))
            return
        if scheme and scheme[1].lower() in _ALLOWED_SCHEMES - {"lesson"}:
            return
        if scheme and scheme[1] == "lesson":
            self.uses.lessons.append(Use(target.partition(":")[2].partition("#")[0], place))
            return
        if scheme:
            message = f"a link may not start with `{scheme[0]}`"
            self.findings.error(
                "link", message, place, "links start with https:, http:, mailto:, lesson: or #"
            )
            return
        message = f"`{target[:60]}` leads nowhere once the lesson is a page"
        self.findings.error(
            "link", message, place, "link to another lesson as `lesson:its-id`, to a site as `https://…`"
        )

    def _check_picture(self, token: Token, first: int, last: int) -> None:
        source = unquote(str(token.attrs.get("src", "")))
        place = self.findings.place_of(source, first, last)
        self._check_alt(token.content, source, place)
        if source.startswith("//") or _SCHEME.match(source):
            message = "a picture from elsewhere would be loaded from the network"
            self.findings.error("remote-image", message, place, "put the file in the lesson's folder")
        elif is_outside(source) or PurePosixPath(source).suffix.lower() not in PICTURES:
            message = f"`{source[:60]}` is not a picture in the lesson's folder"
            self.findings.error("image-path", message, place, f"its name ends in {', '.join(PICTURES)}")
        else:
            self.uses.files.append(Use(source, place))

    def _check_alt(self, alt: str, source: str, place: Place) -> None:
        """Ask for words that say what a picture shows."""
        if not alt.strip():
            message = "the picture has no words for those who do not see it"
            self.findings.error("alt", message, place, "write what it shows: `![a 3 × 3 kernel over …](…)`")
        elif alt.strip().lower() in (
            source.lower(),
            PurePosixPath(source).name.lower(),
            PurePosixPath(source).stem.lower(),
        ):
            self.findings.warning(
                "alt", "the picture's words are its file's name", place, "write what it shows"
            )
        elif len(alt) > LONGEST_ALT:
            message = f"the picture's words are {len(alt)} characters long; {LONGEST_ALT} are enough"
            self.findings.warning("alt", message, place, "put the rest in a paragraph below")

    def check_anchors(self, title: str) -> None:
        """Note links to headings that the page has not; ask when all its texts have been checked."""
        known = self.anchors | {anchor(title)}
        names = [name for name in known if name]
        for use in self.uses.anchors:
            if use.name not in known and None not in known:
                message = f"no heading of this page has the address `#{use.name[:60]}`"
                self.findings.warning("link", message, use.place, did_you_mean(use.name, names))

    def _check_headings(self, tokens: list[Token], line: int) -> None:
        for token, level, content in headings(tokens):
            self.anchors.add(anchor(content))
            number = line + (token.map or [0])[0]
            place = self.findings.place_of("#" * level, number)
            if level == 1:
                message = "the title in the front matter is the page's only first heading"
                self.findings.error("h1", message, place, "start with `##`")
            elif level > self.heading + 1:
                message = f"a heading of level {level} follows one of level {self.heading}"
                self.findings.warning("heading-jump", message, place, f"write {'#' * (self.heading + 1)}")
            self.heading = level


def headings(tokens: list[Token]) -> Iterator[tuple[Token, int, str]]:
    """Yield each heading with its level and its words; a formula in it stays between dollars."""
    for token, inline in itertools.pairwise(tokens):
        if token.type == "heading_open":
            parts = inline.children or []
            words = ("$" if part.type.startswith("math") else part.content for part in parts)
            yield token, int(token.tag[1:]), "".join(words)


def is_outside(path: str) -> bool:
    """Return whether a relative path leaves the lesson's folder, or is none."""
    pure = PurePosixPath(path)
    return not path or "\\" in path or "\0" in path or pure.is_absolute() or ".." in pure.parts

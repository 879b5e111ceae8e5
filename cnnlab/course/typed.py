"""What a set of named texts means under a model: its typed values, or mistakes in plain words.

It knows pydantic's complaints, and turns each into a sentence at the place of the value. It does not know
which models there are.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from cnnlab.course.mistakes import Findings, Place, did_you_mean


class Options(BaseModel):
    """What a directive's options may be; names are written with hyphens, and no other names are allowed."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        alias_generator=lambda name: name.replace("_", "-"),
        use_attribute_docstrings=True,
    )


M = TypeVar("M", bound=BaseModel)
# what pydantic calls the mistake → the words for it; {…} is from its context
_WORDS = {
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a whole number that is not so large",
    "float_parsing": "a number",
    "bool_parsing": "`true` or `false`",
    "string_type": "one text, not a list",
    "list_type": "a list, such as `[one, two]`",
    "tuple_type": "a list, such as `[one, two]`",
    "greater_than": "more than {gt}",
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
    "string_too_long": "at most {max_length} characters long",
    "string_too_short": "at least {min_length} character long",
    "too_long": "a list of at most {max_length}",
    "finite_number": "a number that is not infinite",
}
_CHOICES = ("literal_error", "enum")


def typed(
    model: type[M],
    values: Mapping[str, Any],
    places: Mapping[str, tuple[Place, Place]],
    findings: Findings,
    whole: tuple[Place, str],
) -> M | None:
    """Return the values as the model has them, or None with every mistake noted.

    `places` has the place of each name and of its value; `whole` is the place and the name of what they
    belong to.
    """
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        for one in error.errors():
            name = str(one["loc"][0]) if one["loc"] else ""
            spots = places.get(name, (whole[0], whole[0]))
            _note(model, one, spots, findings, whole[1])
    return None


def _note(
    model: type[BaseModel], error: Any, spots: tuple[Place, Place], findings: Findings, owner: str
) -> None:
    name = str(error["loc"][0]) if error["loc"] else ""
    known = {field.alias or key: field for key, field in model.model_fields.items()}
    context = error.get("ctx", {})
    wanted = _described(known.get(name))
    if error["type"] == "extra_forbidden":
        findings.error(
            "unknown-option", f"unknown option `{name}` of {owner}", spots[0], did_you_mean(name, known)
        )
    elif error["type"] == "missing":
        findings.error("missing-option", f"{owner} needs `{name}`", spots[0], wanted and f"it is {wanted}")
    elif error["type"] in _CHOICES:
        choices = [word.strip("' ") for word in context["expected"].replace(" or ", ", ").split(",")]
        listed = ", ".join(f"`{word}`" for word in choices)
        message = f"`{name}` is `{_cut(error['input'])}`, but may only be {listed}"
        findings.error("bad-value", message, spots[1], did_you_mean(str(error["input"]), choices))
    elif error["type"] == "value_error":
        findings.error("bad-value", f"`{name}`: {context['error']}", spots[1], wanted and f"it is {wanted}")
    else:
        words = _WORDS.get(error["type"], wanted or "something else").format(**context)
        findings.error(
            "bad-value",
            f"`{name}` is `{_cut(error['input'])}`, but must be {words}",
            spots[1],
            wanted and f"it is {wanted}",
        )


def _described(field: Any) -> str:
    text = (field.description or "") if field is not None else ""
    return (text[:1].lower() + text[1:]).rstrip(".")


def _cut(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"

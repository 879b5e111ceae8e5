"""How people type numbers and shapes, and what they mean by them.

It does not know which number is right. What could mean two numbers is not read as either.
"""

import re
import unicodedata
from fractions import Fraction

from cnnlab.course.diagnosis import Shape
from cnnlab.course.grading.grade import Unreadable
from cnnlab.language import translate

LONGEST = 80
LARGEST_POWER = 15
MOST_AXES = 8
LARGEST_SIZE = 10**9
_SIGNS = str.maketrans(
    {
        "−": "-",
        "–": "-",
        "×": "x",
        "·": "x",
        "\u066b": ".",
        "\u060c": ",",
        "\u066c": "_",
        "\u066a": "%",
        "\u061b": ";",
        "\u2019": "_",
        "'": "_",
    }
)
_GROUPED = re.compile(r"(\d{1,3})((?:[ _]\d{3})+)(?![\d])")
_NUMBER = re.compile(
    r"(?P<number>[+-]?(?:\d+(?:\.\d*)?|\.\d+))"
    r"(?:\s*(?:[eE]|[x*]\s*10\s*(?:\^|\*\*))\s*(?P<power>[+-]?\d{1,3}))?"
    r"(?:\s*/\s*(?P<below>\d+))?\s*(?P<percent>%)?"
)
_THOUSANDS = {
    ".": re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?"),
    ",": re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?"),
}
_SHAPE = re.compile(r"\d+(?:(?:\s*[,x*;]\s*|\s+)\d+)*,?")


def _tidied(text: str) -> str:
    if any(unicodedata.category(sign) == "No" for sign in text):
        message = translate("“{text}” cannot be read as a number; write 10^6 for a power, 1/2 for a half.")
        raise Unreadable(message.format(text=text[:LONGEST].strip()))
    shown = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")  # as copied Arabic text has
    plain = unicodedata.normalize("NFKC", shown[: LONGEST + 1].translate(_SIGNS)).translate(_SIGNS).strip()
    plain = "".join(str(unicodedata.decimal(sign, sign)) for sign in plain)
    if len(plain) > LONGEST:
        message = translate("That is too long for an answer; at most {most} characters are read.")
        raise Unreadable(message.format(most=LONGEST))
    return plain


def read_number(text: str, unit: str = "", decimal_comma: bool = False) -> Fraction:
    """Return the exact value of a typed number: 1 792, 0.5, 1/2, 50 %, 1.2e6; or raise `Unreadable`.

    >>> read_number("1,792"), read_number("0,5"), read_number("50 %")
    (Fraction(1792, 1), Fraction(1, 2), Fraction(1, 2))
    """
    plain = _tidied(text)
    if not plain:
        raise Unreadable(translate("Write a number first, such as 1792 or 0.5."))
    if unit and plain.endswith(unit):
        plain = plain.removesuffix(unit).strip()
    read = _NUMBER.fullmatch(_without_groups(plain, decimal_comma))
    if read is None or int(read["below"] or 1) == 0 or abs(int(read["power"] or 0)) > LARGEST_POWER:
        message = translate(
            "“{text}” cannot be read as a number. Write the number alone, such as 1792 or 0.5."
        )
        raise Unreadable(message.format(text=text.strip()))
    value = Fraction(read["number"]) * Fraction(10) ** int(read["power"] or 0) / int(read["below"] or 1)
    return value / 100 if read["percent"] else value


def _without_groups(text: str, decimal_comma: bool) -> str:
    """Return the number with a decimal point and nothing between its thousands."""
    text = _GROUPED.sub(lambda found: re.sub(r"[ _]", "", found[0]), text)
    if decimal_comma and "," not in text and _THOUSANDS[","].fullmatch(text):
        message = translate("“{text}” could be {whole} or {part}; write one of these.")
        whole, part = text.replace(".", ""), text.replace(".", ",")
        raise Unreadable(message.format(text=text, whole=whole, part=part))
    mark, other = (",", ".") if decimal_comma else (".", ",")
    if _THOUSANDS[mark].fullmatch(text):
        return text.replace(other, "").replace(",", ".")
    return text.replace(",", ".", 1) if text.count(",") == 1 and "." not in text else text


def read_shape(text: str) -> Shape:
    """Return the sizes of a typed shape in any usual notation, or raise `Unreadable`.

    >>> read_shape("64x28x28"), read_shape("torch.Size([64, 28, 28])"), read_shape("(10,)")
    ((64, 28, 28), (64, 28, 28), (10,))
    """
    plain = _tidied(text)
    if not plain:
        raise Unreadable(translate("Write a shape first, such as (3, 32, 32)."))
    inside = re.sub(r"^torch\s*\.\s*Size\s*\((.*)\)$", r"\1", plain).strip()
    for opening, closing in ("()", "[]"):
        if inside.startswith(opening) and inside.endswith(closing):
            inside = inside[1:-1].strip()
    if not _SHAPE.fullmatch(inside.lower()):
        message = translate("“{text}” cannot be read as a shape. Write whole numbers, such as (3, 32, 32).")
        raise Unreadable(message.format(text=text.strip()))
    sizes = tuple(int(size) for size in re.findall(r"\d+", inside))
    if len(sizes) > MOST_AXES or not all(1 <= size <= LARGEST_SIZE for size in sizes):
        message = translate("A shape has at most {axes} sizes, each from 1 to {most}.")
        raise Unreadable(message.format(axes=MOST_AXES, most=f"{LARGEST_SIZE:,}"))
    return sizes

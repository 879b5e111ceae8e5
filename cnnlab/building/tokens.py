"""A text cut into words, braces, bars and ends of statements, each with its place.

It knows no word. A comment begins with # and ends with its line; a semicolon ends a statement as a line does.
"""

import re
from dataclasses import dataclass

from cnnlab.building.mistakes import Place

END = "end of statement"
FINISH = "end of text"
WORD = "word"
_TOKEN = re.compile(r"(?P<space>[^\S\n]+|#[^\n]*)|(?P<mark>[{}|;\n])|(?P<word>[^\s{}|;#]+)")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text; `kind` is WORD, END, FINISH, or the sign itself."""

    kind: str
    text: str
    place: Place


def tokens(text: str) -> list[Token]:
    """Cut a text; the last token is always FINISH.

    >>> [token.text for token in tokens("conv 8 k3; relu # why")]
    ['conv', '8', 'k3', ';', 'relu', '']
    """
    found = []
    line, start = 1, 0
    for match in _TOKEN.finditer(text):
        place = Place(line, match.start() - start + 1, len(match[0]))
        if match["word"]:
            found.append(Token(WORD, match[0], place))
        elif match["mark"]:
            found.append(Token(END if match[0] in ";\n" else match[0], match[0], place))
        if match[0] == "\n":
            line, start = line + 1, match.end()
    return [*found, Token(FINISH, "", Place(line, len(text) - start + 1))]

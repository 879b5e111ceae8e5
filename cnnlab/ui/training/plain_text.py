"""Texts that learners wrote, in Markdown that shows them letter by letter, and tables of Markdown."""

import re
from collections.abc import Sequence

_SIGNS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&])")


def plain(text: str) -> str:
    r"""Return a text as Markdown that shows it as it is: no link, picture or formula comes of it.

    >>> plain("![x](http://a) $5")
    '\\!\\[x\\]\\(http\\:\\/\\/a\\) \\$5'
    """
    return _SIGNS.sub(r"\\\1", " ".join(text.split())).replace("/", "\\/")


def markdown_table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Return a table of cells that are Markdown; the first column is to the left, numbers to the right."""
    rule = [":--", *["--:"] * (len(head) - 1)]
    return "\n".join("|" + "|".join(row) + "|" for row in [head, rule, *lines])

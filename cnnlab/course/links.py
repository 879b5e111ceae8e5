"""Which names for links a lesson defines, such as `[paper]: https://…`; they hold on the whole page.

It does not judge where they lead.
"""

import re
from collections.abc import Sequence

from cnnlab.course.masking import mask

_DEFINITION = re.compile(r"^ {0,3}\[(?!\^)[^\]\n]+\]:[ \t]+\S.*$", re.MULTILINE)


def link_definitions(lines: Sequence[str]) -> str:
    """Return the lines that define links, outside code.

    >>> link_definitions(["See [it][a].", "", "[a]: https://example.org"])
    '[a]: https://example.org'
    """
    text = "\n".join(lines)
    return "\n".join(text[found.start() : found.end()] for found in _DEFINITION.finditer(mask(text).text))

"""Whether an SVG file is a drawing and nothing else: no scripts, no pages, nothing from the network.

Browsers run no scripts in a picture of a page, but they do when somebody opens the picture's own address.
The module does not draw.
"""

import re
from xml.parsers import expat

_PROGRAMS = {"script", "foreignobject", "iframe", "embed", "object", "handler", "listener"}
_ELSEWHERE = re.compile(
    r"@import|url\((?!\s*['\"]?\s*(?:#|data:image/(?:png|jpeg|webp)[;,]|\)))", re.IGNORECASE
)
_WITHIN = re.compile(r"\s*(?:#|data:image/(?:png|jpeg|webp)[;,]|$)", re.IGNORECASE)


class _Refused(Exception):
    """Ends the reading at what a drawing may not have: what it is, and what to do."""


def drawing_problem(content: bytes) -> tuple[str, str]:
    """Return what is wrong with an SVG file's content, and what to do; nothing where it is fine.

    >>> drawing_problem(b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>')
    ('', '')
    >>> drawing_problem(b"<svg><script/></svg>")[0]
    'holds a program (`script`)'
    """
    reader = _Reader()
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = reader.start
    parser.CharacterDataHandler = reader.text
    parser.EndElementHandler = reader.end
    parser.EntityDeclHandler = reader.entity
    parser.ProcessingInstructionHandler = reader.instruction
    try:
        parser.Parse(content, True)
        reader.finish()
    except _Refused as refused:
        message, help = refused.args
        return message, help
    except (expat.ExpatError, ValueError):
        return "is no drawing that can be read", "save it anew as plain SVG"
    return "", ""


class _Reader:
    def __init__(self) -> None:
        self.seen = False
        self.style: list[str] = []
        self.in_style = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        plain = name.rpartition(":")[2].lower()
        if not self.seen and plain != "svg":
            raise _Refused("is no drawing: it does not begin with `<svg`", "save it anew as plain SVG")
        self.seen = True
        if plain in _PROGRAMS:
            raise _Refused(f"holds a program (`{plain}`)", "save it as plain SVG")
        self.in_style = plain == "style"
        for key, value in attributes.items():
            self.attribute(key.rpartition(":")[2].lower(), value)

    def attribute(self, key: str, value: str) -> None:
        if key.startswith("on"):
            raise _Refused(f"holds a program (`{key[:20]}`)", "save it as plain SVG")
        if (key in ("href", "src") and not _WITHIN.match(value)) or _ELSEWHERE.search(value):
            raise _Refused("names something outside of it", "put all that it shows into the drawing")

    def text(self, data: str) -> None:
        if self.in_style:
            self.style.append(data)

    def end(self, name: str) -> None:  # noqa: ARG002 - what expat hands over
        self.in_style = False

    def entity(self, *_: object) -> None:
        raise _Refused("declares entities", "save it as plain SVG")

    def instruction(self, target: str, data: str) -> None:  # noqa: ARG002 - what expat hands over
        raise _Refused(f"holds an instruction (`{target[:20]}`)", "save it as plain SVG")

    def finish(self) -> None:
        if _ELSEWHERE.search("".join(self.style)):
            raise _Refused("names something outside of it", "put all that it shows into the drawing")

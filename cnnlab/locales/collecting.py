"""Which texts of a source file translators are given: those in the functions that wrap them.

Babel calls it for every file (`make catalogues`). Its own reader of Python overlooks what stands inside an
f-string before Python 3.12; Python's parser does not.
"""

import ast
from collections.abc import Iterator
from typing import Any, BinaryIO

Found = tuple[int, str, tuple[str, ...], list[str]]


def texts(file: BinaryIO, keywords: Any, comment_tags: Any, options: Any) -> Iterator[Found]:  # noqa: ARG001
    r"""Yield the line, the function and the texts of each call to one of the functions in `keywords`.

    >>> from io import BytesIO
    >>> list(texts(BytesIO(b"f'{translate(\"Check\")}!'"), ["translate"], (), {}))
    [(1, 'translate', ('Check',), [])]
    """
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in keywords:
            written = [one.value for one in node.args if isinstance(one, ast.Constant)]
            yield node.lineno, node.func.id, tuple(one for one in written if isinstance(one, str)), []

"""Networks that learners write, over HTTP: the text goes up, a drawing's numbers or mistakes come back.

`POST /building/network.json` and `POST /building/formulas.json`, the text as body. It does not know
who draws.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cnnlab.building import LONGEST_TEXT, Built, Mistake, NotationProblem, Place, build, pytorch_source
from cnnlab.building.lowering import Misfit
from cnnlab.ui.addresses import address
from cnnlab.ui.architectures.serving import answer, packed

MOST_BYTES = 4 * LONGEST_TEXT
TITLE = "Your network"
TOO_LONG = f"the text is too long to be read; at most {LONGEST_TEXT:,} signs are. Shorten it."
_MANY = 64


async def built_network(request: Request) -> Response:
    """Answer with the network of a text, or with its mistakes."""
    return await _about(request, packed_build)


async def formulas_of_built(request: Request) -> Response:
    """Answer with the formulas of every step of the network of a text, or with its mistakes."""
    return await _about(request, packed_build_formulas)


async def _about(request: Request, tell: Callable[[str], bytes]) -> Response:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            return answer(packed(_mistaken([Mistake(Place(1, 1), TOO_LONG)])))
    return answer(await run_in_threadpool(tell, body.decode(errors="replace")))


@lru_cache(maxsize=_MANY)
def packed_build(text: str) -> bytes:
    """Return what the browser is told of a text, packed."""
    try:
        return packed({"network": told(build(text)), "mistakes": []})
    except NotationProblem as problem:
        return packed(_mistaken(problem.mistakes))


@lru_cache(maxsize=_MANY)
def packed_build_formulas(text: str) -> bytes:
    """Return the formulas of the network of a text, packed."""
    from cnnlab.ui.architectures.formulas import formulas_of

    try:
        return packed({"formulas": formulas_of(build(text).replayed)})
    except NotationProblem as problem:
        return packed(_mistaken(problem.mistakes))


def told(built: Built) -> dict[str, Any]:
    """Return a network as `describing` does, with the line of every step and its PyTorch source."""
    from cnnlab.ui.architectures.describing import numbers_of

    misfit = built.misfit
    return {
        "title": TITLE,
        "family": "",
        "facts": None,
        **numbers_of(built.replayed),
        "problem": misfit and _problem(built, misfit),
        "notes": {},
        "lines": built.lines,
        "code": pytorch_source(built),
    }


def _problem(built: Built, misfit: Misfit) -> dict[str, Any]:
    place = {"line": misfit.place.line, "column": misfit.place.column, "length": len(misfit.source)}
    return {"text": built.sentence, "step": misfit.step, "smallest": built.smallest, "place": place}


def _mistaken(mistakes: Any) -> dict[str, Any]:
    return {
        "network": None,
        "mistakes": [
            {
                "line": one.place.line,
                "column": one.place.column,
                "length": one.place.length,
                "text": one.sentence,
            }
            for one in mistakes
        ],
    }


def building_routes() -> list[Route]:
    """Return the routes under which the browser asks for what a text means."""
    return [
        Route(address("building/network.json"), built_network, methods=["POST"]),
        Route(address("building/formulas.json"), formulas_of_built, methods=["POST"]),
    ]

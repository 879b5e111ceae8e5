"""Networks over HTTP, as JSON for the browser: the list of all, and one on an input of a given size.

`/architectures.json`, `/architectures/<name>.json?input=3x224x224` and `/architectures/<name>/formulas.json`.
It does not know who draws them.
"""

import gzip
import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cnnlab import zoo
from cnnlab.errors import CnnLabError
from cnnlab.ui.addresses import address

Shape = tuple[int, ...]
LONGEST_NAME = 100
_SIZES = re.compile(r"[0-9]{1,5}(x[0-9]{1,5}){2}")
_MANY = 128


class UnreadableInput(CnnLabError):
    """An input size that is not written as such."""


def network(request: Request) -> Response:
    """Answer with one network; where there is none, or no such input, with a sentence under `error`."""
    return _about(request, packed_network)


def formulas_of_network(request: Request) -> Response:
    """Answer with the formulas of every step of one network, or with a sentence under `error`."""
    return _about(request, packed_formulas)


def _about(request: Request, tell: Callable[[str, Shape | None], bytes]) -> Response:
    name, wanted = request.path_params["name"], request.query_params.get("input", "")
    try:
        return answer(tell(name[:LONGEST_NAME], shape_of(wanted)))
    except CnnLabError as problem:
        return answer(packed({"error": str(problem)}), 404)


def everything(_request: Request) -> Response:
    """Answer with all families and their networks, in the order of history."""
    return answer(packed_catalogue())


@lru_cache(maxsize=_MANY)
def packed_network(name: str, shape: Shape | None) -> bytes:
    """Return what the browser is told of a network, packed."""
    from cnnlab.ui.architectures.describing import describe

    return packed(describe(name, shape))


@lru_cache(maxsize=_MANY)
def packed_formulas(name: str, shape: Shape | None) -> bytes:
    """Return the formulas of every step of a network, packed."""
    from cnnlab.ui.architectures.formulas import formulas

    return packed({"formulas": formulas(name, shape)})


def knobs(_request: Request) -> Response:
    """Answer with the families that can be scaled."""
    from cnnlab.ui.architectures.scaling import all_knobs

    return answer(packed({"knobs": all_knobs()}))


def scaled_family(request: Request) -> Response:
    """Answer with what one family costs at every setting and size, or with a sentence under `error`."""
    try:
        return answer(packed_family(request.path_params["family"][:LONGEST_NAME]))
    except CnnLabError as problem:
        return answer(packed({"error": str(problem)}), 404)


@lru_cache(maxsize=_MANY)
def packed_family(name: str) -> bytes:
    """Return what a family costs at every setting and size, packed."""
    from cnnlab.ui.architectures.scaling import scaled

    return packed(scaled(name))


@lru_cache(maxsize=1)
def packed_catalogue() -> bytes:
    """Return the families and their networks, packed."""
    return packed(
        {
            "families": [
                {
                    "name": family.name,
                    "title": family.title,
                    "idea": family.idea,
                    "networks": [
                        {"name": one.name, "title": one.title, "year": one.year, "input": one.input_shape}
                        for one in family.networks
                    ],
                }
                for family in zoo.families()
            ],
            "own": zoo.own_names(),
            "own_problems": zoo.own_problems(),
        }
    )


def shape_of(text: str) -> Shape | None:
    """Return the size of an input that an address tells, None where it tells none."""
    if not text:
        return None
    if not _SIZES.fullmatch(text):
        raise UnreadableInput(
            f"`{text[:40]}` is not the size of an input. Write channels x height x width, as 3x224x224."
        )
    return tuple(map(int, text.split("x")))


def packed(data: dict[str, Any]) -> bytes:
    """Return data as compressed JSON."""
    return gzip.compress(json.dumps(data, separators=(",", ":")).encode(), mtime=0)


def answer(body: bytes, status: int = 200) -> Response:
    """Return an answer of compressed JSON."""
    headers = {"content-encoding": "gzip", "cache-control": "no-cache"}
    return Response(body, status_code=status, media_type="application/json", headers=headers)


def architecture_routes() -> list[Route]:
    """Return the routes under which the browser asks for networks."""
    return [
        Route(address("architectures.json"), everything),
        Route(address("architectures/scaling.json"), knobs),
        Route(address("architectures/scaling/{family}.json"), scaled_family),
        Route(address("architectures/{name}.json"), network),
        Route(address("architectures/{name}/formulas.json"), formulas_of_network),
    ]

"""Sheets of examples of data sets over HTTP: `/data-sets/<name>.webp?seed=<seed>`.

Who knows the name of an own set may see its pictures. It does not know how a sheet is made.
"""

import re
from hashlib import blake2b

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from cnnlab.errors import CnnLabError
from cnnlab.training import own_data, public_sets
from cnnlab.training.data_sets import DATA_SETS
from cnnlab.training.previews import own_sheet, sheet_file
from cnnlab.ui.addresses import address

_ONE_HOUR = "private, max-age=3600"


def sheet(request: Request) -> Response:
    """Answer with a sheet; 404 with a sentence where there is none. Starlette calls it in a thread."""
    name, seed = request.path_params["name"], request.query_params.get("seed", "0")
    try:
        data = _sheet(name, int(seed) if re.fullmatch(r"[0-9]{1,9}", seed) else 0)
    except (CnnLabError, OSError) as problem:
        text = str(problem) if isinstance(problem, CnnLabError) else "There are no examples of this set."
        return PlainTextResponse(text, 404)
    return Response(data, media_type="image/webp", headers={"cache-control": _ONE_HOUR})


def _sheet(name: str, seed: int) -> bytes:
    if name.startswith(own_data.PREFIX):
        return own_sheet(name, seed)
    if name in public_sets.PUBLIC:
        return public_sets.public_sheet(name)
    return sheet_file(name if name in DATA_SETS else "none").read_bytes()


def sheet_address(name: str, version: object = "", seed: int = 0) -> str:
    """Return where a sheet is; `version` is whatever changes when its pictures do."""
    mark = blake2b(repr((version, seed)).encode(), digest_size=6).hexdigest()
    return f"{address(f'data-sets/{name}.webp')}?seed={seed}&v={mark}"


def data_routes() -> list[Route]:
    """Return the route of sheets."""
    return [Route(address("data-sets/{name}.webp"), sheet)]

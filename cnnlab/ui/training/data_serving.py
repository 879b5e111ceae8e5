"""Examples of data sets over HTTP.

`/data-sets/<name>.webp?seed=<seed>` is a sheet of them; `/data-sets/<name>/<class>/<row>.png` is one picture
of an own set, exactly, and the same with `.webp` a small copy of it.

Who knows the name of an own set may see its pictures. It does not know how a sheet is made.
"""

import re
from hashlib import blake2b

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from cnnlab.errors import CnnLabError
from cnnlab.inspection.pictures import Picture
from cnnlab.training import own_data, public_sets
from cnnlab.training.data_sets import DATA_SETS
from cnnlab.training.previews import own_sheet, sheet_file, small
from cnnlab.ui.addresses import address

FOLDER = "data-sets"
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


def picture(request: Request) -> Response:
    """Answer with one picture of an own set; 404 with a sentence where there is none."""
    asked, exact = request.path_params, request.url.path.endswith(".png")
    try:
        pixels = own_data.picture(asked["name"], asked["number"], asked["row"])
    except CnnLabError as problem:
        return PlainTextResponse(str(problem), 404)
    data, form = (Picture(pixels, "").png(), "png") if exact else (small(pixels), "webp")
    return Response(data, media_type=f"image/{form}", headers={"cache-control": _ONE_HOUR})


def sheet_address(name: str, version: object = "", seed: int = 0) -> str:
    """Return where a sheet is; `version` is whatever changes when its pictures do."""
    mark = blake2b(repr((version, seed)).encode(), digest_size=6).hexdigest()
    return f"{address(f'{FOLDER}/{name}.webp')}?seed={seed}&v={mark}"


def data_routes() -> list[Route]:
    """Return the routes of sheets and pictures."""
    one = [
        Route(address(f"{FOLDER}/{{name}}/{{number:int}}/{{row:int}}.{form}"), picture)
        for form in ("png", "webp")
    ]
    return [Route(address(FOLDER + "/{name}.webp"), sheet), *one]

"""What a run learned, over HTTP: `/run/<id>/epochs.json`, a matrix, a cell, an epoch, and pictures as PNG.

Who knows a run's id may look at it. It does not know how they are made.
"""

from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from cnnlab.errors import CnnLabError
from cnnlab.training.run_folder import OVER
from cnnlab.ui.addresses import address
from cnnlab.ui.training.run_images import (
    COLUMNS,
    SHEET,
    filters_sheet,
    maps_sheet,
    sheet_of_pictures,
    thumb_count,
)
from cnnlab.ui.training.run_views import cell_told, epoch_told, kept_epochs, matrix_told
from cnnlab.ui.training.runs import folder

ONE_DAY = {"cache-control": "private, max-age=86400"}
NEVER_KEEP = {"cache-control": "no-store"}
Make = Callable[[Request], Response]


def _epochs(request: Request) -> Response:
    run = folder(request.path_params["run"])
    count, side = thumb_count(run)
    thumbs = {"count": count, "side": side, "sheet": SHEET, "columns": COLUMNS}
    return JSONResponse({**kept_epochs(run), "thumbs": thumbs}, headers=NEVER_KEEP)


def _matrix(request: Request) -> Response:
    return _json(matrix_told(folder(request.path_params["run"]), request.path_params["epoch"]))


def _cell(request: Request) -> Response:
    asked = request.path_params
    return _json(cell_told(folder(asked["run"]), asked["epoch"], asked["label"], asked["predicted"]))


def _epoch(request: Request) -> Response:
    return _json(epoch_told(folder(request.path_params["run"]), request.path_params["epoch"]))


def _pictures(request: Request) -> Response:
    return _png(sheet_of_pictures(folder(request.path_params["run"]), request.path_params["sheet"]))


def _filters(request: Request) -> Response:
    run = folder(request.path_params["run"])
    over = run.state().get("state") in OVER
    return _png(filters_sheet(run, request.path_params["epoch"]), ONE_DAY if over else NEVER_KEEP)


def _maps(request: Request) -> Response:
    asked = request.path_params
    return _png(maps_sheet(folder(asked["run"]), asked["epoch"], asked["name"]))


def _json(told: dict[str, Any]) -> Response:
    return JSONResponse(told, headers=NEVER_KEEP)


def _png(data: bytes, headers: dict[str, str] = ONE_DAY) -> Response:
    return Response(data, media_type="image/png", headers=headers)


def _route(path: str, make: Make) -> Route:
    async def answer(request: Request) -> Response:
        try:
            return await run_in_threadpool(make, request)
        except CnnLabError as problem:
            return JSONResponse({"problem": str(problem)}, 404, headers=NEVER_KEEP)

    return Route(address(f"run/{{run}}/{path}"), answer)


def view_routes() -> list[BaseRoute]:
    """Return the routes of what a run learned."""
    return [
        _route("epochs.json", _epochs),
        _route("matrix/{epoch:int}.json", _matrix),
        _route("cell/{epoch:int}/{label:int}/{predicted:int}.json", _cell),
        _route("epoch/{epoch:int}.json", _epoch),
        _route("pictures/{sheet:int}.png", _pictures),
        _route("filters/{epoch:int}.png", _filters),
        _route("maps/{epoch:int}/{name}.png", _maps),
    ]

"""Bundled sample pictures over HTTP, for the labs in the browser, and the masks of those that have one.

It does not know who shows them or what they are made into.
"""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from cnnlab.inspection.masks import mask_png
from cnnlab.inspection.samples import MissingPicture, sample_png
from cnnlab.ui.addresses import address

_ONE_WEEK = "public, max-age=604800"


def picture(request: Request) -> Response:
    """Answer with one sample as PNG, kept by browsers for a week; 404 if there is none."""
    return _png(sample_png, request)


def mask(request: Request) -> Response:
    """Answer with the mask of one sample, in the same way."""
    return _png(mask_png, request)


def _png(read: Callable[[str], bytes], request: Request) -> Response:
    try:
        png = read(request.path_params["name"])
    except MissingPicture as problem:
        return PlainTextResponse(str(problem), status_code=404)
    return Response(png, media_type="image/png", headers={"cache-control": _ONE_WEEK})


def picture_routes() -> list[Route]:
    """Return the routes `/pictures/<name>.png` and `/pictures/masks/<name>.png`."""
    return [
        Route(address("pictures/{name}.png"), picture, name="pictures"),
        Route(address("pictures/masks/{name}.png"), mask, name="masks"),
    ]

"""Bundled sample pictures over HTTP, for the labs in the browser.

It does not know who shows them or what they are made into.
"""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from cnnlab.inspection.samples import MissingPicture, sample_png
from cnnlab.ui.addresses import address

_ONE_WEEK = "public, max-age=604800"


def picture(request: Request) -> Response:
    """Answer with one sample as PNG, kept by browsers for a week; 404 if there is none."""
    try:
        png = sample_png(request.path_params["name"])
    except MissingPicture as problem:
        return PlainTextResponse(str(problem), status_code=404)
    return Response(png, media_type="image/png", headers={"cache-control": _ONE_WEEK})


def picture_route() -> Route:
    """Return the route `/pictures/<name>.png`."""
    return Route(address("pictures/{name}.png"), picture, name="pictures")

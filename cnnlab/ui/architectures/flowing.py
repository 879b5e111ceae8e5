"""A picture flowing through a network, over HTTP: a run, one step's channels, one channel exactly.

`/architectures/<name>/flow.json`, `…/flow/<step>.json`, `…/flow/<step>/<channel>.json` and
`…/flow-input.png`, each with `?input=3x224x224&picture=cat`. While something is computed the answer is 202
with how far it is; one asks again. It does not know who draws it.
"""

import asyncio
import io
from collections.abc import Callable
from functools import cache
from typing import Any

from PIL import Image
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cnnlab.errors import CnnLabError
from cnnlab.inspection.flow import Asked, Flows, Run, full_name
from cnnlab.inspection.flow_pictures import Pictures
from cnnlab.inspection.flow_summary import SORTS
from cnnlab.inspection.models import shared_models
from cnnlab.inspection.work import Desk, GivenUp, Job, desk
from cnnlab.tracing import trace_of
from cnnlab.ui.addresses import address
from cnnlab.ui.architectures.flow_telling import Page, channel_told, run_told, step_told
from cnnlab.ui.architectures.serving import LONGEST_NAME, answer, packed, shape_of

PATIENCE_SECONDS = 1.0
POLL_SECONDS = 0.02
MOST_ON_PAGE = 256
LONGEST_PICTURE_NAME = 80


class Desks:
    """What all learners share: networks and runs, uploaded pictures, and the queue of those who wait."""

    def __init__(self, queue: Desk) -> None:
        self.flows, self.pictures = Flows(shared_models()), Pictures()
        self.desk = queue


@cache
def shared() -> Desks:
    """Return the one of this server."""
    return Desks(desk())


async def flow(request: Request) -> Response:
    """Answer with a run: its weights, and what the network takes the picture for."""
    return await _answered(request, lambda asked: _of_run(asked, lambda run: answer(packed(run_told(run)))))


async def flow_step(request: Request) -> Response:
    """Answer with one step's statistics and some of its channels."""
    step = request.path_params["step"]
    sort = request.query_params.get("sort", "number")
    page, count = _whole(request, "page", 0), _whole(request, "count", 48)
    if sort not in SORTS:
        sort = "number"

    def tell(run: Run) -> Response:
        return answer(packed(step_told(run, step, Page(sort, page, max(1, min(count, MOST_ON_PAGE))))))

    return await _answered(request, lambda asked: _of_run(asked, tell))


async def flow_channel(request: Request) -> Response:
    """Answer with all values of one channel, exactly."""
    step, channel = request.path_params["step"], request.path_params["channel"]
    return await _answered(request, lambda asked: _of_step(asked, step, channel))


async def flow_input(request: Request) -> Response:
    """Answer with the picture as the network reads it."""
    return await _answered(request, lambda asked: _of_run(asked, _png))


async def _answered(request: Request, find: Callable[[Asked], Any]) -> Response:
    """Find what was asked for, waiting a little; problems become sentences."""
    try:
        asked = await run_in_threadpool(_asked, request)
        found = await find(asked)
    except CnnLabError as problem:
        return answer(packed({"error": str(problem)}), 404)
    if isinstance(found, Job):
        waiting = {"doing": found.doing, "done": found.done, "of": found.total}
        return answer(packed({"waiting": waiting | {"ahead": shared().desk.ahead(found)}}), 202)
    return found


def _asked(request: Request) -> Asked:
    name = full_name(request.path_params["name"][:LONGEST_NAME])
    shape = shape_of(request.query_params.get("input", "")) or trace_of(name).input_shape
    return Asked(name, shape, request.query_params.get("picture", "")[:LONGEST_PICTURE_NAME])


def _whole(request: Request, name: str, usual: int) -> int:
    text = request.query_params.get(name, str(usual))
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else usual


async def _of_run(asked: Asked, tell: Callable[[Run], Any]) -> Any:
    flows = shared().flows
    picture = shared().pictures.get(asked.picture)

    def find() -> Run | None:
        return flows.known_run(asked)

    found = await _waited(find, asked, lambda progress: flows.run(asked, picture, progress))
    return found if isinstance(found, Job) else await run_in_threadpool(tell, found)


async def _of_step(asked: Asked, step: int, channel: int) -> Any:
    flows = shared().flows
    picture = shared().pictures.get(asked.picture)

    def find() -> Any:
        return flows.known_exact(asked, step)

    found = await _waited(find, (asked, step), lambda _progress: flows.exact(asked, step, picture))
    return found if isinstance(found, Job) else answer(packed(channel_told(found, channel)))


async def _waited(find: Callable[[], Any], key: Any, work: Any) -> Any:
    """Return what `find` finds, or the job that will bring it about; raise what that ended with."""
    found = find()
    if found is not None:
        return found
    job = shared().desk.ask(key, work)
    for _ in range(round(PATIENCE_SECONDS / POLL_SECONDS)):
        if job.over.is_set():
            break
        await asyncio.sleep(POLL_SECONDS)
    if isinstance(job.problem, GivenUp):
        return job
    if job.problem is not None:
        raise job.problem
    found = find() if job.over.is_set() else None
    return job if found is None else found


def _png(run: Run) -> Response:
    pixels = run.pixels[..., 0] if run.pixels.shape[2] == 1 else run.pixels
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format="PNG")
    return Response(file.getvalue(), media_type="image/png", headers={"cache-control": "no-cache"})


def flow_routes() -> list[Route]:
    """Return the routes under which the browser asks for flows."""
    return [
        Route(address("architectures/{name}/flow.json"), flow),
        Route(address("architectures/{name}/flow/{step:int}.json"), flow_step),
        Route(address("architectures/{name}/flow/{step:int}/{channel:int}.json"), flow_channel),
        Route(address("architectures/{name}/flow-input.png"), flow_input),
    ]

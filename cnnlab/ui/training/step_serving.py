"""One step of a run at a time, over HTTP: `/run/<id>/step/<number>.json` and `.png`.

The steps are taken by the hands of `cnnlab.inspection.work`, never while a page is drawn; until one is there,
browsers are told how far it is and ask again. It does not know how a step is taken (`training.microscope`).
"""

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from cnnlab.errors import CnnLabError
from cnnlab.inspection.work import Progress, desk
from cnnlab.ui.addresses import address
from cnnlab.ui.training.run_images import COLUMNS, png, tiled
from cnnlab.ui.training.run_lines import sendable
from cnnlab.ui.training.runs import folder

if TYPE_CHECKING:
    from cnnlab.training.microscope import Microscope, Step

NEVER_KEEP = {"cache-control": "no-store"}
MOST_KEPT = 2  # microscopes, each with a network and its pictures: up to some hundred MB
AT_ONCE_SECONDS = 0.3
MOST_PIXELS = 64  # a side, of pictures as they are sent
_kept: OrderedDict[str, "Microscope"] = OrderedDict()
_lock = Lock()


def known_step(run_id: str, number: int) -> "Step | None":
    """Return a step that has been taken already."""
    with _lock:
        scope = _kept.get(run_id)
        return scope.taken[number - 1] if scope and 0 < number <= len(scope.taken) else None


def take_step(run_id: str, number: int, progress: Progress) -> "Step":
    """Take the steps up to this one; raises what a run of the same recipe raises."""
    from cnnlab.training import data_sets
    from cnnlab.training.microscope import microscope

    with _lock:
        scope = _kept.get(run_id)
    if scope is None:
        recipe = folder(run_id).recipe()
        progress("Getting the pictures", 0, 3)
        data = data_sets.split(recipe.data, recipe.seed, recipe.per_class)
        progress("Making the network ready", 1, 3)
        scope = microscope(recipe, data)
    progress("Taking the step", 2, 3)
    with _lock:
        _kept[run_id] = scope
        _kept.move_to_end(run_id)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return scope.step(number)


def step_told(run_id: str, step: "Step") -> dict[str, Any]:
    """Return a step as the browser draws it."""
    return sendable(
        {
            "number": step.number,
            "steps": step.steps,
            "classes": [str(one) for one in folder(run_id).about().get("classes", ())],
            "labels": step.labels.tolist(),
            "before": step.before.tolist(),
            "after": step.after.tolist(),
            "mean": step.mean,
            "deviation": step.deviation,
            "loss": step.loss,
            "rate": step.rate,
            "side": step.pictures.shape[1],
            "shown": side_shown(step.pictures.shape[1]),
            "columns": COLUMNS,
            "layers": [[one.name, one.gradient, one.weights, one.moved] for one in step.layers],
        }
    )


def side_shown(side: int) -> int:
    """Return how many pixels a side a picture is sent with: every so many of its own."""
    return len(range(0, side, -(-side // MOST_PIXELS)))


def _answer(run_id: str, number: int) -> dict[str, Any]:
    step = known_step(run_id, number)
    if step is None:
        folder(run_id)
        job = desk().ask(
            ("step of a run", run_id),
            lambda progress: take_step(run_id, number, progress),
            ("run", run_id),
        )
        if not job.over.wait(AT_ONCE_SECONDS):
            ahead = desk().ahead(job)
            return {"waiting": f"Waiting: {ahead} before this." if ahead else f"{job.doing} …"}
        if isinstance(job.problem, CnnLabError):
            desk().forget(job.key)
            raise job.problem
        if job.problem is not None:
            desk().forget(job.key)
            return {"problem": "This step could not be taken. Try again."}
        step = known_step(run_id, number)
    return step_told(run_id, step) if step else {"waiting": "Taking the step …"}


async def _step(request: Request) -> Response:
    asked = request.path_params
    try:
        told = await run_in_threadpool(_answer, asked["run"], asked["number"])
    except CnnLabError as problem:
        return JSONResponse({"problem": str(problem)}, 404, headers=NEVER_KEEP)
    return JSONResponse(told, headers=NEVER_KEEP)


async def _pictures(request: Request) -> Response:
    step = known_step(request.path_params["run"], request.path_params["number"])
    if step is None:
        return JSONResponse({"problem": "This step has not been taken yet."}, 404, headers=NEVER_KEEP)
    every = -(-step.pictures.shape[1] // MOST_PIXELS)
    data = png(tiled(step.pictures[:, ::every, ::every], COLUMNS))
    return Response(data, media_type="image/png", headers=NEVER_KEEP)


def step_routes() -> list[BaseRoute]:
    """Return the routes of single steps."""
    return [
        Route(address("run/{run}/step/{number:int}.json"), _step),
        Route(address("run/{run}/step/{number:int}.png"), _pictures),
    ]

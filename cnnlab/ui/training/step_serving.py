"""One step of a run at a time, over HTTP: `/run/<id>/step/<number>.json` and `.png`.

The steps are taken by the hands of `cnnlab.inspection.work`, never while a page is drawn; until one is there,
browsers are told how far it is and ask again. It does not know how a step is taken (`training.microscope`).
"""

from collections import OrderedDict
from dataclasses import asdict
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
_kept: OrderedDict[tuple[str, int], "Microscope"] = OrderedDict()  # by run and stage
_lock = Lock()


def known_step(run_id: str, number: int) -> "tuple[Microscope, Step] | None":
    """Return a step that has been taken already, and the microscope that took it."""
    with _lock:
        scopes = [scope for (run, _), scope in _kept.items() if run == run_id]
    return next(((scope, step) for scope in scopes if (step := scope.known(number))), None)


def take_step(run_id: str, number: int, progress: Progress) -> None:
    """Take the steps of a stage up to this one; raises what a run of the same recipe raises."""
    scope = _scope(run_id, number) or _new_scope(run_id, number, progress)
    with _lock:
        _kept[run_id, scope.stage] = scope
        _kept.move_to_end((run_id, scope.stage))
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    first = scope.stretch.first
    for before in range(first + len(scope.taken), number + 1):
        progress(f"Taking step {before}", before - first, number - first + 1)
        scope.step(before)


def _scope(run_id: str, number: int) -> "Microscope | None":
    """Return the microscope of the stage of a step; raises `NoSuchStep` where one knows better."""
    from cnnlab.training.microscope import stage_of

    with _lock:
        some = next((scope for (run, _), scope in _kept.items() if run == run_id), None)
        return _kept.get((run_id, stage_of(number, some.stretches))) if some else None


def _new_scope(run_id: str, number: int, progress: Progress) -> "Microscope":
    from cnnlab.training import changes, data_sets
    from cnnlab.training.microscope import microscope
    from cnnlab.training.snapshots import handed_over

    run = folder(run_id)
    recipe = run.recipe()
    progress("Getting the pictures", 0, 2)
    data = data_sets.split(recipe.data, recipe.seed, recipe.per_class)
    changes.need_same_pictures(run, data, "Its steps cannot be taken again with others.")
    progress("Making the network ready", 1, 2)
    return microscope(recipe, data, number, handed_over(run))


def step_told(run_id: str, scope: "Microscope", step: "Step") -> dict[str, Any]:
    """Return a step as the browser draws it."""
    run = folder(run_id)
    return sendable(
        {
            "number": step.number,
            "stage": scope.stage,
            "stages": [asdict(one) for one in scope.stretches],
            "device": run.state().get("device", ""),
            "classes": [str(one) for one in run.about().get("classes", ())],
            "labels": step.labels.tolist(),
            "before": step.before.tolist(),
            "after": step.after.tolist(),
            "mean": step.mean,
            "deviation": step.deviation,
            "loss": step.loss,
            "rate": step.rate,
            "side": step.side,
            "shown": step.pictures.shape[1],
            "columns": COLUMNS,
            "layers": [[one.name, one.gradient, one.weights, one.moved] for one in step.layers],
        }
    )


def _answer(run_id: str, number: int) -> dict[str, Any]:
    known = known_step(run_id, number)
    if known is None:
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
        known = known_step(run_id, number)
    return step_told(run_id, *known) if known else {"waiting": "Taking the step …"}


async def _step(request: Request) -> Response:
    asked = request.path_params
    try:
        told = await run_in_threadpool(_answer, asked["run"], asked["number"])
    except CnnLabError as problem:
        return JSONResponse({"problem": str(problem)}, 404, headers=NEVER_KEEP)
    return JSONResponse(told, headers=NEVER_KEEP)


async def _pictures(request: Request) -> Response:
    known = known_step(request.path_params["run"], request.path_params["number"])
    if known is None:
        return JSONResponse({"problem": "This step has not been taken yet."}, 404, headers=NEVER_KEEP)
    return Response(png(tiled(known[1].pictures, COLUMNS)), media_type="image/png", headers=NEVER_KEEP)


def step_routes() -> list[BaseRoute]:
    """Return the routes of single steps."""
    return [
        Route(address("run/{run}/step/{number:int}.json"), _step),
        Route(address("run/{run}/step/{number:int}.png"), _pictures),
    ]

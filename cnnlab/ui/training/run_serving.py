"""A run over HTTP: what it has measured since the browser last asked, and Pause, Go on and Stop.

`/run/<id>.json?steps=<place>&epochs=<count>` and `POST /run/<id>/<command>`. Who knows a run's id may look at
it; only the learner whose run it is may command it. It does not know how a run is done.
"""

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from cnnlab.errors import CnnLabError
from cnnlab.training.kept_epoch import kept_epoch
from cnnlab.training.run_folder import OVER, QUEUED, NoSuchRun, RunFolder
from cnnlab.ui.addresses import address
from cnnlab.ui.training.run_lines import sendable, thinned
from cnnlab.ui.training.runs import folder, place, tell_run

MOST_STEPS = 1500
NEVER_KEEP = {"cache-control": "no-store"}
UNWRITTEN = (
    "The folder of runs cannot be written to ({why}), so the run was not told. Make room on that disk, "
    "and press again."
)
FOREIGN = "This run was started in another browser; here it can be looked at only."


def run_told(run_id: str, steps_at: int, epochs_at: int) -> dict[str, Any]:
    """Return where a run stands, and what it has measured after these places; raises `NoSuchRun`."""
    run = folder(run_id)
    state = run.state()
    steps, steps_at = _steps_since(run, steps_at)
    epochs = run.epochs()
    new = epochs[epochs_at:] if epochs_at <= len(epochs) else epochs
    over = state.get("state") in OVER
    return sendable(
        {
            "state": state,
            "over": over,
            "kept": kept_epoch(run.recipe(), state["state"], epochs).get("epoch") if over else None,
            "place": place(run_id) if state.get("state") == QUEUED else None,
            "steps": [_step(one) for one in thinned(steps, MOST_STEPS)],
            "epochs": [{name: one[name] for name in one if name != "gradients"} for one in new],
            "next": {"steps": steps_at, "epochs": len(epochs)},
        }
    )


def _steps_since(run: RunFolder, place: int) -> tuple[list[dict[str, Any]], int]:
    """Return the steps behind a place of their file; all of them where the run has gone back behind it."""
    try:
        size = (run.path / "steps.jsonl").stat().st_size
    except FileNotFoundError:
        return [], 0
    return run.steps_since(place if place <= size else 0)


def _step(facts: dict[str, Any]) -> list[Any]:
    return [facts.get("step"), facts.get("loss"), facts.get("learning_rate")]


async def _told(request: Request) -> JSONResponse:
    try:
        told = await run_in_threadpool(
            run_told, request.path_params["run"], _place(request, "steps"), _place(request, "epochs")
        )
    except CnnLabError as problem:
        return JSONResponse({"problem": str(problem)}, 404, headers=NEVER_KEEP)
    return JSONResponse(told, headers=NEVER_KEEP)


def _place(request: Request, name: str) -> int:
    text = request.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def owned(run_id: str, learner: str) -> RunFolder:
    """Return the folder of a learner's own run; raises `NoSuchRun` for another's."""
    run = folder(run_id)
    if not learner or run.about().get("learner") != learner:
        raise NoSuchRun(FOREIGN)
    return run


async def _commanded(request: Request) -> JSONResponse:
    try:
        asked = await request.json()
        learner = str(asked.get("learner", "")) if isinstance(asked, dict) else ""
        await run_in_threadpool(_command, request.path_params["run"], request.path_params["command"], learner)
    except (CnnLabError, ValueError) as problem:
        return JSONResponse({"problem": str(problem)}, 400, headers=NEVER_KEEP)
    except OSError as problem:
        return JSONResponse({"problem": UNWRITTEN.format(why=problem.strerror)}, 507, headers=NEVER_KEEP)
    return JSONResponse({"problem": ""}, headers=NEVER_KEEP)


def _command(run_id: str, command: str, learner: str) -> None:
    owned(run_id, learner)
    tell_run(run_id, command)


def run_routes() -> list[BaseRoute]:
    """Return the routes of runs."""
    return [
        Route(address("run/{run}.json"), _told),
        Route(address("run/{run}/{command}"), _commanded, methods=["POST"]),
    ]

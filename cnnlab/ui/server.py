"""What the server offers besides pages, and what it does when it starts.

Routes: the browser's modules under a content hash, sample pictures, networks, what flows
through them, how far work is, what learners write, health. It does not know any page.
"""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Mount, Route

from cnnlab import __version__
from cnnlab.training.jobs.keeping import Keeper
from cnnlab.training.own_models import welcome_runs
from cnnlab.ui.addresses import address
from cnnlab.ui.architectures.building import building_routes
from cnnlab.ui.architectures.flowing import flow_routes
from cnnlab.ui.architectures.serving import architecture_routes
from cnnlab.ui.assets import BrowserModules
from cnnlab.ui.inspection.progress_bar import work_route
from cnnlab.ui.pictures import picture_routes
from cnnlab.ui.sockets import answer_at_once
from cnnlab.ui.training.data_serving import data_routes
from cnnlab.ui.training.run_serving import run_routes
from cnnlab.ui.training.step_serving import step_routes
from cnnlab.ui.training.view_serving import view_routes


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Let answers leave at once; keep what is loaded out of garbage collections; watch over runs.

    The reasons are in docs/decisions.md.
    """
    answer_at_once()
    welcome_runs()
    gc.collect()
    gc.freeze()
    keeper = Keeper()
    keeper.start()
    yield
    keeper.close()


async def health(_request: Request) -> JSONResponse:
    """Answer that the server is up, with the version it runs."""
    return JSONResponse({"status": "ok", "version": __version__})


def routes() -> list[BaseRoute]:
    """Return the routes that `app.py` serves beside Streamlit's own, below the path that all lie under."""
    return [
        Route(address("health"), health),
        Mount(address("browser"), app=BrowserModules(), name="browser"),
        *picture_routes(),
        *architecture_routes(),
        *building_routes(),
        *flow_routes(),
        work_route(),
        *data_routes(),
        *run_routes(),
        *view_routes(),
        *step_routes(),
    ]

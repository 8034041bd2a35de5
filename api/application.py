"""The FastAPI application: everything beside the model's questions."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError

from api.errors import OURS, invalid, refusal
from api.routers import assessments, clients, decisions, links, requests, stop, system, view

ROUTERS = (clients, assessments, decisions, requests, links, view, stop, system)


def rest_application() -> FastAPI:
    """Return the application. Before a request, ``state`` needs ``worker`` and ``document``."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    for router in ROUTERS:
        app.include_router(router.routes)
    for kind in OURS:
        app.add_exception_handler(kind, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    return app


async def _refused(_request: Request, error: Exception) -> Response:
    return refusal(error).response()


async def _invalid(_request: Request, error: Exception) -> Response:
    """Write FastAPI's refusals as ours: places without the part (body, query, path) they are in."""
    assert isinstance(error, RequestValidationError)
    found = [{**one, "loc": one["loc"][1:]} for one in error.errors()]
    return invalid(found, error.body).response()

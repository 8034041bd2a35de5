"""Health, measurements, the served scorecard's card, the OpenAPI document, sessions."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from api import fairness_gate, measurements
from api.dependencies import AContext, AWorker
from api.recorder import JSON
from scoring.contract import Ended, Health, ModelCard, SessionRequest, SessionResponse
from storage import keys, times
from storage.engine import writing

TEXT = "text/plain; version=0.0.4; charset=utf-8"
COUNTS: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "text/plain": {
                "schema": {"type": "string"},
                "example": 'scoring_requests_total{route="score",status="200"} 12.0',
            }
        },
        "description": "The counts",
    }
}
DOCUMENT: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {JSON: {"schema": {"type": "object"}, "example": {"openapi": "3.1.0"}}},
        "description": "The document",
    }
}

routes = APIRouter(tags=["service"])


@routes.get("/model", operation_id="model")
def model(worker: AWorker) -> ModelCard:
    """The served scorecard."""
    served = worker.assessor.served
    card = served.scorecard.metadata
    return ModelCard(
        model_tag=served.tag,
        trained_at=card.trained_at,
        feature_version=card.feature_version,
        data_fingerprint=card.data_fingerprint,
        items=len(card.items),
        cut_off=card.cut_off.value,
        grey_zone=card.cut_off.grey_zone,
        metrics=card.metrics,
        files=served.scorecard.hashes,
        fairness_gate=fairness_gate.gate_of(served.tag),
        warnings=fairness_gate.warnings_about(served.tag),
    )


@routes.post("/sessions", operation_id="log_in")
async def log_in(worker: AWorker, context: AContext, request: SessionRequest) -> SessionResponse:
    """Log a person in; guesses are slowed down, whether the name is known or not."""
    session = await worker.logins.log_in(request.name, request.password, context.address)
    return SessionResponse(
        token=session.token,
        role=session.role.value,
        expires_at=times.moment(session.expires_at),
    )


@routes.delete("/sessions", operation_id="log_out")
def log_out(worker: AWorker, context: AContext) -> Ended:
    """End the session whose token is sent: it is worth nothing from now on."""
    with writing(worker.store.engine) as connection:
        keys.end_session(connection, context.by.token_hash)
    return Ended()


@routes.get("/livez", operation_id="livez")
async def alive() -> Health:
    """The process answers."""
    return Health(status="ok")


@routes.get("/readyz", operation_id="readyz")
async def ready(worker: AWorker) -> Health:
    """An answer could be given and recorded now: database, scorecard and disk are there."""
    await worker.must_be_ready()
    tag = worker.assessor.served.tag
    warnings = await asyncio.to_thread(fairness_gate.warnings_about, tag)
    return Health(status="ok", warnings=warnings)


@routes.get("/metrics", operation_id="metrics", responses=COUNTS)
def metrics(worker: AWorker) -> Response:
    """Counts for Prometheus, by route name."""
    measurements.WAITING.set(worker.store.waiting)
    return Response(measurements.written(), media_type=TEXT)


@routes.get("/docs.json", operation_id="docs", responses=DOCUMENT)
def docs(request: Request) -> Response:
    """This document (OpenAPI 3.1)."""
    document: dict[str, Any] = request.app.state.document()
    return Response(orjson.dumps(document, option=orjson.OPT_INDENT_2), media_type=JSON)

"""Every route of the service: address, answer, and which roles may ask."""

from __future__ import annotations

from gateway.answers import assessments, clients, system
from gateway.routes import EVERYBODY, OPEN, Route
from scoring.contract import (
    ClientResponse,
    Ended,
    ExplainRequest,
    ExplainResponse,
    Health,
    LanguageQuery,
    ModelCard,
    ScoreRequest,
    ScoreResponse,
    SessionRequest,
    SessionResponse,
)
from storage.roles import Role

ASKERS = frozenset({Role.ADVISOR, Role.API, Role.RISK, Role.ADMIN})
"""Who may have a client assessed. An auditor only reads what was recorded."""
WATCHERS = frozenset({Role.API, Role.RISK, Role.AUDITOR, Role.ADMIN})

_ONE = {"client_id": 100002}

ROUTES: tuple[Route, ...] = (
    Route(
        "POST", "/score", "score", assessments.score, ASKERS, ScoreResponse,
        "Probability of default, verdict and assessment id of a client or an application",
        body=ScoreRequest, examples=_ONE, repeatable=True, errors=(404, 409),
    ),
    Route(
        "POST", "/explain", "explain", assessments.explained, ASKERS, ExplainResponse,
        "The same as /score, and why: reasons on both sides, contributions by group and feature",
        body=ExplainRequest, examples={**_ONE, "language": "en"}, repeatable=True,
        errors=(404, 409),
    ),
    Route(
        "GET", "/clients/{client_id}", "client", clients.client, EVERYBODY, ClientResponse,
        "Everything held about a client, with its origin", query=LanguageQuery, errors=(404,),
    ),
    Route("GET", "/model", "model", system.model, EVERYBODY, ModelCard, "The served scorecard"),
    Route(
        "POST", "/sessions", "log_in", system.log_in, OPEN, SessionResponse,
        "Log a person in; five failures lock the name for a while",
        body=SessionRequest, examples={"name": "marie", "password": "..."}, errors=(401,),
    ),
    Route(
        "DELETE", "/sessions", "log_out", system.log_out, EVERYBODY, Ended,
        "End the session whose token is sent",
    ),
    Route("GET", "/livez", "livez", system.alive, OPEN, Health, "The process answers"),
    Route(
        "GET", "/readyz", "readyz", system.ready, OPEN, Health,
        "An answer could be given and recorded now",
    ),
    Route(
        "GET", "/metrics", "metrics", system.metrics, WATCHERS, "text/plain",
        "Counts for Prometheus, by route name",
    ),
    Route(
        "GET", "/docs.json", "docs", system.docs, EVERYBODY, "application/json",
        "This document (OpenAPI 3.1)",
    ),
)  # fmt: skip
"""The contract and the access matrix, in one table."""

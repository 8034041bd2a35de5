"""Every route of the service: address, answer, and which roles may ask."""

from __future__ import annotations

from gateway.answers import (
    assessments,
    batch,
    clients,
    comparison,
    decisions,
    links,
    portfolio,
    recourse,
    replay,
    requests,
    simulation,
    system,
    view,
)
from gateway.routes import EVERYBODY, OPEN, Route
from scoring.contract import (
    AssessmentResponse,
    BatchRequest,
    BatchResponse,
    ClientResponse,
    ClientsQuery,
    ClientsResponse,
    CompareRequest,
    CompareResponse,
    DecisionRequest,
    DecisionResponse,
    Ended,
    ExplainRequest,
    ExplainResponse,
    ExportQuery,
    FiledRequest,
    FileRequest,
    FollowUpRequest,
    Health,
    LanguageQuery,
    LinkRequest,
    LinkResponse,
    LinksQuery,
    LinksResponse,
    ModelCard,
    OutcomeRequest,
    OutcomeResponse,
    OwnRequest,
    RecourseRequest,
    RecourseResponse,
    ReplayResponse,
    RequestsQuery,
    RequestsResponse,
    Revoked,
    ScoreRequest,
    ScoreResponse,
    SessionRequest,
    SessionResponse,
    SimulateRequest,
    SimulateResponse,
    ViewResponse,
)
from storage.roles import Role

ASKERS = frozenset({Role.ADVISOR, Role.API, Role.RISK, Role.ADMIN})
"""Who may have a client assessed. An auditor only reads what was recorded."""
WATCHERS = frozenset({Role.API, Role.RISK, Role.AUDITOR, Role.ADMIN})
FILERS = frozenset({Role.ADVISOR, Role.API, Role.ADMIN})
LINKERS = frozenset({Role.ADVISOR, Role.ADMIN})
CLIENT = frozenset({Role.CLIENT})

_ONE = {"client_id": 100002}
_INCOME = {
    "kind": "rectification",
    "item": "income_total",
    "value": 120000.0,
    "motive": "My income is that of the three payslips I brought.",
}
_ASSESSMENT = "asm_0123456789abcdef01234567"

ROUTES: tuple[Route, ...] = (
    Route(
        "POST", "/score", "score", assessments.score, ASKERS, ScoreResponse,
        "Probability of default, verdict and assessment id of a client or an application",
        body=ScoreRequest, examples=_ONE, repeatable=True, errors=(404, 409),
    ),
    Route(
        "POST", "/explain", "explain", assessments.explained, ASKERS, ExplainResponse,
        "The same as /score, and why: facts on both sides, and every item where asked for",
        body=ExplainRequest, examples={**_ONE, "language": "en"}, repeatable=True,
        errors=(404, 409),
    ),
    Route(
        "GET", "/clients/{client_id}", "client", clients.client, EVERYBODY, ClientResponse,
        "Everything held about a client, with its origin", query=LanguageQuery, errors=(404,),
    ),
    Route(
        "POST", "/simulate", "simulate", simulation.simulate, ASKERS, SimulateResponse,
        "What changes the client can make would change, without commitment",
        body=SimulateRequest, examples={**_ONE, "changes": {"amount_credit": 98000.0}},
        repeatable=True, errors=(404, 409),
    ),
    Route(
        "POST", "/recourse", "recourse", recourse.find, ASKERS, RecourseResponse,
        "What would turn the verdict, and the largest amount that would be granted",
        body=RecourseRequest, examples={**_ONE, "language": "en"}, repeatable=True,
        errors=(404, 409),
    ),
    Route(
        "POST", "/score_batch", "score_batch", batch.score_batch,
        frozenset({Role.API, Role.RISK, Role.ADMIN}), BatchResponse,
        "Many clients at once, as JSON or as an Arrow stream with a column client_id",
        body=BatchRequest, examples={"client_ids": [100002, 100003]},
        takes_bytes=frozenset({batch.ARROW}), answer_too=(batch.ARROW,),
        limit_bytes=batch.LIMIT_BYTES,
    ),
    Route(
        "POST", "/compare", "compare", comparison.compare, ASKERS, CompareResponse,
        "Where a client stands among all, granted or similar clients",
        body=CompareRequest, errors=(404, 409),
        examples={**_ONE, "with": "granted", "features": ["income_total"]},
    ),
    Route(
        "GET", "/clients", "clients", portfolio.clients, EVERYBODY, ClientsResponse,
        "A page of clients, by number", query=ClientsQuery,
    ),
    Route(
        "GET", "/clients/{client_id}/export", "export", portfolio.export, EVERYBODY,
        "application/json", "The client's own data and records, as JSON or CSV",
        query=ExportQuery, errors=(404,), answer_too=("text/csv",),
    ),
    Route(
        "POST", "/decisions", "decide", decisions.decide, frozenset({Role.ADVISOR}),
        DecisionResponse, "The advisor's decision on an assessment",
        body=DecisionRequest, examples={"assessment_id": _ASSESSMENT, "decision": "GRANT"},
        once=True, errors=(404, 409),
    ),
    Route(
        "POST", "/outcomes", "outcome", decisions.outcome,
        frozenset({Role.API, Role.RISK, Role.ADMIN}), OutcomeResponse, "What became of a loan",
        body=OutcomeRequest, repeatable=True, errors=(404, 409),
        examples={**_ONE, "outcome": "REPAID", "observed_on": "2026-11-23"},
    ),
    Route(
        "GET", "/assessments/{assessment_id}", "assessment", replay.assessment, EVERYBODY,
        AssessmentResponse, "An assessment as recorded, and the decisions on it", errors=(404,),
    ),
    Route(
        "POST", "/assessments/{assessment_id}/replay", "replay", replay.replay,
        frozenset({Role.RISK, Role.AUDITOR, Role.ADMIN}), ReplayResponse,
        "An assessment computed again on its recorded input", errors=(404, 409),
    ),
    Route(
        "POST", "/requests", "file_request", requests.file, FILERS, FiledRequest,
        "A client's request, filed for them: rectification, review or objection",
        body=FileRequest, examples={**_ONE, **_INCOME}, repeatable=True, errors=(404, 409),
    ),
    Route(
        "GET", "/requests", "requests", requests.listed, EVERYBODY, RequestsResponse,
        "A page of clients' requests, oldest first", query=RequestsQuery,
    ),
    Route(
        "POST", "/requests/{request_id}/follow-up", "follow_up", requests.follow_up,
        frozenset({Role.ADVISOR, Role.RISK, Role.ADMIN}), FiledRequest,
        "Close a request: accepted (a rectification is then made), refused or answered",
        body=FollowUpRequest, examples={"outcome": "accepted"}, once=True, errors=(404, 409),
    ),
    Route(
        "POST", "/links", "make_link", links.make, LINKERS, LinkResponse,
        "A link for a client to see their own data; its token is shown once",
        body=LinkRequest, examples={**_ONE, "days": 7}, errors=(404,),
    ),
    Route(
        "GET", "/links", "links", links.listed, EVERYBODY, LinksResponse,
        "The links of a client, and how often the client looked", query=LinksQuery, errors=(404,),
    ),
    Route(
        "DELETE", "/links/{link_id}", "revoke_link", links.revoke, LINKERS, Revoked,
        "Revoke a link at once", errors=(404,),
    ),
    Route(
        "GET", "/view", "view", view.view, CLIENT, ViewResponse,
        "The client's own data, last assessment with its reasons, and requests",
        query=LanguageQuery, errors=(404,),
    ),
    Route(
        "GET", "/view/export", "view_export", view.export, CLIENT, "application/json",
        "The client's own data and records, as JSON or CSV",
        query=ExportQuery, errors=(404,), answer_too=("text/csv",),
    ),
    Route(
        "POST", "/view/requests", "view_file_request", view.file, CLIENT, FiledRequest,
        "A request filed by the client",
        body=OwnRequest, examples=_INCOME, repeatable=True, errors=(404, 409),
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

"""The calls of the contract, written once for both clients: address, body, how to read the answer.

A call is sent as often as it takes under one ``Idempotency-Key``: the service then gives its first
answer instead of recording a second one.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel

from scoring.contract import (
    AssessmentResponse,
    BatchRequest,
    BatchResponse,
    ClientResponse,
    ClientsQuery,
    ClientsResponse,
    CompareRequest,
    CompareResponse,
    DecisionResponse,
    Ended,
    ExplainResponse,
    FiledRequest,
    FileRequest,
    FollowUpRequest,
    Health,
    Language,
    LinkRequest,
    LinkResponse,
    LinksResponse,
    ModelCard,
    OutcomeRequest,
    OutcomeResponse,
    OwnRequest,
    RecourseResponse,
    ReplayResponse,
    RequestsQuery,
    RequestsResponse,
    Revoked,
    ScoreResponse,
    SessionRequest,
    SessionResponse,
    SimulateResponse,
    ViewResponse,
)

Answer = TypeVar("Answer")
Application = Mapping[str, Any]
Form = Literal["json", "csv"]
ARROW = "application/vnd.apache.arrow.stream"


@dataclass(frozen=True)
class Call(Generic[Answer]):
    """One call: what is sent, and how its answer is read."""

    method: str
    path: str
    read: Callable[[bytes], Answer]
    body: bytes | None = None
    media: str = "application/json"
    query: Mapping[str, str | int | float] = field(default_factory=dict)
    key: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def headers(self) -> dict[str, str]:
        """The headers that are this call's own."""
        own = {"Idempotency-Key": self.key} if self.method == "POST" else {}
        return own if self.body is None else {**own, "Content-Type": self.media}


def score(client_id: int | None, application: Application | None) -> Call[ScoreResponse]:
    """``POST /score``."""
    return _post("/score", ScoreResponse, _subject(client_id, application))


def explain(
    client_id: int | None, application: Application | None, language: Language
) -> Call[ExplainResponse]:
    """``POST /explain``."""
    body = {**_subject(client_id, application), "language": language}
    return _post("/explain", ExplainResponse, body)


def simulate(
    client_id: int, changes: Mapping[str, float], language: Language
) -> Call[SimulateResponse]:
    """``POST /simulate``."""
    body = {"client_id": client_id, "changes": dict(changes), "language": language}
    return _post("/simulate", SimulateResponse, body)


def recourse(client_id: int, language: Language) -> Call[RecourseResponse]:
    """``POST /recourse``."""
    body = {"client_id": client_id, "language": language}
    return _post("/recourse", RecourseResponse, body)


def compare(request: CompareRequest) -> Call[CompareResponse]:
    """``POST /compare``."""
    return _post("/compare", CompareResponse, request)


def score_batch(client_ids: list[int]) -> Call[BatchResponse]:
    """``POST /score_batch`` with JSON."""
    return _post("/score_batch", BatchResponse, BatchRequest(client_ids=client_ids))


def score_arrow(stream: bytes) -> Call[bytes]:
    """``POST /score_batch`` with an Arrow stream."""
    return Call("POST", "/score_batch", bytes, stream, ARROW)


def decide(
    assessment_id: str, decision: str, motive: str | None, revises: str | None
) -> Call[DecisionResponse]:
    """``POST /decisions``."""
    body = {"assessment_id": assessment_id, "decision": decision, "motive": motive}
    return _post("/decisions", DecisionResponse, {**body, "revises": revises})


def record_outcome(request: OutcomeRequest) -> Call[OutcomeResponse]:
    """``POST /outcomes``."""
    return _post("/outcomes", OutcomeResponse, request)


def assessment(assessment_id: str) -> Call[AssessmentResponse]:
    """``GET /assessments/{assessment_id}``."""
    return _get(f"/assessments/{assessment_id}", AssessmentResponse)


def replay(assessment_id: str) -> Call[ReplayResponse]:
    """``POST /assessments/{assessment_id}/replay``."""
    return Call("POST", f"/assessments/{assessment_id}/replay", ReplayResponse.model_validate_json)


def client(client_id: int, language: Language) -> Call[ClientResponse]:
    """``GET /clients/{client_id}``."""
    return _get(f"/clients/{client_id}", ClientResponse, language=language)


def clients(query: ClientsQuery) -> Call[ClientsResponse]:
    """``GET /clients``."""
    return _get("/clients", ClientsResponse, **_written(query))


def export(client_id: int, form: Form, language: Language) -> Call[bytes]:
    """``GET /clients/{client_id}/export``."""
    query = {"format": form, "language": language}
    return Call("GET", f"/clients/{client_id}/export", bytes, query=query)


def file_request(request: FileRequest, key: str | None) -> Call[FiledRequest]:
    """``POST /requests``; the same ``key`` is the same request, sent again."""
    return _keyed(_post("/requests", FiledRequest, request), key)


def requests(query: RequestsQuery) -> Call[RequestsResponse]:
    """``GET /requests``."""
    return _get("/requests", RequestsResponse, **_written(query))


def follow_up(request_id: str, request: FollowUpRequest) -> Call[FiledRequest]:
    """``POST /requests/{request_id}/follow-up``."""
    return _post(f"/requests/{request_id}/follow-up", FiledRequest, request)


def make_link(client_id: int, days: int) -> Call[LinkResponse]:
    """``POST /links``."""
    return _post("/links", LinkResponse, LinkRequest(client_id=client_id, days=days))


def links(client_id: int) -> Call[LinksResponse]:
    """``GET /links``."""
    return _get("/links", LinksResponse, client_id=client_id)


def revoke_link(link_id: str) -> Call[Revoked]:
    """``DELETE /links/{link_id}``."""
    return Call("DELETE", f"/links/{link_id}", Revoked.model_validate_json)


def view(language: Language) -> Call[ViewResponse]:
    """``GET /view``."""
    return _get("/view", ViewResponse, language=language)


def view_export(form: Form, language: Language) -> Call[bytes]:
    """``GET /view/export``."""
    return Call("GET", "/view/export", bytes, query={"format": form, "language": language})


def view_file_request(request: OwnRequest, key: str | None) -> Call[FiledRequest]:
    """``POST /view/requests``; the same ``key`` is the same request, sent again."""
    return _keyed(_post("/view/requests", FiledRequest, request), key)


def model() -> Call[ModelCard]:
    """``GET /model``."""
    return _get("/model", ModelCard)


def log_in(name: str, password: str) -> Call[SessionResponse]:
    """``POST /sessions``."""
    return _post("/sessions", SessionResponse, SessionRequest(name=name, password=password))


def log_out() -> Call[Ended]:
    """``DELETE /sessions``."""
    return Call("DELETE", "/sessions", Ended.model_validate_json)


def livez() -> Call[Health]:
    """``GET /livez``."""
    return _get("/livez", Health)


def readyz() -> Call[Health]:
    """``GET /readyz``."""
    return _get("/readyz", Health)


def metrics() -> Call[str]:
    """``GET /metrics``."""
    return Call("GET", "/metrics", bytes.decode)


def docs() -> Call[dict[str, Any]]:
    """``GET /docs.json``."""
    return Call("GET", "/docs.json", json.loads)


Model = TypeVar("Model", bound=BaseModel)


def _post(path: str, answer: type[Model], body: BaseModel | dict[str, Any]) -> Call[Model]:
    if isinstance(body, BaseModel):
        body = body.model_dump(mode="json", by_alias=True, exclude_unset=True)
    written = json.dumps(body).encode()
    return Call("POST", path, answer.model_validate_json, written)


def _keyed(call: Call[Model], key: str | None) -> Call[Model]:
    """Send under the caller's own key, for one who may send again after forgetting the call."""
    return call if key is None else replace(call, key=key)


def _get(path: str, answer: type[Model], **query: str | int | float) -> Call[Model]:
    return Call("GET", path, answer.model_validate_json, query=query)


def _written(query: BaseModel) -> dict[str, str | int | float]:
    return query.model_dump(mode="json", exclude_none=True)


def _subject(client_id: int | None, application: Application | None) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if client_id is not None:
        body["client_id"] = client_id
    if application is not None:
        body["application"] = dict(application)
    return body

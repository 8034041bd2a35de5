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
from urllib.parse import quote

from pydantic import BaseModel

from scoring import contract

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


def score(
    client_id: int | None, application: Application | None, language: contract.Language
) -> Call[contract.ScoreResponse]:
    """``POST /score``."""
    body = {**_subject(client_id, application), "language": language}
    return _post("/score", contract.ScoreResponse, body)


def explain(
    client_id: int | None,
    application: Application | None,
    language: contract.Language,
    detail: str,
) -> Call[contract.ExplainResponse]:
    """``POST /explain``."""
    body = {**_subject(client_id, application), "language": language, "detail": detail}
    return _post("/explain", contract.ExplainResponse, body)


def simulate(
    client_id: int, changes: Mapping[str, float], language: contract.Language
) -> Call[contract.SimulateResponse]:
    """``POST /simulate``."""
    body = {"client_id": client_id, "changes": dict(changes), "language": language}
    return _post("/simulate", contract.SimulateResponse, body)


def recourse(client_id: int, language: contract.Language) -> Call[contract.RecourseResponse]:
    """``POST /recourse``."""
    body = {"client_id": client_id, "language": language}
    return _post("/recourse", contract.RecourseResponse, body)


def compare(request: contract.CompareRequest) -> Call[contract.CompareResponse]:
    """``POST /compare``."""
    return _post("/compare", contract.CompareResponse, request)


def score_batch(client_ids: list[int]) -> Call[contract.BatchResponse]:
    """``POST /score_batch`` with JSON."""
    return _post(
        "/score_batch", contract.BatchResponse, contract.BatchRequest(client_ids=client_ids)
    )


def score_arrow(stream: bytes) -> Call[bytes]:
    """``POST /score_batch`` with an Arrow stream."""
    return Call("POST", "/score_batch", bytes, stream, ARROW)


def decide(
    assessment_id: str, decision: str, motive: str | None, revises: str | None
) -> Call[contract.DecisionResponse]:
    """``POST /decisions``."""
    body = {"assessment_id": assessment_id, "decision": decision, "motive": motive}
    return _post("/decisions", contract.DecisionResponse, {**body, "revises": revises})


def record_outcome(request: contract.OutcomeRequest) -> Call[contract.OutcomeResponse]:
    """``POST /outcomes``."""
    return _post("/outcomes", contract.OutcomeResponse, request)


def assessment(assessment_id: str) -> Call[contract.AssessmentResponse]:
    """``GET /assessments/{assessment_id}``."""
    return _get(f"/assessments/{_in_path(assessment_id)}", contract.AssessmentResponse)


def replay(assessment_id: str) -> Call[contract.ReplayResponse]:
    """``POST /assessments/{assessment_id}/replay``."""
    return Call(
        "POST",
        f"/assessments/{_in_path(assessment_id)}/replay",
        contract.ReplayResponse.model_validate_json,
    )


def client(client_id: int, language: contract.Language) -> Call[contract.ClientResponse]:
    """``GET /clients/{client_id}``."""
    return _get(f"/clients/{client_id}", contract.ClientResponse, language=language)


def clients(query: contract.ClientsQuery) -> Call[contract.ClientsResponse]:
    """``GET /clients``."""
    return _get("/clients", contract.ClientsResponse, **_written(query))


def export(client_id: int, form: Form, language: contract.Language) -> Call[bytes]:
    """``GET /clients/{client_id}/export``."""
    query = {"format": form, "language": language}
    return Call("GET", f"/clients/{client_id}/export", bytes, query=query)


def file_request(request: contract.FileRequest, key: str | None) -> Call[contract.FiledRequest]:
    """``POST /requests``; the same ``key`` is the same request, sent again."""
    return _keyed(_post("/requests", contract.FiledRequest, request), key)


def requests(query: contract.RequestsQuery) -> Call[contract.RequestsResponse]:
    """``GET /requests``."""
    return _get("/requests", contract.RequestsResponse, **_written(query))


def follow_up(request_id: str, request: contract.FollowUpRequest) -> Call[contract.FiledRequest]:
    """``POST /requests/{request_id}/follow-up``."""
    return _post(f"/requests/{_in_path(request_id)}/follow-up", contract.FiledRequest, request)


def make_link(client_id: int, days: int) -> Call[contract.LinkResponse]:
    """``POST /links``."""
    return _post(
        "/links", contract.LinkResponse, contract.LinkRequest(client_id=client_id, days=days)
    )


def links(client_id: int) -> Call[contract.LinksResponse]:
    """``GET /links``."""
    return _get("/links", contract.LinksResponse, client_id=client_id)


def revoke_link(link_id: str) -> Call[contract.Revoked]:
    """``DELETE /links/{link_id}``."""
    return Call("DELETE", f"/links/{_in_path(link_id)}", contract.Revoked.model_validate_json)


def view(language: contract.Language) -> Call[contract.ViewResponse]:
    """``GET /view``."""
    return _get("/view", contract.ViewResponse, language=language)


def view_export(form: Form, language: contract.Language) -> Call[bytes]:
    """``GET /view/export``."""
    return Call("GET", "/view/export", bytes, query={"format": form, "language": language})


def view_file_request(request: contract.OwnRequest, key: str | None) -> Call[contract.FiledRequest]:
    """``POST /view/requests``; the same ``key`` is the same request, sent again."""
    return _keyed(_post("/view/requests", contract.FiledRequest, request), key)


def model() -> Call[contract.ModelCard]:
    """``GET /model``."""
    return _get("/model", contract.ModelCard)


def log_in(name: str, password: str) -> Call[contract.SessionResponse]:
    """``POST /sessions``."""
    return _post(
        "/sessions", contract.SessionResponse, contract.SessionRequest(name=name, password=password)
    )


def log_out() -> Call[contract.Ended]:
    """``DELETE /sessions``."""
    return Call("DELETE", "/sessions", contract.Ended.model_validate_json)


def livez() -> Call[contract.Health]:
    """``GET /livez``."""
    return _get("/livez", contract.Health)


def readyz() -> Call[contract.Health]:
    """``GET /readyz``."""
    return _get("/readyz", contract.Health)


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


def _in_path(record_id: str) -> str:
    """Whatever was typed as an id stays one part of the address."""
    return quote(record_id, safe="")

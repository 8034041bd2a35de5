"""Talk to the service from Python: typed, with retries that never record twice.

    with ScoringClient("http://127.0.0.1:3000", key) as service:
        answer = service.score(client_id=100002)

A call that may have been lost on the way (no answer, 429, 503) is sent again with the same
``Idempotency-Key``: the service then gives its first answer instead of recording a second one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import quote

from pydantic import BaseModel

from api.transport import (
    RequestRefused,
    ScoringClientError,
    ServiceUnavailable,
    TooManyRequests,
    Transport,
    Value,
    reader,
)
from scoring import contract
from scoring.contract import Language

__all__ = [
    "RequestRefused",
    "ScoringClient",
    "ScoringClientError",
    "ServiceUnavailable",
    "TooManyRequests",
]

Application = Mapping[str, Any]
Form = Literal["json", "csv"]

ARROW = "application/vnd.apache.arrow.stream"
EVERY_CLIENT = contract.ClientsQuery()
EVERY_REQUEST = contract.RequestsQuery()


class ScoringClient(Transport):
    """A caller of the service, with one method for each operation."""

    # The model's questions

    def score(
        self,
        client_id: int | None = None,
        application: Application | None = None,
        language: Language = "fr",
    ) -> contract.ScoreResponse:
        """Score a client the store knows, an application, or both."""
        body = {**_subject(client_id, application), "language": language}
        return self._post("/score", contract.ScoreResponse, body)

    def explain(
        self,
        client_id: int | None = None,
        application: Application | None = None,
        language: Language = "fr",
        detail: Literal["reasons", "items"] = "reasons",
    ) -> contract.ExplainResponse:
        """Score and say why: in reasons, or with every item of the scorecard too."""
        body = {**_subject(client_id, application), "language": language, "detail": detail}
        return self._post("/explain", contract.ExplainResponse, body)

    def simulate(
        self, client_id: int, changes: Mapping[str, float], language: Language = "fr"
    ) -> contract.SimulateResponse:
        """Say what changes to the client's application would change."""
        body = {"client_id": client_id, "changes": dict(changes), "language": language}
        return self._post("/simulate", contract.SimulateResponse, body)

    def recourse(self, client_id: int, language: Language = "fr") -> contract.RecourseResponse:
        """Say what would turn the verdict."""
        body = {"client_id": client_id, "language": language}
        return self._post("/recourse", contract.RecourseResponse, body)

    def compare(self, request: contract.CompareRequest) -> contract.CompareResponse:
        """Say where a client stands in a group."""
        return self._post("/compare", contract.CompareResponse, request)

    def score_batch(self, client_ids: list[int]) -> contract.BatchResponse:
        """Score many clients the store knows."""
        body = contract.BatchRequest(client_ids=client_ids)
        return self._post("/score_batch", contract.BatchResponse, body)

    def score_batch_arrow(self, client_ids: list[int]) -> bytes:
        """Score many clients the store knows; return an Arrow stream."""
        body = contract.BatchRequest(client_ids=client_ids).model_dump_json().encode()
        return self._ask("POST", "/score_batch", bytes, body=body, accept=ARROW)

    # Clients

    def clients(self, query: contract.ClientsQuery = EVERY_CLIENT) -> contract.ClientsResponse:
        """Return a page of clients."""
        return self._get("/clients", contract.ClientsResponse, **_written(query))

    def client(self, client_id: int, language: Language = "fr") -> contract.ClientResponse:
        """Return everything held about a client."""
        return self._get(f"/clients/{client_id}", contract.ClientResponse, language=language)

    def put_client(
        self, client_id: int, application: Application, version: str | None = None
    ) -> contract.ClientResponse:
        """Send a client's application; ``version`` is that of what it replaces."""
        body = json.dumps({"application": dict(application)}).encode()
        reading = reader(contract.ClientResponse)
        return self._ask("PUT", f"/clients/{client_id}", reading, body=body, version=version)

    def export(self, client_id: int, form: Form = "json", language: Language = "fr") -> bytes:
        """Return the client's own data and records as a file."""
        query = {"format": form, "language": language}
        return self._ask("GET", f"/clients/{client_id}/export", bytes, query=query)

    # Assessments, decisions, outcomes

    def assessment(self, assessment_id: str) -> contract.AssessmentResponse:
        """Return an assessment as recorded."""
        return self._get(f"/assessments/{_part(assessment_id)}", contract.AssessmentResponse)

    def replay(self, assessment_id: str) -> contract.ReplayResponse:
        """Have an assessment computed again on its recorded input."""
        path = f"/assessments/{_part(assessment_id)}/replay"
        return self._post(path, contract.ReplayResponse, None)

    def decide(
        self,
        assessment_id: str,
        decision: str,
        motive: str | None = None,
        revises: str | None = None,
    ) -> contract.DecisionResponse:
        """Record the advisor's decision on an assessment."""
        body = {"assessment_id": assessment_id, "decision": decision, "motive": motive}
        return self._post("/decisions", contract.DecisionResponse, {**body, "revises": revises})

    def record_outcome(self, request: contract.OutcomeRequest) -> contract.OutcomeResponse:
        """Record what became of a loan."""
        return self._post("/outcomes", contract.OutcomeResponse, request)

    # Clients' requests

    def file_request(
        self, request: contract.FileRequest, key: str | None = None
    ) -> contract.FiledRequest:
        """File a client's request on the client's behalf; the same ``key`` files it once."""
        return self._post("/requests", contract.FiledRequest, request, key)

    def requests(self, query: contract.RequestsQuery = EVERY_REQUEST) -> contract.RequestsResponse:
        """Return a page of clients' requests."""
        return self._get("/requests", contract.RequestsResponse, **_written(query))

    def follow_up(
        self, request_id: str, request: contract.FollowUpRequest
    ) -> contract.FiledRequest:
        """Close a client's request."""
        path = f"/requests/{_part(request_id)}/follow-up"
        return self._post(path, contract.FiledRequest, request)

    # Links, and what a client sees through one

    def make_link(self, client_id: int, days: int = 7) -> contract.LinkResponse:
        """Make a link for a client; its token is shown once."""
        request = contract.LinkRequest(client_id=client_id, days=days)
        return self._post("/links", contract.LinkResponse, request)

    def links(self, client_id: int) -> contract.LinksResponse:
        """Return the links of a client."""
        return self._get("/links", contract.LinksResponse, client_id=client_id)

    def revoke_link(self, link_id: str) -> contract.Revoked:
        """Revoke a link at once."""
        return self._ask("DELETE", f"/links/{_part(link_id)}", reader(contract.Revoked))

    def view(self, language: Language = "fr") -> contract.ViewResponse:
        """Return what a client sees through the link whose token is the key."""
        return self._get("/view", contract.ViewResponse, language=language)

    def view_export(self, form: Form = "json", language: Language = "fr") -> bytes:
        """Return what the client takes away through a link."""
        query = {"format": form, "language": language}
        return self._ask("GET", "/view/export", bytes, query=query)

    def view_file_request(
        self, request: contract.OwnRequest, key: str | None = None
    ) -> contract.FiledRequest:
        """File a request as the client, through a link; the same ``key`` files it once."""
        return self._post("/view/requests", contract.FiledRequest, request, key)

    # The service itself

    def stop_state(self) -> contract.StopState:
        """Return how the stop switch stands."""
        return self._get("/stop", contract.StopState)

    def turn_stop(self, *, stopped: bool, motive: str) -> contract.StopState:
        """Suspend every proposal, or take them up again."""
        body = contract.StopRequest(stopped=stopped, motive=motive).model_dump_json().encode()
        return self._ask("PUT", "/stop", reader(contract.StopState), body=body)

    def model(self) -> contract.ModelCard:
        """Return the served scorecard's card."""
        return self._get("/model", contract.ModelCard)

    def log_in(self, name: str, password: str) -> contract.SessionResponse:
        """Open a session; its token is a key for ``holding``."""
        request = contract.SessionRequest(name=name, password=password)
        return self._post("/sessions", contract.SessionResponse, request)

    def log_out(self) -> contract.Ended:
        """End the session whose token is the key."""
        return self._ask("DELETE", "/sessions", reader(contract.Ended))

    def livez(self) -> contract.Health:
        """Tell that the process answers."""
        return self._get("/livez", contract.Health)

    def readyz(self) -> contract.Health:
        """Tell that an answer could be given and recorded now."""
        return self._get("/readyz", contract.Health)

    def metrics(self) -> str:
        """Return the counts for Prometheus."""
        return self._ask("GET", "/metrics", bytes.decode)

    def docs(self) -> dict[str, Any]:
        """Return the OpenAPI document."""
        return self._ask("GET", "/docs.json", json.loads)


def _written(query: BaseModel) -> dict[str, Value]:
    return query.model_dump(mode="json", exclude_none=True)


def _subject(client_id: int | None, application: Application | None) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if client_id is not None:
        body["client_id"] = client_id
    if application is not None:
        body["application"] = dict(application)
    return body


def _part(record_id: str) -> str:
    """Whatever was typed as an id stays one part of the address."""
    return quote(record_id, safe="")

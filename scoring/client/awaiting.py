"""The same client for asynchronous programs."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Literal, Self, TypeVar

import httpx

from scoring import contract
from scoring.client import calls
from scoring.client.calls import Application, Call, Form
from scoring.client.outcome import Outcome, answer_of, request_of, wait_s

Answer = TypeVar("Answer")
EVERY_CLIENT = contract.ClientsQuery()
EVERY_REQUEST = contract.RequestsQuery()


class AsyncScoringClient:
    """The same caller for asynchronous programs; use it in an ``async with``."""

    def __init__(
        self,
        url: str,
        key: str | None = None,
        *,
        timeout_s: float | httpx.Timeout = 10.0,
        retries: int = 3,
    ) -> None:
        self._client = httpx.AsyncClient(base_url=url, timeout=timeout_s, trust_env=False)
        self._key = key
        self._retries = retries

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections, those of every ``holding`` included."""
        await self._client.aclose()

    def holding(self, key: str | None) -> AsyncScoringClient:
        """Return a caller that holds another key, or none, on the same connections."""
        other = AsyncScoringClient.__new__(AsyncScoringClient)
        other._client, other._key, other._retries = self._client, key, self._retries
        return other

    async def score(
        self,
        client_id: int | None = None,
        application: Application | None = None,
        language: contract.Language = "fr",
    ) -> contract.ScoreResponse:
        """Score a client the store knows, an application, or both."""
        return await self._send(calls.score(client_id, application, language))

    async def explain(
        self,
        client_id: int | None = None,
        application: Application | None = None,
        language: contract.Language = "fr",
        detail: Literal["reasons", "items"] = "reasons",
    ) -> contract.ExplainResponse:
        """Score and say why: in reasons, or with every item of the scorecard too."""
        return await self._send(calls.explain(client_id, application, language, detail))

    async def simulate(
        self, client_id: int, changes: Mapping[str, float], language: contract.Language = "fr"
    ) -> contract.SimulateResponse:
        """Say what changes to the client's application would change."""
        return await self._send(calls.simulate(client_id, changes, language))

    async def recourse(
        self, client_id: int, language: contract.Language = "fr"
    ) -> contract.RecourseResponse:
        """Say what would turn the verdict."""
        return await self._send(calls.recourse(client_id, language))

    async def compare(self, request: contract.CompareRequest) -> contract.CompareResponse:
        """Say where a client stands in a group."""
        return await self._send(calls.compare(request))

    async def score_batch(self, client_ids: list[int]) -> contract.BatchResponse:
        """Score many clients the store knows."""
        return await self._send(calls.score_batch(client_ids))

    async def score_arrow(self, stream: bytes) -> bytes:
        """Score the column ``client_id`` of an Arrow stream; return an Arrow stream."""
        return await self._send(calls.score_arrow(stream))

    async def decide(
        self,
        assessment_id: str,
        decision: str,
        motive: str | None = None,
        revises: str | None = None,
    ) -> contract.DecisionResponse:
        """Record the advisor's decision on an assessment."""
        return await self._send(calls.decide(assessment_id, decision, motive, revises))

    async def record_outcome(self, request: contract.OutcomeRequest) -> contract.OutcomeResponse:
        """Record what became of a loan."""
        return await self._send(calls.record_outcome(request))

    async def assessment(self, assessment_id: str) -> contract.AssessmentResponse:
        """Return an assessment as recorded."""
        return await self._send(calls.assessment(assessment_id))

    async def replay(self, assessment_id: str) -> contract.ReplayResponse:
        """Have an assessment computed again on its recorded input."""
        return await self._send(calls.replay(assessment_id))

    async def client(
        self, client_id: int, language: contract.Language = "fr"
    ) -> contract.ClientResponse:
        """Return everything held about a client."""
        return await self._send(calls.client(client_id, language))

    async def clients(
        self, query: contract.ClientsQuery = EVERY_CLIENT
    ) -> contract.ClientsResponse:
        """Return a page of clients."""
        return await self._send(calls.clients(query))

    async def export(
        self, client_id: int, form: Form = "json", language: contract.Language = "fr"
    ) -> bytes:
        """Return the client's own data and records as a file."""
        return await self._send(calls.export(client_id, form, language))

    async def file_request(
        self, request: contract.FileRequest, key: str | None = None
    ) -> contract.FiledRequest:
        """File a client's request on the client's behalf; the same ``key`` files it once."""
        return await self._send(calls.file_request(request, key))

    async def requests(
        self, query: contract.RequestsQuery = EVERY_REQUEST
    ) -> contract.RequestsResponse:
        """Return a page of clients' requests."""
        return await self._send(calls.requests(query))

    async def follow_up(
        self, request_id: str, request: contract.FollowUpRequest
    ) -> contract.FiledRequest:
        """Close a client's request."""
        return await self._send(calls.follow_up(request_id, request))

    async def make_link(self, client_id: int, days: int = 7) -> contract.LinkResponse:
        """Make a link for a client; its token is shown once."""
        return await self._send(calls.make_link(client_id, days))

    async def links(self, client_id: int) -> contract.LinksResponse:
        """Return the links of a client."""
        return await self._send(calls.links(client_id))

    async def revoke_link(self, link_id: str) -> contract.Revoked:
        """Revoke a link at once."""
        return await self._send(calls.revoke_link(link_id))

    async def view(self, language: contract.Language = "fr") -> contract.ViewResponse:
        """Return what a client sees through the link whose token is the key."""
        return await self._send(calls.view(language))

    async def view_export(self, form: Form = "json", language: contract.Language = "fr") -> bytes:
        """Return what the client takes away through a link."""
        return await self._send(calls.view_export(form, language))

    async def view_file_request(
        self, request: contract.OwnRequest, key: str | None = None
    ) -> contract.FiledRequest:
        """File a request as the client, through a link; the same ``key`` files it once."""
        return await self._send(calls.view_file_request(request, key))

    async def model(self) -> contract.ModelCard:
        """Return the served scorecard's card."""
        return await self._send(calls.model())

    async def log_in(self, name: str, password: str) -> contract.SessionResponse:
        """Open a session; its token is a key for ``holding``."""
        return await self._send(calls.log_in(name, password))

    async def log_out(self) -> contract.Ended:
        """End the session whose token is the key."""
        return await self._send(calls.log_out())

    async def livez(self) -> contract.Health:
        """Tell that the process answers."""
        return await self._send(calls.livez())

    async def readyz(self) -> contract.Health:
        """Tell that an answer could be given and recorded now."""
        return await self._send(calls.readyz())

    async def metrics(self) -> str:
        """Return the counts for Prometheus."""
        return await self._send(calls.metrics())

    async def docs(self) -> dict[str, Any]:
        """Return the OpenAPI document."""
        return await self._send(calls.docs())

    async def _send(self, call: Call[Answer]) -> Answer:
        attempt = 0
        while True:
            outcome = await self._try(call)
            wait = wait_s(outcome, attempt, self._retries)
            if wait is None:
                return answer_of(call, outcome)
            await asyncio.sleep(wait)
            attempt += 1

    async def _try(self, call: Call[Answer]) -> Outcome:
        try:
            return await self._client.send(request_of(self._client, call, self._key))
        except httpx.RequestError as error:
            return error

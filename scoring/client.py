"""Talk to the service from Python: typed, with retries that never record twice.

    with ScoringClient("http://127.0.0.1:3000", key) as scoring:
        answer = scoring.score(client_id=100002)

``AsyncScoringClient`` has the same methods, awaited. A call that may have been lost on the way
(no answer, 429, 503) is sent again with the same ``Idempotency-Key``: the service then gives its
first answer instead of recording a second one.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Self, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from scoring.contract import (
    ClientResponse,
    DecisionResponse,
    ErrorBody,
    ErrorResponse,
    ExplainResponse,
    Language,
    ModelCard,
    ScoreResponse,
    SimulateResponse,
)

RETRIED = frozenset({429, 503})
FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 5.0

Answer = TypeVar("Answer", bound=BaseModel)
Application = Mapping[str, Any]
Outcome = httpx.Response | httpx.TransportError


class ScoringClientError(Exception):
    """Root of this module's errors."""


class ServiceUnavailable(ScoringClientError):
    """The service gave no answer, or could not record one; try later."""


class RequestRefused(ScoringClientError):
    """The service refused the request; ``error`` says why, and which fields."""

    def __init__(self, status: int, error: ErrorBody) -> None:
        named = "; ".join(f"{item.field}: {item.message}" for item in error.fields)
        super().__init__(f"{status} {error.code}: {error.message} {named}".strip())
        self.status = status
        self.error = error


@dataclass(frozen=True)
class _Call(Generic[Answer]):
    """One call, sent as often as it takes under one Idempotency-Key."""

    method: str
    path: str
    answer: type[Answer]
    body: dict[str, Any] | None = None
    query: Mapping[str, str | int] = field(default_factory=dict)
    key: str = field(default_factory=lambda: uuid.uuid4().hex)

    def request(self, client: httpx.Client | httpx.AsyncClient) -> httpx.Request:
        headers = {"Idempotency-Key": self.key} if self.method == "POST" else {}
        return client.build_request(
            self.method, self.path, json=self.body, params=self.query, headers=headers
        )

    def read(self, response: Outcome) -> Answer:
        """Return the answer. Raises ``RequestRefused``, ``ServiceUnavailable``."""
        if isinstance(response, httpx.TransportError):
            msg = f"The service gave no answer ({type(response).__name__})."
            raise ServiceUnavailable(msg) from response
        if response.status_code == 200:
            return self.answer.model_validate_json(response.content)
        try:
            error = ErrorResponse.model_validate_json(response.content).error
        except ValidationError:
            msg = f"The service answered {response.status_code} in an unknown form."
            raise ServiceUnavailable(msg) from None
        if response.status_code in RETRIED:
            raise ServiceUnavailable(error.message)
        raise RequestRefused(response.status_code, error)


def _subject(client_id: int | None, application: Application | None) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if client_id is not None:
        body["client_id"] = client_id
    if application is not None:
        body["application"] = dict(application)
    return body


class _Calls:
    """The calls of the contract, written once for both clients."""

    @staticmethod
    def score(client_id: int | None, application: Application | None) -> _Call[ScoreResponse]:
        return _Call("POST", "/score", ScoreResponse, _subject(client_id, application))

    @staticmethod
    def explain(
        client_id: int | None, application: Application | None, language: Language
    ) -> _Call[ExplainResponse]:
        body = {**_subject(client_id, application), "language": language}
        return _Call("POST", "/explain", ExplainResponse, body)

    @staticmethod
    def simulate(
        client_id: int, changes: Mapping[str, float], language: Language
    ) -> _Call[SimulateResponse]:
        body = {"client_id": client_id, "changes": dict(changes), "language": language}
        return _Call("POST", "/simulate", SimulateResponse, body)

    @staticmethod
    def decide(assessment_id: str, decision: str, motive: str | None) -> _Call[DecisionResponse]:
        body = {"assessment_id": assessment_id, "decision": decision, "motive": motive}
        return _Call("POST", "/decisions", DecisionResponse, body)

    @staticmethod
    def client(client_id: int, language: Language) -> _Call[ClientResponse]:
        return _Call("GET", f"/clients/{client_id}", ClientResponse, query={"language": language})

    @staticmethod
    def model() -> _Call[ModelCard]:
        return _Call("GET", "/model", ModelCard)


def _wait_s(outcome: Outcome, attempt: int, retries: int) -> float | None:
    """Return how long to wait before sending again; ``None`` when the outcome stands."""
    if attempt >= retries:
        return None
    told = ""
    if isinstance(outcome, httpx.Response):
        if outcome.status_code not in RETRIED:
            return None
        told = outcome.headers.get("Retry-After", "")
    wait = float(told) if told.isdigit() else FIRST_WAIT_S * 2.0**attempt
    return min(wait, LONGEST_WAIT_S)


class ScoringClient:
    """A caller of the service. Holds connections open; close it, or use it in a ``with``.

    ``retries`` is how often a call without an answer is sent again.
    """

    def __init__(self, url: str, key: str, *, timeout_s: float = 10.0, retries: int = 3) -> None:
        headers = {"Authorization": f"Bearer {key}"}
        self._client = httpx.Client(base_url=url, headers=headers, timeout=timeout_s)
        self._retries = retries

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def score(
        self, client_id: int | None = None, application: Application | None = None
    ) -> ScoreResponse:
        """Score a client the store knows, an application, or both."""
        return self._send(_Calls.score(client_id, application))

    def explain(
        self,
        client_id: int | None = None,
        application: Application | None = None,
        language: Language = "fr",
    ) -> ExplainResponse:
        """Score and say why."""
        return self._send(_Calls.explain(client_id, application, language))

    def simulate(
        self, client_id: int, changes: Mapping[str, float], language: Language = "fr"
    ) -> SimulateResponse:
        """Say what changes to the client's application would change."""
        return self._send(_Calls.simulate(client_id, changes, language))

    def decide(
        self, assessment_id: str, decision: str, motive: str | None = None
    ) -> DecisionResponse:
        """Record the advisor's decision on an assessment."""
        return self._send(_Calls.decide(assessment_id, decision, motive))

    def client(self, client_id: int, language: Language = "fr") -> ClientResponse:
        """Return everything held about a client."""
        return self._send(_Calls.client(client_id, language))

    def model(self) -> ModelCard:
        """Return the served scorecard's card."""
        return self._send(_Calls.model())

    def _send(self, call: _Call[Answer]) -> Answer:
        attempt = 0
        while True:
            outcome = self._try(call)
            wait = _wait_s(outcome, attempt, self._retries)
            if wait is None:
                return call.read(outcome)
            time.sleep(wait)
            attempt += 1

    def _try(self, call: _Call[Answer]) -> Outcome:
        try:
            return self._client.send(call.request(self._client))
        except httpx.TransportError as error:
            return error


class AsyncScoringClient:
    """The same caller for asynchronous programs; use it in an ``async with``."""

    def __init__(self, url: str, key: str, *, timeout_s: float = 10.0, retries: int = 3) -> None:
        headers = {"Authorization": f"Bearer {key}"}
        self._client = httpx.AsyncClient(base_url=url, headers=headers, timeout=timeout_s)
        self._retries = retries

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def score(
        self, client_id: int | None = None, application: Application | None = None
    ) -> ScoreResponse:
        """Score a client the store knows, an application, or both."""
        return await self._send(_Calls.score(client_id, application))

    async def explain(
        self,
        client_id: int | None = None,
        application: Application | None = None,
        language: Language = "fr",
    ) -> ExplainResponse:
        """Score and say why."""
        return await self._send(_Calls.explain(client_id, application, language))

    async def simulate(
        self, client_id: int, changes: Mapping[str, float], language: Language = "fr"
    ) -> SimulateResponse:
        """Say what changes to the client's application would change."""
        return await self._send(_Calls.simulate(client_id, changes, language))

    async def decide(
        self, assessment_id: str, decision: str, motive: str | None = None
    ) -> DecisionResponse:
        """Record the advisor's decision on an assessment."""
        return await self._send(_Calls.decide(assessment_id, decision, motive))

    async def client(self, client_id: int, language: Language = "fr") -> ClientResponse:
        """Return everything held about a client."""
        return await self._send(_Calls.client(client_id, language))

    async def model(self) -> ModelCard:
        """Return the served scorecard's card."""
        return await self._send(_Calls.model())

    async def _send(self, call: _Call[Answer]) -> Answer:
        attempt = 0
        while True:
            outcome = await self._try(call)
            wait = _wait_s(outcome, attempt, self._retries)
            if wait is None:
                return call.read(outcome)
            await asyncio.sleep(wait)
            attempt += 1

    async def _try(self, call: _Call[Answer]) -> Outcome:
        try:
            return await self._client.send(call.request(self._client))
        except httpx.TransportError as error:
            return error

"""How the Python client sends a call: under one key, as often as it takes, and what it may raise.

::

    ScoringClientError
    ├── ServiceUnavailable    no answer, or the service could not record one: try later
    │   └── TooManyRequests   come back in ``wait_s`` seconds
    └── RequestRefused        ``status`` and ``problem`` say why, and which parts
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Self, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from scoring.contract import Problem

Answer = TypeVar("Answer")
Model = TypeVar("Model", bound=BaseModel)
Outcome = httpx.Response | httpx.RequestError
Value = str | int | float

RETRIED = frozenset({429, 503})
FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 5.0


class ScoringClientError(Exception):
    """Root of the errors that a call raises."""


class ServiceUnavailable(ScoringClientError):
    """The service gave no answer, or could not record one; try later."""


class TooManyRequests(ServiceUnavailable):
    """Too many requests, or too many failed logins; ``wait_s`` says when to come back."""

    def __init__(self, message: str, wait_s: float) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class RequestRefused(ScoringClientError):
    """The service refused the request; ``problem`` says why, and which parts."""

    def __init__(self, problem: Problem) -> None:
        named = "; ".join(f"{item.pointer or '/'}: {item.message}" for item in problem.errors)
        super().__init__(f"{problem.status} {problem.code}: {problem.detail} {named}".strip())
        self.status = problem.status
        self.problem = problem


class Transport:
    """A line to the service. Holds connections open; close it, or use it in a ``with``.

    ``retries`` is how often a call without an answer is sent again. Every method raises
    ``RequestRefused`` or ``ServiceUnavailable``, and pydantic's ``ValidationError`` for what the
    contract does not take.
    """

    def __init__(
        self,
        url: str,
        key: str | None = None,
        *,
        timeout_s: float | httpx.Timeout = 10.0,
        retries: int = 3,
    ) -> None:
        self._client = httpx.Client(base_url=url, timeout=timeout_s, trust_env=False)
        self._key = key
        self._retries = retries

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections, those of every ``holding`` included."""
        self._client.close()

    def holding(self, key: str | None) -> Self:
        """Return a caller that holds another key, or none, on the same connections."""
        other = type(self).__new__(type(self))
        other._client, other._key, other._retries = self._client, key, self._retries
        return other

    def _get(self, path: str, answer: type[Model], **query: Value) -> Model:
        return self._ask("GET", path, reader(answer), query=query)

    def _post(
        self,
        path: str,
        answer: type[Model],
        body: BaseModel | dict[str, Any] | None,
        key: str | None = None,
    ) -> Model:
        if isinstance(body, BaseModel):
            body = body.model_dump(mode="json", by_alias=True, exclude_unset=True)
        written = None if body is None else json.dumps(body).encode()
        return self._ask("POST", path, reader(answer), body=written, key=key)

    def _ask(
        self,
        method: str,
        path: str,
        read: Callable[[bytes], Answer],
        *,
        query: Mapping[str, Value] | None = None,
        body: bytes | None = None,
        key: str | None = None,
        accept: str = "application/json",
        version: str | None = None,
    ) -> Answer:
        """Send a call as often as it takes, under one ``Idempotency-Key``; read its answer."""
        headers = {"Accept": accept}
        if self._key is not None:
            headers["Authorization"] = f"Bearer {self._key}"
        if body is not None:
            headers["Content-Type"] = "application/json"
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        if method == "POST":
            headers["Idempotency-Key"] = key or uuid.uuid4().hex
        request = self._client.build_request(
            method, path, params=query, content=body, headers=headers
        )
        for attempt in range(self._retries + 1):
            outcome = self._try(request)
            wait = _wait_s(outcome, attempt)
            if wait is None or attempt == self._retries:
                break
            time.sleep(wait)
        return _read(outcome, read)

    def _try(self, request: httpx.Request) -> Outcome:
        try:
            return self._client.send(request)
        except httpx.RequestError as error:
            return error


def _read(outcome: Outcome, read: Callable[[bytes], Answer]) -> Answer:
    """Return the answer. Raises ``RequestRefused``, ``ServiceUnavailable``."""
    if isinstance(outcome, httpx.RequestError):
        msg = f"The service gave no answer ({type(outcome).__name__})."
        raise ServiceUnavailable(msg) from outcome
    try:
        if outcome.status_code == 200:
            return read(outcome.content)
        problem = Problem.model_validate_json(outcome.content)
    except (ValidationError, ValueError):
        msg = f"The service answered {outcome.status_code} in an unknown form."
        raise ServiceUnavailable(msg) from None
    if outcome.status_code == 429:
        raise TooManyRequests(problem.detail, _told_s(outcome) or FIRST_WAIT_S)
    if outcome.status_code == 503:
        raise ServiceUnavailable(problem.detail)
    raise RequestRefused(problem)


def _wait_s(outcome: Outcome, attempt: int) -> float | None:
    """Return how long to wait before sending again; ``None`` when the outcome stands.

    A wait that would be longer than ``LONGEST_WAIT_S`` is not worth holding the caller for.
    """
    told = None
    if isinstance(outcome, httpx.Response):
        if outcome.status_code not in RETRIED:
            return None
        told = _told_s(outcome)
    wait = FIRST_WAIT_S * 2.0**attempt if told is None else told
    return wait if wait <= LONGEST_WAIT_S else None


def _told_s(outcome: httpx.Response) -> float | None:
    told = outcome.headers.get("Retry-After", "")
    return float(told) if told.isdigit() else None


def reader(model: type[Model]) -> Callable[[bytes], Model]:
    """Return what reads a JSON answer as ``model``."""
    return model.model_validate_json

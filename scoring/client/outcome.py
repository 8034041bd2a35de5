"""What became of a call: an answer, a refusal, or a line that broke; and whether to send again."""

from __future__ import annotations

from typing import TypeVar

import httpx
from pydantic import ValidationError

from scoring.client.calls import Call
from scoring.client.errors import RequestRefused, ServiceUnavailable, TooManyRequests
from scoring.contract import ErrorResponse

RETRIED = frozenset({429, 503})
FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 5.0

Answer = TypeVar("Answer")
Outcome = httpx.Response | httpx.RequestError


def request_of(
    client: httpx.Client | httpx.AsyncClient, call: Call[Answer], key: str | None
) -> httpx.Request:
    """Write a call as the request of whoever holds ``key``."""
    headers = call.headers if key is None else {**call.headers, "Authorization": f"Bearer {key}"}
    return client.build_request(
        call.method, call.path, content=call.body, params=call.query, headers=headers
    )


def answer_of(call: Call[Answer], outcome: Outcome) -> Answer:
    """Return the answer. Raises ``RequestRefused``, ``ServiceUnavailable``."""
    if isinstance(outcome, httpx.RequestError):
        msg = f"The service gave no answer ({type(outcome).__name__})."
        raise ServiceUnavailable(msg) from outcome
    try:
        if outcome.status_code == 200:
            return call.read(outcome.content)
        error = ErrorResponse.model_validate_json(outcome.content).error
    except (ValidationError, ValueError):
        msg = f"The service answered {outcome.status_code} in an unknown form."
        raise ServiceUnavailable(msg) from None
    if outcome.status_code == 429:
        raise TooManyRequests(error.message, _told_s(outcome) or FIRST_WAIT_S)
    if outcome.status_code == 503:
        raise ServiceUnavailable(error.message)
    raise RequestRefused(outcome.status_code, error)


def wait_s(outcome: Outcome, attempt: int, retries: int) -> float | None:
    """Return how long to wait before sending again; ``None`` when the outcome stands.

    A wait that would be longer than ``LONGEST_WAIT_S`` is not worth holding the caller for.
    """
    if attempt >= retries:
        return None
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

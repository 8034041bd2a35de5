"""The scoring service as the app asks it: the Python client, with the app's patience and errors."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from httpx import Timeout
from pydantic import ValidationError

from api.client import (
    RequestRefused,
    ScoringClient,
    ScoringClientError,
    ServiceUnavailable,
    TooManyRequests,
)
from scoring.contract import Problem, SessionResponse
from ui.errors import (
    Conflict,
    NotAllowed,
    Refused,
    ServiceDown,
    ServiceError,
    SessionExpired,
    TooManyAttempts,
    UnknownClient,
    WrongCredentials,
)

PATIENCE = Timeout(4.0, connect=2.0)
"""Seconds: the screen says something within five, whatever the service does. Nothing is sent
again by itself: who waits in front of a screen is told, and decides."""

NAMED: dict[int, type[ServiceError]] = {
    401: SessionExpired,
    403: NotAllowed,
    404: UnknownClient,
    409: Conflict,
}

Answer = TypeVar("Answer")


class ScoringService:
    """One service reached over HTTP; lives as long as the app and keeps its connections open."""

    def __init__(self, address: str) -> None:
        self._client = ScoringClient(address, timeout_s=PATIENCE, retries=0)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def ask(self, token: str, call: Callable[[ScoringClient], Answer]) -> Answer:
        """Ask with somebody's token. Raises the errors of ``ui.errors``."""
        with _named_errors():
            return call(self._client.holding(token))

    def sign_in(self, name: str, password: str) -> SessionResponse:
        """Open a session. Raises ``WrongCredentials``, ``TooManyAttempts``, ``ServiceDown``."""
        try:
            with _named_errors():
                return self._client.log_in(name, password)
        except (SessionExpired, NotAllowed, Refused) as refused:
            raise WrongCredentials from refused

    def sign_out(self, token: str) -> None:
        """End the session; nothing happens when it has already ended."""
        try:
            self.ask(token, ScoringClient.log_out)
        except SessionExpired:
            return


@contextmanager
def _named_errors() -> Iterator[None]:
    try:
        yield
    except ValidationError as error:
        msg = "what is asked is not what the contract takes"
        raise Refused(msg) from error
    except ScoringClientError as error:
        raise _named(error) from error


def _named(error: ScoringClientError) -> ServiceError:
    if isinstance(error, TooManyRequests):
        return TooManyAttempts(math.ceil(error.wait_s))
    if isinstance(error, RequestRefused) and error.status < 500:
        message = f"the service answered {error.status}"
        named = NAMED.get(error.status)
        return named(message) if named else Refused(message, _policy_says(error.problem))
    said = "gave no answer" if isinstance(error, ServiceUnavailable) else "failed"
    return ServiceDown(f"the service {said}")


def _policy_says(problem: Problem) -> str:
    """Return the sentences of the policy's rules, each once: only rules have a code in capitals."""
    said = (item.message for item in problem.errors if item.code.isupper())
    return " ".join(dict.fromkeys(said))

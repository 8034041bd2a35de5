"""The scoring service as the app sees it: an address, a token, typed answers, named errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar
from uuid import NAMESPACE_URL, uuid4, uuid5

import httpx
from pydantic import BaseModel, ValidationError

from scoring.contract import (
    ClientResponse,
    ClientsResponse,
    CompareRequest,
    CompareResponse,
    DecisionRequest,
    DecisionResponse,
    ExplainResponse,
    RecourseRequest,
    RecourseResponse,
    SessionResponse,
    SimulateRequest,
    SimulateResponse,
)
from ui.errors import (
    Conflict,
    NotAllowed,
    Refused,
    ServiceDown,
    SessionExpired,
    TooManyAttempts,
    UnknownClient,
    WrongCredentials,
)
from ui.words import Language

PATIENCE = httpx.Timeout(4.0, connect=2.0)
"""Seconds: the screen says something within five, whatever the service does."""
DEFAULT_WAIT = 60

Answer = TypeVar("Answer", bound=BaseModel)


class ScoringService:
    """One service reached over HTTP; lives as long as the app and keeps its connections open."""

    def __init__(self, address: str) -> None:
        self._http = httpx.Client(base_url=address, timeout=PATIENCE, trust_env=False)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def sign_in(self, name: str, password: str) -> SessionResponse:
        """Open a session. Raises ``WrongCredentials``, ``TooManyAttempts``, ``ServiceDown``."""
        body = {"name": name, "password": password}
        try:
            return _read(self._ask("POST", "/sessions", None, body), SessionResponse)
        except (SessionExpired, NotAllowed, Refused) as refused:
            raise WrongCredentials from refused

    def sign_out(self, token: str) -> None:
        """End the session; nothing happens when it has already ended."""
        try:
            self._ask("DELETE", "/sessions", token, None)
        except SessionExpired:
            return

    def explain(self, token: str, client_id: int, language: Language) -> ExplainResponse:
        """Assess a client and say why. Raises the errors of ``ui.errors``."""
        body = {"client_id": client_id, "language": language}
        return _read(self._ask("POST", "/explain", token, body), ExplainResponse)

    def client(self, token: str, client_id: int, language: Language) -> ClientResponse:
        """Return everything held about a client. Raises the errors of ``ui.errors``."""
        path = f"/clients/{client_id}?language={language}"
        return _read(self._ask("GET", path, token, None), ClientResponse)

    def clients(self, token: str, after: int, limit: int) -> ClientsResponse:
        """Return a page of clients, by number from ``after`` on."""
        path = f"/clients?after={after}&limit={limit}"
        return _read(self._ask("GET", path, token, None), ClientsResponse)

    def decide(self, token: str, request: DecisionRequest) -> DecisionResponse:
        """Record an advisor's decision; the same sent twice is recorded once."""
        body = request.model_dump(mode="json", exclude_none=True)
        sent = uuid5(NAMESPACE_URL, request.model_dump_json())
        return _read(self._ask("POST", "/decisions", token, body, str(sent)), DecisionResponse)

    def simulate(self, token: str, request: SimulateRequest) -> SimulateResponse:
        """Try changes without commitment. Raises the errors of ``ui.errors``."""
        body = request.model_dump(mode="json", exclude_none=True)
        return _read(self._ask("POST", "/simulate", token, body), SimulateResponse)

    def recourse(self, token: str, request: RecourseRequest) -> RecourseResponse:
        """Look for what would turn the proposal. Raises the errors of ``ui.errors``."""
        body = request.model_dump(mode="json")
        return _read(self._ask("POST", "/recourse", token, body), RecourseResponse)

    def compare(self, token: str, request: CompareRequest) -> CompareResponse:
        """Say where a client stands. Raises the errors of ``ui.errors``."""
        body = request.model_dump(mode="json", by_alias=True)
        return _read(self._ask("POST", "/compare", token, body), CompareResponse)

    def export(self, token: str, client_id: int, form: str, language: Language) -> bytes:
        """Return the client's own data as a file, ``form`` being ``json`` or ``csv``."""
        path = f"/clients/{client_id}/export?format={form}&language={language}"
        return self._ask("GET", path, token, None).content

    def _ask(
        self,
        method: str,
        path: str,
        token: str | None,
        body: Mapping[str, object] | None,
        once: str | None = None,
    ) -> httpx.Response:
        headers = {"Accept": "*/*"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        if method == "POST":
            headers["Idempotency-Key"] = once or str(uuid4())
        try:
            answer = self._http.request(method, path, headers=headers, json=body)
        except httpx.HTTPError as error:
            raise ServiceDown(type(error).__name__) from error
        if answer.is_success:
            return answer
        raise _refusal(answer)


def _read(answer: httpx.Response, form: type[Answer]) -> Answer:
    try:
        return form.model_validate_json(answer.content)
    except ValidationError as error:
        msg = f"the service's answer is not a {form.__name__}"
        raise ServiceDown(msg) from error


def _refusal(answer: httpx.Response) -> Exception:
    status = answer.status_code
    if status == httpx.codes.UNAUTHORIZED:
        return SessionExpired("the service does not know this session")
    if status == httpx.codes.FORBIDDEN:
        return NotAllowed("the role does not allow it")
    if status == httpx.codes.NOT_FOUND:
        return UnknownClient("no client has this number")
    if status == httpx.codes.TOO_MANY_REQUESTS:
        wait = answer.headers.get("Retry-After", "")
        return TooManyAttempts(int(wait) if wait.isdecimal() else DEFAULT_WAIT)
    if status == httpx.codes.CONFLICT:
        return Conflict("something else was recorded")
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return ServiceDown(f"the service answered {status}")
    return Refused(f"the service answered {status}")

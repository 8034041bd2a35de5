"""What the app makes of whatever answers, or does not, at the service's address."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from conftest import Running, free_port, serve
from stand_in import DECLINED, PASSWORD
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

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
from ui.service import ScoringService


@pytest.fixture(scope="module")
def odd() -> Iterator[str]:
    """A server that answers the status its path ends with, and nothing of the contract."""

    async def answer(request: Request) -> Response:
        return Response(b"<html>not ours</html>", int(request.path_params["status"]))

    port = free_port()
    server = serve(Starlette(routes=[Route("/clients/{status:int}", answer)]), port)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (200, ServiceDown),
        (401, SessionExpired),
        (403, NotAllowed),
        (404, UnknownClient),
        (409, Conflict),
        (422, Refused),
        (429, TooManyAttempts),
        (500, ServiceDown),
        (503, ServiceDown),
    ],
)
def test_each_refusal_has_its_error(odd: str, status: int, error: type[ServiceError]) -> None:
    """Even when the body is no answer of ours: a verdict is never guessed."""
    service = ScoringService(odd)
    with pytest.raises(error):
        service.client("token", status, "fr")
    service.close()


def test_nobody_at_the_address_is_said_at_once() -> None:
    """A refused connection is a service that is down."""
    service, start = ScoringService(f"http://127.0.0.1:{free_port()}"), time.monotonic()
    with pytest.raises(ServiceDown):
        service.explain("token", DECLINED, "fr")
    assert time.monotonic() - start < 5
    service.close()


def test_the_answers_of_the_contract_are_read(running: Running) -> None:
    """A signed-in advisor gets typed answers in their language."""
    service = ScoringService(running.service)
    token = service.sign_in("Claire Martin", PASSWORD).token
    assert service.explain(token, DECLINED, "en").language == "en"
    assert service.client(token, DECLINED, "fr").client_id == DECLINED
    service.close()


def test_a_wrong_password_is_told_from_an_expired_session(running: Running) -> None:
    """Both are a 401; only one of them is about what was typed."""
    service = ScoringService(running.service)
    with pytest.raises(WrongCredentials):
        service.sign_in("Claire Martin", "wrong")
    with pytest.raises(SessionExpired):
        service.explain("an old token", DECLINED, "fr")
    service.close()

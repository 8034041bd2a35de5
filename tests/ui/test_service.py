"""What the app makes of whatever answers, or does not, at the service's address."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from conftest import Running, serve
from stand_in import DECLINED, PASSWORD, refusal
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from scoring.contract import ProblemItem
from tests.ports import free_port
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
    """A server that answers the status its path ends with; in French, nothing of the contract."""

    async def answer(request: Request) -> Response:
        status = int(request.path_params["status"])
        if request.query_params["language"] == "fr":
            return Response(b"<html>not ours</html>", status)
        return refusal(status, "odd", "An answer of the contract.")

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
    """The screens say of each what to do next."""
    service = ScoringService(odd)
    with pytest.raises(error):
        service.ask("token", lambda scoring: scoring.client(status, "en"))
    service.close()


@pytest.mark.parametrize("status", [200, 401, 404, 422, 500])
def test_an_answer_that_is_not_ours_is_a_service_down(odd: str, status: int) -> None:
    """Whatever its status says: a verdict is never guessed, and nobody is signed out for it."""
    service = ScoringService(odd)
    with pytest.raises(ServiceDown):
        service.ask("token", lambda scoring: scoring.client(status, "fr"))
    service.close()


def test_of_a_refusal_only_the_policy_s_sentences_are_kept() -> None:
    """Each once, in the person's language; the contract's words are for programs."""
    said = "Le prix du bien dépasse 10 fois le crédit demandé."
    errors = [
        ProblemItem(pointer="/changes/amount_credit", code="GOODS_BEYOND_CREDIT", message=said),
        ProblemItem(pointer="/changes/goods_price", code="GOODS_BEYOND_CREDIT", message=said),
        ProblemItem(pointer="/changes/annuity", code="out_of_limits", message="It must be less."),
    ]

    async def answer(_: Request) -> Response:
        return refusal(422, "invalid", "Not received.", errors)

    port = free_port()
    server = serve(Starlette(routes=[Route("/simulate", answer, methods=["POST"])]), port)
    service = ScoringService(f"http://127.0.0.1:{port}")
    with pytest.raises(Refused) as refused:
        service.ask("token", lambda scoring: scoring.simulate(DECLINED, {"annuity": 1.0}))
    assert refused.value.said == said
    service.close()
    server.should_exit = True


def test_nobody_at_the_address_is_said_at_once() -> None:
    """A refused connection is a service that is down."""
    service, start = ScoringService(f"http://127.0.0.1:{free_port()}"), time.monotonic()
    with pytest.raises(ServiceDown):
        service.ask("token", lambda scoring: scoring.explain(DECLINED))
    assert time.monotonic() - start < 5
    service.close()


def test_the_answers_of_the_contract_are_read(running: Running) -> None:
    """A signed-in advisor gets typed answers in their language."""
    service = ScoringService(running.service)
    token = service.sign_in("Claire Martin", PASSWORD).token
    explained = service.ask(token, lambda scoring: scoring.explain(DECLINED, language="en"))
    assert explained.language == "en"
    assert service.ask(token, lambda scoring: scoring.client(DECLINED)).client_id == DECLINED
    service.close()


def test_a_wrong_password_is_told_from_an_expired_session(running: Running) -> None:
    """Both are a 401; only one of them is about what was typed."""
    service = ScoringService(running.service)
    with pytest.raises(WrongCredentials):
        service.sign_in("Claire Martin", "wrong")
    with pytest.raises(WrongCredentials):
        service.sign_in("a name longer than any person's" * 9, "wrong")
    with pytest.raises(SessionExpired):
        service.ask("an old token", lambda scoring: scoring.explain(DECLINED))
    service.close()

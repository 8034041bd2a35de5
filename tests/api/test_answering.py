"""Whatever stands behind the guard, an error leaves the service in one shape."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Message

from api.answering import Answering
from api.pace import Allowance
from scoring.contract import Problem

CANARY = "CANARY"
BENTOMLS = {
    "error": "1 validation error for ScoreRequestIODescriptor",
    "detail": [
        {"type": "int_type", "loc": ["client_id"], "msg": "Input should be a valid integer"},
    ],
}


async def refused(_request: Request) -> Response:
    """Answer as BentoML does when a model refuses what was sent."""
    return JSONResponse(BENTOMLS, 400)


async def failed(_request: Request) -> Response:
    """Fail as nobody expected, with somebody's words."""
    raise ZeroDivisionError(CANARY)


async def masked(_request: Request) -> Response:
    """Answer as BentoML does when something failed."""
    return JSONResponse({"error": f"An unexpected error has occurred: {CANARY}"}, 500)


async def plain(_request: Request) -> Response:
    """Answer a status that the contract does not have."""
    return PlainTextResponse(CANARY, 418)


async def good(_request: Request) -> Response:
    """Answer well."""
    return JSONResponse({"status": "ok"}, headers={"server": "BentoML Service/scoring"})


BEHIND = Starlette(
    routes=[Route(f"/{one.__name__}", one) for one in (refused, failed, masked, plain, good)]
)


def answered(path: str) -> tuple[int, dict[str, str], Any]:
    """Return status, headers and body of what leaves the service."""
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def ask() -> None:
        answering = Answering(send, {"request_id": "r-1"}, without_body=False)
        answering.sent = {"client_id": CANARY}
        answering.allowance = Allowance(left=5, most=10, rest_s=2, wait_s=0)
        scope = {
            "type": "http", "method": "GET", "path": path, "raw_path": path.encode(),
            "root_path": "", "query_string": b"", "headers": [], "scheme": "http",
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2), "http_version": "1.1",
        }  # fmt: skip
        try:
            await BEHIND(scope, receive, answering)
        except ZeroDivisionError:
            assert answering.started

    asyncio.run(ask())
    assert [message["type"] for message in messages].count("http.response.start") == 1
    headers = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
    body = b"".join(message.get("body", b"") for message in messages[1:])
    assert int(headers["content-length"]) == len(body)
    return messages[0]["status"], headers, json.loads(body)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/refused", 422, "invalid"),
        ("/failed", 500, "internal"),
        ("/masked", 500, "internal"),
        ("/plain", 400, "malformed"),
        ("/nowhere", 404, "unknown"),
    ],
)
def test_every_error_is_a_problem_document(path: str, status: int, code: str) -> None:
    """With its status and code, and nothing of what was sent or of a library."""
    got, headers, body = answered(path)
    problem = Problem.model_validate(body)
    assert (got, problem.status, problem.code) == (status, status, code)
    assert headers["content-type"] == "application/problem+json"
    assert CANARY not in json.dumps(body)
    assert "IODescriptor" not in json.dumps(body)


def test_what_a_model_refused_is_told_in_our_words() -> None:
    """The place is kept, the wording is not BentoML's."""
    _, _, body = answered("/refused")
    assert body["errors"] == [
        {"pointer": "/client_id", "code": "wrong_type", "message": "It must be a whole number."}
    ]


@pytest.mark.parametrize("path", ["/good", "/refused"])
def test_every_answer_has_our_headers(path: str) -> None:
    """The request's id, what may still be asked, never cached; no name of the server."""
    _, headers, _ = answered(path)
    assert headers["x-request-id"] == "r-1"
    assert headers["ratelimit"].startswith('"caller";r=5')
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers

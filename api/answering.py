"""What leaves the service: every answer with our headers, every error in our shape."""

from __future__ import annotations

from collections.abc import Awaitable, MutableMapping
from typing import Any

import bentoml
import orjson
from fastapi import Response
from starlette.types import Message, Send

from api import log
from api.context import context_of
from api.errors import CODES, FAILED, PROBLEM, TITLES, Refused, invalid, refusal
from api.pace import Allowance

_ALWAYS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
)
_NOT_OURS = frozenset({b"server", b"x-bentoml-request-id", b"x-bentoml-trace-id"})
POLICY = "caller"
"""Name of the limit in the headers ``RateLimit`` and ``RateLimit-Policy``."""


class Answering:
    """Sends one answer on. Errors that are not problem documents are held and written as one.

    ``sent`` is the JSON of the request, if any; ``allowance`` what its caller may still ask.
    """

    def __init__(self, send: Send, state: MutableMapping[str, Any], *, without_body: bool) -> None:
        self._send = send
        self._request_id: str = state["request_id"]
        self._without_body = without_body
        self._held: Message | None = None
        self._body = b""
        self.sent: Any = None
        self.allowance: Allowance | None = None
        self.started = False
        self.status = 500

    async def __call__(self, message: Message) -> None:
        """Take one message of the application behind."""
        if self._held is not None:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self.give(_rewritten(self._held["status"], self._body, self.sent))
            return
        if message["type"] == "http.response.start":
            if message["status"] >= 400 and not _is_problem(message):
                self._held = message
                return
            self._start(message)
        elif self._without_body:
            message = {**message, "body": b""}
        await self._send(message)

    async def give(self, response: Response) -> None:
        """Send an answer of the guard's own."""
        self._held = None
        start: Message = {
            "type": "http.response.start",
            "status": response.status_code,
            "headers": list(response.raw_headers),
        }
        await self(start)
        await self({"type": "http.response.body", "body": response.body})

    def _start(self, message: Message) -> None:
        self.started = True
        self.status = message["status"]
        headers = [pair for pair in message["headers"] if pair[0] not in _NOT_OURS]
        headers += [(b"x-request-id", self._request_id.encode()), *_ALWAYS]
        if self.allowance is not None:
            headers += _told(self.allowance)
        message["headers"] = headers


def _told(allowance: Allowance) -> list[tuple[bytes, bytes]]:
    """Return the limit and what is left of it, as the IETF's draft writes them."""
    left = f'"{POLICY}";r={allowance.left};t={allowance.wait_s or 1}'
    policy = f'"{POLICY}";q={allowance.most};w={allowance.rest_s}'
    return [(b"ratelimit", left.encode()), (b"ratelimit-policy", policy.encode())]


def _is_problem(message: Message) -> bool:
    return (b"content-type", PROBLEM.encode()) in message["headers"]


def _rewritten(status: int, body: bytes, sent: Any) -> Response:
    """Write an error of BentoML or Starlette as ours: values refused by a model, or its status."""
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        said = None
    if status == 400 and isinstance(said, dict) and isinstance(said.get("detail"), list):
        return invalid(said["detail"], sent).response()
    if status not in CODES:
        status = 500 if status >= 500 else 400
    return Refused(status, CODES[status], FAILED if status == 500 else TITLES[status]).response()


async def answered(ctx: bentoml.Context, work: Awaitable[Response]) -> Any:
    """Return what ``work`` answers, or the refusal it raised, as a method of BentoML may.

    BentoML writes the status of ``ctx.response`` over that of a response it is given.
    """
    try:
        response = await work
    except Exception as error:
        refused = refusal(error)
        if refused.status == 500:
            context = context_of(ctx.request)
            log.failure(context.request_id, context.operation, error)
        response = refused.response()
    ctx.response.status_code = response.status_code
    return response

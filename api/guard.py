"""The guard: one ASGI layer in front of BentoML's methods and the FastAPI application.

The order is fixed: which operation (404, 405), who asks (401), how often (429), may they (403), in
what form (400, 413, 415). Nothing is read from a body before its sender is known, nothing leaves in
another shape than the contract's, and every answer is counted.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import log
from api.access import OPEN, OPERATIONS, Operation, Operations, Repeat
from api.answering import Answering
from api.context import RequestContext
from api.errors import CHALLENGE, Refused, refusal
from api.measurements import RouteCounts
from api.pace import Allowance, Pace
from api.recorder import repeated
from api.settings import Settings
from api.strict_json import canonical_hash, must_be_json, parse, read_body
from api.worker import Worker
from storage.roles import Caller

NO_OPERATION = "none"
KEPT_BY_BENTOML = frozenset({"livez", "readyz"})
"""Addresses that BentoML answers before any mounted application; ours say more."""
ANSWER_WITHIN_S = 9.0
"""Every wait of ours is shorter, and so is this than BentoML's own limit."""
_KEY = re.compile(rb"[!-~]{1,200}")
_ONCE = frozenset({b"authorization", b"content-type", b"content-length", b"idempotency-key"})
Headers = dict[bytes, bytes]


class Guard:
    """Lives as long as the worker; ``rest.state.worker`` is there once the worker has opened."""

    def __init__(self, app: ASGIApp, rest: FastAPI, settings: Settings) -> None:
        self._app = app
        self._rest = rest
        self._settings = settings
        self._operations = Operations()
        names = (NO_OPERATION, *(one.name for one in OPERATIONS))
        self._counts = {name: RouteCounts(name) for name in names}
        self._pace = Pace(settings.requests_per_second, settings.pace_file)
        self._prefix = secrets.token_hex(4)
        self._number = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; lifespan goes on to the application behind."""
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        if scope["type"] != "http":
            return await send({"type": "websocket.close", "code": 1000})
        start = time.perf_counter()
        self._number += 1
        state = scope.setdefault("state", {})
        state["request_id"] = f"{self._prefix}-{self._number:x}"
        state["operation"] = NO_OPERATION
        answering = Answering(send, state, without_body=scope["method"] == "HEAD")
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                await self._pass(scope, receive, answering)
        except Exception as error:
            await self._refuse(error, answering, state)
        self._tell(state, answering.status, time.perf_counter() - start)
        return None

    async def _refuse(self, error: Exception, answering: Answering, state: dict[str, Any]) -> None:
        refused = refusal(error)
        if refused.status == 500:
            log.failure(state["request_id"], state["operation"], error)
        if not answering.started:
            await answering.give(refused.response())

    def _tell(self, state: dict[str, Any], status: int, seconds: float) -> None:
        name = state["operation"]
        self._counts[name].add(status, seconds)
        if status == 503:
            log.refusal(state["request_id"], name, status)
        if self._settings.access_log:
            log.answered(state["request_id"], name, status, seconds * 1000)

    async def _pass(self, scope: Scope, receive: Receive, answering: Answering) -> None:
        """Let one request in, or raise ``Refused``."""
        state, headers = scope["state"], _headers(scope["headers"])
        found = self._find(scope)
        is_open = isinstance(found, Operation) and found.roles == OPEN
        caller = None if is_open else await self._caller(headers, answering)
        if isinstance(found, Refused):
            raise found
        state["operation"] = found.name
        if caller is not None and caller.role not in found.roles:
            raise Refused(403, "forbidden", "The role of this key or session may not do this.")
        _must_be_clear(scope["query_string"], takes_query=found.takes_query)
        if found.takes_body:
            receive, answering.sent = await _body(found, headers, receive)
        context = _context(scope, found, headers, caller, answering.sent)
        state["context"] = context
        if found.repeat is Repeat.FIRST_ANSWER and context.answer_key is not None:
            first = await self._worker.recorder.first_answer(context.answer_key)
            if first is not None:
                return await answering.give(repeated(context, first))
        app = self._rest if found.name in KEPT_BY_BENTOML else self._app
        await app(scope, receive, answering)

    def _find(self, scope: Scope) -> Operation | Refused:
        """Return the operation, or why there is none: not everybody is told."""
        try:
            return self._operations.find(scope["method"], scope["path"])
        except Refused as refused:
            return refused

    @property
    def _worker(self) -> Worker:
        worker: Worker = self._rest.state.worker
        return worker

    async def _caller(self, headers: Headers, answering: Answering) -> Caller:
        """Return who asks. ``Refused`` 401 or 429 otherwise."""
        scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
        if scheme.lower() != b"bearer" or not 20 <= len(token) <= 100 or not token.isascii():
            raise _unknown_caller()
        caller = await self._worker.callers.find(token.decode("ascii"))
        if caller is None:
            raise _unknown_caller()
        answering.allowance = self._pace.take(caller.token_hash)
        _must_be_allowed(answering.allowance)
        return caller


def _must_be_allowed(allowance: Allowance) -> None:
    if allowance.wait_s:
        wait = {"retry-after": str(allowance.wait_s)}
        raise Refused(429, "too_many", "Too many requests. Come back later.", headers=wait)


def _unknown_caller() -> Refused:
    detail = "Send a key or a session token that is in force: Authorization: Bearer ..."
    return Refused(401, "unauthorized", detail, headers=CHALLENGE)


def _headers(sent: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Return the headers by name; ``Refused`` 400 when one that decides comes twice."""
    headers: Headers = {}
    for name, value in sent:
        if name in headers and name in _ONCE:
            raise Refused(400, "malformed", f"The header {name.decode()} comes twice.")
        headers[name] = value
    return headers


def _must_be_clear(written: bytes, *, takes_query: bool) -> None:
    """Raise ``Refused`` for parameters that are unclear (400), or that nobody takes (422)."""
    if not written:
        return
    try:
        pairs = parse_qsl(
            written.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=50
        )
    except ValueError:
        detail = "The part after the question mark is unclear."
        raise Refused(400, "malformed", detail) from None
    if len(dict(pairs)) != len(pairs) or any("\0" in value for _, value in pairs):
        raise Refused(400, "malformed", "A parameter comes twice or holds a NUL.")
    if not takes_query:
        raise Refused(422, "invalid", "This address takes no parameter.")


async def _body(found: Operation, headers: Headers, receive: Receive) -> tuple[Receive, Any]:
    """Read the body strictly; return it for the application behind, and what it says."""
    must_be_json(headers.get(b"content-type"))
    raw = await read_body(receive, headers.get(b"content-length"), found.body_bytes)
    said = parse(raw)
    messages: list[Message] = [{"type": "http.request", "body": raw, "more_body": False}]

    async def given() -> Message:
        return messages.pop() if messages else await receive()

    return given, said


def _context(
    scope: Scope, found: Operation, headers: Headers, caller: Caller | None, said: Any
) -> RequestContext:
    address = scope["client"][0] if scope.get("client") else ""
    key = _answer_key(found, headers, caller)
    # without a key, only an operation that has places of its own asks what was said
    compared = key is not None or found.repeat is Repeat.NOT_KNOWN
    return RequestContext(
        request_id=scope["state"]["request_id"],
        operation=found.name,
        caller=caller,
        answer_key=key,
        body_hash=canonical_hash(said) if compared and found.takes_body else "",
        address=address,
    )


def _answer_key(found: Operation, headers: Headers, caller: Caller | None) -> str | None:
    """Return the hash that a repeat of this request is known by, if it asked to be known.

    It is the actor's, whatever key or session was used: a new login does not forget it.
    """
    key = headers.get(b"idempotency-key")
    if key is None or found.repeat is Repeat.NOT_KNOWN or caller is None:
        return None
    if _KEY.fullmatch(key) is None:
        detail = "Idempotency-Key: from 1 to 200 visible ASCII characters."
        raise Refused(400, "malformed", detail)
    kind = "person" if caller.is_person else "key"
    parts = (kind.encode(), caller.name.encode(), found.name.encode(), key)
    return hashlib.sha256(b"\0".join(parts)).hexdigest()

"""The ASGI application: one path through every guard, for every route.

The order is fixed: who asks (401), how often (429), what for (404, 405), may they (403), in what
form (415, 413, 400), with which values (422). Nothing is read from a body before its sender is
known, and nothing is answered in another shape than the contract's.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from pydantic import ValidationError

from gateway import log
from gateway.asked import Answer, Asked
from gateway.body import LIMIT_BYTES, Receive, must_be_json, parse, read_body
from gateway.desk import Desk
from gateway.errors import CHALLENGE, Refused, invalid, refusal
from gateway.measurements import RouteCounts
from gateway.pace import Pace
from gateway.routes import OPEN, Dispatch, Route
from storage.roles import Caller

Scope = Mapping[str, Any]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]

_NO_ROUTE = "none"
_ALWAYS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
)


class Gateway:
    """Answers every HTTP request of the service; lifespan goes on to the application behind."""

    def __init__(self, app: App, desk: Desk, routes: Iterable[Route]) -> None:
        self._app = app
        self._desk = desk
        routes = tuple(routes)
        self._dispatch = Dispatch(routes)
        self._counts = {name: RouteCounts(name) for name in (_NO_ROUTE, *(r.name for r in routes))}
        self._pace = Pace(desk.settings.requests_per_second, desk.settings.pace_file)
        self._prefix = secrets.token_hex(4)
        self._number = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        if scope["type"] != "http":
            return await send({"type": "websocket.close", "code": 1000})
        start = time.perf_counter()
        self._number += 1
        request_id = f"{self._prefix}-{self._number:x}"
        place = [_NO_ROUTE]
        try:
            answer = await self._answer(scope, receive, request_id, place)
        except Exception as error:
            answer = self._refused(request_id, place[0], error)
        seconds = time.perf_counter() - start
        self._counts[place[0]].add(answer.status, seconds)
        if self._desk.settings.access_log:
            log.answered(request_id, place[0], answer.status, seconds * 1000)
        await _send(send, answer, request_id, without_body=scope["method"] == "HEAD")
        return None

    def _refused(self, request_id: str, route: str, error: Exception) -> Answer:
        refused = refusal(error)
        if refused.status == 500:
            log.failure(request_id, route, error)
        elif refused.status == 503:
            log.refusal(request_id, route, refused.status, refused.code)
        return refused.answer()

    async def _answer(
        self, scope: Scope, receive: Receive, request_id: str, place: list[str]
    ) -> Answer:
        headers = _headers(scope)
        found = self._find(scope)
        is_open = not isinstance(found, Refused) and found[0].roles == OPEN
        caller = None if is_open else await self._caller(headers)
        if isinstance(found, Refused):
            raise found
        route, path = found
        place[0] = route.name
        if caller is not None and route.roles != OPEN and caller.role not in route.roles:
            raise Refused(403, "forbidden", "The role of this key or session may not do this.")
        asked = await self._asked(route, path, scope, receive, headers, request_id, caller)
        if asked.answer_key is not None:
            earlier = await self._desk.earlier_answer(asked)
            if earlier is not None:
                return earlier
        return await route.handler(self._desk, asked)

    def _find(self, scope: Scope) -> tuple[Route, dict[str, str]] | Refused:
        """Return the route and its path parameters, or why there is none: not everybody's."""
        try:
            return self._dispatch.find(scope["method"], scope["path"])
        except Refused as refused:
            return refused

    async def _caller(self, headers: Mapping[bytes, bytes]) -> Caller:
        """Return who asks. ``Refused`` 401 or 429 otherwise."""
        scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
        if scheme.lower() != b"bearer" or not 20 <= len(token) <= 100 or not token.isascii():
            raise _unknown_caller()
        caller = await self._desk.caller(token.decode("ascii"))
        if caller is None:
            raise _unknown_caller()
        self._pace.must_allow(caller.token_hash)
        return caller

    async def _asked(
        self,
        route: Route,
        path: Mapping[str, str],
        scope: Scope,
        receive: Receive,
        headers: Mapping[bytes, bytes],
        request_id: str,
        caller: Caller | None,
    ) -> Asked:
        query = _query(route, scope["query_string"])
        if route.body is None and not route.takes_bytes:
            return Asked(request_id, None, caller, path, query)
        media = headers.get(b"content-type")
        as_bytes = (media or b"").decode("latin-1") in route.takes_bytes
        if not as_bytes:
            must_be_json(media)
        limit = route.limit_bytes or LIMIT_BYTES
        raw = await read_body(receive, headers.get(b"content-length"), limit)
        body = None
        if not as_bytes and route.body is not None:
            body = parse(raw, route.body)
        key = _answer_key(route, headers, caller)
        digest = hashlib.sha256(raw).hexdigest() if key or route.once else ""
        return Asked(request_id, body, caller, path, query, key, digest, raw if as_bytes else b"")


def _headers(scope: Scope) -> dict[bytes, bytes]:
    """Return the headers by name; ``Refused`` 400 when one that decides comes twice."""
    headers: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name in headers and name in _ONCE:
            raise Refused(400, "malformed", f"The header {name.decode()} comes twice.")
        headers[name] = value
    return headers


_ONCE = frozenset({b"authorization", b"content-type", b"content-length", b"idempotency-key"})


def _unknown_caller() -> Refused:
    message = "Send a key or a session token that is in force: Authorization: Bearer ..."
    return Refused(401, "unauthorized", message, headers=(CHALLENGE,))


def _query(route: Route, written: bytes) -> Any:
    if not written and route.query is None:
        return None
    try:
        pairs = parse_qsl(
            written.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=50
        )
    except ValueError:
        raise Refused(400, "malformed", "The part after the question mark is unclear.") from None
    values = dict(pairs)
    if len(values) != len(pairs) or any("\0" in value for value in values.values()):
        raise Refused(400, "malformed", "A parameter comes twice or holds a NUL.")
    if route.query is None:
        raise Refused(422, "invalid", "This address takes no parameter.")
    try:
        return route.query.model_validate(values)
    except ValidationError as error:
        raise invalid(error) from None


_KEY = re.compile(rb"[!-~]{1,200}")


def _answer_key(route: Route, headers: Mapping[bytes, bytes], caller: Caller | None) -> str | None:
    """Return the hash that a repeat of this request is known by, if it asked to be known."""
    key = headers.get(b"idempotency-key")
    if key is None or not route.repeatable or caller is None:
        return None
    if _KEY.fullmatch(key) is None:
        message = "Idempotency-Key: from 1 to 200 visible ASCII characters."
        raise Refused(400, "malformed", message)
    parts = (caller.token_hash.encode(), route.name.encode(), key)
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


async def _send(send: Send, answer: Answer, request_id: str, *, without_body: bool) -> None:
    headers = [
        (b"content-type", answer.media),
        (b"content-length", str(len(answer.body)).encode()),
        (b"x-request-id", request_id.encode()),
        *_ALWAYS,
        *answer.headers,
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if without_body else answer.body})

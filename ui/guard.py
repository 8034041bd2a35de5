"""The guard in front of everything: what may be asked, by whom, how much, what a browser may do.

Gradio serves more addresses than these screens need (uploads, files, proxies, an API): only the
needed ones are let through, and only to who is signed in. What it remembers of a page it keeps
under a name that the page chooses; here that name is bound to the session, so that nobody else,
nor the same person after signing out, can ask for it.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.session import COOKIE, Sessions

LARGEST_BODY = 64 * 1024
"""Bytes, counted as they come: a declared length is only what the caller says."""
BODY_WITHIN_S = 10.0

RIGHTS = r"/(fr|en)/rights/[1-9][0-9]{0,15}/asm_[0-9a-f]{24}"
"""Requests and links of a client: these pages check themselves who asks, and say it in place."""

OPEN_READS = re.compile(
    r"/|/livez|/favicon\.ico|/(fr|en)/(login|theme\.css|favicon\.ico|manifest\.json)"
    r"|/(fr|en)/link/[^/]{1,200}|/(fr|en)/my(/requests|/export\.(json|csv))?"
    r"|" + RIGHTS + r"/requests"
    r"|/(fr|en)/(assets|static|svelte)/.+"
)
OPEN_WRITES = re.compile(
    r"/(fr|en)/(login|logout)|/(fr|en)/my/(requests|leave)"
    r"|" + RIGHTS + r"/(requests|follow-up|links|revoke)"
)
SIGNED_IN_PAGES = re.compile(r"/(fr|en)/?|/(fr|en)/(help|export/[1-9][0-9]{0,15}\.(json|csv))")
"""Who is not signed in is asked to, and comes back to the same case."""
SIGNED_IN_READS = re.compile(
    r"/(fr|en)/config|/(fr|en)/gradio_api/(info|theme\.css|startup-events|app_id)"
    r"|/(fr|en)/gradio_api/(queue/data|heartbeat/\w{1,64})"
)
SIGNED_IN_WRITES = re.compile(r"/(fr|en)/gradio_api/(queue/join|cancel|reset)/?")
KEPT_BY_NAME = re.compile(r"/(fr|en)/gradio_api/(queue/join|queue/data|cancel|reset|heartbeat)\b.*")
"""Addresses that name what Gradio keeps of a page, by its ``session_hash``."""

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'self'; "
    "form-action 'self'"
)
"""Nothing leaves for another host. Gradio evaluates its templates, hence ``unsafe-eval``."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Refused(Exception):
    """A request goes no further; ``answer`` says why."""

    def __init__(self, answer: Response) -> None:
        super().__init__(answer.status_code)
        self.answer = answer


class Guard:
    """ASGI middleware; lives as long as the app."""

    def __init__(self, app: ASGIApp, sessions: Sessions) -> None:
        self._app = app
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, redirect or pass on one request, and put the safety headers on its answer."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        sending = _with_headers(scope["path"], send)
        try:
            admitted, body = await self._admitted(scope, receive)
        except Refused as refused:
            await refused.answer(scope, receive, sending)
        except ClientDisconnect:
            return
        else:
            await self._app(admitted, _read_already(body, receive), sending)

    async def _admitted(self, scope: Scope, receive: Receive) -> tuple[Scope, bytes]:
        """Return what the app is asked, and its whole body. Raises ``Refused``."""
        path, headers = scope["path"], Headers(scope=scope)
        writes = _must_be_served(scope, headers)
        number = cookie_of(headers)
        if self._sessions.find(number) is None:
            if SIGNED_IN_PAGES.fullmatch(path):
                raise Refused(RedirectResponse(_sign_in(scope), status_code=303))
            if not (OPEN_WRITES if writes else OPEN_READS).fullmatch(path):
                raise _refused("Sign in first", 401)
        body = await _whole_body(receive) if writes else b""
        if number is not None and KEPT_BY_NAME.fullmatch(path):
            return _bound(scope, body, number)
        return scope, body


def _must_be_served(scope: Scope, headers: Headers) -> bool:
    """Raise ``Refused`` for what no screen sends; return whether the request writes."""
    method: str = scope["method"]
    path: str = scope["path"]
    writes = method == "POST"
    known = (
        (OPEN_WRITES, SIGNED_IN_WRITES)
        if writes
        else (OPEN_READS, SIGNED_IN_PAGES, SIGNED_IN_READS)
    )
    if method not in {"GET", "HEAD", "POST"} or not any(k.fullmatch(path) for k in known):
        raise _refused("Not found", 404)
    if writes and not _comes_from_here(headers):
        raise _refused("Forbidden", 403)
    length = headers.get("content-length", "0")
    most = LARGEST_BODY if writes else 0
    if not length.isdecimal() or int(length) > most:
        raise _refused("Content too large", 413)
    if not writes and "transfer-encoding" in headers:
        raise _refused("Content too large", 413)
    return writes


def _refused(said: str, status: int) -> Refused:
    """Refuse and close the connection: what is still being sent is not read."""
    return Refused(PlainTextResponse(said, status, headers={"Connection": "close"}))


async def _whole_body(receive: Receive) -> bytes:
    """Return the body once all of it has come. Raises ``Refused``, ``ClientDisconnect``."""
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_WITHIN_S):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientDisconnect
                body += message.get("body", b"")
                if len(body) > LARGEST_BODY:
                    raise _refused("Content too large", 413)
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        raise _refused("Request timeout", 408) from None


def _read_already(body: bytes, receive: Receive) -> Receive:
    """Give the app the body that was read; what comes after it is the caller's leaving."""
    given = False

    async def receiving() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receiving


def name_in_session(number: str, page: object) -> str:
    """Return the name that a page's own name has within the session of ``number``.

    Nobody who does not hold the session's number can compute it.
    """
    return hashlib.sha256(f"{number}:{page}".encode()).hexdigest()


def _bound(scope: Scope, body: bytes, number: str) -> tuple[Scope, bytes]:
    """Bind the name in an address's end, its query or its body to the session."""
    path: str = scope["path"]
    before, _, page = path.rpartition("/")
    if before.endswith("/heartbeat"):
        bound = f"{before}/{name_in_session(number, page)}"
        return {**scope, "path": bound, "raw_path": bound.encode("ascii")}, body
    if scope["method"] == "POST":
        asked = _with_name(_object_of(body), number)
        body = json.dumps(asked).encode()
        headers = MutableHeaders(raw=list(scope["headers"]))
        headers["content-length"] = str(len(body))
        return {**scope, "headers": headers.raw}, body
    query = {name: values[-1] for name, values in _query(scope).items()}
    return {**scope, "query_string": urlencode(_with_name(query, number)).encode("ascii")}, body


def _object_of(body: bytes) -> Mapping[str, object]:
    try:
        asked = json.loads(body)
    except ValueError:
        asked = None
    if not isinstance(asked, dict):
        raise _refused("Bad request", 400)
    return asked


def _with_name(asked: Mapping[str, object], number: str) -> dict[str, object]:
    if not isinstance(asked.get("session_hash"), str):
        raise _refused("Bad request", 400)
    return {**asked, "session_hash": name_in_session(number, asked["session_hash"])}


def _query(scope: Scope) -> dict[str, list[str]]:
    return parse_qs(scope["query_string"].decode("latin-1"))


def cookie_of(headers: Headers) -> str | None:
    """Return the session number of a request's cookie."""
    try:
        morsel = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return None
    return None if morsel is None else morsel.value


def _comes_from_here(headers: Headers) -> bool:
    """Say whether a write was sent by our own pages (browsers name the origin of each write)."""
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host", "")


def _sign_in(scope: Scope) -> str:
    case = _query(scope).get("case", [""])[0]
    kept = f"?case={case}" if case.isascii() and case.isdigit() else ""
    return f"/{scope['path'][1:3]}/login{kept}"


def _with_headers(path: str, send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            if "/assets/" not in path and "/static/" not in path:
                headers["Cache-Control"] = "no-store"
        await send(message)

    return sending

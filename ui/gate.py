"""The gate in front of everything: what may be asked, by whom, and what the browser may do.

Gradio serves more addresses than these screens need (uploads, files, proxies, an API): only the
needed ones are let through.
"""

from __future__ import annotations

import re
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.session import COOKIE, Sessions

LARGEST_BODY = 64 * 1024

RIGHTS = r"/(fr|en)/rights/[1-9][0-9]{0,15}/asm_[0-9a-f]{24}"
"""Requests and links of a client: these pages check themselves who asks, and say it in place."""

OPEN_READS = re.compile(
    r"/|/livez|/favicon\.ico|/(fr|en)/?|/(fr|en)/(login|help|config|theme\.css|favicon\.ico|manifest\.json)"
    r"|/(fr|en)/export/[1-9][0-9]{0,15}\.(json|csv)"
    r"|/(fr|en)/link/[^/]{1,200}|/(fr|en)/my(/requests|/export\.(json|csv))?"
    r"|" + RIGHTS + r"/requests"
    r"|/(fr|en)/(assets|static|svelte)/.+"
    r"|/(fr|en)/gradio_api/(info|theme\.css|startup-events|app_id|queue/data|heartbeat/\w+)"
)
OPEN_WRITES = re.compile(
    r"/(fr|en)/(login|logout)|/(fr|en)/gradio_api/(queue/join|cancel|reset)/?"
    r"|/(fr|en)/my/(requests|leave)"
    r"|" + RIGHTS + r"/(requests|follow-up|links|revoke)"
)
SIGNED_IN_PAGES = re.compile(r"/(fr|en)/?|/(fr|en)/(help|export/.+)")

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


class Gate:
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
        refused = self._refusal(scope)
        answer: ASGIApp = self._app if refused is None else refused
        await answer(scope, receive, _with_headers(scope["path"], send))

    def _refusal(self, scope: Scope) -> Response | None:
        method, path = scope["method"], scope["path"]
        headers = Headers(scope=scope)
        allowed = OPEN_READS if method in {"GET", "HEAD"} else OPEN_WRITES
        if method not in {"GET", "HEAD", "POST"} or not allowed.fullmatch(path):
            return PlainTextResponse("Not found", status_code=404)
        if method == "POST" and not _comes_from_here(headers):
            return PlainTextResponse("Forbidden", status_code=403)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            return PlainTextResponse("Content too large", status_code=413)
        if SIGNED_IN_PAGES.fullmatch(path) and self._sessions.find(cookie_of(headers)) is None:
            return RedirectResponse(_sign_in(scope), status_code=303)
        return None


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
    case = parse_qs(scope["query_string"].decode("latin-1")).get("case", [""])[0]
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

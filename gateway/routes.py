"""What a route is. The table of them all is ``table.ROUTES``.

The table is the one declaration of addresses, bodies, answers and who may ask: the service
dispatches from it, the OpenAPI document is written from it and the access tests walk it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from gateway.asked import Answer, Asked
from gateway.errors import Refused
from storage.roles import STAFF, Role

if TYPE_CHECKING:
    from gateway.desk import Desk

Handler = Callable[["Desk", Asked], Awaitable[Answer]]

OPEN: frozenset[Role] = frozenset()
"""No key needed."""
EVERYBODY = STAFF
"""Every key and every user. A client's link opens the client's own view alone."""


@dataclass(frozen=True)
class Route:
    """One address and method. ``roles`` may ask; ``OPEN`` needs no key."""

    method: str
    path: str
    name: str
    handler: Handler
    roles: frozenset[Role]
    answer: type[BaseModel] | str
    """The model of a good answer, or its media type when it is no JSON model of ours."""
    summary: str
    answer_too: tuple[str, ...] = ()
    """Other media types of a good answer."""
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    errors: tuple[int, ...] = ()
    status: int = 200
    examples: Mapping[str, Any] | None = None
    repeatable: bool = False
    """Takes an ``Idempotency-Key``."""
    once: bool = False
    """Its handler lets one request alone take a place, so the body's hash is needed."""
    takes_bytes: frozenset[str] = frozenset()
    """Media types read by the handler itself, beside JSON."""
    limit_bytes: int | None = None


class Dispatch:
    """Finds the route of a request: plain paths by dictionary, others part by part."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._plain: dict[str, dict[str, Route]] = {}
        self._patterned: list[tuple[tuple[str, ...], dict[str, Route]]] = []
        for route in routes:
            self._methods(route.path)[route.method] = route

    def _methods(self, path: str) -> dict[str, Route]:
        if "{" not in path:
            return self._plain.setdefault(path, {})
        parts = tuple(path.split("/"))
        for known, methods in self._patterned:
            if known == parts:
                return methods
        self._patterned.append((parts, {}))
        return self._patterned[-1][1]

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """Return the route and its path parameters; ``Refused`` 404 or 405."""
        values: dict[str, str] = {}
        methods = self._plain.get(path)
        if methods is None:
            methods, values = self._match(path)
        if methods is None:
            raise Refused(404, "unknown", "Nothing has this address. See /docs.json.")
        if method not in methods:
            allowed = ", ".join(sorted(methods)).encode()
            message = "This address exists, with another method."
            raise Refused(405, "method_not_allowed", message, headers=((b"allow", allowed),))
        return methods[method], values

    def _match(self, path: str) -> tuple[dict[str, Route] | None, dict[str, str]]:
        parts = path.split("/")
        if "\0" in path:
            return None, {}
        for pattern, methods in self._patterned:
            if len(pattern) == len(parts) and all(
                named.startswith("{") or named == part
                for named, part in zip(pattern, parts, strict=True)
            ):
                pairs = zip(pattern, parts, strict=True)
                return methods, {n[1:-1]: part for n, part in pairs if n.startswith("{")}
        return None, {}

"""Parts of a page that are asked for and sent by themselves, and put in place by the script.

Without script the same answer is a plain page: nothing is asked that only a script could do.
"""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from ui.errors import (
    NotAllowed,
    ServiceDown,
    ServiceError,
    SessionExpired,
    TooManyAttempts,
    UnknownClient,
)
from ui.pages import failure, plain_page
from ui.rendering import element, render
from ui.words import Words

STATUS: dict[type[ServiceError], int] = {
    SessionExpired: 401,
    NotAllowed: 403,
    UnknownClient: 404,
    TooManyAttempts: 429,
}


def status_of(error: ServiceError) -> int:
    """Return the HTTP status that says the same as ``error``."""
    return STATUS.get(type(error), 503)


def part_answer(request: Request, inside: Markup, words: Words, status: int = 200) -> HTMLResponse:
    """Answer with a part, as a whole page when no script asked."""
    if request.headers.get("x-part") is None:
        body = render("card.html", words, inside=inside)
        inside = plain_page(words, words("rights.title"), body)
    return HTMLResponse(inside, status)


def failure_beside(error: ServiceError, typed: str, words: Words) -> Markup:
    """Say beside a form what stops it; of a service down, that what was typed is kept."""
    if isinstance(error, ServiceDown):
        return problem(words("parts.down"))
    return failure(error, typed, words)


def problem(sentence: str) -> Markup:
    """Write what stops a form from being recorded, to stand next to it."""
    return element("problem", sentence)

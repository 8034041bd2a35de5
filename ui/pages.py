"""What surrounds the screens, what stands in place of an answer, and parts sent by themselves.

A part is asked for and put in place by the script. Without script the same answer is a plain
page: nothing is asked that only a script could do.
"""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from ui.errors import (
    Conflict,
    NotAllowed,
    Refused,
    ServiceDown,
    ServiceError,
    SessionExpired,
    TooManyAttempts,
    UnknownClient,
)
from ui.format import Format
from ui.rendering import element, render
from ui.words import Words

STATUS: dict[type[ServiceError], int] = {
    SessionExpired: 401,
    NotAllowed: 403,
    UnknownClient: 404,
    Conflict: 409,
    Refused: 422,
    TooManyAttempts: 429,
}
"""Every other error is a service that is down: 503."""


def header(words: Words, name: str | None, case: int | None = None) -> Markup:
    """Write the header; the link to the other language keeps the open case."""
    return render("header.html", words, name=name, case=case)


def plain_page(words: Words, title: str, inside: Markup) -> Markup:
    """Write a part of a screen as a whole page that needs no script."""
    return render("plain.html", words, title=title, inside=inside)


def login_page(
    words: Words, *, said: str = "", problem: str = "", name: str = "", case: str = ""
) -> Markup:
    """Write the sign-in page; ``problem`` is next to the fields, what was typed is kept."""
    return render("login.html", words, said=said, problem=problem, name=name, case=case)


def help_page(words: Words) -> Markup:
    """Write how to read the screens."""
    return render("help.html", words)


def welcome(words: Words) -> Markup:
    """Say what to do first."""
    return element("notice", "info", words("state.welcome.title"), words("state.welcome"))


def loading(number: int, form: Format) -> Markup:
    """Say that the case is being looked for; nothing of the last case stays on the screen."""
    sentence = form.words("search.loading", number=form.identifier(number))
    return render("loading.html", form, sentence=sentence)


def unknown(number: int, form: Format) -> Markup:
    """Say that no case has this number."""
    said = form.words("search.unknown", number=form.identifier(number))
    return element("notice", "problem", form.words("state.unknown.title"), said)


def failure(error: ServiceError, typed: str, words: Words) -> Markup:
    """Say what happened and what to do; never a verdict, and what was typed is kept."""
    sign_in = sign_in_address(words, typed) if isinstance(error, SessionExpired) else None
    title, sentence = _said(error, words)
    return render("failure.html", words, title=title, sentence=sentence, sign_in=sign_in)


def _said(error: ServiceError, words: Words) -> tuple[str, str]:
    if isinstance(error, TooManyAttempts):
        return words("state.wait.title"), words.count("state.wait", error.seconds)
    if isinstance(error, Refused) and error.said:
        return words("state.correct.title"), error.said
    known = {
        SessionExpired: "expired",
        NotAllowed: "forbidden",
        Conflict: "refused",
        Refused: "refused",
    }
    state = known.get(type(error), "down")
    return words(f"state.{state}.title"), words(f"state.{state}")


def sign_in_address(words: Words, typed: str) -> str:
    """Return where to sign in again, to come back to the same case."""
    digits = "".join(
        character for character in typed if character.isascii() and character.isdigit()
    )
    return f"/{words.language}/login?reason=expired" + (f"&case={digits}" if digits else "")


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

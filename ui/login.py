"""Signing in and out: plain pages that need no script; the token never reaches the browser."""

from __future__ import annotations

import math
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from ui.context import ADVISORS, Context
from ui.errors import ServiceDown, ServiceError, TooManyAttempts, WrongCredentials
from ui.pages import help_page, login_page
from ui.session import COOKIE, Session
from ui.words import Language, Words, words_in

SAID = {"expired": "login.expired", "left": "login.left"}


def login_routes(context: Context, *, secure_cookie: bool) -> APIRouter:
    """Return the routes of the pages around the screens."""
    routes = APIRouter()

    @routes.get("/{language}/login")
    def ask(language: Language, case: str = "", reason: str = "") -> HTMLResponse:
        words = words_in(language)
        said = words(SAID[reason]) if reason in SAID else ""
        return HTMLResponse(login_page(words, said=said, case=_digits(case)))

    @routes.post("/{language}/login", response_model=None)
    def enter(
        language: Language,
        name: Annotated[str, Form(max_length=200)] = "",
        password: Annotated[str, Form(max_length=200)] = "",
        case: Annotated[str, Form(max_length=40)] = "",
    ) -> HTMLResponse | RedirectResponse:
        words, case = words_in(language), _digits(case)
        try:
            number = _signed_in(context, name.strip(), password)
        except ServiceError as error:
            page = login_page(words, problem=_problem(error, words), name=name, case=case)
            return HTMLResponse(page, status_code=_status(error))
        answer = RedirectResponse(_address(language, case), status_code=303)
        answer.set_cookie(
            COOKIE, number, httponly=True, samesite="strict", secure=secure_cookie, path="/"
        )
        return answer

    @routes.post("/{language}/logout")
    def leave(language: Language, request: Request) -> RedirectResponse:
        session = context.sessions.close(request.cookies.get(COOKIE))
        if session is not None:
            _end(context, session)
        answer = RedirectResponse(f"/{language}/login?reason=left", status_code=303)
        answer.delete_cookie(COOKIE, path="/")
        return answer

    @routes.get("/{language}/help")
    def explain_screens(language: Language) -> HTMLResponse:
        return HTMLResponse(help_page(words_in(language)))

    return routes


class NoAdvisor(ServiceError):
    """The name and password are right, but the role does not open the advisor's desk."""


class NothingTyped(ServiceError):
    """A field was left empty."""


def _signed_in(context: Context, name: str, password: str) -> str:
    """Open a session and return its number. Raises the errors above and those of the service."""
    if not name or not password:
        raise NothingTyped
    opened = context.service.sign_in(name, password)
    session = Session(opened.token, name, opened.role, opened.expires_at)
    if opened.role not in ADVISORS:
        _end(context, session)
        raise NoAdvisor
    return context.sessions.open(session)


def _end(context: Context, session: Session) -> None:
    """End the service's session; when it cannot be reached the token ends by its own date."""
    try:
        context.service.sign_out(session.token)
    except ServiceDown:
        return


def _problem(error: ServiceError, words: Words) -> str:
    if isinstance(error, TooManyAttempts):
        return words.count("login.wait", max(1, math.ceil(error.seconds / 60)))
    keys: dict[type[ServiceError], str] = {
        NothingTyped: "login.missing",
        NoAdvisor: "login.role",
        WrongCredentials: "login.wrong",
    }
    return words(keys.get(type(error), "login.down"))


def _status(error: ServiceError) -> int:
    known = {NothingTyped: 422, NoAdvisor: 403, WrongCredentials: 401, TooManyAttempts: 429}
    return known.get(type(error), 503)


def _digits(case: str) -> str:
    return case if case.isascii() and case.isdigit() and len(case) <= 16 else ""


def _address(language: Language, case: str) -> str:
    return f"/{language}/" + (f"?case={case}" if case else "")

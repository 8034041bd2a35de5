"""The client's own page, opened by a link: no login, nobody else's data, nothing kept here.

The link's token is the service's: it goes from the address into a cookie scripts cannot read, so
that no address, history or log holds it, and from there to the service with each question.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Literal, TypeVar

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup

from api.client import ScoringClient
from scoring.contract import OwnAssessment, OwnRequest, ViewResponse
from ui.client_file import client_file_page
from ui.context import Context
from ui.errors import Conflict, NotAllowed, ServiceError, SessionExpired, UnknownClient
from ui.figures.reasons import reason_facts
from ui.figures.risk import risk_sentence
from ui.format import Format
from ui.letter import MEDIA
from ui.pages import failure_beside, part_answer, problem, status_of
from ui.reading import shown_reasons
from ui.rendering import render
from ui.rights.filing import Incomplete, Typed, read_request
from ui.rights.page import Rights, filed, rights_part
from ui.words import Language, Words, words_in

OWN_COOKIE = "own"
TOKEN = re.compile(r"[A-Za-z0-9_-]{1,200}", re.ASCII)
Answer = TypeVar("Answer")
NOTHING = Markup()
LOOKS = {"GRANT": "grant", "DECLINE": "decline", "REVIEW": "refer"}


def client_page_routes(context: Context, *, secure_cookie: bool) -> APIRouter:
    """Return the routes of the page, its forms and its files."""
    routes = APIRouter(prefix="/{language}")

    @routes.get("/link/{token}")
    def enter(language: Language, token: str) -> Response:
        if not TOKEN.fullmatch(token):
            return _closed(language, SessionExpired("no link of ours"))
        answer = RedirectResponse(f"/{language}/my", status_code=303)
        # lax: the link is opened from a letter or a message, which is another site
        answer.set_cookie(OWN_COOKIE, token, httponly=True, samesite="lax", secure=secure_cookie)
        return answer

    @routes.get("/my")
    def show(language: Language, request: Request) -> Response:
        form = context.format_in(language)
        try:
            seen = _ask(context, request, lambda scoring: scoring.view(language))
        except ServiceError as error:
            return _closed(language, error)
        return HTMLResponse(client_page(seen, rights_part(_rights(seen, language), form), form))

    @routes.get("/my/requests")
    def ask_again(language: Language, request: Request, item: str = "") -> Response:
        return _part(context, request, language, item=item[:80])

    @routes.post("/my/requests")
    def file(language: Language, request: Request, typed: Annotated[Typed, Form()]) -> Response:
        return _filed(context, request, language, typed)

    @routes.get("/my/export.{kind}")
    def take_away(language: Language, kind: Literal["json", "csv"], request: Request) -> Response:
        try:
            held = _ask(context, request, lambda scoring: scoring.view_export(kind, language))
        except ServiceError as error:
            return _closed(language, error)
        name = f'attachment; filename="{words_in(language)("own.file")}.{kind}"'
        return Response(held, media_type=MEDIA[kind], headers={"Content-Disposition": name})

    @routes.post("/my/leave")
    def leave(language: Language) -> Response:
        answer = HTMLResponse(closed_page("left", words_in(language)))
        answer.delete_cookie(OWN_COOKIE)
        return answer

    return routes


def _filed(context: Context, request: Request, language: Language, typed: Typed) -> Response:
    """File what was typed, and show the part again with what came of it."""
    form = context.format_in(language)
    words = form.words
    try:
        said = _ask(context, request, lambda scoring: _file(scoring, typed, language, form))
    except Incomplete as wrong:
        return part_answer(request, problem(words(wrong.key)), words, 422)
    except (Conflict, UnknownClient):
        return part_answer(request, problem(words("rights.conflict")), words, 409)
    except ServiceError as error:
        return part_answer(request, _why(error, language), words, status_of(error))
    return _part(context, request, language, said)


def _ask(context: Context, request: Request, call: Callable[[ScoringClient], Answer]) -> Answer:
    """Ask with the link's token. Raises the errors of ``ui.errors``."""
    token = request.cookies.get(OWN_COOKIE, "")
    if not TOKEN.fullmatch(token):
        raise SessionExpired("no link was opened")
    return context.service.ask(token, call)


def _file(scoring: ScoringClient, typed: Typed, language: Language, form: Format) -> Markup:
    seen = scoring.view(language)
    assessment_id = seen.assessment.assessment_id if seen.assessment else ""
    asked = read_request(typed, assessment_id, seen.client.received_at, language)
    return filed(scoring.view_file_request(OwnRequest(**asked), key=typed.once()), form)


def _rights(seen: ViewResponse, language: Language) -> Rights:
    return Rights(
        client=seen.client,
        requests=seen.requests,
        assessment_id=seen.assessment.assessment_id if seen.assessment else "",
        links=None,
        address=f"/{language}/my",
    )


def _part(
    context: Context, request: Request, language: Language, said: Markup = NOTHING, item: str = ""
) -> HTMLResponse:
    form = context.format_in(language)
    try:
        seen = _ask(context, request, lambda scoring: scoring.view(language))
    except ServiceError as error:
        if said:  # what was filed is filed, even when the list cannot be read again
            return part_answer(request, said + problem(form.words("rights.reload")), form.words)
        return part_answer(request, _why(error, language), form.words, status_of(error))
    part = rights_part(_rights(seen, language), form, said, item)
    return part_answer(request, part, form.words)


def _why(error: ServiceError, language: Language) -> Markup:
    words = words_in(language)
    return problem(words("own.shut")) if shut(error) else failure_beside(error, "", words)


def _closed(language: Language, error: ServiceError) -> HTMLResponse:
    """Say in place of the page why it does not open; 401 when the link is no good any more."""
    kind = "shut" if shut(error) else "down"
    return HTMLResponse(closed_page(kind, words_in(language)), 401 if shut(error) else 503)


def client_page(seen: ViewResponse, rights: Markup, form: Format) -> Markup:
    """Write the whole page; ``rights`` is the part with requests and forms."""
    words = form.words
    until = words("own.until", moment=form.moment(seen.expires_at))
    case = words("own.case", number=form.identifier(seen.client.client_id))
    return render(
        "client_page.html",
        form,
        about=f"{case} {words('own.only')} {until}",
        assessment=seen.assessment,
        answer=_answer(seen.assessment, form),
        reasons=_reasons(seen.assessment, form),
        rights=rights,
        dossier=client_file_page(seen.client, form, title="own.held"),
    )


def _answer(assessment: OwnAssessment | None, form: Format) -> Markup:
    """Say what was decided, by a person; without decision, that none was taken."""
    words = form.words
    if assessment is None:
        return render("client_page_answer.html", form, assessment=None)
    key = assessment.decision or "none"
    said = [words(f"own.{key}.sentence")]
    if assessment.decided_at is not None:
        said.append(words("own.decided", moment=form.moment(assessment.decided_at)))
    if assessment.motive:
        said.append(words("own.motive", motive=assessment.motive))
    return render(
        "client_page_answer.html",
        form,
        assessment=assessment,
        look=LOOKS.get(key, "refer"),
        title=words(f"own.{key}"),
        sentences=said,
        risk=risk_sentence(assessment.default_probability, assessment.cut_off, form),
    )


def _reasons(assessment: OwnAssessment | None, form: Format) -> Markup | None:
    if assessment is None or assessment.weighs is None or assessment.favours is None:
        return None
    weighs, favours = shown_reasons(assessment.weighs), shown_reasons(assessment.favours)
    return reason_facts(weighs, favours, "own", form)


def shut(error: ServiceError) -> bool:
    """Say whether the link is no good: expired, revoked, altered, or no client's."""
    return isinstance(error, SessionExpired | NotAllowed)


def closed_page(kind: str, words: Words) -> Markup:
    """Write the page in place of the client's: ``shut``, ``down`` or ``left``."""
    return render("client_page_closed.html", words, kind=kind)

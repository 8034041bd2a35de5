"""The Courrier et export tab: the client's letter, and the client's own data as files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import gradio as gr
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup

from scoring.contract import DecisionResponse
from ui.components import QUIET, part
from ui.context import Context
from ui.errors import ServiceError, SessionExpired, UnknownClient
from ui.format import Format
from ui.open_case import OpenCase, Told
from ui.pages import failure, plain_page, sign_in_address, status_of, unknown, welcome
from ui.rendering import element, render
from ui.words import Language, Words, words_in

MOST_REASONS = 4
"""More would not be read; the whole calculation can be asked for."""
MEDIA = {"json": "application/json", "csv": "text/csv; charset=utf-8"}


def letter_tab(language: Language, case: gr.State) -> gr.HTML:
    """Lay out the tab; return the place of the letter, which the decision fills."""
    words = words_in(language)
    letter = part("letter", welcome(words))
    exports = part("exports")
    case.change(lambda opened: exports_of(opened, words), case, exports, **QUIET)
    return letter


def letter_waiting(words: Words) -> Markup:
    """Say that the letter comes after the decision."""
    return element("notice", "info", words("letter.title"), words("letter.waiting"))


def letter(
    opened: OpenCase, decision: DecisionResponse, levers: Sequence[str], form: Format
) -> Markup:
    """Write the client's letter: outcome, who decided, why, what would change it, data, rights."""
    granted = decision.decision == "GRANT"
    return render(
        "letter.html",
        form,
        opened=opened,
        decision=decision,
        day=form.date(decision.decided_at.astimezone()),
        amount=form.money(opened.held[0] or 0),
        granted=granted,
        reasons=_reasons(opened, granted=granted),
        levers=() if granted else levers,
    )


def _reasons(opened: OpenCase, *, granted: bool) -> Sequence[Told]:
    """Return the reasons that carry the outcome: what weighs, unless the credit is granted.

    What the policy says comes first when one of its rules decided; four reasons at most in all.
    """
    if granted:
        return opened.favours
    ruled = [Told(sentence, "") for sentence in opened.ruled]
    return [*ruled, *opened.weighs][:MOST_REASONS]


def exports_of(opened: OpenCase | None, words: Words) -> str:
    """Offer the open case's own data as files; nothing when none is open."""
    return "" if opened is None else render("exports.html", words, client_id=opened.client_id)


def export_routes(context: Context) -> APIRouter:
    """Return the route of the files."""
    routes = APIRouter()

    @routes.get("/{language}/export/{client_id}.{kind}")
    def take_away(
        language: Language, client_id: int, kind: Literal["json", "csv"], request: Request
    ) -> Response:
        form = context.format_in(language)
        try:
            held = context.ask(
                dict(request.cookies), lambda scoring: scoring.export(client_id, kind, language)
            )
        except SessionExpired:
            return RedirectResponse(sign_in_address(form.words, str(client_id)), status_code=303)
        except UnknownClient:
            return _said(unknown(client_id, form), form.words, 404)
        except ServiceError as error:
            said = failure(error, str(client_id), form.words)
            return _said(said, form.words, status_of(error))
        name = f'attachment; filename="{client_id}.{kind}"'
        return Response(held, media_type=MEDIA[kind], headers={"Content-Disposition": name})

    return routes


def _said(message: Markup, words: Words, status: int) -> HTMLResponse:
    return HTMLResponse(plain_page(words, words("title"), message), status)

"""The client's own data as a file: fetched for whoever is signed in, kept nowhere."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from ui.context import Context
from ui.errors import ServiceError, SessionExpired, UnknownClient
from ui.pages import failure, plain_page, sign_in_address, unknown
from ui.words import Language

MEDIA = {"json": "application/json", "csv": "text/csv; charset=utf-8"}


def export_routes(context: Context) -> APIRouter:
    """Return the route of the files."""
    routes = APIRouter()

    @routes.get("/{language}/export/{client_id}.{kind}")
    def take_away(
        language: Language, client_id: int, kind: Literal["json", "csv"], request: Request
    ) -> Response:
        form = context.format_in(language)
        words = form.words
        try:
            held = context.ask(
                dict(request.cookies), lambda scoring: scoring.export(client_id, kind, language)
            )
        except SessionExpired:
            return RedirectResponse(sign_in_address(words, str(client_id)), status_code=303)
        except UnknownClient:
            return _said(unknown(client_id, form), form.words("title"), context, language, 404)
        except ServiceError as error:
            said = failure(error, str(client_id), words)
            return _said(said, words("title"), context, language, 503)
        name = f'attachment; filename="{client_id}.{kind}"'
        return Response(held, media_type=MEDIA[kind], headers={"Content-Disposition": name})

    return routes


def _said(
    message: Markup, title: str, context: Context, language: Language, status: int
) -> Response:
    page = plain_page(context.format_in(language).words, title, message)
    return Response(page, status, media_type="text/html; charset=utf-8")

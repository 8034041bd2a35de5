"""Puts the app together: the guard, the sign-in pages, one screen per language."""

from __future__ import annotations

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp

from ui.client_page import client_page_routes
from ui.context import Context
from ui.errors import SessionExpired
from ui.guard import Guard
from ui.letter import export_routes
from ui.login import login_routes
from ui.pages import failure
from ui.rendering import render
from ui.rights.routes import rights_routes
from ui.screen import screen
from ui.service import ScoringService
from ui.session import COOKIE, Sessions
from ui.settings import Settings
from ui.theme import gradio_theme, style_sheet
from ui.words import LANGUAGES, Language, words_in


def create_app(settings: Settings) -> ASGIApp:
    """Build the app for one service; the caller serves it."""
    context = Context(ScoringService(settings.service), Sessions(), settings.currency)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/")
    def choose_language() -> RedirectResponse:
        return RedirectResponse("/fr/", status_code=307)

    @app.get("/livez")
    def alive() -> PlainTextResponse:
        return PlainTextResponse("ok")

    @app.get("/favicon.ico")
    def no_picture() -> Response:
        return Response(status_code=204)

    app.include_router(export_routes(context))
    app.include_router(login_routes(context, secure_cookie=settings.secure_cookie))
    app.include_router(rights_routes(context))
    app.include_router(client_page_routes(context, secure_cookie=settings.secure_cookie))
    for language in LANGUAGES:
        _mount(app, context, language)
    return Guard(app, context.sessions)


def _mount(app: FastAPI, context: Context, language: Language) -> None:
    gr.mount_gradio_app(
        app,
        screen(context, language),
        path=f"/{language}",
        auth_dependency=lambda request: _name(context, request),
        theme=gradio_theme(),
        css=style_sheet(),
        head=_head(language),
        footer_links=[],
        run_history=False,
        show_error=False,
        allowed_paths=[],
        max_file_size=1,
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
    )


def _name(context: Context, request: Request) -> str | None:
    """Tell Gradio who asks: without a name it answers 401 to everything but its own files."""
    session = context.sessions.find(request.cookies.get(COOKIE))
    return None if session is None else session.name


def _head(language: Language) -> str:
    """Return the scripts of the page, in the language's words."""
    words = words_in(language)
    return render("head.html", words, ended=failure(SessionExpired(), "", words))

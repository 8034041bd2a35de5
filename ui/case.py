"""Opening a case: from what was typed to what each part of the screen shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

from api.client import ScoringClient
from scoring.contract import MAX_ID, ClientResponse, ExplainResponse
from ui.client_file import case_line, client_file_page
from ui.context import Context
from ui.decision.page import band, beside_page, decision_page
from ui.errors import ServiceError, SessionExpired, UnknownClient
from ui.format import Format
from ui.open_case import OpenCase, open_case_of
from ui.pages import failure, header, loading, unknown, welcome
from ui.reading import as_shown
from ui.rendering import element
from ui.session import COOKIE
from ui.words import Language


class Shown(NamedTuple):
    """What the parts of the screen show, as HTML, in the order of the outputs."""

    header: str
    problem: str = ""
    case: str = ""
    verdict: str = ""
    decision: str = ""
    beside: str = ""
    dossier: str = ""
    opened: OpenCase | None = None


class NotANumber(ValueError):
    """What was typed is no case number; ``key`` names the words that say why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def case_number(typed: str) -> int:
    """Read a case number; spaces are allowed inside. Raises ``NotANumber``."""
    digits = "".join(typed.split())
    if not digits:
        raise NotANumber("search.empty")
    if not (digits.isascii() and digits.isdigit()) or not 1 <= int(digits[:17]) <= MAX_ID:
        raise NotANumber("search.invalid")
    return int(digits)


def nothing_open(context: Context, cookies: dict[str, str], language: Language) -> Shown:
    """Show an empty desk to whoever is signed in."""
    form = context.format_in(language)
    session = context.sessions.find(cookies.get(COOKIE))
    said = welcome(form.words)
    name = None if session is None else session.name
    return Shown(header(form.words, name), verdict=said, dossier=said)


def open_case(
    context: Context, typed: str, cookies: dict[str, str], language: Language
) -> Iterator[Shown]:
    """Show that the case is being looked for, then the case or why it cannot be shown."""
    form = context.format_in(language)
    empty = nothing_open(context, cookies, language)
    try:
        number = case_number(typed)
    except NotANumber as wrong:
        said = element("search_problem", form.words(wrong.key))
        yield empty._replace(problem=said)
        return
    looking = loading(number, form)
    yield empty._replace(verdict=looking, dossier=looking)
    try:
        yield _found(context, number, cookies, language)
    except UnknownClient:
        yield _nobody(empty, number, form)
    except ServiceError as error:
        if isinstance(error, SessionExpired):
            context.sessions.end_soon(cookies.get(COOKIE))
            empty = empty._replace(header=header(form.words, None))
        said = failure(error, typed, form.words)
        yield empty._replace(verdict=said, dossier=said)


def _nobody(empty: Shown, number: int, form: Format) -> Shown:
    sentence = form.words("search.unknown", number=form.identifier(number))
    beside = element("search_problem", sentence)
    said = unknown(number, form)
    return empty._replace(problem=beside, verdict=said, dossier=said)


def _found(context: Context, number: int, cookies: dict[str, str], language: Language) -> Shown:
    session = context.advisor(cookies)
    with ThreadPoolExecutor(max_workers=2) as both:  # at once: patience is counted once
        ask = partial(context.service.ask, session.token)
        asked_client = both.submit(ask, lambda scoring: scoring.client(number, language))
        asked_answer = both.submit(ask, _explained(number, language))
        client, answer = asked_client.result(), asked_answer.result()
    form = context.format_in(language)
    return shown(as_shown(answer), client, form, session.name)


def _explained(number: int, language: Language) -> Callable[[ScoringClient], ExplainResponse]:
    """Ask for reasons and items at once: asking again would record a second assessment."""
    return lambda scoring: scoring.explain(number, language=language, detail="items")


def shown(answer: ExplainResponse, client: ClientResponse, form: Format, name: str) -> Shown:
    """Show a client and the answer about them."""
    return Shown(
        header(form.words, name, client.client_id),
        case=case_line(client, form),
        verdict=band(answer, form),
        decision=decision_page(answer, client, form),
        beside=beside_page(answer, client, form),
        dossier=client_file_page(client, form),
        opened=open_case_of(answer, client),
    )

"""The advisor's side of a client's rights: requests filed and closed, links made and revoked."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from api.client import ScoringClient
from scoring.contract import LEAST_MOTIVE, FiledRequest, FileRequest, FollowUpRequest, RequestsQuery
from ui.context import Answer, Context
from ui.errors import Conflict, ServiceError, UnknownClient
from ui.format import Format
from ui.pages import failure_beside, part_answer, problem, status_of
from ui.rendering import element
from ui.rights.filing import Incomplete, Typed, read_request
from ui.rights.page import Rights, corrected, filed, new_link, rights_address, rights_part
from ui.words import Language

MOST_REQUESTS = 200
NOTHING = Markup()
Written = Annotated[str, Form(max_length=2_000)]


class Asking(NamedTuple):
    """One request of an advisor's browser, about one client's rights."""

    request: Request
    language: Language
    client_id: int
    assessment_id: str

    @property
    def address(self) -> str:
        """Where the forms of this client are sent."""
        return rights_address(self.language, self.client_id, self.assessment_id)


def _asking(request: Request, language: Language, client_id: int, assessment_id: str) -> Asking:
    return Asking(request, language, client_id, assessment_id)


AskedOf = Annotated[Asking, Depends(_asking)]
Act = Callable[[ScoringClient, Format], Markup]


def rights_routes(context: Context) -> APIRouter:
    """Return the routes of the part; each checks who asks."""
    routes = APIRouter(prefix="/{language}/rights/{client_id}/{assessment_id}")

    @routes.get("/requests")
    def show(asking: AskedOf, item: str = "") -> HTMLResponse:
        return _shown(context, asking, item=item[:80])

    @routes.post("/requests")
    def file(asking: AskedOf, typed: Annotated[Typed, Form()]) -> HTMLResponse:
        return _done(context, asking, lambda scoring, form: _file(scoring, asking, typed, form))

    @routes.post("/follow-up")
    def follow_up(
        asking: AskedOf, request_id: Written = "", outcome: Written = "", motive: Written = ""
    ) -> HTMLResponse:
        closing = {"outcome": outcome, "motive": motive.strip() or None}
        return _done(
            context,
            asking,
            lambda scoring, form: _close(scoring, asking, request_id, closing, form),
        )

    @routes.post("/links")
    def make_link(asking: AskedOf, days: Annotated[int, Form()]) -> HTMLResponse:
        def act(scoring: ScoringClient, form: Format) -> Markup:
            link = scoring.make_link(asking.client_id, days)
            return new_link(link, f"{_origin(asking)}/{asking.language}/link/{link.token}", form)

        return _done(context, asking, act)

    @routes.post("/revoke")
    def revoke(asking: AskedOf, link_id: Written = "") -> HTMLResponse:
        def act(scoring: ScoringClient, form: Format) -> Markup:
            scoring.revoke_link(link_id)
            return element("paragraph", form.words("link.revoked"))

        return _done(context, asking, act)

    return routes


def _origin(asking: Asking) -> str:
    """Return the app's address as the browser knows it: it names it with each write."""
    return asking.request.headers.get("origin") or str(asking.request.base_url).rstrip("/")


def _file(scoring: ScoringClient, asking: Asking, typed: Typed, form: Format) -> Markup:
    client = scoring.client(asking.client_id, asking.language)
    asked = read_request(typed, asking.assessment_id, client.received_at, asking.language)
    request = FileRequest(client_id=asking.client_id, **asked)
    return filed(scoring.file_request(request, key=typed.once()), form)


def _close(
    scoring: ScoringClient, asking: Asking, request_id: str, closing: dict[str, Any], form: Format
) -> Markup:
    if not closing["outcome"]:
        raise Incomplete("follow.outcome.missing")
    words = closing["motive"] or ""
    if len(words) < LEAST_MOTIVE and (words or closing["outcome"] != "accepted"):
        raise Incomplete("file.motive.missing")
    closed = scoring.follow_up(request_id, FollowUpRequest(**closing))
    again = f"/{asking.language}/?case={asking.client_id}"
    return (
        corrected(again, form)
        if _is_corrected(closed)
        else element("paragraph", form.words("follow.done"))
    )


def _is_corrected(closed: FiledRequest) -> bool:
    return closed.kind == "rectification" and closed.state == "accepted"


def _done(context: Context, asking: Asking, act: Act) -> HTMLResponse:
    """Do what is asked, then show the part again; what stops it stands next to the form."""
    form = context.format_in(asking.language)
    words = form.words
    try:
        said = context.ask(dict(asking.request.cookies), lambda scoring: act(scoring, form))
    except Incomplete as wrong:
        return part_answer(asking.request, problem(words(wrong.key)), words, 422)
    except (Conflict, UnknownClient):
        return part_answer(asking.request, problem(words("rights.conflict")), words, 409)
    except ServiceError as error:
        said = failure_beside(error, str(asking.client_id), words)
        return part_answer(asking.request, said, words, status_of(error))
    return _shown(context, asking, said)


def _shown(
    context: Context, asking: Asking, said: Markup = NOTHING, item: str = ""
) -> HTMLResponse:
    form = context.format_in(asking.language)
    words = form.words
    try:
        part = rights_part(_rights(context, asking), form, said, item)
    except ServiceError as error:
        if said:  # what was done is done, even when the list cannot be read again
            return part_answer(
                asking.request, said + element("paragraph", words("rights.reload")), words
            )
        problem_said = failure_beside(error, str(asking.client_id), words)
        return part_answer(asking.request, problem_said, words, status_of(error))
    return part_answer(asking.request, part, words)


def _rights(context: Context, asking: Asking) -> Rights:
    """Ask for the three things at once: patience is counted once."""
    cookies, number = dict(asking.request.cookies), asking.client_id
    query = RequestsQuery(client_id=number, limit=MOST_REQUESTS)

    def ask(call: Callable[[ScoringClient], Answer]) -> Answer:
        return context.ask(cookies, call)

    with ThreadPoolExecutor(max_workers=3) as all_three:
        client = all_three.submit(ask, lambda scoring: scoring.client(number, asking.language))
        requests = all_three.submit(ask, lambda scoring: scoring.requests(query))
        links = all_three.submit(ask, lambda scoring: scoring.links(number))
        return Rights(
            client=client.result(),
            requests=requests.result().requests,
            assessment_id=asking.assessment_id,
            links=links.result().links,
            address=asking.address,
        )

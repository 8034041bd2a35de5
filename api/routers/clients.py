"""Clients: lists, one, and what one client takes away."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Header, Query, Response

from api.context import RequestContext
from api.dependencies import AContext, AWorker, ClientNumber
from api.eligibility import must_be_received
from api.held import held
from api.recorder import JSON
from api.versions import etag, must_match
from api.worker import Worker
from features.raw.tables import Language
from scoring.contract import (
    ClientLine,
    ClientRequest,
    ClientResponse,
    ClientsQuery,
    ClientsResponse,
    ExportQuery,
    LanguageQuery,
)
from storage import records, search, times
from storage.clients import ClientBook, StoredClient, alone, put
from storage.engine import reading, writing
from storage.records import Record
from storage.search import Found, Wanted
from storage.snapshots import Snapshot
from storage.store import Store

PRIVATE = ("request_id", "scorecard_hash")
"""Of a record's content, what is the service's own and says nothing about the client."""
CSV = "text/csv"
FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            JSON: {"schema": {}, "example": {"held": {"client_id": 100002}, "records": []}},
            CSV: {"schema": {}, "example": "section,origin,item,value,unit"},
        },
        "description": "The file",
    }
}

_IF_MATCH = "the ETag of the version that is replaced; needed when there is one"

routes = APIRouter(tags=["clients"])


@routes.get("/clients", operation_id="clients")
def clients(worker: AWorker, query: Annotated[ClientsQuery, Query()]) -> ClientsResponse:
    """A page of clients, by number; the cursor is the last number seen."""
    found, run_id = _page(worker.store, query)
    more = found[query.limit - 1].client.client_id if len(found) > query.limit else None
    lines = [_line(one) for one in found[: query.limit]]
    return ClientsResponse(clients=lines, next=more, run_id=run_id)


@routes.get("/clients/{client_id}", operation_id="client")
async def client(
    worker: AWorker,
    context: AContext,
    client_id: ClientNumber,
    query: Annotated[LanguageQuery, Query()],
    response: Response,
) -> ClientResponse:
    """Everything held about a client, with its origin; the look is recorded.

    The header ``ETag`` names the version held.
    """
    found = await worker.clients.get(client_id)
    await worker.recorder.note(context.entry("read", {"what": "file"}, client_id))
    response.headers["etag"] = etag(found.snapshot.hash)
    return held(found, query.language)


@routes.put("/clients/{client_id}", operation_id="put_client")
async def put_client(
    worker: AWorker,
    context: AContext,
    client_id: ClientNumber,
    request: ClientRequest,
    response: Response,
    if_match: Annotated[str | None, Header(description=_IF_MATCH)] = None,
) -> ClientResponse:
    """Receive a client, or replace the application held; the history stays.

    What is replaced is named by its version: ``If-Match`` with the ``ETag`` that was read, so that
    nobody undoes a change they have not seen.
    """
    application = request.application.model_dump(exclude_none=True)
    policy, currency = worker.assessor.served.policy, worker.assessor.currency
    place, language = "/application/{item}", request.language
    must_be_received(policy, application, application, place, language, currency)
    given = Given(client_id, application, if_match)
    kept = await asyncio.to_thread(_replace, worker.store, context, given)
    response.headers["etag"] = etag(kept.snapshot.hash)
    return held(kept, language)


@dataclass(frozen=True, slots=True)
class Given:
    """An application sent for a client, and the version that it replaces."""

    client_id: int
    application: dict[str, Any]
    if_match: str | None


def _replace(store: Store, context: RequestContext, given: Given) -> StoredClient:
    """Replace what is held, unless somebody else did meanwhile. ``Refused`` 412 or 428."""
    book = ClientBook()
    with writing(store.engine) as connection:
        alone(connection)
        (before,) = book.find(connection, [given.client_id])
        kept = before.snapshot if before else None
        replaced = kept.hash if kept else None
        must_match(replaced, given.if_match)
        entry = context.entry("replacement", {"replaced": replaced}, given.client_id)
        records.append(connection, [entry])
        snapshot = (kept or Snapshot.of({})).with_application(given.application)
        put(connection, {given.client_id: snapshot}, f"api:{entry.id}")
        (after,) = book.find(connection, [given.client_id])
    store.anchor_tail()
    assert after is not None, "it was put in this transaction"
    return after


@routes.get("/clients/{client_id}/export", operation_id="export", responses=FILE)
async def export(
    worker: AWorker,
    context: AContext,
    client_id: ClientNumber,
    query: Annotated[ExportQuery, Query()],
) -> Response:
    """The client's own data and records, as JSON or CSV; the look is recorded."""
    answer = await written_export(worker, client_id, query)
    await worker.recorder.note(context.entry("read", {"what": "export"}, client_id))
    return answer


def _page(store: Store, query: ClientsQuery) -> tuple[list[Found], str | None]:
    with reading(store.engine) as connection:
        run_id = query.run_id or search.last_run(connection)
        wanted = Wanted(
            client_id=query.client_id,
            source=query.source,
            verdict=query.verdict.value if query.verdict else None,
            risk_band=query.risk_band,
            probability=(query.probability_from, query.probability_to),
            points=(query.points_from, query.points_to),
            assessed_since=query.assessed_since.isoformat() if query.assessed_since else None,
            open_request=None if query.open_request is None else query.open_request == "true",
            run_id=run_id,
        )
        return search.page(connection, wanted, query.after, query.limit + 1), run_id


def _line(found: Found) -> ClientLine:
    client, score = found.client, found.score
    items: dict[str, Any] = dict(client.snapshot.application)
    said_of = {} if score is None else asdict(score)
    said_of.pop("client_id", None)
    return ClientLine(
        client_id=client.client_id,
        received_at=times.moment(client.received_at),
        source=client.source,
        contract_type=items.get("contract_type"),
        amount_credit=items.get("amount_credit"),
        annuity=items.get("annuity"),
        **said_of,
    )


async def written_export(worker: Worker, client_id: int, query: ExportQuery) -> Response:
    """Return what a client takes away, as a file to download. Raises ``UnknownClient``."""
    found = await worker.clients.get(client_id)
    about = await asyncio.to_thread(_about, worker.store, client_id)
    name = f'attachment; filename="client-{client_id}.{query.format}"'
    headers = {"content-disposition": name}
    shown = held(found, query.language)
    if query.format == "csv":
        return Response(
            _as_csv(shown, about, query.language), 200, headers, f"{CSV}; charset=utf-8"
        )
    whole = {"held": shown.model_dump(mode="json"), "records": [_record(one) for one in about]}
    return Response(orjson.dumps(whole, option=orjson.OPT_INDENT_2), 200, headers, JSON)


def _about(store: Store, client_id: int) -> list[Record]:
    with reading(store.engine) as connection:
        return records.of_client(connection, client_id)


def _record(record: Record) -> dict[str, Any]:
    content = {name: value for name, value in record.body.items() if name not in PRIVATE}
    return {"id": record.id, "kind": record.kind, "at": record.at, "role": record.role, **content}


def _as_csv(shown: ClientResponse, about: list[Record], language: Language) -> bytes:
    """One line an item; formulas are defused, since a spreadsheet will open it."""
    text = io.StringIO()
    lines = csv.writer(text)
    french = language == "fr"
    lines.writerow(
        ("rubrique", "origine", "élément", "valeur", "unité")
        if french
        else ("section", "origin", "item", "value", "unit")
    )
    for line in (*_held_lines(shown), *_record_lines(about)):
        lines.writerow([_defused(cell) for cell in line])
    return text.getvalue().encode("utf-8-sig")


def _held_lines(shown: ClientResponse) -> Iterator[tuple[object, ...]]:
    for section in shown.sections:
        for item in section.items:
            value = "" if item.value is None else item.value
            yield section.label, section.origin, item.label, value, item.unit


def _record_lines(about: list[Record]) -> Iterator[tuple[object, ...]]:
    for record in about:
        for name, value in _record(record).items():
            if isinstance(value, str | int | float):
                yield record.kind, record.id, name, value, ""


def _defused(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


_FORMULA = re.compile(r"\s*[=+\-@]")

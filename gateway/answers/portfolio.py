"""Lists of clients, and what one client takes away."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import orjson

from features.raw.tables import Language
from gateway.answers.clients import held, number
from gateway.asked import Answer, Asked
from gateway.desk import Desk, said
from scoring.contract import ClientLine, ClientResponse, ClientsQuery, ClientsResponse, ExportQuery
from storage import records, search, times
from storage.engine import reading
from storage.records import Record
from storage.search import Found, Wanted

PRIVATE = ("request_id", "scorecard_hash")
"""Of a record's content, what is the service's own and says nothing about the client."""


async def clients(desk: Desk, asked: Asked) -> Answer:
    """Answer ``GET /clients``: a page by number, the cursor being the last number seen."""
    query: ClientsQuery = asked.query
    found, run_id = await asyncio.to_thread(_page, desk, query)
    more = found[query.limit - 1].client.client_id if len(found) > query.limit else None
    lines = [_line(one) for one in found[: query.limit]]
    return said(ClientsResponse(clients=lines, next=more, run_id=run_id))


def _page(desk: Desk, query: ClientsQuery) -> tuple[list[Found], str | None]:
    with reading(desk.store.engine) as connection:
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


async def export(desk: Desk, asked: Asked) -> Answer:
    """Answer ``GET /clients/{client_id}/export``: this client's data and nobody else's."""
    return await written_export(desk, number(asked.path["client_id"]), asked.query)


async def written_export(desk: Desk, client_id: int, query: ExportQuery) -> Answer:
    """Return what a client takes away, as a file to download. Raises ``UnknownClient``."""
    found = await desk.client(client_id)
    about = await asyncio.to_thread(_about, desk, client_id)
    name = f'attachment; filename="client-{client_id}.{query.format}"'.encode()
    headers = ((b"content-disposition", name),)
    shown = held(found, query.language)
    if query.format == "csv":
        body = _as_csv(shown, about, query.language)
        return Answer(body, media=b"text/csv; charset=utf-8", headers=headers)
    whole = {"held": shown.model_dump(mode="json"), "records": [_record(one) for one in about]}
    return Answer(orjson.dumps(whole, option=orjson.OPT_INDENT_2), headers=headers)


def _about(desk: Desk, client_id: int) -> list[Record]:
    with reading(desk.store.engine) as connection:
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

"""Links an advisor gives to a client: made, listed, revoked. The token is shown once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Response

from api.context import RequestContext
from api.dependencies import AContext, AWorker, RecordNumber
from api.recorder import JSON, REPLAYED, kept, must_be_the_same, written
from api.worker import Worker
from scoring.contract import (
    LinkLine,
    LinkRequest,
    LinkResponse,
    LinksQuery,
    LinksResponse,
    Revoked,
)
from scoring.contract.links import LinkState
from storage import records, times
from storage.engine import reading
from storage.errors import UnknownRecord
from storage.links import Link
from storage.records import FirstAnswer, Record
from storage.store import Store

routes = APIRouter(tags=["links"])


@routes.post("/links", operation_id="make_link", response_model=LinkResponse)
async def make(worker: AWorker, context: AContext, request: LinkRequest) -> Response:
    """A link for a client to see their own data; its token is in this answer alone.

    The token is never stored: a repeat under the same ``Idempotency-Key`` has it signed again.
    """
    if context.answer_key is not None:
        first = await worker.recorder.first_answer(context.answer_key)
        if first is not None:
            return await _repeated(worker, context, first)
    await worker.clients.get(request.client_id)
    made_at = times.now()
    ends = (made_at + timedelta(days=request.days)).replace(microsecond=0)
    link = Link(records.new_id("link"), request.client_id, ends)
    content = {"expires_at": times.text(ends)}
    entry = context.entry("link", content, link.client_id, id=link.id, at=times.text(made_at))
    stored = orjson.dumps([link.id, link.client_id, times.text(ends)])
    receipt = await worker.store.record(kept(context, entry, context.answer_key, stored))
    if isinstance(receipt, FirstAnswer):
        return await _repeated(worker, context, receipt)
    return await _sealed(worker, link, {})


async def _repeated(worker: Worker, context: RequestContext, first: FirstAnswer) -> Response:
    must_be_the_same(context, first)
    link_id, client_id, ends = orjson.loads(first.body)
    return await _sealed(worker, Link(link_id, client_id, times.moment(ends)), REPLAYED)


async def _sealed(worker: Worker, link: Link, headers: dict[str, str]) -> Response:
    token = await asyncio.to_thread(worker.store.token_of, link)
    answer = LinkResponse(
        link_id=link.id, client_id=link.client_id, token=token, expires_at=link.expires_at
    )
    return Response(written(answer), 200, headers, JSON)


@routes.get("/links", operation_id="links")
async def listed(worker: AWorker, query: Annotated[LinksQuery, Query()]) -> LinksResponse:
    """The links of a client, and how often the client looked."""
    await worker.clients.get(query.client_id)
    return LinksResponse(links=await asyncio.to_thread(_lines, worker.store, query.client_id))


def _lines(store: Store, client_id: int) -> list[LinkLine]:
    with reading(store.engine) as connection:
        found = records.of_client(connection, client_id)
    revoked = {record.about for record in found if record.kind == "link_revoked"}
    looks = [record.about for record in found if record.kind == "view"]
    return [
        _line(record, is_revoked=record.id in revoked, views=looks.count(record.id))
        for record in found
        if record.kind == "link"
    ]


def _line(record: Record, *, is_revoked: bool, views: int) -> LinkLine:
    written = record.body.get("expires_at")
    expires_at = None if written is None else times.moment(written)
    state: LinkState = "in force"
    if is_revoked:
        state = "revoked"
    elif expires_at is None or expires_at <= times.now():
        state = "expired"
    return LinkLine(
        link_id=record.id,
        made_at=times.moment(record.at),
        made_by=record.actor,
        expires_at=expires_at,
        state=state,
        views=views,
    )


@routes.delete("/links/{link_id}", operation_id="revoke_link", response_model=Revoked)
async def revoke(worker: AWorker, context: AContext, link_id: RecordNumber) -> Response:
    """Revoke a link at once; revoking again changes nothing."""
    link = await asyncio.to_thread(_link, worker.store, link_id)
    entry = context.entry("link_revoked", {}, link.client_id, about=link.id)
    return await worker.recorder.answer(context, entry, Revoked(link_id=link.id))


def _link(store: Store, link_id: str) -> Record:
    with reading(store.engine) as connection:
        record = records.by_id(connection, link_id)
    if record is None or record.kind != "link":
        msg = "No link has this id."
        raise UnknownRecord(msg)
    return record

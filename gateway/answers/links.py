"""Links an advisor gives to a client: made, listed, revoked. The token is shown once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from gateway.asked import Answer, Asked
from gateway.desk import Desk, said
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
from storage.records import Record


async def make(desk: Desk, asked: Asked) -> Answer:
    """Answer ``POST /links``."""
    request: LinkRequest = asked.body
    await desk.client(request.client_id)
    made_at = times.now()
    ends = (made_at + timedelta(days=request.days)).replace(microsecond=0)
    link = Link(records.new_id("link"), request.client_id, ends)
    content = {"expires_at": times.text(ends)}
    entry = asked.entry("link", content, link.client_id, id=link.id, at=times.text(made_at))
    token = await asyncio.to_thread(desk.store.token_of, link)
    response = LinkResponse(link_id=link.id, client_id=link.client_id, token=token, expires_at=ends)
    return await desk.give(asked, entry, response)


async def listed(desk: Desk, asked: Asked) -> Answer:
    """Answer ``GET /links``."""
    query: LinksQuery = asked.query
    await desk.client(query.client_id)
    return said(LinksResponse(links=await asyncio.to_thread(_lines, desk, query.client_id)))


def _lines(desk: Desk, client_id: int) -> list[LinkLine]:
    with reading(desk.store.engine) as connection:
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


async def revoke(desk: Desk, asked: Asked) -> Answer:
    """Answer ``DELETE /links/{link_id}``: at once; revoking again changes nothing."""
    link = await asyncio.to_thread(_link, desk, asked.path["link_id"])
    entry = asked.entry("link_revoked", {}, link.client_id, about=link.id)
    return await desk.give(asked, entry, Revoked(link_id=link.id))


def _link(desk: Desk, link_id: str) -> Record:
    with reading(desk.store.engine) as connection:
        record = records.by_id(connection, link_id)
    if record is None or record.kind != "link":
        msg = "No link has this id."
        raise UnknownRecord(msg)
    return record

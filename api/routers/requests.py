"""Requests of clients: filed, listed, and followed to closure.

Accepting a rectification corrects the client's application in the same transaction as its
record; a new assessment can then be asked.
"""

from __future__ import annotations

import asyncio
import hashlib
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.assessor import Assessor
from api.context import RequestContext
from api.dependencies import AContext, AWorker, RecordNumber
from api.eligibility import must_be_received
from api.errors import Refused
from api.worker import Worker
from scoring.contract import (
    FiledRequest,
    FileRequest,
    FollowUp,
    FollowUpRequest,
    Language,
    OwnRequest,
    RequestsQuery,
    RequestsResponse,
)
from storage import records, requests, times
from storage.clients import StoredClient
from storage.engine import reading
from storage.errors import UnknownRecord
from storage.records import Entry, Record
from storage.rectification import Rectification
from storage.requests import CLOSINGS, Followed
from storage.store import Store

LANGUAGE: Language = "fr"
"""Of the policy's sentences here: a request about data names no language, so the default one."""
DUE_AFTER = timedelta(days=30)
"""GDPR article 12(3): without undue delay, within one month."""


routes = APIRouter(tags=["clients' requests"])


@routes.post("/requests", operation_id="file_request", response_model=FiledRequest)
async def file(worker: AWorker, context: AContext, request: FileRequest) -> Response:
    """A client's request, filed for them: rectification, review or objection."""
    return await filed(worker, context, request, request.client_id)


async def filed(
    worker: Worker, context: RequestContext, request: OwnRequest, client_id: int
) -> Response:
    """Record what a client asks, filed by whoever asks now, and answer with it."""
    client = await worker.clients.get(client_id)
    if request.item is not None:
        change = Rectification(client_id, request.item, request.value)
        _must_be_correct(worker.assessor, change, client)
    if request.assessment_id is not None:
        await asyncio.to_thread(_must_be_about, worker.store, request.assessment_id, client_id)
    held = client.snapshot.application.get(request.item) if request.item else None
    content = {
        "asked": request.kind,
        "item": request.item,
        "held": held,
        "value": request.value,
        "motive": request.motive,
    }
    entry = context.entry("request", content, client_id, about=request.assessment_id)
    return await worker.recorder.answer(context, entry, as_answer(entry))


def _must_be_correct(assessor: Assessor, change: Rectification, client: StoredClient) -> None:
    """Raise ``Refused`` 422 when the policy would not receive the corrected application."""
    corrected = change.of(client.snapshot).application
    policy, currency = assessor.served.policy, assessor.currency
    must_be_received(policy, corrected, {change.item}, "/value", LANGUAGE, currency)


def _must_be_about(store: Store, assessment_id: str, client_id: int) -> None:
    with reading(store.engine) as connection:
        record = records.by_id(connection, assessment_id)
    if record is None or record.kind != "assessment" or record.client_id != client_id:
        msg = "No assessment of this client has this id."
        raise UnknownRecord(msg)


def as_answer(
    request: Entry | Record, closing: Entry | Record | None = None, *, names: bool = True
) -> FiledRequest:
    """Write a request as answered; without ``names``, staff are told by role alone."""
    body = request.body if isinstance(request, Record) else request.content
    filed_at = times.moment(request.at)
    assert request.client_id is not None, "a request is a client's"
    return FiledRequest(
        request_id=request.id,
        sequence=request.sequence if isinstance(request, Record) else None,
        client_id=request.client_id,
        kind=body.get("asked"),
        state="open" if closing is None else _outcome(closing),
        filed_at=filed_at,
        due_on=(filed_at + DUE_AFTER).date(),
        filed_by=request.actor if names else None,
        role=request.role,
        item=body.get("item"),
        held=body.get("held"),
        value=body.get("value"),
        assessment_id=request.about,
        motive=body.get("motive"),
        follow_up=None if closing is None else _follow_up(closing, names=names),
    )


def _follow_up(closing: Entry | Record, *, names: bool) -> FollowUp:
    body = closing.body if isinstance(closing, Record) else closing.content
    return FollowUp(
        outcome=_outcome(closing),
        motive=body.get("motive"),
        closed_at=times.moment(closing.at),
        closed_by=closing.actor if names else None,
        role=closing.role,
    )


def _outcome(closing: Entry | Record) -> str:
    return next(name for name, kind in CLOSINGS.items() if kind == closing.kind)


@routes.get("/requests", operation_id="requests")
def listed(worker: AWorker, query: Annotated[RequestsQuery, Query()]) -> RequestsResponse:
    """A page of clients' requests, oldest first; the cursor is the last place seen."""
    found = _page(worker.store, query)
    more = found[query.limit - 1].request.sequence if len(found) > query.limit else None
    shown = [as_answer(one.request, one.closing) for one in found[: query.limit]]
    return RequestsResponse(requests=shown, next=more)


def _page(store: Store, query: RequestsQuery) -> list[Followed]:
    with reading(store.engine) as connection:
        return requests.page(
            connection,
            after=query.after,
            limit=query.limit + 1,
            client_id=query.client_id,
            state=query.state,
        )


@routes.post(
    "/requests/{request_id}/follow-up", operation_id="follow_up", response_model=FiledRequest
)
async def follow_up(
    worker: AWorker, context: AContext, request_id: RecordNumber, closing: FollowUpRequest
) -> Response:
    """Close a request: accepted (a rectification is then made), refused or answered.

    A request is closed once: sending the same again gives the first answer, anything else 409.
    """
    found = await asyncio.to_thread(_found, worker.store, request_id)
    content = {"motive": closing.motive}
    entry = context.entry(CLOSINGS[closing.outcome], content, found.client_id, about=found.id)
    answer = as_answer(found, entry)
    place = hashlib.sha256(f"request closed\0{found.id}".encode()).hexdigest()
    if closing.outcome != "accepted" or found.body["asked"] != "rectification":
        return await worker.recorder.answer(context, entry, answer, only=place)
    assert found.client_id is not None, "a request is a client's"
    change = Rectification(found.client_id, found.body["item"], found.body["value"])
    _must_be_correct(worker.assessor, change, await worker.clients.get(found.client_id))
    return await worker.recorder.rectify(context, entry, answer, change, only=place)


def _found(store: Store, request_id: str) -> Record:
    """Return the request. Raises ``UnknownRecord``; ``Refused`` 409 once purged."""
    with reading(store.engine) as connection:
        found = requests.find(connection, request_id)
    if found is None:
        msg = "No request has this id."
        raise UnknownRecord(msg)
    if not found.request.content:
        raise Refused(409, "conflict", "The content of this request was purged.")
    return found.request

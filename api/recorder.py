"""The recorder: an answer that rests on something leaves only once that is committed."""

from __future__ import annotations

import asyncio

from fastapi import Response
from pydantic import BaseModel

from api.context import RequestContext
from storage.errors import AlreadyRecorded
from storage.records import Entry, FirstAnswer, Receipt
from storage.rectification import Rectification
from storage.store import Store

JSON = "application/json"
REPLAYED = {"idempotency-replayed": "true"}


class Recorder:
    """Appends to the book of records, and knows the first answer of a repeated request."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def answer(
        self,
        context: RequestContext,
        entry: Entry,
        response: BaseModel | bytes,
        *,
        only: str | None = None,
    ) -> Response:
        """Record ``entry``, then return ``response`` (a model, or JSON) as the answer.

        ``only`` names a place that one entry alone can take, whoever asks. A repeat of the same
        request (its ``Idempotency-Key``) gets the first answer, and nothing more is recorded.
        Raises ``AlreadyRecorded`` when the key was used for another request,
        ``StoreUnavailable`` when it could not be recorded in time.
        """
        body = written(response)
        receipt = await self._store.record(kept(context, entry, only or context.answer_key, body))
        return _answer_to(context, receipt, body)

    async def rectify(
        self,
        context: RequestContext,
        entry: Entry,
        response: BaseModel,
        change: Rectification,
        *,
        only: str,
    ) -> Response:
        """Do as ``answer``, and correct the client's application in the same transaction."""
        body = written(response)
        entry = kept(context, entry, only, body)
        receipt = await asyncio.to_thread(self._store.rectify, entry, change)
        return _answer_to(context, receipt, body)

    async def first_answer(self, key: str) -> FirstAnswer | None:
        """Return what was first answered under ``key``, ``None`` when nothing was."""
        return await asyncio.to_thread(self._store.first_answer, key)

    async def note(self, entry: Entry) -> None:
        """Record ``entry``; it answers nobody. Raises ``StoreUnavailable``."""
        await self._store.record(entry)


def written(response: BaseModel | bytes) -> bytes:
    """Return an answer as JSON."""
    return response if isinstance(response, bytes) else response.model_dump_json().encode()


def kept(context: RequestContext, entry: Entry, key: str | None, body: bytes) -> Entry:
    """Return ``entry`` with the answer that a repeat under ``key`` gets, if there is a key."""
    if key is None:
        return entry
    return entry.answered_by(FirstAnswer(key, context.body_hash, 200, body))


def _answer_to(context: RequestContext, receipt: Receipt, body: bytes) -> Response:
    if isinstance(receipt, FirstAnswer):
        return repeated(context, receipt)
    return Response(body, media_type=JSON)


def must_be_the_same(context: RequestContext, first: FirstAnswer) -> None:
    """Raise ``AlreadyRecorded`` unless this request says what the first one under its key said."""
    if first.request != context.body_hash:
        msg = "Another request was recorded in its place. Use a new Idempotency-Key, or revise it."
        raise AlreadyRecorded(msg)


def repeated(context: RequestContext, first: FirstAnswer) -> Response:
    """Answer a repeat. Raises ``AlreadyRecorded`` when the request is not the same."""
    must_be_the_same(context, first)
    return Response(first.body, first.status, REPLAYED, JSON)

"""Many clients at once. Each is an assessment of its own, recorded before the answer.

Two threads share the work, so that single calls go on beside it: while one slice of clients is
recorded, the next is read and scored in columns. A worker does one batch at a time.

Under an ``Idempotency-Key`` each client's row is kept with its record: a batch that broke off
half-way, sent again, is given the rows that were committed and the rest is scored then.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

import orjson
import polars as pl
from fastapi import Response

from api.assessor import Assessor, Served
from api.clients import Subject
from api.context import RequestContext
from api.errors import SOON, Refused
from api.questions.assessment import entry_of, recorded
from api.recorder import JSON, kept, must_be_the_same
from api.worker import Worker
from scoring.contract import BatchRequest
from storage import times
from storage.clients import ClientBook, StoredClient
from storage.engine import reading
from storage.errors import Recorded, StoreUnavailable
from storage.records import Entry, FirstAnswer, Receipt
from storage.store import Store

ARROW = "application/vnd.apache.arrow.stream"
SLICE = 250
"""Clients read, scored and committed at a time."""
WAIT_S = 5.0
"""How long a batch waits for the one before it."""
SCHEMA = {
    "client_id": pl.Int64,
    "assessment_id": pl.String,
    "default_probability": pl.Float64,
    "verdict": pl.String,
    "decided_by": pl.String,
    "points": pl.Int32,
    "risk_band": pl.String,
}
"""The fields of a ``BatchRow``, as an Arrow stream holds them."""

_ONE_AT_A_TIME = asyncio.Semaphore(1)


class _Row(NamedTuple):
    client_id: int
    assessment_id: str
    default_probability: float
    verdict: str
    decided_by: str
    points: int
    risk_band: str


async def score_batch(
    worker: Worker, context: RequestContext, request: BatchRequest, accept: str
) -> Response:
    """Answer ``POST /score_batch``, in the form that ``accept`` asks for."""
    write = _writer(accept)
    try:
        await asyncio.wait_for(_ONE_AT_A_TIME.acquire(), WAIT_S)
    except TimeoutError:
        detail = "Another batch is under way. Come back in a moment, or send fewer clients."
        raise Refused(503, "busy", detail, headers=SOON) from None
    try:
        batch = Batch(worker.store, worker.assessor, context)
        await asyncio.to_thread(batch.score, request.client_ids)
    finally:
        _ONE_AT_A_TIME.release()
    return write(batch.served, batch.rows, batch.unknown)


class Batch:
    """One batch under way: its rows so far, in the order asked, and the numbers nobody has."""

    def __init__(self, store: Store, assessor: Assessor, context: RequestContext) -> None:
        self._store = store
        self._assessor = assessor
        self._context = context
        self._first_of: int | None = None
        self._committed = False
        self.served = assessor.served
        self.rows: list[_Row] = []
        self.unknown: list[int] = []

    def score(self, ids: Sequence[int]) -> None:
        """Score and record every client. Raises ``AlreadyRecorded``, ``StoreUnavailable``."""
        self._recall()
        try:
            self._score(ids)
        except StoreUnavailable as error:
            if self._committed and error.recorded is Recorded.NOTHING:
                raise StoreUnavailable(str(error), Recorded.PART) from error
            raise

    def _score(self, ids: Sequence[int]) -> None:
        book = ClientBook()
        with ThreadPoolExecutor(1, "record batch") as recorder:
            recording: Future[Sequence[Receipt]] = recorder.submit(list)
            for start in range(0, len(ids), SLICE):
                wanted = ids[start : start + SLICE]
                with reading(self._store.engine) as connection:
                    found = book.find(connection, wanted)
                pairs = zip(wanted, found, strict=True)
                self.unknown += [number for number, one in pairs if one is None]
                entries = self._assess([client for client in found if client])
                self._take(recording.result())
                recording = recorder.submit(self._store.record_now, entries)
            self._take(recording.result())

    def _recall(self) -> None:
        """Find whose row is kept under the key itself: it stands for the whole request."""
        if self._context.answer_key is None:
            return
        first = self._store.first_answer(self._context.answer_key)
        if first is not None:
            must_be_the_same(self._context, first)
            self._first_of = orjson.loads(first.body)[0]

    def _assess(self, clients: Sequence[StoredClient]) -> list[Entry]:
        """Assess ``clients``; return what is to be recorded."""
        at = times.text(times.now())
        assessed = self._assessor.score_many([client.snapshot for client in clients], self.served)
        entries = []
        for client, one in zip(clients, assessed, strict=True):
            content = recorded(self.served, one, route="score_batch")
            subject = Subject(client.client_id, client.snapshot, is_stored=True)
            entry = entry_of(self._context, subject, content, at)
            row = _Row(
                client.client_id, entry.id, one.default_probability, one.verdict.value,
                one.decided_by.value, one.points, one.risk_band,
            )  # fmt: skip
            key = self._key(client.client_id)
            entries.append(
                kept(self._context, entry, key, orjson.dumps(tuple(row)) if key else b"")
            )
            self.rows.append(row)
        return entries

    def _key(self, client_id: int) -> str | None:
        """Return what a client's row is kept under; the first one's is the request's own key."""
        key = self._context.answer_key
        if key is None:
            return None
        if self._first_of is None:
            self._first_of = client_id
        if client_id == self._first_of:
            return key
        return hashlib.sha256(f"{key}\0{client_id}".encode()).hexdigest()

    def _take(self, receipts: Sequence[Receipt]) -> None:
        """Put the rows that were recorded before in the place of those made again."""
        self._committed = self._committed or bool(receipts)
        earlier = [one for one in receipts if isinstance(one, FirstAnswer)]
        if not earlier:
            return
        place = {row.client_id: number for number, row in enumerate(self.rows)}
        for first in earlier:
            must_be_the_same(self._context, first)
            row = _Row(*orjson.loads(first.body))
            self.rows[place[row.client_id]] = row


def _writer(accept: str) -> Callable[[Served, Sequence[_Row], Sequence[int]], Response]:
    """Return what writes the answer; ``Refused`` 406 for forms there are none of."""
    asked = {one.partition(";")[0].strip().lower() for one in accept.split(",")} - {""}
    if ARROW in asked:
        return _as_arrow
    if not asked or asked & {JSON, "application/*", "*/*"}:
        return _as_json
    raise Refused(406, "not_acceptable", f"The answer is {JSON} or {ARROW}.")


def _as_json(served: Served, rows: Sequence[_Row], unknown: Sequence[int]) -> Response:
    """Write a ``BatchResponse``."""
    response = {
        "model_tag": served.tag,
        "cut_off": served.scorecard.metadata.cut_off.value,
        "rows": [row._asdict() for row in rows],
        "unknown": unknown,
    }
    return Response(orjson.dumps(response), media_type=JSON)


def _as_arrow(served: Served, rows: Sequence[_Row], unknown: Sequence[int]) -> Response:
    frame = pl.DataFrame(list(zip(*rows, strict=True)) or None, schema=SCHEMA, orient="col")
    first = ",".join(map(str, unknown[:50]))
    headers = {"x-model-tag": served.tag, "x-unknown-clients": first}
    written = io.BytesIO()
    frame.write_ipc_stream(written)
    return Response(written.getvalue(), 200, headers, ARROW)

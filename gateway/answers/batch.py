"""Many clients at once. Each is an assessment of its own, recorded before the answer.

Two threads share the work, so that single calls go on beside it: while one slice of clients is
recorded, the next is read and scored in columns. A worker does one batch at a time. An Arrow
stream holds a column ``client_id``; its answer is an Arrow stream of the same rows.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

import orjson
import polars as pl

from gateway.answers.assessments import entry_of, recorded
from gateway.asked import Answer, Asked
from gateway.body import checked
from gateway.desk import Desk, Served, Subject
from gateway.errors import Refused
from scoring.contract import BatchRequest
from storage import times
from storage.clients import ClientBook, StoredClient
from storage.engine import reading
from storage.records import Entry

ARROW = "application/vnd.apache.arrow.stream"
LIMIT_BYTES = 128 * 1024
"""A body of the most clients, whatever their numbers."""
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


async def score_batch(desk: Desk, asked: Asked) -> Answer:
    """Answer ``POST /score_batch``."""
    by_arrow = asked.body is None
    request = _from_arrow(asked.raw) if by_arrow else asked.body
    served = desk.served
    try:
        await asyncio.wait_for(_ONE_AT_A_TIME.acquire(), WAIT_S)
    except TimeoutError:
        message = "Another batch is under way. Come back in a moment, or send fewer clients."
        raise Refused(503, "busy", message, headers=((b"retry-after", b"1"),)) from None
    try:
        rows, unknown = await asyncio.to_thread(_score, desk, served, asked, request.client_ids)
    finally:
        _ONE_AT_A_TIME.release()
    return (_as_arrow if by_arrow else _as_json)(served, rows, unknown)


def _from_arrow(raw: bytes) -> BatchRequest:
    """Read the numbers of an Arrow stream; ``Refused`` 400 when it is none, 422 for a value."""
    try:
        frame = pl.read_ipc_stream(io.BytesIO(raw))
    except Exception:  # whatever the reader of foreign bytes raises
        raise Refused(400, "malformed", "The body is not an Arrow stream.") from None
    if frame.columns != ["client_id"] or not frame.schema["client_id"].is_integer():
        raise Refused(422, "invalid", "The stream needs one column of whole numbers: client_id.")
    return checked(BatchRequest, {"client_ids": frame["client_id"].to_list()})


def _score(
    desk: Desk, served: Served, asked: Asked, ids: Sequence[int]
) -> tuple[list[_Row], list[int]]:
    rows: list[_Row] = []
    unknown: list[int] = []
    book = ClientBook()
    with ThreadPoolExecutor(1, "record batch") as recorder:
        recording: Future[Sequence[object]] = recorder.submit(list)
        for start in range(0, len(ids), SLICE):
            wanted = ids[start : start + SLICE]
            with reading(desk.store.engine) as connection:
                found = book.find(connection, wanted)
            unknown += [number for number, one in zip(wanted, found, strict=True) if one is None]
            entries = _slice(desk, served, asked, [client for client in found if client], rows)
            recording.result()
            recording = recorder.submit(desk.store.record_now, entries)
        recording.result()
    return rows, unknown


def _slice(
    desk: Desk, served: Served, asked: Asked, clients: Sequence[StoredClient], rows: list[_Row]
) -> list[Entry]:
    """Assess ``clients``; add their rows to ``rows`` and return what is to be recorded."""
    at = times.text(times.now())
    entries = []
    assessed = desk.score_many([client.snapshot for client in clients], served)
    for client, one in zip(clients, assessed, strict=True):
        content = recorded(served, one, route="score_batch")
        subject = Subject(client.client_id, client.snapshot, is_stored=True)
        entry = entry_of(asked, subject, content, at)
        entries.append(entry)
        rows.append(
            _Row(
                client.client_id, entry.id, one.default_probability, one.verdict.value,
                one.decided_by.value, one.points, one.risk_band,
            )
        )  # fmt: skip
    return entries


def _as_json(served: Served, rows: Sequence[_Row], unknown: Sequence[int]) -> Answer:
    """Write a ``BatchResponse``."""
    response = {
        "model_tag": served.tag,
        "cut_off": served.scorecard.metadata.cut_off.value,
        "rows": [row._asdict() for row in rows],
        "unknown": unknown,
    }
    return Answer(orjson.dumps(response))


def _as_arrow(served: Served, rows: Sequence[_Row], unknown: Sequence[int]) -> Answer:
    frame = pl.DataFrame(list(zip(*rows, strict=True)) or None, schema=SCHEMA, orient="col")
    first = ",".join(map(str, unknown[:50])).encode()
    headers = ((b"x-model-tag", served.tag.encode()), (b"x-unknown-clients", first))
    written = io.BytesIO()
    frame.write_ipc_stream(written)
    return Answer(written.getvalue(), media=ARROW.encode(), headers=headers)

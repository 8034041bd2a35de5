"""Many clients at once. Each is an assessment of its own, recorded before the answer.

The work is done in a thread, in slices that each commit, so that single calls go on beside it.
An Arrow stream holds a column ``client_id``; its answer is an Arrow stream of the same rows.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence

import polars as pl

from gateway.answers.assessments import entry_of, recorded
from gateway.asked import Answer, Asked
from gateway.body import checked
from gateway.desk import Desk, Served, Subject, said
from gateway.errors import Refused
from scoring.contract import BatchRequest, BatchResponse, BatchRow
from storage.clients import ClientBook, StoredClient
from storage.engine import reading
from storage.records import Entry

ARROW = "application/vnd.apache.arrow.stream"
SLICE = 250
"""Clients read, scored and committed at a time."""


async def score_batch(desk: Desk, asked: Asked) -> Answer:
    """Answer ``POST /score_batch``."""
    by_arrow = asked.body is None
    request = _from_arrow(asked.raw) if by_arrow else asked.body
    served = desk.served
    rows, unknown = await asyncio.to_thread(_score, desk, served, asked, request.client_ids)
    response = BatchResponse(
        model_tag=served.tag,
        cut_off=served.scorecard.metadata.cut_off.value,
        rows=rows,
        unknown=unknown,
    )
    return _as_arrow(response) if by_arrow else said(response)


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
) -> tuple[list[BatchRow], list[int]]:
    rows: list[BatchRow] = []
    unknown: list[int] = []
    book = ClientBook()
    for start in range(0, len(ids), SLICE):
        wanted = ids[start : start + SLICE]
        with reading(desk.store.engine) as connection:
            found = book.find(connection, wanted)
        unknown += [number for number, one in zip(wanted, found, strict=True) if one is None]
        rows += _slice(desk, served, asked, [client for client in found if client])
    return rows, unknown


def _slice(
    desk: Desk, served: Served, asked: Asked, clients: Sequence[StoredClient]
) -> list[BatchRow]:
    entries: list[Entry] = []
    rows: list[BatchRow] = []
    for client in clients:
        subject = Subject(client.client_id, client.snapshot, is_stored=True)
        assessment = desk.score(subject, served)
        content = recorded(served, assessment, route="score_batch", request_id=asked.request_id)
        entries.append(entry_of(asked, subject, content))
        rows.append(
            BatchRow(
                client_id=client.client_id,
                assessment_id=entries[-1].id,
                default_probability=assessment.default_probability,
                verdict=assessment.verdict,
                points=assessment.points,
                risk_band=assessment.risk_band,
            )
        )
    desk.store.record_now(entries)
    return rows


def _as_arrow(response: BatchResponse) -> Answer:
    schema = {
        "client_id": pl.Int64,
        "assessment_id": pl.String,
        "default_probability": pl.Float64,
        "verdict": pl.String,
        "points": pl.Int32,
        "risk_band": pl.String,
    }
    rows = [tuple(row.model_dump(mode="json").values()) for row in response.rows]
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    unknown = ",".join(map(str, response.unknown[:50])).encode()
    headers = ((b"x-model-tag", response.model_tag.encode()), (b"x-unknown-clients", unknown))
    written = io.BytesIO()
    frame.write_ipc_stream(written)
    return Answer(written.getvalue(), media=ARROW.encode(), headers=headers)

"""The book of records: append-only, each one chained by hash to the one before.

``hash = SHA-256(previous hash, sequence, id, kind, time, client, subject, actor, role, snapshot,
SHA-256(content))``, the parts written as one JSON array. Changing, removing, inserting or
reordering a record breaks every later hash; ``audit`` finds where.
"""

from __future__ import annotations

import hashlib
import random
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any

import orjson
from sqlalchemy import Connection, Row, Select, bindparam, insert, select, update

from storage import times
from storage.engine import Lookup, Statement
from storage.schema import ANSWERS, HEAD, RECORDS
from storage.snapshots import Snapshot, keep

ZERO = "0" * 64
"""What the first record is chained to."""


def new_id(kind: str) -> str:
    """Make an id: its kind (``asm_`` for an assessment), 48 bits of time and 48 random bits.

    An id is unique, not secret: who may read a record is decided by role. Time comes first, so
    that new ids lie side by side in the index and a commit writes few pages.
    """
    milliseconds = time.time_ns() // 1_000_000
    return f"{prefix_of(kind)}{milliseconds & 0xFFFFFFFFFFFF:012x}{_DRAW.getrandbits(48):012x}"


_DRAW = random.Random(secrets.randbits(256))
"""Seeded once a process: drawing from the system for every record costs a system call."""


_SHORT = {
    "assessment": "asm",
    "decision": "dec",
    "outcome": "out",
    "request": "req",
    "request_accepted": "rqa",
    "request_refused": "rqr",
    "request_answered": "rqw",
    "link": "lnk",
    "link_revoked": "lnr",
    "view": "vie",
    "read": "rea",
    "simulation": "sim",
    "recourse": "rec",
    "purge": "pur",
    "restore": "res",
    "policy": "pol",
    "stop": "stp",
    "access": "acc",
    "promotion": "prm",
    "serving": "srv",
    "reception": "rcp",
    "replacement": "rpl",
    "portfolio_run": "run",
    "beginning": "beg",
}


def prefix_of(kind: str) -> str:
    """Return what the ids of records of ``kind`` begin with: ``asm_``."""
    return f"{_SHORT[kind]}_"


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """The answer that a repeat of the same request gets: key, request hash, status and body."""

    key: str
    request: str
    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to record. ``content`` is JSON: everything that the columns do not say."""

    kind: str
    content: Mapping[str, Any]
    actor: str
    role: str
    client_id: int | None = None
    about: str | None = None
    snapshot: Snapshot | None = None
    snapshot_is_stored: bool = False
    answer: FirstAnswer | None = None
    id: str = ""
    at: str = field(default_factory=lambda: times.text(times.now()))

    def named(self) -> Entry:
        """Return this entry with an id, a new one unless it has one."""
        return self if self.id else replace(self, id=new_id(self.kind))

    def answered_by(self, answer: FirstAnswer) -> Entry:
        """Return this entry with the answer that a repeat of its request will get."""
        return replace(self, answer=answer)


@dataclass(frozen=True, slots=True)
class Record:
    """One record as stored. ``content`` is ``None`` once purged."""

    sequence: int
    id: str
    kind: str
    at: str
    client_id: int | None
    about: str | None
    actor: str
    role: str
    snapshot: str | None
    content: str | None
    content_hash: str
    hash: str

    @property
    def body(self) -> dict[str, Any]:
        """The content, read; empty once purged."""
        return body_of(self.content)


def body_of(content: str | None) -> dict[str, Any]:
    """Read a record's content; empty once purged."""
    return orjson.loads(content) if content else {}


Receipt = Record | FirstAnswer
"""What appending gives: the new record, or the first answer of a repeated request."""


_HEAD = Statement(select(HEAD.c.sequence, HEAD.c.hash).with_for_update())
_ADD = Statement(insert(RECORDS))
_MOVE_HEAD = Statement(update(HEAD).values(sequence=bindparam("to"), hash=bindparam("by")))
_ADD_ANSWER = Statement(insert(ANSWERS))
_ANSWERS_OF = Lookup(
    select(ANSWERS.c.key, ANSWERS.c.request, ANSWERS.c.status, ANSWERS.c.body), ANSWERS.c.key
)


def head(connection: Connection) -> tuple[int, str]:
    """Return sequence and hash of the last record; nobody else appends before the transaction ends.

    Within a transaction that writes.
    """
    ((sequence, last),) = _HEAD.rows(connection, {})
    return int(sequence), str(last)


def last(connection: Connection) -> Record | None:
    """Return the last record, ``None`` when there is none."""
    row = connection.execute(select(RECORDS).order_by(RECORDS.c.sequence.desc()).limit(1)).first()
    return read(row) if row else None


def append(connection: Connection, entries: Sequence[Entry]) -> list[Receipt]:
    """Chain ``entries`` to the book, in order, within a transaction that writes.

    An entry whose answer's key is known already is not recorded again: its receipt is the first
    answer, and the caller compares the request hashes. The record of an answered entry holds the
    answer's hash (``answer_hash`` in its content), so that the answer is chained with it.
    """
    sequence, previous = head(connection)
    first = first_answers(connection, _keys(entries))
    receipts: list[Receipt] = []
    records: list[Record] = []
    answers: list[dict[str, Any]] = []
    for entry in entries:
        if entry.answer and entry.answer.key in first:
            receipts.append(first[entry.answer.key])
            continue
        sequence += 1
        record = _chained(entry, sequence, previous)
        previous = record.hash
        receipts.append(record)
        records.append(record)
        if entry.answer:
            first[entry.answer.key] = entry.answer
            answers.append(_answer_row(entry.answer, record))
    keep(connection, [e.snapshot for e in entries if e.snapshot and not e.snapshot_is_stored])
    if records:
        _ADD.run(connection, [_row(record) for record in records])
        _MOVE_HEAD.run(connection, [{"to": sequence, "by": previous}])
    if answers:
        _ADD_ANSWER.run(connection, answers)
    return receipts


def receipts(connection: Connection, entries: Sequence[Entry]) -> list[Receipt] | None:
    """Return what appending ``entries`` gave, ``None`` when they are not recorded.

    For whoever lost the answer to a commit: entries that were given ids are recorded all or none,
    and once the head is locked, nobody can still be about to commit them.
    """
    head(connection)
    ids = [entry.id for entry in entries]
    rows = connection.execute(select(RECORDS).where(RECORDS.c.id.in_(ids))).all()
    if not rows:
        return None
    recorded = {row.id: read(row) for row in rows}
    first = first_answers(connection, _keys(entries))
    keys = [entry.answer.key if entry.answer else "" for entry in entries]
    return [recorded.get(name) or first[key] for name, key in zip(ids, keys, strict=True)]


def _chained(entry: Entry, sequence: int, previous: str) -> Record:
    said = entry.content
    if entry.answer is not None:
        said = {**said, "answer_hash": answer_hash(entry.answer)}
    content = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    before = (
        sequence,
        entry.id or new_id(entry.kind),
        entry.kind,
        entry.at,
        entry.client_id,
        entry.about,
        entry.actor,
        entry.role,
        entry.snapshot.hash if entry.snapshot else None,
    )
    content_hash = hashlib.sha256(content).hexdigest()
    return Record(*before, content.decode(), content_hash, _linked(previous, before, content_hash))


def answer_hash(answer: FirstAnswer) -> str:
    """Return the SHA-256 of a first answer, its key and its request."""
    said = orjson.dumps((answer.key, answer.request, answer.status))
    return hashlib.sha256(said + b"\0" + answer.body).hexdigest()


def link(record: Record, previous: str) -> str:
    """Return the hash that chains ``record`` to the record whose hash is ``previous``."""
    before = _VALUES(record)[: -len(("content", "content_hash", "hash"))]
    return _linked(previous, before, record.content_hash)


def _linked(previous: str, before: tuple[Any, ...], content_hash: str) -> str:
    return hashlib.sha256(orjson.dumps((previous, *before, content_hash))).hexdigest()


_VALUES = attrgetter(*Record.__slots__)


def _row(record: Record) -> dict[str, Any]:
    return dict(zip(Record.__slots__, _VALUES(record), strict=True))


def _answer_row(answer: FirstAnswer, record: Record) -> dict[str, Any]:
    return {
        "key": answer.key,
        "request": answer.request,
        "record_id": record.id,
        "status": answer.status,
        "body": answer.body,
        "at": record.at,
    }


def _keys(entries: Sequence[Entry]) -> list[str]:
    return [entry.answer.key for entry in entries if entry.answer]


def first_answers(connection: Connection, keys: Sequence[str]) -> dict[str, FirstAnswer]:
    """Return the first answers kept under ``keys``, by key; those not kept are absent."""
    return {row[0]: FirstAnswer(*row) for row in _ANSWERS_OF.rows(connection, keys)}


def read(row: Row[Any]) -> Record:
    """Turn a row of ``records`` into a record."""
    return Record(*row)


def by_id(connection: Connection, record_id: str) -> Record | None:
    """Return the record of this id, or ``None``."""
    row = connection.execute(select(RECORDS).where(RECORDS.c.id == record_id)).one_or_none()
    return read(row) if row else None


def about(connection: Connection, subject: str, kind: str) -> list[Record]:
    """Return the records of ``kind`` about the record ``subject``, oldest first."""
    statement = select(RECORDS).where(RECORDS.c.about == subject, RECORDS.c.kind == kind)
    return [read(row) for row in connection.execute(statement.order_by(RECORDS.c.sequence))]


def last_of(connection: Connection, client_id: int, kind: str) -> Record | None:
    """Return the client's last record of ``kind`` that still has its content, or ``None``."""
    statement = select(RECORDS).where(
        RECORDS.c.client_id == client_id, RECORDS.c.kind == kind, RECORDS.c.content.is_not(None)
    )
    last = statement.order_by(RECORDS.c.sequence.desc()).limit(1)
    row = connection.execute(last).one_or_none()
    return read(row) if row else None


def of_client(connection: Connection, client_id: int) -> list[Record]:
    """Return every record about a client, oldest first."""
    statement = select(RECORDS).where(RECORDS.c.client_id == client_id)
    return [read(row) for row in connection.execute(statement.order_by(RECORDS.c.sequence))]


def every(
    connection: Connection,
    *,
    kind: str | None = None,
    since: str | None = None,
    until: str | None = None,
) -> Iterator[Record]:
    """Yield records in order, streamed; times as ISO text, ``since`` included, ``until`` not."""
    statement: Select[Any] = select(RECORDS).order_by(RECORDS.c.sequence)
    if kind is not None:
        statement = statement.where(RECORDS.c.kind == kind)
    if since is not None:
        statement = statement.where(RECORDS.c.at >= since)
    if until is not None:
        statement = statement.where(RECORDS.c.at < until)
    for row in connection.execute(statement, execution_options={"yield_per": 1_000}):
        yield read(row)

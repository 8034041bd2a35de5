"""Items of an application corrected at the client's request.

A correction belongs to the data it corrects: loading the same data again keeps it, newer data
from elsewhere replaces it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import orjson
from sqlalchemy import Connection, insert, select

from storage.records import Entry
from storage.schema import RECTIFICATIONS
from storage.snapshots import Snapshot


@dataclass(frozen=True, slots=True)
class Rectification:
    """One item of one client's application and its right value; ``None`` means not known."""

    client_id: int
    item: str
    value: float | int | str | None

    def of(self, snapshot: Snapshot) -> Snapshot:
        """Return the snapshot with the item corrected; its history stays."""
        return snapshot.with_application({**snapshot.application, self.item: self.value})

    @property
    def written(self) -> str:
        """The right value as stored: JSON."""
        return orjson.dumps(self.value).decode()


def keep(connection: Connection, change: Rectification, source: str, record_id: str) -> None:
    """Remember an accepted correction of the data ``source``, under its record."""
    row = {
        "record_id": record_id,
        "client_id": change.client_id,
        "source": source,
        "item": change.item,
        "value": change.written,
    }
    connection.execute(insert(RECTIFICATIONS).values(row))


def row_hash(client_id: int, source: str, item: str, value: str) -> str:
    """Return what the record of a correction says of its row (``value`` as stored, JSON)."""
    return hashlib.sha256(orjson.dumps((client_id, source, item, value))).hexdigest()


def recorded(entry: Entry, change: Rectification, source: str) -> Entry:
    """Return the entry that accepts the correction, with the hash of its row in its content."""
    said = row_hash(change.client_id, source, change.item, change.written)
    return replace(entry, content={**entry.content, "rectification_hash": said})


def corrected_clients(connection: Connection, source: str) -> list[int]:
    """Return the numbers of the clients of the data ``source`` who had something corrected."""
    clients = RECTIFICATIONS.c.client_id
    statement = select(clients).where(RECTIFICATIONS.c.source == source).distinct()
    return list(connection.execute(statement.order_by(clients)).scalars())


def corrected(
    connection: Connection, snapshots: dict[int, Snapshot], source: str
) -> dict[int, Snapshot]:
    """Return the snapshots of the data ``source`` with every correction made to it."""
    statement = select(RECTIFICATIONS).where(RECTIFICATIONS.c.source == source)
    for row in connection.execute(statement.order_by(RECTIFICATIONS.c.record_id)):
        if row.client_id in snapshots:
            change = Rectification(row.client_id, row.item, orjson.loads(row.value))
            snapshots = {**snapshots, row.client_id: change.of(snapshots[row.client_id])}
    return snapshots

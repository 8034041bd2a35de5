"""Clients: who we hold something about, and their present snapshot.

``load`` fills the store from prepared tables, in bounded memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from sqlalchemy import Connection, Engine, case, func, select, text

from features.build import Source, history_features
from features.raw.prepared import Prepared
from storage import records, sums, times
from storage.engine import AT_ONCE, Lookup, reading, writing
from storage.records import Entry
from storage.rectification import corrected
from storage.schema import CLIENTS, SNAPSHOTS
from storage.snapshots import Layout, Layouts, Snapshot, insert_for, keep

TOGETHER = 20_000
"""Clients whose history is computed together: about 110 MB."""
CHUNK = 4_000
"""Clients packed and committed at a time."""
_ALONE = 7_402_119
"""PostgreSQL advisory lock of what changes who is held."""
NOT_PART_OF_AN_APPLICATION = ("client_id", "default")

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class StoredClient:
    """A client the store knows: the snapshot, the data it came from and when it was received."""

    client_id: int
    snapshot: Snapshot
    source: str
    received_at: str


@dataclass(frozen=True, slots=True)
class _Part:
    """The prepared tables of the clients numbered ``first`` to ``last``."""

    whole: Source
    first: int
    last: int

    @property
    def tables(self) -> frozenset[str]:
        """Names of the tables present."""
        return self.whole.tables

    def scan(self, table: str) -> pl.LazyFrame:
        """Return the rows of these clients, lazily, sorted by client."""
        mine = pl.col("client_id").is_between(self.first, self.last)
        return self.whole.scan(table).filter(mine)


def load(prepared: Prepared, engine: Engine, report: Report = lambda _line: None) -> int:
    """Store every client of the prepared tables; return how many.

    What is held in memory is the history of ``TOGETHER`` clients, however many there are.
    Loading the same data again changes nothing. Raises ``StoreUnavailable``.
    """
    done = 0
    for part in _parts(prepared):
        history = history_features(part)
        applications = part.scan("applications").collect()
        for some in applications.iter_slices(CHUNK):
            done += put_frame(engine, some, history, prepared.fingerprint)
            report(f"{done:,} clients stored")
    return done


def _parts(prepared: Source) -> Iterator[_Part]:
    """Cut the clients, sorted by number, into parts that are held in memory together."""
    ids = prepared.scan("applications").select("client_id").collect().to_series().sort()
    for start in range(0, len(ids), TOGETHER):
        some = ids.slice(start, TOGETHER)
        yield _Part(prepared, some[0], some[-1])


def put_frame(
    engine: Engine, applications: pl.DataFrame, history: pl.DataFrame, source: str
) -> int:
    """Store the clients of ``applications`` with their rows of ``history``, in one transaction."""
    names = tuple(sorted(name for name in history.columns if name != "client_id"))
    layout = Layout(names) if names else None
    joined = applications.select("client_id").join(history, on="client_id", how="left")
    values = joined.select(pl.col(names).cast(pl.Float64).fill_null(np.nan)).to_numpy()
    values = np.ascontiguousarray(values, "<f8")
    ids = applications["client_id"].to_list()
    plain = applications.drop(NOT_PART_OF_AN_APPLICATION, strict=False)
    snapshots = [
        Snapshot.packed_from(application, layout, values[place] if layout else None)
        for place, application in enumerate(plain.iter_rows(named=True))
    ]
    with writing(engine) as connection:
        put(connection, dict(zip(ids, snapshots, strict=True)), source)
    return len(ids)


def put(connection: Connection, snapshots: dict[int, Snapshot], source: str) -> None:
    """Make each snapshot the present one of its client, with what was rectified in it; recorded.

    Data is received once: the same data corrected, or loaded again, keeps its time.
    """
    alone(connection)
    before = held_sum(connection, list(snapshots))
    snapshots = corrected(connection, snapshots, source)
    keep(connection, snapshots.values())
    _upsert(connection, snapshots, source)
    change = sums.minus(held_sum(connection, list(snapshots)), before)
    if change:
        content = {"source": source, "clients": len(snapshots), "sum": sums.written(change)}
        records.append(connection, [Entry("reception", content, "storage.clients", "system")])


def _upsert(connection: Connection, snapshots: dict[int, Snapshot], source: str) -> None:
    received_at = times.text(times.now())
    rows = [
        {
            "client_id": client_id,
            "snapshot": snapshot.hash,
            "source": source,
            "received_at": received_at,
        }
        for client_id, snapshot in snapshots.items()
    ]
    insert = insert_for(connection)(CLIENTS)
    changed = insert.excluded
    connection.execute(
        insert.on_conflict_do_update(
            index_elements=["client_id"],
            set_={
                "snapshot": changed.snapshot,
                "source": changed.source,
                "received_at": case(
                    (CLIENTS.c.source == changed.source, CLIENTS.c.received_at),
                    else_=changed.received_at,
                ),
            },
            where=(CLIENTS.c.snapshot != changed.snapshot) | (CLIENTS.c.source != changed.source),
        ),
        rows,
    )


def alone(connection: Connection) -> None:
    """Let no other transaction change who is held until this one ends.

    What a change adds to the sum of the table is told from the rows before it. Comes before the
    first record of the transaction, so that two never wait for each other.
    """
    if connection.dialect.name != "sqlite":  # there every writer is alone
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_ALONE})"))


def held_sum(connection: Connection, ids: Sequence[int]) -> int:
    """Return the sum of the rows of these clients (``storage.sums``)."""
    total = 0
    for start in range(0, len(ids), AT_ONCE):
        wanted = CLIENTS.c.client_id.in_(ids[start : start + AT_ONCE])
        rows = connection.execute(select(CLIENTS).where(wanted)).all()
        total = sums.plus(total, sums.of(rows))
    return total


_FIND = select(
    CLIENTS.c.client_id,
    CLIENTS.c.source,
    CLIENTS.c.received_at,
    SNAPSHOTS.c.hash,
    SNAPSHOTS.c.application,
    SNAPSHOTS.c.layout,
    SNAPSHOTS.c.history,
).join(SNAPSHOTS, SNAPSHOTS.c.hash == CLIENTS.c.snapshot)


_LOOKUP = Lookup(_FIND, CLIENTS.c.client_id)


class ClientBook:
    """Reads clients; one for each thread that reads."""

    def __init__(self) -> None:
        self._layouts = Layouts()

    def find(self, connection: Connection, ids: Sequence[int]) -> list[StoredClient | None]:
        """Return the client of each number, ``None`` where there is none."""
        wanted = list(dict.fromkeys(ids))
        rows = _LOOKUP.rows(connection, wanted)
        found = {row[0]: self._client(connection, row) for row in rows}
        return [found.get(client_id) for client_id in ids]

    def _client(self, connection: Connection, row: Sequence[Any]) -> StoredClient:
        client_id, source, received_at, *snapshot = row
        return StoredClient(
            client_id, self._layouts.snapshot(connection, snapshot), source, received_at
        )

    def page(
        self, connection: Connection, after: int, limit: int, source: str | None = None
    ) -> list[StoredClient]:
        """Return at most ``limit`` clients whose number is above ``after``, in order."""
        statement = _FIND.where(CLIENTS.c.client_id > after)
        if source is not None:
            statement = statement.where(CLIENTS.c.source == source)
        rows = connection.execute(statement.order_by(CLIENTS.c.client_id).limit(limit)).all()
        return [self._client(connection, row) for row in rows]


def count(engine: Engine, source: str | None = None) -> int:
    """Return how many clients the store knows, of one source or of all."""
    statement = select(func.count()).select_from(CLIENTS)
    if source is not None:
        statement = statement.where(CLIENTS.c.source == source)
    with reading(engine) as connection:
        return int(connection.execute(statement).scalar_one())

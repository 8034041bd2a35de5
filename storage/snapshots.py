"""What was known about somebody at one moment: content-addressed and never changed.

A snapshot is an application (plain names, missing items left out) and the history features
computed in batch. Its hash covers every bit of both, so a record that names the hash can be
replayed on exactly the same input.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import orjson
from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from scoring.history import History
from storage.engine import Statement
from storage.schema import LAYOUTS, SNAPSHOTS

Application = Mapping[str, "float | int | str"]


@dataclass(frozen=True)
class Layout:
    """Names of the history features, in the order a blob holds them."""

    names: tuple[str, ...]

    @cached_property
    def written(self) -> str:
        """The names as stored."""
        return orjson.dumps(self.names).decode()

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the names as stored."""
        return hashlib.sha256(self.written.encode()).hexdigest()


@dataclass(frozen=True)
class Snapshot:
    """One snapshot as stored: JSON text, and float64 values (NaN = missing) of the layout."""

    hash: str
    application_json: str
    layout: Layout | None = None
    packed: bytes | None = None

    @classmethod
    def of(
        cls, application: Application, history: Mapping[str, float | None] | None = None
    ) -> Snapshot:
        """Make the snapshot of an application and, when known, its history features."""
        if history is None:
            return cls.packed_from(application, None, None)
        names = tuple(sorted(history))
        values = np.array(
            [np.nan if history[name] is None else history[name] for name in names], np.float64
        )
        return cls.packed_from(application, Layout(names), values)

    @classmethod
    def packed_from(
        cls,
        application: Mapping[str, object],
        layout: Layout | None,
        values: np.ndarray[Any, np.dtype[np.float64]] | None,
    ) -> Snapshot:
        """Make a snapshot from an application (nulls are left out) and an array of history."""
        present = {name: value for name, value in application.items() if value is not None}
        written = orjson.dumps(present, option=orjson.OPT_SORT_KEYS)
        if layout is None or values is None:
            return cls(hashlib.sha256(written).hexdigest(), written.decode())
        raw = values.astype("<f8", copy=False).tobytes()
        digest = hashlib.sha256(written)
        digest.update(b"\0" + layout.hash.encode() + b"\0" + raw)
        return cls(digest.hexdigest(), written.decode(), layout, zlib.compress(raw, 1))

    def with_application(self, application: Mapping[str, object]) -> Snapshot:
        """Return the snapshot of another application with this history, taken as it lies.

        By name, its six hundred values took longer than the score.
        """
        history = self.history
        values = None if history is None else history.array
        return self.packed_from(application, self.layout, values)

    @cached_property
    def application(self) -> dict[str, float | int | str]:
        """The application's items that are present, by plain name."""
        items: dict[str, float | int | str] = orjson.loads(self.application_json)
        return items

    @cached_property
    def history(self) -> History | None:
        """The history features by name; ``None`` when nothing is known of the past."""
        if self.layout is None or self.packed is None:
            return None
        return History(self.layout.names, np.frombuffer(zlib.decompress(self.packed), "<f8"))

    def is_intact(self) -> bool:
        """Tell whether the content still has the hash it is filed under."""
        digest = hashlib.sha256(self.application_json.encode())
        if self.layout is not None and self.packed is not None:
            try:
                raw = zlib.decompress(self.packed)
            except zlib.error:
                return False
            digest.update(b"\0" + self.layout.hash.encode() + b"\0" + raw)
        return digest.hexdigest() == self.hash


LAYOUTS_KEPT = 16
"""A layout changes with the features' definitions; the clients of a store share one or two."""


class Layouts:
    """The layouts met last, kept for the life of a connection's owner.

    They are filed under their own hash and never change, so what is kept is what is stored.
    """

    def __init__(self) -> None:
        self._known: dict[str, Layout] = {}

    def __len__(self) -> int:
        return len(self._known)

    def find(self, connection: Connection, layout_hash: str | None) -> Layout | None:
        """Read the layout filed under ``layout_hash``, once."""
        if layout_hash is None:
            return None
        if layout_hash not in self._known:
            statement = select(LAYOUTS.c.names).where(LAYOUTS.c.hash == layout_hash)
            names = connection.execute(statement).scalar_one()
            if len(self._known) == LAYOUTS_KEPT:
                self._known.pop(next(iter(self._known)))
            self._known[layout_hash] = Layout(tuple(orjson.loads(names)))
        return self._known[layout_hash]

    def snapshot(self, connection: Connection, row: Sequence[Any]) -> Snapshot:
        """Turn a row of ``snapshots`` (hash, application, layout, history) into a snapshot."""
        name, application, layout, history = row
        return Snapshot(name, application, self.find(connection, layout), history)


def keep(connection: Connection, snapshots: Iterable[Snapshot]) -> None:
    """Store the snapshots that are not there yet, and their layouts."""
    rows, layouts = [], {}
    for snapshot in snapshots:
        if snapshot.layout is not None:
            layouts[snapshot.layout.hash] = snapshot.layout.written
        rows.append(
            {
                "hash": snapshot.hash,
                "application": snapshot.application_json,
                "layout": snapshot.layout.hash if snapshot.layout else None,
                "history": snapshot.packed,
            }
        )
    keep_layouts, keep_snapshots = _KEEP[connection.dialect.name]
    if layouts:
        named = [{"hash": key, "names": names} for key, names in layouts.items()]
        keep_layouts.run(connection, named)
    if rows:
        keep_snapshots.run(connection, rows)


def find(connection: Connection, hashes: Sequence[str], layouts: Layouts) -> dict[str, Snapshot]:
    """Read snapshots by hash; those not found are absent from the answer."""
    statement = select(SNAPSHOTS).where(SNAPSHOTS.c.hash.in_(hashes))
    rows = connection.execute(statement)
    return {row.hash: layouts.snapshot(connection, row) for row in rows.all()}


def page(connection: Connection, after: str, limit: int, layouts: Layouts) -> list[Snapshot]:
    """Return at most ``limit`` snapshots whose hash is above ``after``, in order."""
    statement = select(SNAPSHOTS).where(SNAPSHOTS.c.hash > after).order_by(SNAPSHOTS.c.hash)
    rows = connection.execute(statement.limit(limit)).all()
    return [layouts.snapshot(connection, row) for row in rows]


_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_KEEP = {
    dialect: tuple(
        Statement(insert(table).on_conflict_do_nothing()) for table in (LAYOUTS, SNAPSHOTS)
    )
    for dialect, insert in _INSERT.items()
}


def insert_for(connection: Connection) -> Any:
    """Return the dialect's INSERT, the one that knows ``ON CONFLICT``."""
    return _INSERT[connection.dialect.name]

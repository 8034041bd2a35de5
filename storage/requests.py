"""Requests of clients (rectification, review, objection), followed from filing to closure.

A request is a record; what closes it is another record about it, whose kind says how, so that
the state of a request outlives the purge of its content.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, select

from storage import records
from storage.records import Record
from storage.schema import RECORDS

CLOSINGS = {
    "accepted": "request_accepted",
    "refused": "request_refused",
    "answered": "request_answered",
}
"""How a request can be closed, and the kind of the record that closes it."""
OPEN = "open"

_CLOSING = RECORDS.alias("closing")


@dataclass(frozen=True, slots=True)
class Followed:
    """A request and the record that closed it, ``None`` while it is open."""

    request: Record
    closing: Record | None

    @property
    def state(self) -> str:
        """``open``, or how it was closed."""
        if self.closing is None:
            return OPEN
        return next(name for name, kind in CLOSINGS.items() if kind == self.closing.kind)


def find(connection: Connection, request_id: str) -> Followed | None:
    """Return a request by its id."""
    record = records.by_id(connection, request_id)
    if record is None or record.kind != "request":
        return None
    return _followed(connection, [record])[0]


def page(
    connection: Connection, *, after: int, limit: int, client_id: int | None, state: str | None
) -> list[Followed]:
    """Return at most ``limit`` requests whose sequence is above ``after``, oldest first."""
    statement = select(RECORDS).where(RECORDS.c.kind == "request", RECORDS.c.sequence > after)
    if client_id is not None:
        statement = statement.where(RECORDS.c.client_id == client_id)
    if state is not None:
        statement = in_state(statement, state)
    rows = connection.execute(statement.order_by(RECORDS.c.sequence).limit(limit)).all()
    return _followed(connection, [records.read(row) for row in rows])


def clients_with_open() -> Select[Any]:
    """Select the numbers of the clients who have an open request."""
    of_clients = (RECORDS.c.kind == "request", RECORDS.c.client_id.is_not(None))
    return in_state(select(RECORDS.c.client_id).where(*of_clients), OPEN)


def is_closed() -> ColumnElement[bool]:
    """Tell of a record that is a request whether another one closed it."""
    return exists().where(_CLOSING.c.about == RECORDS.c.id, _CLOSING.c.kind.in_(CLOSINGS.values()))


def in_state(statement: Select[Any], state: str) -> Select[Any]:
    """Narrow a selection of requests to those in a state."""
    if state == OPEN:
        return statement.where(~is_closed())
    about = _CLOSING.c.about == RECORDS.c.id
    return statement.where(exists().where(about, _CLOSING.c.kind == CLOSINGS[state]))


def _followed(connection: Connection, found: Sequence[Record]) -> list[Followed]:
    ids = [record.id for record in found]
    statement = select(RECORDS).where(
        RECORDS.c.about.in_(ids), RECORDS.c.kind.in_(CLOSINGS.values())
    )
    closings = {row.about: records.read(row) for row in connection.execute(statement).all()}
    return [Followed(record, closings.get(record.id)) for record in found]

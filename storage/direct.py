"""Look-ups by key made at once, on the caller's own thread: SQLite only.

Reading one row of a local file by its key takes 10 to 20 microseconds and waits for no writer
(WAL); handing it to another thread and back costs ten times that. A database that is reached over
a network is read by the store's groups, which never hold up the event loop.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from storage import keys
from storage.clients import ClientBook, StoredClient
from storage.roles import Caller

Found = TypeVar("Found")


class Elsewhere(Exception):
    """The row must be asked for through the store's groups: nothing was read."""


class Direct:
    """One connection kept open by the thread that reads; never waits for a lock."""

    def __init__(self, engine: Engine) -> None:
        self._connection: Connection | None = None
        self._book = ClientBook()
        if engine.dialect.name == "sqlite":
            self._connection = engine.connect()
            cursor = self._connection.connection.cursor()
            cursor.execute("PRAGMA busy_timeout=0")
            cursor.close()

    def client(self, client_id: int) -> StoredClient | None:
        """Return the client, ``None`` when there is none. Raises ``Elsewhere``."""
        return self._read(lambda connection: self._book.find(connection, [client_id])[0])

    def caller(self, token: str) -> Caller | None:
        """Return who holds ``token``, ``None`` when it is not in force. Raises ``Elsewhere``."""
        return self._read(lambda connection: keys.callers(connection, [token])[0])

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def _read(self, find: Callable[[Connection], Found]) -> Found:
        """Read what is committed now: no transaction stays open between two look-ups."""
        if self._connection is None:
            raise Elsewhere
        try:
            try:
                return find(self._connection)
            finally:  # a look-up that failed leaves nothing open either: it would show what was
                if self._connection.in_transaction():
                    self._connection.rollback()
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise Elsewhere from error

"""Moving what was committed from SQLite's log into its file, off the path of those who commit.

Left to itself SQLite does it inside the commit that fills the log: a few hundred milliseconds that
one caller in some thousands waits for. A service does it in a thread of its own instead; readers
and writers go on meanwhile (a passive checkpoint takes no lock they need).
"""

from __future__ import annotations

import logging
import sqlite3
import threading

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

LOG = logging.getLogger("scoring.storage")

EVERY_S = 2.0


class Checkpoints:
    """One thread for the life of a process; it does nothing for a database that is not SQLite."""

    def __init__(self, engine: Engine, every_s: float = EVERY_S) -> None:
        self._engine = engine
        self._every_s = every_s
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)
        if engine.dialect.name == "sqlite":
            self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self._ending.wait(self._every_s):
            try:
                self.checkpoint()
            except (SQLAlchemyError, sqlite3.Error) as error:
                LOG.warning("the log could not be moved into the file: %s", type(error).__name__)

    def checkpoint(self) -> None:
        """Move what nobody reads any more from the log into the file."""
        connection = self._engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
            cursor.close()
        finally:
            connection.close()

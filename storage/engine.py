"""The database connection: SQLite (WAL, synchronous FULL) or PostgreSQL, behind one engine."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from storage.errors import StoreUnavailable

WRITING = {"sqlite_begin": "IMMEDIATE"}
"""Execution options of a transaction that writes: take SQLite's write lock at once."""


def open_engine(url: str, wait_s: float) -> Engine:
    """Make the engine for ``url``; nothing waits longer than ``wait_s`` for the database.

    SQLite runs in WAL with ``synchronous=FULL``: what is committed survives a power cut.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(str(address.database), wait_s)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    limit_ms = int(wait_s * 1000)
    options = f"-c statement_timeout={limit_ms} -c lock_timeout={limit_ms}"
    arguments: dict[str, Any] = {"connect_timeout": max(2, int(wait_s)), "options": options}
    return create_engine(
        address, connect_args=arguments, pool_size=4, pool_timeout=wait_s, pool_pre_ping=True
    )


def _sqlite(path: str, wait_s: float) -> Engine:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"timeout": wait_s, "check_same_thread": False},
        pool_size=4,
        pool_timeout=wait_s,
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin_sqlite`
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA wal_autocheckpoint=4000")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")


@contextmanager
def said_plainly() -> Iterator[None]:
    """Turn a database failure into ``StoreUnavailable``, without the statement or its values."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, psycopg.Error) as error:
        cause = type(error.orig if isinstance(error, DBAPIError) else error).__name__
        msg = f"The database did not do the work in time ({cause}). Nothing was recorded."
        raise StoreUnavailable(msg) from None


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that only reads."""
    with said_plainly(), engine.begin() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that writes; committed on leaving, undone on any error."""
    with (
        said_plainly(),
        engine.connect().execution_options(**WRITING) as connection,
        connection.begin(),
    ):
        yield connection


def ping(engine: Engine) -> None:
    """Raise ``StoreUnavailable`` unless the database answers."""
    with reading(engine) as connection:
        connection.execute(text("SELECT 1"))

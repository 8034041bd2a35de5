"""The database connection: SQLite (WAL, synchronous FULL) or PostgreSQL, behind one engine.

Transactions are opened by ``reading``, ``one_moment`` and ``writing``. ``Statement`` and ``Lookup``
are for what every request runs.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    RootTransaction,
    Select,
    bindparam,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.sql import ClauseElement

from storage.errors import Recorded, StoreUnavailable

WRITING = {"sqlite_begin": "IMMEDIATE"}
"""Execution options of a transaction that writes: take SQLite's write lock at once."""

ASK_AGAIN_S = 0.0005
YIELD_S = 2 * ASK_AGAIN_S
"""A writer that rests this long between its transactions lets every process that asks come in: at
16 callers of two processes, one waited up to 180 ms for the other otherwise."""
LOG_PAGES_MOST = 25_000
"""Pages (of 4 KiB) in SQLite's log before a commit moves them into the file itself. A service
moves them earlier, beside its commits (``storage.checkpoints``)."""


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
    if not Path(path).exists():
        Path(path).touch(0o600)  # personal data: its owner alone
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"timeout": wait_s, "check_same_thread": False},
        pool_size=4,
        pool_timeout=wait_s,
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", partial(_begin_sqlite, wait_s))
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin_sqlite`
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute(f"PRAGMA wal_autocheckpoint={LOG_PAGES_MOST}")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(wait_s: float, connection: Connection) -> None:
    mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    if mode == "DEFERRED":
        connection.exec_driver_sql("BEGIN DEFERRED")
        return
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA busy_timeout=0")
    try:
        _take_the_write_lock(cursor, time.monotonic() + wait_s)
    finally:
        cursor.execute(f"PRAGMA busy_timeout={int(wait_s * 1000)}")
        cursor.close()


def _take_the_write_lock(cursor: Any, until: float) -> None:
    """Begin a transaction that writes; ask again every half millisecond while another writes.

    SQLite's own waiting sleeps longer at each try, up to 100 ms: the processes of a service, which
    write for a few milliseconds at a time, would overtake one another for as long.
    """
    while True:
        try:
            cursor.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                raise
            time.sleep(ASK_AGAIN_S)
        else:
            return


FAILURES = (SQLAlchemyError, sqlite3.Error, psycopg.Error)


@contextmanager
def said_plainly() -> Iterator[None]:
    """Turn a database failure into ``StoreUnavailable``, without the statement or its values."""
    try:
        yield
    except FAILURES as error:
        msg = f"The database did not do the work in time ({_cause(error)}). Nothing was recorded."
        raise StoreUnavailable(msg) from None


def _cause(error: Exception) -> str:
    return type(error.orig if isinstance(error, DBAPIError) else error).__name__


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that only reads."""
    with said_plainly(), engine.begin() as connection:
        yield connection


@contextmanager
def one_moment(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that reads everything as it was when it began, whoever writes."""
    with said_plainly(), engine.connect() as connection:
        if engine.dialect.name != "sqlite":  # whose transactions always do
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that writes; committed on leaving, undone on any error.

    Raises ``StoreUnavailable``: nothing was recorded, unless the answer to the commit itself was
    lost (``Recorded.UNKNOWN``).
    """
    with said_plainly(), engine.connect().execution_options(**WRITING) as connection:
        transaction = connection.begin()
        try:
            yield connection
        except BaseException:
            transaction.close()
            raise
        _commit(transaction)


def _commit(transaction: RootTransaction) -> None:
    try:
        transaction.commit()
    except FAILURES as error:
        if _was_refused(error):
            raise
        msg = f"The answer to a commit was lost ({_cause(error)})."
        raise StoreUnavailable(msg, Recorded.UNKNOWN) from None


def _was_refused(error: Exception) -> bool:
    """Tell whether the database itself said that it did not commit."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):  # a disk that fails may have kept what it was given
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_IOERR
    state = getattr(cause, "sqlstate", None)
    return state is not None and state[:2] not in _LOST


_LOST = ("08", "57", "58")
"""Classes of PostgreSQL's errors after which a commit may stand: the connection went, the server
was told to stop, its system failed."""


def ping(engine: Engine) -> None:
    """Raise ``StoreUnavailable`` unless the database answers."""
    with reading(engine) as connection:
        connection.execute(text("SELECT 1"))


Parameters = Mapping[str, Any]


class Statement:
    """One statement with named parameters of plain types (text, numbers, bytes), compiled once.

    On SQLite a look-up by key costs 3 us and SQLAlchemy's handling of it 80; a request makes four.
    It is still declared with the schema's columns and compiled for each dialect.
    """

    def __init__(self, core: ClauseElement) -> None:
        self._core = core
        self._compiled: dict[str, tuple[str, tuple[str, ...] | None]] = {}

    def rows(self, connection: Connection, parameters: Parameters) -> list[tuple[Any, ...]]:
        """Run it once; return its rows."""
        cursor = connection.connection.cursor()
        try:
            sql, order = self._for(connection)
            cursor.execute(sql, _arguments(parameters, order))
            return list(cursor.fetchall())
        finally:
            cursor.close()

    def run(self, connection: Connection, rows: Sequence[Parameters]) -> None:
        """Run it once for each row of parameters."""
        cursor = connection.connection.cursor()
        try:
            sql, order = self._for(connection)
            if len(rows) == 1:
                cursor.execute(sql, _arguments(rows[0], order))
            else:
                cursor.executemany(sql, [_arguments(row, order) for row in rows])
        finally:
            cursor.close()

    def _for(self, connection: Connection) -> tuple[str, tuple[str, ...] | None]:
        name = connection.dialect.name
        if name not in self._compiled:
            compiled: Any = self._core.compile(dialect=connection.dialect)
            order = tuple(compiled.positiontup) if compiled.positiontup else None
            self._compiled[name] = (str(compiled), order)
        return self._compiled[name]


def _arguments(parameters: Parameters, order: tuple[str, ...] | None) -> Any:
    """Return the parameters as the driver wants them: by place, or by name."""
    return parameters if order is None else [parameters[name] for name in order]


FEW = 16
"""Up to this many rows of an SQLite file are found one by one. A server is asked for all at once:
each look-up goes there and back, and two cost as much as a statement for many."""
AT_ONCE = 500
"""Rows that one statement asks for."""


class Lookup:
    """Rows of a selection by the values of one column; the rows are plain tuples.

    A statement for many costs more to handle than a look-up, so a few are found one by one.
    """

    def __init__(self, selected: Select[Any], key: Column[Any]) -> None:
        self._one = Statement(selected.where(key == bindparam("wanted")))
        self._many = selected.where(key.in_(bindparam("wanted", expanding=True)))

    def rows(
        self, connection: Connection, wanted: Sequence[int] | Sequence[str]
    ) -> Iterator[Sequence[Any]]:
        """Yield the rows of the values ``wanted``, in no order."""
        if len(wanted) <= (FEW if connection.dialect.name == "sqlite" else 1):
            for value in wanted:
                yield from self._one.rows(connection, {"wanted": value})
            return
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start : start + AT_ONCE]
            yield from connection.execute(self._many, {"wanted": some}).all()

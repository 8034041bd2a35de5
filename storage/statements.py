"""Statements compiled once: what every request runs does not pay for SQLAlchemy's work each time.

On SQLite a look-up by key costs 3 us and SQLAlchemy's handling of it 80; a request makes four.
The statement is still declared with the schema's columns and compiled for each dialect.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.sql import ClauseElement

Parameters = Mapping[str, Any]


class Statement:
    """One statement with named parameters of plain types (text, numbers, bytes)."""

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

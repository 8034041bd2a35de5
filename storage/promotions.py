"""Which scorecard served when, and who promoted it: records of the chain.

A record of kind ``promotion`` is written by whoever chooses, one of kind ``serving`` by a worker
that answers with another scorecard than the last one recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, select

from storage import records
from storage.records import Entry, Record
from storage.schema import RECORDS


class Choice(StrEnum):
    """How a scorecard was chosen."""

    PROMOTE = "promote"
    ROLLBACK = "rollback"


def keep(
    connection: Connection, tag: str, choice: Choice, by: str, said: Mapping[str, str]
) -> None:
    """Record that somebody chose the scorecard ``tag``; ``said`` is what else is to be known."""
    content = {"model_tag": tag, "choice": choice.value, **said}
    records.append(connection, [Entry("promotion", content, actor=by, role="system")])


def note_serving(connection: Connection, tag: str) -> None:
    """Record that ``tag`` serves from now on, unless the last record says so already."""
    records.head(connection)  # of several workers that change together, one records it
    last = _history("serving").order_by(RECORDS.c.at.desc(), RECORDS.c.sequence.desc()).limit(1)
    row = connection.execute(last).one_or_none()
    if row is None or records.read(row).body["model_tag"] != tag:
        content = {"model_tag": tag}
        records.append(connection, [Entry("serving", content, "storage.promotions", "system")])


def served(connection: Connection) -> list[tuple[str, str]]:
    """Return the scorecards that served and since when, the one that serves last.

    After going back, what served between is left out: going back again goes further back. A
    scorecard that was chosen and never served is not among them.
    """
    rows = connection.execute(_history("promotion", "serving").order_by(RECORDS.c.sequence))
    return _followed(records.read(row) for row in rows)


def _history(*kinds: str) -> Select[Any]:
    return select(RECORDS).where(RECORDS.c.kind.in_(kinds), RECORDS.c.content.is_not(None))


def _followed(history: Iterable[Record]) -> list[tuple[str, str]]:
    path: list[tuple[str, str]] = []
    back_to: str | None = None
    for record in history:
        tag = record.body["model_tag"]
        if record.kind == "promotion":
            back_to = tag if record.body["choice"] == Choice.ROLLBACK else None
            continue
        tags = [name for name, _ in path]
        if tag == back_to and tag in tags:
            del path[len(tags) - 1 - tags[::-1].index(tag) :]
        if not path or path[-1][0] != tag:
            path.append((tag, record.at))
    return path

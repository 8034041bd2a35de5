"""What stands beside the records, compared with what the records say of it.

Records of kind ``access`` give keys and people; ``reception`` and ``purge`` give the sum of the
table of clients (``storage.sums``: which snapshot is whose, from where and since when),
``portfolio_run`` and ``purge`` that of each run's scores; a record holds the hash of its own first
answer and of its own correction. What stood there before the chain covered it is in the record
``beginning``, which the migration wrote.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from storage import records, sums
from storage.access_records import KeysAndPeople, Values
from storage.keys import hashed
from storage.periods import STANDING
from storage.records import FirstAnswer, Record
from storage.rectification import row_hash
from storage.schema import (
    ANSWERS,
    CLIENTS,
    KEYS,
    PORTFOLIO_RUNS,
    PORTFOLIO_SCORES,
    RECORDS,
    RECTIFICATIONS,
    USERS,
)

NOT_COVERED = (
    "Not covered by the chain: logins under way and counts of failed ones, scores of a portfolio "
    "run that did not end, the time a first answer was kept and whether one past its month is "
    "still there. A process that was killed leaves its last second without an anchor."
)
ROWS_AT_ONCE = 1_000
Say = Callable[[str], None]


@dataclass
class Told:
    """What the records read so far say should stand beside them."""

    access: KeysAndPeople = field(default_factory=KeysAndPeople)
    clients: int = 0
    runs: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By finished run: the record it began after, and the sum of its scores."""
    forgotten: list[tuple[int, str, int]] = field(default_factory=list)
    """Scores that went with their clients: the record that says so, the run, their sum."""
    began_at: int = 0
    """The record of what stood unchained; 0 when everything was chained from the first."""
    corrections: dict[str, str] = field(default_factory=dict)
    """Hash of each correction made before ``began_at``, by record."""
    uncovered: Counter[str] = field(default_factory=Counter)
    """What cannot be compared, and how many times."""

    def take(self, record: Record) -> None:
        """Follow one record."""
        match record.kind:
            case "access":
                self.access.take(record)
            case "reception":
                self.clients = sums.plus(self.clients, sums.read(record.body["sum"]))
            case "portfolio_run" if record.about:
                said = record.body
                self.runs[record.about] = (said["began_after"], sums.read(said["sum"]))
            case "purge":
                self._forget(record)
            case "beginning":
                self._begin(record)

    def _forget(self, record: Record) -> None:
        said = record.body
        if record.about:
            self.runs.pop(record.about, None)
        if "sum" in said:
            self.clients = sums.minus(self.clients, sums.read(said["sum"]))
            for run_id, total in said["runs"].items():
                self.forgotten.append((record.sequence, run_id, sums.read(total)))

    def _begin(self, record: Record) -> None:
        said = record.body
        self.began_at = record.sequence
        self.access.keys.update({name: tuple(row) for name, row in said["keys"].items()})
        self.access.users.update({name: tuple(row) for name, row in said["users"].items()})
        self.clients = sums.read(said["clients"] or "0")
        runs = said["runs"].items()
        self.runs.update({run_id: (record.sequence, sums.read(total)) for run_id, total in runs})
        self.corrections.update(said["rectifications"])

    def run_sum(self, run_id: str) -> int:
        """Return the sum that the scores of a run must have."""
        since, total = self.runs[run_id]
        for sequence, of_run, gone in self.forgotten:
            if of_run == run_id and sequence > since:
                total = sums.minus(total, gone)
        return total


def compare(connection: Connection, told: Told, say: Say) -> None:
    """Say of each table where it is not what the records say."""
    _access(connection, told.access, say)
    if sums.of(_rows(connection, select(CLIENTS))) != told.clients:
        say("who is held, with which snapshot, is not what the records say (table clients)")
    _runs(connection, told, say)
    _answers(connection, told, say)
    _standing(connection, say)
    _corrections(connection, told, say)


def _rows(connection: Connection, statement: Select[Any]) -> Iterator[Row[Any]]:
    yield from connection.execute(statement, execution_options={"yield_per": ROWS_AT_ONCE})


def _access(connection: Connection, recorded: KeysAndPeople, say: Say) -> None:
    key = (KEYS.c.hash, KEYS.c.label, KEYS.c.role, KEYS.c.created_at, KEYS.c.revoked_at)
    keys: dict[str, Values] = {
        row.id: tuple(row)[1:] for row in _rows(connection, select(KEYS.c.id, *key))
    }
    _same("key", keys, recorded.keys, say)
    user = (USERS.c.role, USERS.c.password, USERS.c.created_at, USERS.c.disabled_at)
    users: dict[str, Values] = {
        row.name: (row.role, hashed(row.password), row.created_at, row.disabled_at)
        for row in _rows(connection, select(USERS.c.name, *user))
    }
    _same("user", users, recorded.users, say)


def _same(what: str, found: dict[str, Values], wanted: dict[str, Values], say: Say) -> None:
    for name in sorted(found.keys() | wanted.keys()):
        if name not in wanted:
            say(f"the {what} {name} was added without a record")
        elif name not in found:
            say(f"the {what} {name} was removed")
        elif found[name] != wanted[name]:
            say(f"the {what} {name} was changed without a record")


def _runs(connection: Connection, told: Told, say: Say) -> None:
    kept = set(connection.execute(select(PORTFOLIO_RUNS.c.run_id)).scalars())
    for run_id in sorted(kept | told.runs.keys()):
        if run_id not in told.runs:
            say(f"the portfolio run {run_id} was added without a record")
        elif run_id not in kept:
            say(f"the portfolio run {run_id} was removed")
        else:
            scores = select(PORTFOLIO_SCORES).where(PORTFOLIO_SCORES.c.run_id == run_id)
            if sums.of(_rows(connection, scores)) != told.run_sum(run_id):
                say(f"the scores of the portfolio run {run_id} were changed")


def _answers(connection: Connection, told: Told, say: Say) -> None:
    record = (RECORDS.c.sequence, RECORDS.c.content)
    joined = ANSWERS.outerjoin(RECORDS, RECORDS.c.id == ANSWERS.c.record_id)
    for row in _rows(connection, select(ANSWERS, *record).select_from(joined)):
        said = records.body_of(row.content).get("answer_hash")
        if said is None and row.content and row.sequence < told.began_at:
            told.uncovered["first answers"] += 1
        elif said != records.answer_hash(FirstAnswer(row.key, row.request, row.status, row.body)):
            say(f"the first answer kept for {row.record_id} was changed")


def _standing(connection: Connection, say: Say) -> None:
    """Look for the answers whose absence would let somebody take a place again."""
    joined = RECORDS.outerjoin(ANSWERS, ANSWERS.c.record_id == RECORDS.c.id)
    missing = (
        RECORDS.c.kind.in_(STANDING),
        RECORDS.c.content.is_not(None),
        ANSWERS.c.key.is_(None),
    )
    chosen = select(RECORDS.c.id, RECORDS.c.content).select_from(joined).where(*missing)
    for row in _rows(connection, chosen):
        if "answer_hash" in records.body_of(row.content):
            say(f"the first answer kept for {row.id} was removed")


def _corrections(connection: Connection, told: Told, say: Say) -> None:
    found: set[str] = set()
    joined = RECTIFICATIONS.outerjoin(RECORDS, RECORDS.c.id == RECTIFICATIONS.c.record_id)
    chosen = select(RECTIFICATIONS, RECORDS.c.id, RECORDS.c.content).select_from(joined)
    for row in _rows(connection, chosen):
        found.add(row.record_id)
        said = records.body_of(row.content).get("rectification_hash")
        said = said or told.corrections.get(row.record_id)
        if said is None and row.id and row.content is None:
            told.uncovered["corrections"] += 1
        elif said != row_hash(row.client_id, row.source, row.item, row.value):
            say(f"the correction accepted by {row.record_id} was changed")
    accepted = (RECORDS.c.kind == "request_accepted", RECORDS.c.content.is_not(None))
    for row in _rows(connection, select(RECORDS.c.id, RECORDS.c.content).where(*accepted)):
        made = "rectification_hash" in records.body_of(row.content) or row.id in told.corrections
        if made and row.id not in found:
            say(f"the correction accepted by {row.id} was removed")


def uncovered(told: Told) -> Iterable[str]:
    """Yield what could not be compared, in words."""
    for what, count in told.uncovered.items():
        yield f"{count} {what} cannot be compared: their records are older or purged."

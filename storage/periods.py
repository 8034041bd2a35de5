"""How long things are kept, and which are past their time.

Each period is a setting, in days: ``SCORING_KEEP_ASSESSMENTS_DAYS=1825`` and so on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Table, func, select

from storage import records, requests, times
from storage.schema import ANSWERS, CLIENTS, PORTFOLIO_RUNS, RECORDS, SESSIONS
from storage.search import last_run

LONGEST_DAYS = 365_000
"""More would reach back before the calendar."""
Conditions = tuple[ColumnElement[bool], ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    """Days each kind of thing is kept. The lender's counsel sets them; these are defaults.

    Five years is the ordinary limit of civil actions in France (Code civil, art. 2224).
    """

    assessments: int = 1825
    """Assessments, decisions, outcomes, clients' requests and how they were closed."""
    trials: int = 365
    """Simulations and recourses: they bind nobody."""
    looks: int = 365
    """Links, who looked through them, who read a client's file or replaced it. A link purged
    before it ends opens nothing any more."""
    answers: int = 30
    """First answers kept for repeated requests."""
    sessions: int = 90
    """Logins, after their end."""
    scores: int = 365
    """Portfolio runs, the last one excepted."""
    clients: int = 1825
    """Clients received that long ago, without any record that still has its content."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Schedule:
        """Read ``SCORING_KEEP_..._DAYS``. Raises ``ValueError`` unless they are whole days."""
        given = {}
        for one in fields(cls):
            written = environment.get(f"SCORING_KEEP_{one.name.upper()}_DAYS")
            if written:
                if not written.isdecimal() or not 1 <= int(written) <= LONGEST_DAYS:
                    msg = f"SCORING_KEEP_{one.name.upper()}_DAYS is no number of days."
                    raise ValueError(msg)
                given[one.name] = int(written)
        return cls(**given)

    def limit(self, name: str, now: datetime) -> str:
        """Return the time before which things of this kind are past theirs, as stored."""
        return times.text(now - timedelta(days=getattr(self, name)))


OF_RECORDS = {
    "assessments": ("assessment", "decision", "outcome", "request", *requests.CLOSINGS.values()),
    "trials": ("simulation", "recourse"),
    "looks": ("link", "link_revoked", "view", "read", "replacement"),
}
STANDING = ("decision", *requests.CLOSINGS.values())
"""Kinds of records whose first answer lets nobody take their place: kept as long as they are."""


def old_records(kind: str, limit: str) -> Conditions:
    """Select records of a kind past their time that still have content; an open request waits.

    One kind at a time, in the order of time, is what the index ``records_with_content`` gives.
    """
    past = (RECORDS.c.kind == kind, RECORDS.c.at < limit, RECORDS.c.content.is_not(None))
    return (*past, requests.is_closed()) if kind == "request" else past


def others(
    connection: Connection, schedule: Schedule, now: datetime
) -> dict[str, tuple[Table, Conditions]]:
    """Return, for each kind kept outside of the records, its table and what is past its time."""
    mine = RECORDS.alias("mine")
    with_content = select(mine.c.id).where(
        mine.c.client_id == CLIENTS.c.client_id, mine.c.content.is_not(None)
    )
    prefix = func.substr(ANSWERS.c.record_id, 1, 4)
    standing = [records.prefix_of(kind) for kind in STANDING]
    limits = {one.name: schedule.limit(one.name, now) for one in fields(Schedule)}
    return {
        "answers": (ANSWERS, (ANSWERS.c.at < limits["answers"], prefix.not_in(standing))),
        "sessions": (SESSIONS, (SESSIONS.c.expires_at < limits["sessions"],)),
        "scores": (
            PORTFOLIO_RUNS,
            (
                PORTFOLIO_RUNS.c.scored_at < limits["scores"],
                PORTFOLIO_RUNS.c.run_id != (last_run(connection) or ""),
            ),
        ),
        "clients": (
            CLIENTS,
            (CLIENTS.c.received_at < limits["clients"], ~with_content.exists()),
        ),
    }

"""Clients looked for by what the last portfolio run said of them, or by what they asked.

Pages follow the client's number, so a client is never seen twice; naming the run keeps the pages
of one search on the same scores while a newer run ends.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Select, and_, select

from storage import requests
from storage.clients import ClientBook, StoredClient
from storage.schema import CLIENTS, PORTFOLIO_RUNS, PORTFOLIO_SCORES, RECORDS
from storage.scores import PortfolioScore

_SCORE = PORTFOLIO_SCORES.c


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a client must be to be found; ``None`` asks nothing. Bounds are included."""

    client_id: int | None = None
    source: str | None = None
    verdict: str | None = None
    risk_band: str | None = None
    probability: tuple[float | None, float | None] = (None, None)
    points: tuple[int | None, int | None] = (None, None)
    assessed_since: str | None = None
    """ISO UTC text: an assessment was given at this time or later."""
    open_request: bool | None = None
    run_id: str | None = None
    """The portfolio run whose scores count; without one (see ``last_run``) nobody has a score."""

    @property
    def asks_for_a_score(self) -> bool:
        """Whether a client without a score cannot be found."""
        bounds = (*self.probability, *self.points, self.verdict, self.risk_band)
        return any(bound is not None for bound in bounds)


@dataclass(frozen=True, slots=True)
class Found:
    """One client and its score in the run; ``None`` when the run has none."""

    client: StoredClient
    score: PortfolioScore | None


def last_run(connection: Connection) -> str | None:
    """Return the number of the last finished portfolio run."""
    newest = select(PORTFOLIO_RUNS.c.run_id).order_by(PORTFOLIO_RUNS.c.scored_at.desc())
    return connection.execute(newest.limit(1)).scalar_one_or_none()


def page(connection: Connection, wanted: Wanted, after: int, limit: int) -> list[Found]:
    """Return at most ``limit`` clients whose number is above ``after``, in order."""
    rows = connection.execute(_statement(wanted, after).limit(limit)).all()
    ids = [row.client_id for row in rows]
    scores = {row.client_id: PortfolioScore(*row) for row in rows if row.verdict is not None}
    clients = ClientBook().find(connection, ids)
    return [Found(client, scores.get(client.client_id)) for client in clients if client]


def _statement(wanted: Wanted, after: int) -> Select[tuple[int]]:
    finished = PORTFOLIO_RUNS.c.run_id == wanted.run_id
    run = select(PORTFOLIO_RUNS.c.run_id).where(finished).scalar_subquery()
    of_client = and_(_SCORE.client_id == CLIENTS.c.client_id, _SCORE.run_id == run)
    columns = (_SCORE.default_probability, _SCORE.verdict, _SCORE.points, _SCORE.risk_band)
    statement = select(CLIENTS.c.client_id, *columns).select_from(
        CLIENTS.join(PORTFOLIO_SCORES, of_client, isouter=not wanted.asks_for_a_score)
    )
    conditions = [CLIENTS.c.client_id > after, *_conditions(wanted)]
    return statement.where(*conditions).order_by(CLIENTS.c.client_id)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    said: list[ColumnElement[bool]] = []
    equal = (
        (CLIENTS.c.client_id, wanted.client_id),
        (CLIENTS.c.source, wanted.source),
        (_SCORE.verdict, wanted.verdict),
        (_SCORE.risk_band, wanted.risk_band),
    )
    said += [column == value for column, value in equal if value is not None]
    for column, (low, high) in (
        (_SCORE.default_probability, wanted.probability),
        (_SCORE.points, wanted.points),
    ):
        said += [column >= low] if low is not None else []
        said += [column <= high] if high is not None else []
    if wanted.assessed_since is not None:
        said.append(_assessed_since(wanted.assessed_since))
    if wanted.open_request is not None:
        is_open = CLIENTS.c.client_id.in_(requests.clients_with_open())
        said.append(is_open if wanted.open_request else ~is_open)
    return said


def _assessed_since(since: str) -> ColumnElement[bool]:
    """Look at each client's own records, which are few and indexed by client."""
    record = RECORDS.alias("assessment")
    mine = (record.c.client_id == CLIENTS.c.client_id, record.c.kind == "assessment")
    return select(record.c.id).where(*mine, record.c.at >= since).exists()

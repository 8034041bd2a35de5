"""Portfolio scores: what a scoring run said of every client, kept by run.

They inform the lender; they are not answers to anybody, so each run is one record: the sum of its
scores (``storage.sums``) is chained, the scores are not. They are committed in chunks, so that the
service keeps recording meanwhile; a run counts once its last line, in ``portfolio_runs``, and its
record are written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Engine, delete, func, insert, select

from storage import records, sums, times
from storage.engine import reading, writing
from storage.records import Entry
from storage.schema import PORTFOLIO_RUNS, PORTFOLIO_SCORES

CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class PortfolioScore:
    """One client's score in one run."""

    client_id: int
    default_probability: float
    verdict: str
    points: int
    risk_band: str


def keep(engine: Engine, run_id: str, model_tag: str, scores: Sequence[PortfolioScore]) -> None:
    """Keep the scores of a run. Raises ``StoreUnavailable``; then the run does not count.

    A run that was cut short is written again from its start under the same number.
    """
    with writing(engine) as connection:
        began_after, _ = records.head(connection)
        connection.execute(delete(PORTFOLIO_SCORES).where(PORTFOLIO_SCORES.c.run_id == run_id))
    total = 0
    for start in range(0, len(scores), CHUNK):
        rows = [{"run_id": run_id, **asdict(score)} for score in scores[start : start + CHUNK]]
        total = sums.plus(total, sums.of(row.values() for row in rows))
        with writing(engine) as connection:
            connection.execute(insert(PORTFOLIO_SCORES), rows)
    run = {"model_tag": model_tag, "clients": len(scores)}
    said = {**run, "sum": sums.written(total), "began_after": began_after}
    at = times.text(times.now())
    with writing(engine) as connection:
        entry = Entry("portfolio_run", said, "storage.scores", "system", about=run_id, at=at)
        records.append(connection, [entry])
        connection.execute(insert(PORTFOLIO_RUNS), {**run, "run_id": run_id, "scored_at": at})


def count(engine: Engine, run_id: str) -> dict[str, int]:
    """Return how many clients of a finished run have each verdict."""
    verdict, run = PORTFOLIO_SCORES.c.verdict, PORTFOLIO_SCORES.c.run_id
    statement = (
        select(verdict, func.count())
        .join(PORTFOLIO_RUNS, PORTFOLIO_RUNS.c.run_id == run)
        .where(run == run_id)
        .group_by(verdict)
    )
    with reading(engine) as connection:
        return {name: int(clients) for name, clients in connection.execute(statement)}

"""Monthly balances of point-of-sale and cash loans."""

from __future__ import annotations

import numpy as np
import polars as pl

from portfolio.columns import as_kind
from portfolio.marginals import Codes, Floats
from portfolio.people import People
from portfolio.repayment import Schedule
from portfolio.rows import repeat

MONTH_DAYS = 30.44
_OLDEST_MONTH = 96
_REPORTED = 0.955  # loans that have monthly balances at all
_SIGNED = 0.1  # loans whose first month is reported as signed, not yet active


def table(people: People, schedule: Schedule) -> pl.DataFrame:
    """One row per loan and month, from the decision to the last instalment or the present."""
    rng = people.stream("pos")
    loans = schedule.loans
    reported = rng.random(len(loans.ids)) < _REPORTED
    chosen = np.flatnonzero(~loans.is_card & ~np.isnan(loans.first_due) & reported)
    given_up = np.zeros(len(loans.ids), dtype=bool)
    given_up[schedule.loan[np.isnan(schedule.days_late)]] = True
    first = _months_ago(loans.decision[chosen])
    closed = np.where(given_up, np.nan, loans.last_due)[chosen]
    last = np.where(np.isnan(closed), 1, np.maximum(_months_ago(np.nan_to_num(closed)), 1))
    last = np.minimum(last, first)
    position, rank = repeat(first - last + 1)
    months_ago = first[position] - rank
    kept = months_ago <= _OLDEST_MONTH
    position, months_ago, rank = position[kept], months_ago[kept], rank[kept]
    loan = chosen[position]
    ends = (months_ago == last[position]) & ~np.isnan(closed)[position]
    term, future = _remaining(schedule, loan, months_ago, ends)
    past_due = _past_due(schedule, loan, months_ago, len(loans.ids))
    past_due[ends] = 0
    status = np.where(ends, 1, 0)
    signed = (rng.random(len(loans.ids)) < _SIGNED)[loan] & (rank == 0) & ~ends
    status[signed] = 2
    status[(past_due > 180) & (rng.random(len(loan)) < 0.3)] = 3
    words = pl.Series(["Active", "Completed", "Signed", "Demand"])
    return pl.DataFrame(
        [
            as_kind("SK_ID_PREV", "id", loans.ids[loan]),
            as_kind("SK_ID_CURR", "id", people.ids[loans.owners[loan]]),
            as_kind("MONTHS_BALANCE", "integer", -months_ago),
            as_kind("CNT_INSTALMENT", "number", term),
            as_kind("CNT_INSTALMENT_FUTURE", "number", future),
            words.gather(status).alias("NAME_CONTRACT_STATUS"),
            as_kind("SK_DPD", "integer", past_due),
            as_kind("SK_DPD_DEF", "integer", np.where(schedule.tolerated[loan], 0, past_due)),
        ]
    )


def _months_ago(days: Floats) -> Codes:
    return np.floor(-days / MONTH_DAYS).astype(np.int64)


def _remaining(
    schedule: Schedule, loan: Codes, months_ago: Codes, ends: np.ndarray
) -> tuple[Floats, Floats]:
    """Term and instalments to come of each row; a loan settled early shortens its term."""
    loans = schedule.loans
    term = loans.term[loan]
    elapsed = np.floor((-months_ago * MONTH_DAYS - loans.first_due[loan]) / 30) + 1
    matured = np.clip(elapsed, 0, term)
    future = np.where(ends, 0.0, term - matured)
    early = ends & (loans.last_due < loans.last_due_planned)[loan]
    return np.where(early, np.maximum(matured, 1), term), future


def _past_due(schedule: Schedule, loan: Codes, months_ago: Codes, count: int) -> Codes:
    """Days past due at the end of each month: since the oldest instalment still unpaid then."""
    month_end = -(months_ago - 1) * MONTH_DAYS - 1
    paid = np.where(np.isnan(schedule.days_late), np.inf, schedule.due + schedule.days_late)
    late = schedule.days_late != 0
    late &= ~(schedule.days_late < 0)
    if not late.any():
        return np.zeros(len(loan), dtype=np.int64)
    result = np.zeros(len(loan))
    # Most loans have few late instalments, so rows meet them one rank at a time.
    late_rows = np.flatnonzero(late)
    late_loan = schedule.loan[late_rows]
    starts = np.searchsorted(late_loan, np.arange(count + 1))
    many = np.diff(starts)
    for rank in range(int(many.max())):
        open_rows = np.flatnonzero(many[loan] > rank)
        instalment = late_rows[starts[loan[open_rows]] + rank]
        unpaid = (schedule.due[instalment] < month_end[open_rows]) & (
            paid[instalment] > month_end[open_rows]
        )
        days = np.where(unpaid, month_end[open_rows] - schedule.due[instalment], 0.0)
        result[open_rows] = np.maximum(result[open_rows], days)
    return np.floor(result).astype(np.int64)

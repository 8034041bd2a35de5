"""How a client repays: what POS loans, instalments and cards have in common."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from portfolio.marginals import Codes, Floats
from portfolio.people import People
from portfolio.previous_table import Loans
from portfolio.rows import Rows, cents, repeat
from portfolio.variables import Variable

_DUE_STEP = 30  # days between instalments
_OLDEST_DAY = -2922  # the archive goes eight years back
# Days between due date and payment, from the reference statistics of instalments: 8.3 % late,
# 23.6 % on the day, the others early with a median of a week.
_LATE_LEVEL, _LATE_SPREAD = -3.35, 1.35
_ON_THE_DAY = 0.25
_EARLY_DAYS = 7.5
_LATE_DAYS = 5.0
_LONG_LATE = 0.04  # of late payments, those of more than a month
_BAD_LOAN = 2.0  # what a loan seen late adds to the log-odds of each late payment
_GIVEN_UP = 0.04  # of loans seen late, those whose payments stop for good


@dataclass(frozen=True)
class Schedule:
    """Every instalment fallen due of a block's loans, cards excepted, in order of loan and number.

    ``days_late`` is negative when paid early and NaN when never paid; ``loan`` is the position in
    ``loans``. ``tolerated`` marks loans whose lateness stays below what the lender counts.
    """

    loans: Loans
    loan: Codes
    number: Codes
    due: Floats
    days_late: Floats
    amount: Floats
    is_settlement: np.ndarray
    tolerated: np.ndarray


LOANS: tuple[Variable, ...] = (Variable("late loan", "category", trait="trait late", ordered=True),)
CARDS: tuple[Variable, ...] = (
    Variable("card use", "number", (("card months/4",),), trait="trait card use", knots=30),
)


def loans_seen_late(pos: pl.DataFrame) -> pl.DataFrame:
    """One row per POS loan: the client and whether any month was past due beyond tolerance."""
    return pos.group_by("SK_ID_PREV", "SK_ID_CURR", maintain_order=True).agg(
        pl.when((pl.col("SK_DPD_DEF") > 0).any())
        .then(pl.lit("yes"))
        .otherwise(pl.lit("no"))
        .alias("late loan")
    )


def use_of_cards(cards: pl.DataFrame) -> pl.DataFrame:
    """One row per card: the client and the mean share of the limit that is drawn."""
    limit = pl.col("AMT_CREDIT_LIMIT_ACTUAL").mean()
    return cards.group_by("SK_ID_PREV", "SK_ID_CURR", maintain_order=True).agg(
        pl.when(limit > 0)
        .then((pl.col("AMT_BALANCE").mean() / limit).clip(0, 1.5))
        .alias("card use"),
        pl.len().cast(pl.Float64).alias("card months"),
    )


def schedule(people: People, loans: Loans) -> Schedule:
    """Draw how every due instalment of ``loans`` was paid."""
    rng = people.stream("schedule")
    rows = Rows(people, "loans", loans.owners, rng)
    rows.draw("late loan")
    seen_late = rows.is_label("late loan", "yes")
    plain = np.flatnonzero(~loans.is_card & ~np.isnan(loans.first_due))
    last = np.where(np.isnan(loans.last_due), loans.last_due_planned, loans.last_due)
    until = np.minimum(last, -1)[plain]
    first = loans.first_due[plain]
    count = np.clip(np.floor((until - first) / _DUE_STEP) + 1, 1, np.maximum(loans.term[plain], 1))
    position, rank = repeat(count.astype(np.int64))
    due = first[position] + _DUE_STEP * rank
    early = (loans.last_due < loans.last_due_planned)[plain]
    settlement = early[position] & (rank == count[position] - 1)
    remaining = np.maximum(loans.term[plain] - count + 1, 1)[position]
    loan = plain[position]
    amount = np.where(settlement, remaining * 0.92 * loans.annuity[loan], loans.annuity[loan])
    kept = due >= _OLDEST_DAY
    loan, rank, settlement = loan[kept], rank[kept], settlement[kept]
    due, amount = due[kept], amount[kept]
    late = _days_late(people, rng, loans, loan, seen_late)
    late = np.minimum(late, -1 - due)  # nothing is paid in the future
    given_up = seen_late & (rng.random(len(loans.ids)) < _GIVEN_UP)
    stops = np.floor(rng.random(len(loans.ids)) * loans.term)
    late[given_up[loan] & (rank >= stops[loan])] = np.nan
    return Schedule(loans, loan, rank + 1, due, late, cents(amount), settlement, ~seen_late)


def _days_late(
    people: People, rng: np.random.Generator, loans: Loans, loan: Codes, seen_late: np.ndarray
) -> Floats:
    """Days from due date to payment of each instalment."""
    n = len(loan)
    trait = people.latents["trait late"]
    habit = 0.85 * trait + np.sqrt(1 - 0.85**2) * rng.standard_normal(people.size)
    earliness = _EARLY_DAYS * np.exp(0.7 * rng.standard_normal(people.size))
    odds = _LATE_LEVEL + _LATE_SPREAD * habit[loans.owners] + _BAD_LOAN * seen_late
    late = rng.random(n) < (1 / (1 + np.exp(-odds)))[loan]
    days_after = 1 + np.floor(rng.exponential(_LATE_DAYS, n))
    days_after = np.where(rng.random(n) < _LONG_LATE, days_after * 12, days_after)
    days_before = np.round(rng.exponential(1, n) * earliness[loans.owners][loan])
    on_the_day = rng.random(n) < _ON_THE_DAY
    return np.where(late, days_after, np.where(on_the_day, 0.0, -days_before))

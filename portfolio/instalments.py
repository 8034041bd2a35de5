"""Instalments: what was due on previous loans and cards, and the payments made for it."""

from __future__ import annotations

import numpy as np
import polars as pl

from portfolio.columns import as_kind
from portfolio.marginals import Floats
from portfolio.people import People
from portfolio.repayment import Schedule
from portfolio.rows import cents, repeat

# From the genuine fragment of instalments. Of those paid late, one in five was paid in two parts,
# the first in time and the last about a month after it; nearly all of these add up to the amount
# due. Of the others, those paid late were mostly paid short, for nearly nothing or nearly all.
_SPLIT = 0.22
_ADDS_UP = 0.93
_PARTS_APART_DAYS = (28.0, 9.0)  # mean and spread
_SHORT_WHEN_LATE, _SHORT_IN_TIME = 0.56, 0.065
_SHORT_SHARE = 0.22  # both parameters of a beta: the smaller, the nearer to nothing or to all
_CHANGED = 0.06  # loans whose schedule was changed on the way


def table(people: People, schedule: Schedule, card_payments: pl.DataFrame) -> pl.DataFrame:
    """One row per payment, each with the whole amount due: loans, then ``card_payments``."""
    rng = people.stream("instalments")
    loans, n = schedule.loans, len(schedule.loan)
    late = schedule.days_late > 0
    split = late & (rng.random(n) < _SPLIT)
    row, part = repeat(1 + split.astype(np.int64))
    first, last = _paid(rng, schedule.amount, late, split)
    paid = np.where(split[row] & (part == 0), first[row], last[row])
    apart = np.maximum(1, np.round(rng.normal(*_PARTS_APART_DAYS, n)))
    when = schedule.due[row] + schedule.days_late[row]
    when = when - np.where(split[row] & (part == 0), apart[row], 0.0)
    changed_from = np.where(
        rng.random(len(loans.ids)) < _CHANGED, np.floor(rng.random(len(loans.ids)) * 12), np.inf
    )
    version = 1 + (schedule.number[row] > changed_from[schedule.loan[row]])
    version = version + schedule.is_settlement[row]
    drawn = pl.DataFrame(
        [
            as_kind("SK_ID_PREV", "id", loans.ids[schedule.loan[row]]),
            as_kind("SK_ID_CURR", "id", people.ids[loans.owners[schedule.loan[row]]]),
            as_kind("NUM_INSTALMENT_VERSION", "number", version.astype(float)),
            as_kind("NUM_INSTALMENT_NUMBER", "integer", schedule.number[row]),
            as_kind("DAYS_INSTALMENT", "number", schedule.due[row]),
            as_kind("DAYS_ENTRY_PAYMENT", "number", when),
            as_kind("AMT_INSTALMENT", "number", schedule.amount[row]),
            as_kind("AMT_PAYMENT", "number", np.where(np.isnan(when), np.nan, paid)),
        ]
    )
    return pl.concat([drawn, card_payments])


def _paid(
    rng: np.random.Generator, due: Floats, late: np.ndarray, split: np.ndarray
) -> tuple[Floats, Floats]:
    """Amounts of the first of two payments, and of the last or only one, of each instalment."""
    n = len(due)
    short = rng.random(n) < np.where(late, _SHORT_WHEN_LATE, _SHORT_IN_TIME)
    short = np.where(split, rng.random(n) > _ADDS_UP, short)
    in_all = np.where(short, cents(due * rng.beta(_SHORT_SHARE, _SHORT_SHARE, n)), due)
    first = np.where(split, cents(in_all * rng.uniform(0.05, 0.95, n)), 0.0)
    return first, np.round(in_all - first, 3)

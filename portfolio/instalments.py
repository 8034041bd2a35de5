"""Instalments: what was due on previous loans and cards, and the payments made for it."""

from __future__ import annotations

import numpy as np
import polars as pl

from portfolio.columns import as_kind
from portfolio.marginals import Floats
from portfolio.people import People
from portfolio.repayment import Schedule
from portfolio.rows import cents, repeat

_SPLIT = 0.075  # instalments paid in two parts
_CHANGED = 0.06  # loans whose schedule was changed on the way


def table(people: People, schedule: Schedule, card_payments: pl.DataFrame) -> pl.DataFrame:
    """One row per payment: those of loans, then those of cards (``card_payments``)."""
    rng = people.stream("instalments")
    loans, n = schedule.loans, len(schedule.loan)
    split = (rng.random(n) < _SPLIT) & ~np.isnan(schedule.days_late)
    row, part = repeat(1 + split.astype(np.int64))
    share = rng.uniform(0.05, 0.95, n)
    first_part = cents(schedule.amount * share)
    paid = np.where(
        split[row],
        np.where(part == 0, first_part[row], cents(schedule.amount - first_part)[row]),
        schedule.amount[row],
    )
    late = schedule.days_late[row]
    earlier = np.floor(rng.random(len(row)) * 20)
    when = schedule.due[row] + np.where(split[row] & (part == 0), late - earlier, late)
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
            as_kind("AMT_PAYMENT", "number", _unpaid(paid, late)),
        ]
    )
    return pl.concat([drawn, card_payments])


def _unpaid(paid: Floats, late: Floats) -> Floats:
    return np.where(np.isnan(late), np.nan, paid)

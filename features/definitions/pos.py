"""Instalment loans with us, month by month: what remains to be paid, and the late months.

One row is one month of one loan. ``latest`` marks the last known month of each loan: what it says
is the loan's state at the time of the application.
"""

from __future__ import annotations

from features.engine.declare import Declarations
from features.engine.family import ALL, Slice, is_any, months
from features.engine.namespace import Expr, Namespace
from features.engine.statistics import (
    COUNT,
    LATEST,
    MAX,
    MEAN,
    OLDEST,
    RECENT_MEAN,
    SHARE,
    SLOPE,
    SUM,
)
from features.raw.tables import Words

DECLARED = Declarations("pos", prefix="pos", clock=lambda x: x.col("month"))
feature = DECLARED.feature


@DECLARED.column
def latest(x: Namespace) -> Expr:
    """Whether the row is the last known month of its loan."""
    return x.col("month") == x.col("month").max().over("previous_id")


@DECLARED.column
def remaining_share(x: Namespace) -> Expr:
    """Instalments left over the term of the loan."""
    return x.when(x.col("term_months") > 0).then(x.col("remaining_months") / x.col("term_months"))


WINDOWS = months(3, 6, 12, 24, 60)
LATEST_MONTH = Slice(
    "now",
    Words("au dernier mois connu de chaque prêt", "in the last known month of each loan"),
    lambda x: x.col("latest"),
)

LATE = DECLARED.measure("late_months", lambda x: x.col("days_past_due") > 0)
LATE_TOLERANT = DECLARED.measure(
    "late_tolerant_months", lambda x: x.col("days_past_due_tolerant") > 0
)
PAST_DUE = DECLARED.measure("days_past_due")
PAST_DUE_TOLERANT = DECLARED.measure("days_past_due_tolerant")
REMAINING = DECLARED.measure("remaining_months")
REMAINING_SHARE = DECLARED.measure("remaining_share")
TERM = DECLARED.measure("term_months")
MONTHS = DECLARED.measure("months", lambda x: ~x.col("month").is_null())
ACTIVE = DECLARED.measure("active_loans", is_any("status", "Active"))
COMPLETED = DECLARED.measure("completed_loans", is_any("status", "Completed"))
RECORDED = DECLARED.measure("month")

DECLARED.family([LATE, LATE_TOLERANT], [ALL, *WINDOWS[1:]], [COUNT])
DECLARED.family([LATE, LATE_TOLERANT], [ALL, *WINDOWS[1:3]], [SHARE])
DECLARED.family([PAST_DUE, PAST_DUE_TOLERANT], [ALL, *WINDOWS[1:4]], [MAX, MEAN])
DECLARED.family([PAST_DUE, PAST_DUE_TOLERANT], [ALL], [RECENT_MEAN])
DECLARED.family([PAST_DUE_TOLERANT], [ALL], [SLOPE])
DECLARED.family([REMAINING], [LATEST_MONTH], [SUM, MAX, MEAN])
DECLARED.family([REMAINING, TERM], [ALL, *WINDOWS[:3]], [MEAN, MAX])
DECLARED.family([REMAINING_SHARE], [ALL, LATEST_MONTH, *WINDOWS[:3]], [MEAN])
DECLARED.family([REMAINING, TERM], [ALL], [SLOPE, RECENT_MEAN])
DECLARED.family([MONTHS], [ALL, *WINDOWS[2:], LATEST_MONTH], [COUNT])
DECLARED.family([ACTIVE, COMPLETED], [LATEST_MONTH], [COUNT, SHARE])
DECLARED.family([COMPLETED], WINDOWS[1:4], [COUNT])
DECLARED.family([RECORDED], [ALL], [LATEST, OLDEST, MEAN])


@feature(
    group="pos_remaining",
    unit="count",
    label=("Nombre de prêts suivis chez nous", "Loans followed with us"),
)
def pos_loans_count(x: Namespace) -> Expr:
    """How many different instalment loans with us have a monthly record."""
    return x.col("previous_id").n_unique()

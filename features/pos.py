"""Instalment loans with us, month by month: what remains to be paid, and the late months.

One row is one month of one loan. ``latest`` marks the last known month of each loan: what it says
is the loan's state at the time of the application.
"""

from __future__ import annotations

from features.declare import RAISES_RISK, Declarations, Expr, Measure, Namespace, Slice
from features.statistics import COUNT, MAX, MEAN, MIN, RECENT_MEAN, SHARE, SLOPE, SUM
from features.tables import Words

POS = Declarations("pos", prefix="pos", clock=lambda x: x.col("month"))
feature = POS.feature


@POS.column
def latest(x: Namespace) -> Expr:
    """Whether the row is the last known month of its loan."""
    return x.col("month") == x.col("month").max().over("previous_id")


@POS.column
def remaining_share(x: Namespace) -> Expr:
    """Instalments left over the term of the loan."""
    return x.when(x.col("term_months") > 0).then(x.col("remaining_months") / x.col("term_months"))


def _within(months: int) -> Slice:
    return Slice(
        f"{months}_months",
        Words(f"sur les {months} derniers mois", f"over the last {months} months"),
        lambda x: x.col("month") >= -months,
    )


ALL = Slice("", Words("sur l'ensemble", "over all of it"))
WINDOWS = tuple(_within(months) for months in (3, 6, 12, 24, 60))
LATEST = Slice(
    "latest",
    Words("au dernier mois connu de chaque prêt", "in the last known month of each loan"),
    lambda x: x.col("latest"),
)

LATE = Measure(
    "late_months",
    "pos_delays",
    "count",
    Words("Mois en retard sur les prêts chez nous", "Late months on loans with us"),
    lambda x: x.col("days_past_due") > 0,
    RAISES_RISK,
    yes_or_no=True,
)
LATE_TOLERANT = Measure(
    "late_tolerant_months",
    "pos_delays",
    "count",
    Words("Mois en retard notable sur les prêts chez nous", "Notably late months on loans with us"),
    lambda x: x.col("days_past_due_tolerant") > 0,
    RAISES_RISK,
    yes_or_no=True,
)
PAST_DUE = Measure(
    "days_past_due",
    "pos_delays",
    "days",
    Words("Jours de retard sur les prêts chez nous", "Days past due on loans with us"),
    lambda x: x.col("days_past_due"),
    RAISES_RISK,
)
PAST_DUE_TOLERANT = Measure(
    "days_past_due_tolerant",
    "pos_delays",
    "days",
    Words("Jours de retard notable sur les prêts chez nous", "Notable days past due, with us"),
    lambda x: x.col("days_past_due_tolerant"),
    RAISES_RISK,
)
REMAINING = Measure(
    "remaining_months",
    "pos_remaining",
    "months",
    Words("Mensualités restantes sur les prêts chez nous", "Instalments left on loans with us"),
    lambda x: x.col("remaining_months"),
)
REMAINING_SHARE = Measure(
    "remaining_share",
    "pos_remaining",
    "share",
    Words(
        "Part des mensualités restantes sur les prêts chez nous",
        "Share of instalments left on loans with us",
    ),
    lambda x: x.col("remaining_share"),
)
TERM = Measure(
    "term_months",
    "pos_remaining",
    "months",
    Words("Durée des prêts en cours chez nous", "Term of loans with us"),
    lambda x: x.col("term_months"),
)
MONTHS = Measure(
    "months",
    "pos_remaining",
    "count",
    Words("Mois de prêt suivis chez nous", "Months of loans followed with us"),
    lambda x: x.col("month").is_not_null(),
    yes_or_no=True,
)
ACTIVE = Measure(
    "active_loans",
    "pos_remaining",
    "count",
    Words("Prêts en cours chez nous", "Open loans with us"),
    lambda x: x.col("status") == "Active",
    yes_or_no=True,
)
COMPLETED = Measure(
    "completed_loans",
    "pos_remaining",
    "count",
    Words("Prêts soldés chez nous", "Completed loans with us"),
    lambda x: x.col("status") == "Completed",
    yes_or_no=True,
)
BALANCE_MONTH = Measure(
    "month",
    "pos_remaining",
    "months",
    Words("Mois de suivi des prêts chez nous", "Month of record of loans with us"),
    lambda x: x.col("month"),
)

POS.family([LATE, LATE_TOLERANT], [ALL, *WINDOWS], [COUNT, SHARE])
POS.family([PAST_DUE, PAST_DUE_TOLERANT], [ALL, *WINDOWS], [MAX, MEAN])
POS.family([PAST_DUE, PAST_DUE_TOLERANT], [ALL], [RECENT_MEAN, SLOPE])
POS.family([REMAINING], [LATEST], [SUM, MAX, MEAN])
POS.family([REMAINING, TERM], [ALL, *WINDOWS[:3]], [MEAN, MAX, MIN])
POS.family([REMAINING_SHARE], [ALL, LATEST, *WINDOWS[:3]], [MEAN])
POS.family([REMAINING, REMAINING_SHARE, TERM], [ALL], [SLOPE, RECENT_MEAN])
POS.family([MONTHS], [ALL, *WINDOWS, LATEST], [COUNT])
POS.family([ACTIVE, COMPLETED], [LATEST], [COUNT, SHARE])
POS.family([COMPLETED], [*WINDOWS[1:4]], [COUNT])
POS.family([BALANCE_MONTH], [ALL], [MAX, MIN, MEAN])


@feature(
    group="pos_remaining",
    unit="count",
    label=("Nombre de prêts suivis chez nous", "Loans followed with us"),
)
def pos_loans_count(x: Namespace) -> Expr:
    """How many different instalment loans with us have a monthly record."""
    return x.col("previous_id").n_unique()

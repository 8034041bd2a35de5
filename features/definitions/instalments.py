"""Instalments paid to us: when, against when they were due, and how much of them.

What is counted is one instalment: a raw row is one payment, and payments of the same instalment,
each of which repeats the whole amount due, are put together first. An instalment is late when the
last of its payments came late; one that was due and never paid is late to this day and wholly
unpaid. Habits are read over windows before the application, over the last instalments, and over
the late or under-paid ones alone.
"""

from __future__ import annotations

from features.engine.declare import Declarations
from features.engine.family import ALL, Slice, within
from features.engine.grain import Grain
from features.engine.namespace import LOWERS_RISK, RAISES_RISK, Expr, Namespace
from features.engine.statistics import (
    COUNT,
    LATEST,
    MAX,
    MEAN,
    MIN,
    OLDEST,
    RECENT_MEAN,
    SHARE,
    SLOPE,
    STD,
    SUM,
    known_sum,
)
from features.raw.tables import Words

CENT = 0.01
"""Parts that add up to an amount miss it by less than this, by rounding."""


def _payment_day(x: Namespace) -> Expr:
    """Return the day of the payment; a payment of nothing is none."""
    return x.when(x.col("amount_paid").fill_null(1.0) > 0).then(x.col("paid_days"))


INSTALMENT = Grain(
    keys=("client_id", "previous_id", "number", "version"),
    columns={
        "due_days": lambda x: x.col("due_days").max(),
        "amount_due": lambda x: x.col("amount_due").max(),
        "amount_paid": lambda x: known_sum(x, x.col("amount_paid")),
        "paid_days": lambda x: _payment_day(x).max(),
    },
)

DECLARED = Declarations(
    "instalments",
    prefix="instalments",
    clock=lambda x: x.col("due_days") / 30.4375,
    grain=INSTALMENT,
)
feature = DECLARED.feature


@DECLARED.column
def recency(x: Namespace) -> Expr:
    """Rank of the instalment from the latest due (1) to the oldest of the client."""
    due = x.struct("due_days", "previous_id", "number", "version")
    return due.rank("ordinal", descending=True).over("client_id")


@DECLARED.column
def last_paid_days(x: Namespace) -> Expr:
    """Day of the last payment, in days from the application; missing when nothing was paid."""
    return _payment_day(x)


@DECLARED.column
def missed(x: Namespace) -> Expr:
    """Whether the instalment was due and never paid."""
    unpaid = x.col("last_paid_days").is_null() & (x.col("amount_paid").fill_null(0.0) == 0.0)
    return unpaid & (x.col("due_days") <= 0)


@DECLARED.column
def settled(x: Namespace) -> Expr:
    """Amount paid in all: zero when the instalment was missed."""
    return x.when(x.col("missed")).then(0.0).otherwise(x.col("amount_paid"))


@DECLARED.column
def late_days(x: Namespace) -> Expr:
    """Days from due date to last payment, to the application when missed; negative when early."""
    until = x.when(x.col("missed")).then(0.0).otherwise(x.col("last_paid_days"))
    return until - x.col("due_days")


@DECLARED.column
def unpaid_amount(x: Namespace) -> Expr:
    """Amount due minus amount paid: positive when under-paid; less than a cent is nothing."""
    left = x.col("amount_due") - x.col("settled")
    return x.when(left.abs() < CENT).then(0.0).otherwise(left)


@DECLARED.column
def paid_share(x: Namespace) -> Expr:
    """Amount paid over amount due; missing when nothing was due."""
    return x.when(x.col("amount_due") > 0).then(x.col("settled") / x.col("amount_due"))


@DECLARED.column
def in_order(x: Namespace) -> Expr:
    """Whether the instalment is known to have been paid in time and in full."""
    return ((x.col("late_days") <= 0) & (x.col("unpaid_amount") <= 0)).fill_null(False)


def _due_within(days: int) -> Slice:
    words = Words(f"sur les {days} derniers jours", f"over the last {days} days")
    return Slice(f"{days}_days", words, within("due_days", days))


def _last(count: int) -> Slice:
    words = Words(f"sur les {count} dernières", f"over the last {count}")
    return Slice(f"last_{count}", words, lambda x: x.col("recency") <= count)


WINDOWS = tuple(_due_within(days) for days in (60, 90, 180, 365, 730))
LAST = tuple(_last(count) for count in (3, 5, 10, 20))
LATE_ONLY = Slice(
    "when_late",
    Words("sur celles en retard", "over the late ones"),
    lambda x: x.col("late_days") > 0,
)
UNDERPAID_ONLY = Slice(
    "when_underpaid",
    Words("sur celles non payées en totalité", "over those not paid in full"),
    lambda x: x.col("unpaid_amount") > 0,
)

LATE_DAYS = DECLARED.measure("late_days")
PAST_DUE = DECLARED.measure("past_due_days", lambda x: x.col("late_days").clip(0, None))
EARLY = DECLARED.measure("early_days", lambda x: (-x.col("late_days")).clip(0, None))
MISSED = DECLARED.measure("missed")
LATE = DECLARED.measure("late", lambda x: x.col("late_days") > 0)
VERY_LATE = DECLARED.measure("very_late", lambda x: x.col("late_days") > 7)
UNPAID = DECLARED.measure("unpaid", lambda x: x.col("unpaid_amount"))
PAID_SHARE = DECLARED.measure("paid_share")
UNDERPAID = DECLARED.measure("underpaid", lambda x: x.col("unpaid_amount") > 0)
PAID = DECLARED.measure("paid", lambda x: x.col("settled"))
DUE = DECLARED.measure("due", lambda x: x.col("amount_due"))
FALLEN_DUE = DECLARED.measure("fallen_due", lambda x: ~x.col("due_days").is_null())
DUE_DAYS = DECLARED.measure("due_days")
PAID_DAYS = DECLARED.measure("paid_days", lambda x: x.col("last_paid_days"))
VERSION = DECLARED.measure("schedule_version", lambda x: x.col("version"))

DECLARED.family([LATE_DAYS], [ALL, *WINDOWS, *LAST], [MEAN, MAX])
DECLARED.family([LATE_DAYS], [ALL, WINDOWS[3]], [MIN, STD])
DECLARED.family([PAST_DUE], [ALL, *WINDOWS, *LAST[:3]], [MEAN])
DECLARED.family([PAST_DUE], [ALL, WINDOWS[3]], [SUM])
DECLARED.family([PAST_DUE], [LATE_ONLY, UNDERPAID_ONLY], [MEAN, MAX])
DECLARED.family([EARLY], [ALL, *WINDOWS[2:4], LAST[2]], [MEAN])
DECLARED.family([LATE], [ALL, *WINDOWS], [COUNT, SHARE])
DECLARED.family([LATE], LAST, [SHARE])
DECLARED.family([VERY_LATE], [ALL, *WINDOWS[2:]], [COUNT, SHARE])
DECLARED.family([UNPAID], [ALL, *WINDOWS[1:4], LAST[2]], [SUM, MAX])
DECLARED.family([UNPAID], [UNDERPAID_ONLY, LATE_ONLY], [MEAN, MAX])
DECLARED.family([PAID_SHARE], [ALL, *WINDOWS[1:4], *LAST[1:3], LATE_ONLY], [MEAN])
DECLARED.family([PAID_SHARE], [ALL, WINDOWS[3]], [MIN, STD])
DECLARED.family([UNDERPAID], [ALL, *WINDOWS[1:4]], [COUNT, SHARE])
DECLARED.family([PAID], [ALL, WINDOWS[3]], [SUM, MEAN, MAX, MIN])
DECLARED.family([DUE], [ALL, WINDOWS[3]], [SUM, MEAN, MAX])
DECLARED.family([LATE_DAYS, PAST_DUE, PAID_SHARE, PAID], [ALL], [SLOPE, RECENT_MEAN])
DECLARED.family([LATE, UNDERPAID], [ALL], [RECENT_MEAN])
DECLARED.family([MISSED], [ALL], [COUNT])
DECLARED.family([FALLEN_DUE], [ALL, WINDOWS[3]], [COUNT])
DECLARED.family([DUE_DAYS], [ALL], [OLDEST, MEAN])
DECLARED.family([PAID_DAYS], [ALL], [LATEST, MEAN])
DECLARED.family([VERSION], [ALL], [MAX, MEAN])


@feature(
    group="instalment_amounts",
    unit="ratio",
    label=("Total réglé rapporté au total dû", "Total paid to total due"),
)
def instalments_total_paid_to_due(x: Namespace) -> Expr:
    """Sum of the amounts paid divided by the sum due, over instalments whose payment is known."""
    due = x.when(~x.col("settled").is_null()).then(x.col("amount_due"))
    return x.col("settled").sum() / due.sum()


@feature(
    group="instalment_amounts",
    unit="count",
    label=("Prêts remboursés par échéances", "Loans repaid by instalments"),
)
def instalments_loans_count(x: Namespace) -> Expr:
    """How many different loans the instalments belong to."""
    return x.col("previous_id").n_unique()


@feature(
    group="instalment_delays",
    unit="days",
    direction=RAISES_RISK,
    label=(
        "Date de la dernière échéance en retard",
        "Date of the latest late instalment",
    ),
)
def instalments_last_late_days(x: Namespace) -> Expr:
    """Due date, in days before the application, of the latest late instalment."""
    return x.when(x.col("late_days") > 0).then(x.col("due_days")).max()


@feature(
    group="instalment_delays",
    unit="count",
    direction=LOWERS_RISK,
    label=(
        "Dernières échéances de suite réglées à temps et en totalité",
        "Latest instalments in a row paid on time and in full",
    ),
)
def instalments_on_time_streak_count(x: Namespace) -> Expr:
    """How many of the latest instalments, one after the other, were paid on time and in full."""
    latest_fault = x.when(~x.col("in_order")).then(x.col("recency")).min()
    return x.when(latest_fault.is_null()).then(x.len()).otherwise(latest_fault - 1)

"""Instalments paid to us: when, against when they were due, and how much of them.

One row is one payment of one instalment. Habits are read over windows before the application, over
the last payments, and over the late or under-paid ones alone.
"""

from __future__ import annotations

from features.declare import RAISES_RISK, Declarations, Expr, Measure, Namespace, Slice
from features.statistics import COUNT, MAX, MEAN, MIN, RECENT_MEAN, SHARE, SLOPE, STD, SUM
from features.tables import Words

INSTALMENTS = Declarations(
    "instalments", prefix="instalments", clock=lambda x: x.col("due_days") / 30.4375
)
feature = INSTALMENTS.feature


@INSTALMENTS.column
def recency(x: Namespace) -> Expr:
    """Rank of the payment from the latest due (1) to the oldest of the client."""
    return x.col("due_days").rank("ordinal", descending=True).over("client_id")


@INSTALMENTS.column
def late_days(x: Namespace) -> Expr:
    """Days between due date and payment: positive when late, negative when early."""
    return x.col("paid_days") - x.col("due_days")


@INSTALMENTS.column
def unpaid_amount(x: Namespace) -> Expr:
    """Amount due minus amount paid: positive when under-paid."""
    return x.col("amount_due") - x.col("amount_paid")


@INSTALMENTS.column
def paid_share(x: Namespace) -> Expr:
    """Amount paid over amount due; missing when nothing was due."""
    return x.when(x.col("amount_due") > 0).then(x.col("amount_paid") / x.col("amount_due"))


def _within(days: int) -> Slice:
    return Slice(
        f"{days}_days",
        Words(f"sur les {days} derniers jours", f"over the last {days} days"),
        lambda x: x.col("due_days") >= -days,
    )


def _last(count: int) -> Slice:
    return Slice(
        f"last_{count}",
        Words(f"sur les {count} dernières", f"over the last {count}"),
        lambda x: x.col("recency") <= count,
    )


ALL = Slice("", Words("sur l'ensemble", "over all of them"))
WINDOWS = tuple(_within(days) for days in (60, 90, 180, 365, 730))
LAST = tuple(_last(count) for count in (3, 5, 10, 20))
LATE_ONLY = Slice(
    "when_late",
    Words("sur celles en retard", "over the late ones"),
    lambda x: x.col("late_days") > 0,
)
UNDERPAID_ONLY = Slice(
    "when_underpaid",
    Words("sur celles payées en partie", "over the under-paid ones"),
    lambda x: x.col("unpaid_amount") > 0,
)

LATE_DAYS = Measure(
    "late_days",
    "instalment_delays",
    "days",
    Words("Jours entre l'échéance et son règlement", "Days from due date to payment"),
    lambda x: x.col("late_days"),
    RAISES_RISK,
)
DAYS_LATE = Measure(
    "past_due_days",
    "instalment_delays",
    "days",
    Words("Jours de retard des échéances", "Days past due of instalments"),
    lambda x: x.col("late_days").clip(0, None),
    RAISES_RISK,
)
DAYS_EARLY = Measure(
    "early_days",
    "instalment_delays",
    "days",
    Words("Jours d'avance des échéances", "Days paid early"),
    lambda x: (-x.col("late_days")).clip(0, None),
)
LATE = Measure(
    "late",
    "instalment_delays",
    "count",
    Words("Échéances réglées en retard", "Instalments paid late"),
    lambda x: x.col("late_days") > 0,
    RAISES_RISK,
    yes_or_no=True,
)
VERY_LATE = Measure(
    "very_late",
    "instalment_delays",
    "count",
    Words("Échéances réglées avec plus de 7 jours de retard", "Instalments over 7 days late"),
    lambda x: x.col("late_days") > 7,
    RAISES_RISK,
    yes_or_no=True,
)
UNPAID = Measure(
    "unpaid",
    "instalment_amounts",
    "amount",
    Words("Reste à payer des échéances", "Amount left unpaid on instalments"),
    lambda x: x.col("unpaid_amount"),
    RAISES_RISK,
)
PAID_SHARE = Measure(
    "paid_share",
    "instalment_amounts",
    "share",
    Words("Part payée des échéances", "Share paid of instalments"),
    lambda x: x.col("paid_share"),
)
UNDERPAID = Measure(
    "underpaid",
    "instalment_amounts",
    "count",
    Words("Échéances payées en partie", "Instalments under-paid"),
    lambda x: x.col("unpaid_amount") > 0,
    RAISES_RISK,
    yes_or_no=True,
)
PAID = Measure(
    "paid",
    "instalment_amounts",
    "amount",
    Words("Montant réglé aux échéances", "Amount paid at instalments"),
    lambda x: x.col("amount_paid"),
)
DUE = Measure(
    "due",
    "instalment_amounts",
    "amount",
    Words("Montant dû aux échéances", "Amount due at instalments"),
    lambda x: x.col("amount_due"),
)
PAYMENTS = Measure(
    "payments",
    "instalment_amounts",
    "count",
    Words("Règlements d'échéances", "Payments of instalments"),
    lambda x: x.col("due_days").is_not_null(),
    yes_or_no=True,
)
DUE_DAYS = Measure(
    "due_days",
    "instalment_delays",
    "days",
    Words("Date des échéances", "Due date of instalments"),
    lambda x: x.col("due_days"),
)
PAID_DAYS = Measure(
    "paid_days",
    "instalment_delays",
    "days",
    Words("Date de règlement des échéances", "Payment date of instalments"),
    lambda x: x.col("paid_days"),
)
VERSION = Measure(
    "schedule_version",
    "instalment_amounts",
    "count",
    Words("Version de l'échéancier", "Version of the schedule"),
    lambda x: x.col("version"),
)

INSTALMENTS.family([LATE_DAYS], [ALL, *WINDOWS, *LAST], [MEAN, MAX])
INSTALMENTS.family([LATE_DAYS], [ALL, *WINDOWS[2:4]], [MIN, STD])
INSTALMENTS.family([DAYS_LATE], [ALL, *WINDOWS, *LAST], [MEAN, SUM])
INSTALMENTS.family([DAYS_LATE], [LATE_ONLY, UNDERPAID_ONLY], [MEAN, MAX])
INSTALMENTS.family([DAYS_EARLY], [ALL, *WINDOWS[2:4], *LAST[1:3]], [MEAN, SUM])
INSTALMENTS.family([LATE], [ALL, *WINDOWS, *LAST], [COUNT, SHARE])
INSTALMENTS.family([VERY_LATE], [ALL, *WINDOWS[1:], LAST[2]], [COUNT, SHARE])
INSTALMENTS.family([UNPAID], [ALL, *WINDOWS, LAST[1], LAST[2]], [SUM, MAX])
INSTALMENTS.family([UNPAID], [UNDERPAID_ONLY, LATE_ONLY], [MEAN, MAX])
INSTALMENTS.family([PAID_SHARE], [ALL, *WINDOWS, *LAST, LATE_ONLY], [MEAN])
INSTALMENTS.family([PAID_SHARE], [ALL, *WINDOWS[2:4]], [MIN, STD])
INSTALMENTS.family([UNDERPAID], [ALL, *WINDOWS, LAST[2]], [COUNT, SHARE])
INSTALMENTS.family([PAID], [ALL, *WINDOWS[1:4]], [SUM, MEAN, MAX, MIN])
INSTALMENTS.family([DUE], [ALL, *WINDOWS[1:4]], [SUM, MEAN, MAX])
INSTALMENTS.family([LATE_DAYS, DAYS_LATE, PAID_SHARE, UNPAID, PAID], [ALL], [SLOPE, RECENT_MEAN])
INSTALMENTS.family([LATE, UNDERPAID], [ALL], [RECENT_MEAN])
INSTALMENTS.family([PAYMENTS], [ALL, *WINDOWS], [COUNT])
INSTALMENTS.family([DUE_DAYS, PAID_DAYS], [ALL], [MAX, MIN, MEAN])
INSTALMENTS.family([VERSION], [ALL], [MAX, MEAN])


@feature(
    group="instalment_amounts",
    unit="ratio",
    label=("Total réglé rapporté au total dû", "Total paid to total due"),
)
def instalments_total_paid_to_due(x: Namespace) -> Expr:
    """Sum of the amounts paid divided by the sum of the amounts due, payments known."""
    due = x.when(x.col("amount_paid").is_not_null()).then(x.col("amount_due"))
    return x.col("amount_paid").sum() / due.sum()


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
    label=("Date du dernier retard", "Date of the latest delay"),
)
def instalments_last_late_days(x: Namespace) -> Expr:
    """Due date, in days before the application, of the latest instalment paid late."""
    return x.when(x.col("late_days") > 0).then(x.col("due_days")).max()

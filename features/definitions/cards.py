"""Credit cards with us, month by month: how much of the limit is used, drawn and paid back.

One row is one month of one card.
"""

from __future__ import annotations

from features.engine.declare import Declarations
from features.engine.family import ALL, months
from features.engine.namespace import Expr, Namespace
from features.engine.statistics import (
    COUNT,
    MAX,
    MEAN,
    MIN,
    RECENT_MEAN,
    SHARE,
    SLOPE,
    STD,
    known_sum,
)

CENT = 0.01
"""Amounts that differ by less are the same, written otherwise."""

DECLARED = Declarations("cards", prefix="cards", clock=lambda x: x.col("month"))
feature = DECLARED.feature


def _ratio(x: Namespace, top: str, bottom: str) -> Expr:
    return x.when(x.col(bottom) > 0).then(x.col(top) / x.col(bottom))


@DECLARED.column
def use_of_limit(x: Namespace) -> Expr:
    """Balance over the card's limit; missing without a limit."""
    return _ratio(x, "balance", "credit_limit")


@DECLARED.column
def drawn_share(x: Namespace) -> Expr:
    """Drawings of the month over the card's limit."""
    return _ratio(x, "drawings", "credit_limit")


@DECLARED.column
def cash_share(x: Namespace) -> Expr:
    """Cash drawings over all drawings of the month; missing without a drawing."""
    return _ratio(x, "drawings_cash", "drawings")


@DECLARED.column
def payment_to_minimum(x: Namespace) -> Expr:
    """Payment of the month over the minimum due; missing when nothing was due."""
    return _ratio(x, "payment", "minimum_due")


@DECLARED.column
def payment_to_balance(x: Namespace) -> Expr:
    """Payment of the month over the balance; missing without a balance."""
    return _ratio(x, "payment_total", "balance")


WINDOWS = months(3, 6, 12, 24)

USE = DECLARED.measure("use", lambda x: x.col("use_of_limit"))
BALANCE = DECLARED.measure("balance")
LIMIT = DECLARED.measure("limit", lambda x: x.col("credit_limit"))
DRAWINGS = DECLARED.measure("drawings")
CASH = DECLARED.measure("cash", lambda x: x.col("drawings_cash"))
PURCHASES = DECLARED.measure("purchases", lambda x: x.col("drawings_purchase"))
DRAWN_SHARE = DECLARED.measure("drawn_share")
CASH_SHARE = DECLARED.measure("cash_share")
DRAWINGS_NUMBER = DECLARED.measure("drawings_number", lambda x: x.col("drawings_count"))
CASH_NUMBER = DECLARED.measure("cash_number", lambda x: x.col("drawings_cash_count"))
OWED = DECLARED.measure("owed", lambda x: x.col("owed_total"))
MONTHS = DECLARED.measure("months", lambda x: ~x.col("month").is_null())
OVER_LIMIT = DECLARED.measure("over_limit_months", lambda x: x.col("use_of_limit") > 1)
PAYMENT = DECLARED.measure("payment")
MINIMUM = DECLARED.measure("minimum", lambda x: x.col("minimum_due"))
TO_MINIMUM = DECLARED.measure("payment_to_minimum")
TO_BALANCE = DECLARED.measure("payment_to_balance")
PAST_DUE = DECLARED.measure("days_past_due")
PAST_DUE_TOLERANT = DECLARED.measure("days_past_due_tolerant")
UNDER_MINIMUM = DECLARED.measure(
    "under_minimum_months",
    lambda x: x.when(x.col("minimum_due") > 0).then(
        x.col("minimum_due") - x.col("payment") >= CENT
    ),
)
LATE = DECLARED.measure("late_months", lambda x: x.col("days_past_due") > 0)

DECLARED.family([USE], [ALL, *WINDOWS], [MEAN, MAX])
DECLARED.family([USE], [ALL], [MIN, STD, SLOPE, RECENT_MEAN])
DECLARED.family([BALANCE, DRAWINGS, CASH], [ALL, *WINDOWS[:3]], [MEAN])
DECLARED.family([BALANCE, DRAWINGS, CASH], [ALL], [MAX])
DECLARED.family([PURCHASES, OWED], [ALL], [MEAN])
DECLARED.family([DRAWN_SHARE, CASH_SHARE], [ALL, *WINDOWS[:3]], [MEAN])
DECLARED.family([DRAWINGS_NUMBER, CASH_NUMBER], [ALL, *WINDOWS[:3]], [MEAN])
DECLARED.family([LIMIT], [ALL], [MEAN, MAX])
DECLARED.family([BALANCE, LIMIT, DRAWINGS, CASH], [ALL], [SLOPE, RECENT_MEAN])
DECLARED.family([MONTHS], [ALL, WINDOWS[2]], [COUNT])
DECLARED.family([OVER_LIMIT, UNDER_MINIMUM, LATE], [ALL, WINDOWS[2]], [COUNT, SHARE])
DECLARED.family([PAYMENT, MINIMUM], [ALL, WINDOWS[1]], [MEAN])
DECLARED.family([TO_MINIMUM, TO_BALANCE], [ALL, *WINDOWS[1:3]], [MEAN])
DECLARED.family([TO_MINIMUM, PAYMENT], [ALL], [MIN, SLOPE, RECENT_MEAN])
DECLARED.family([PAST_DUE, PAST_DUE_TOLERANT], [ALL, *WINDOWS[1:3]], [MAX, MEAN])
DECLARED.family([PAST_DUE], [ALL], [RECENT_MEAN])


@feature(
    group="card_use",
    unit="share",
    label=("Carte : part d'espèces dans le total utilisé", "Card: cash in the total drawn"),
)
def cards_total_cash_share(x: Namespace) -> Expr:
    """Sum of the cash drawings divided by the sum of all drawings."""
    return known_sum(x, x.col("drawings_cash")) / x.col("drawings").sum()


@feature(
    group="card_payments",
    unit="ratio",
    label=("Carte : total payé rapporté au total utilisé", "Card: total paid to total drawn"),
)
def cards_total_paid_to_drawn(x: Namespace) -> Expr:
    """Sum of the payments divided by the sum of the drawings."""
    return known_sum(x, x.col("payment_total")) / x.col("drawings").sum()


@feature(
    group="card_use",
    unit="count",
    label=("Nombre de cartes chez nous", "Cards with us"),
)
def cards_count(x: Namespace) -> Expr:
    """How many different credit cards with us have a monthly record."""
    return x.col("previous_id").n_unique()

"""Credit cards with us, month by month: how much of the limit is used, drawn and paid back.

One row is one month of one card.
"""

from __future__ import annotations

from features.declare import Declarations
from features.family import Slice, months
from features.namespace import Expr, Namespace
from features.statistics import COUNT, MAX, MEAN, MIN, RECENT_MEAN, SHARE, SLOPE, STD, SUM
from features.tables import Words

CARDS = Declarations("cards", prefix="cards", clock=lambda x: x.col("month"))
feature = CARDS.feature


def _ratio(x: Namespace, top: str, bottom: str) -> Expr:
    return x.when(x.col(bottom) > 0).then(x.col(top) / x.col(bottom))


@CARDS.column
def use_of_limit(x: Namespace) -> Expr:
    """Balance over the card's limit; missing without a limit."""
    return _ratio(x, "balance", "credit_limit")


@CARDS.column
def drawn_share(x: Namespace) -> Expr:
    """Drawings of the month over the card's limit."""
    return _ratio(x, "drawings", "credit_limit")


@CARDS.column
def cash_share(x: Namespace) -> Expr:
    """Cash drawings over all drawings of the month; missing without a drawing."""
    return _ratio(x, "drawings_cash", "drawings")


@CARDS.column
def payment_to_minimum(x: Namespace) -> Expr:
    """Payment of the month over the minimum due; missing when nothing was due."""
    return _ratio(x, "payment", "minimum_due")


@CARDS.column
def payment_to_balance(x: Namespace) -> Expr:
    """Payment of the month over the balance; missing without a balance."""
    return _ratio(x, "payment_total", "balance")


ALL = Slice("", Words("sur l'ensemble", "over all of it"))
WINDOWS = months(3, 6, 12, 24)

USE = CARDS.measure("use", lambda x: x.col("use_of_limit"))
BALANCE = CARDS.measure("balance")
LIMIT = CARDS.measure("limit", lambda x: x.col("credit_limit"))
DRAWINGS = CARDS.measure("drawings")
CASH = CARDS.measure("cash", lambda x: x.col("drawings_cash"))
PURCHASES = CARDS.measure("purchases", lambda x: x.col("drawings_purchase"))
DRAWN_SHARE = CARDS.measure("drawn_share")
CASH_SHARE = CARDS.measure("cash_share")
DRAWINGS_NUMBER = CARDS.measure("drawings_number", lambda x: x.col("drawings_count"))
CASH_NUMBER = CARDS.measure("cash_number", lambda x: x.col("drawings_cash_count"))
OWED = CARDS.measure("owed", lambda x: x.col("owed_total"))
MONTHS = CARDS.measure("months", lambda x: x.col("month").is_not_null())
OVER_LIMIT = CARDS.measure("over_limit_months", lambda x: x.col("use_of_limit") > 1)
PAYMENT = CARDS.measure("payment")
MINIMUM = CARDS.measure("minimum", lambda x: x.col("minimum_due"))
TO_MINIMUM = CARDS.measure("payment_to_minimum")
TO_BALANCE = CARDS.measure("payment_to_balance")
PAST_DUE = CARDS.measure("days_past_due")
PAST_DUE_TOLERANT = CARDS.measure("days_past_due_tolerant")
UNDER_MINIMUM = CARDS.measure("under_minimum_months", lambda x: x.col("payment_to_minimum") < 1)
LATE = CARDS.measure("late_months", lambda x: x.col("days_past_due") > 0)

CARDS.family([USE], [ALL, *WINDOWS], [MEAN, MAX])
CARDS.family([USE], [ALL], [MIN, STD, SLOPE, RECENT_MEAN])
CARDS.family([BALANCE, DRAWINGS, CASH], [ALL, *WINDOWS[:3]], [MEAN])
CARDS.family([BALANCE, DRAWINGS, CASH], [ALL, WINDOWS[2]], [MAX])
CARDS.family([DRAWINGS, CASH], [ALL, WINDOWS[2]], [SUM])
CARDS.family([PURCHASES, OWED], [ALL, WINDOWS[1]], [MEAN])
CARDS.family([DRAWN_SHARE, CASH_SHARE], [ALL, *WINDOWS[:3]], [MEAN])
CARDS.family([DRAWINGS_NUMBER, CASH_NUMBER], [ALL, *WINDOWS[:3]], [MEAN])
CARDS.family([DRAWINGS_NUMBER, CASH_NUMBER], [ALL], [MAX])
CARDS.family([LIMIT], [ALL, WINDOWS[0]], [MEAN, MAX])
CARDS.family([BALANCE, LIMIT, DRAWINGS, CASH, DRAWINGS_NUMBER], [ALL], [SLOPE, RECENT_MEAN])
CARDS.family([MONTHS], [ALL, WINDOWS[2]], [COUNT])
CARDS.family([OVER_LIMIT, UNDER_MINIMUM, LATE], [ALL, WINDOWS[2]], [COUNT, SHARE])
CARDS.family([PAYMENT, MINIMUM], [ALL, WINDOWS[1]], [MEAN, MAX])
CARDS.family([TO_MINIMUM, TO_BALANCE], [ALL, *WINDOWS[1:3]], [MEAN])
CARDS.family([TO_MINIMUM, PAYMENT], [ALL], [MIN, SLOPE, RECENT_MEAN])
CARDS.family([PAST_DUE, PAST_DUE_TOLERANT], [ALL, *WINDOWS[1:3]], [MAX, MEAN])
CARDS.family([PAST_DUE], [ALL], [RECENT_MEAN])


@feature(
    group="card_use",
    unit="share",
    label=("Carte : part d'espèces dans le total utilisé", "Card: cash in the total drawn"),
)
def cards_total_cash_share(x: Namespace) -> Expr:
    """Sum of the cash drawings divided by the sum of all drawings."""
    return x.col("drawings_cash").sum() / x.col("drawings").sum()


@feature(
    group="card_payments",
    unit="ratio",
    label=("Carte : total payé rapporté au total utilisé", "Card: total paid to total drawn"),
)
def cards_total_paid_to_drawn(x: Namespace) -> Expr:
    """Sum of the payments divided by the sum of the drawings."""
    return x.col("payment_total").sum() / x.col("drawings").sum()


@feature(
    group="card_use",
    unit="count",
    label=("Nombre de cartes chez nous", "Cards with us"),
)
def cards_count(x: Namespace) -> Expr:
    """How many different credit cards with us have a monthly record."""
    return x.col("previous_id").n_unique()

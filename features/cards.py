"""Credit cards with us, month by month: how much of the limit is used, drawn and paid back.

One row is one month of one card.
"""

from __future__ import annotations

from features.declare import RAISES_RISK, Declarations, Expr, Measure, Namespace, Slice
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


def _within(months: int) -> Slice:
    return Slice(
        f"{months}_months",
        Words(f"sur les {months} derniers mois", f"over the last {months} months"),
        lambda x: x.col("month") >= -months,
    )


ALL = Slice("", Words("sur l'ensemble", "over all of it"))
WINDOWS = tuple(_within(months) for months in (3, 6, 12, 24))


def _use(name: str, unit: str, fr: str, en: str, column: str, direction: int = 0) -> Measure:
    return Measure(
        name,
        "card_use",
        unit,
        Words(f"Carte : {fr}", f"Card: {en}"),
        lambda x: x.col(column),
        RAISES_RISK if direction else 0,
    )


def _payment(name: str, unit: str, fr: str, en: str, column: str, direction: int = 0) -> Measure:
    measure = _use(name, unit, fr, en, column, direction)
    return Measure(
        measure.name, "card_payments", unit, measure.words, measure.formula, measure.direction
    )


USE = _use("use", "ratio", "part du plafond utilisée", "share of the limit used", "use_of_limit", 1)
BALANCE = _use("balance", "amount", "solde", "balance", "balance")
LIMIT = _use("limit", "amount", "plafond", "limit", "credit_limit")
DRAWINGS = _use("drawings", "amount", "utilisations du mois", "drawings of the month", "drawings")
CASH = _use(
    "cash", "amount", "retraits d'espèces du mois", "cash drawings of the month", "drawings_cash"
)
PURCHASES = _use(
    "purchases", "amount", "achats du mois", "purchases of the month", "drawings_purchase"
)
DRAWN = _use(
    "drawn_share", "ratio", "utilisations rapportées au plafond", "drawings to limit", "drawn_share"
)
CASH_SHARE = _use(
    "cash_share", "share", "part d'espèces dans les utilisations", "cash in drawings", "cash_share"
)
DRAWINGS_COUNT = _use(
    "drawings_number",
    "count",
    "nombre d'utilisations du mois",
    "drawings in the month",
    "drawings_count",
)
CASH_COUNT = _use(
    "cash_number",
    "count",
    "nombre de retraits du mois",
    "cash drawings in the month",
    "drawings_cash_count",
)
OWED = _use("owed", "amount", "total dû", "total owed", "owed_total")
MONTHS = Measure(
    "months",
    "card_use",
    "count",
    Words("Carte : mois suivis", "Card: months followed"),
    lambda x: x.col("month").is_not_null(),
    yes_or_no=True,
)
OVER_LIMIT = Measure(
    "over_limit_months",
    "card_use",
    "count",
    Words("Carte : mois au-delà du plafond", "Card: months over the limit"),
    lambda x: x.col("use_of_limit") > 1,
    RAISES_RISK,
    yes_or_no=True,
)
PAID = _payment("payment", "amount", "paiement du mois", "payment of the month", "payment")
MINIMUM = _payment("minimum", "amount", "paiement minimum", "minimum payment", "minimum_due")
TO_MINIMUM = _payment(
    "payment_to_minimum",
    "ratio",
    "paiement rapporté au minimum",
    "payment to minimum",
    "payment_to_minimum",
)
TO_BALANCE = _payment(
    "payment_to_balance",
    "ratio",
    "paiement rapporté au solde",
    "payment to balance",
    "payment_to_balance",
)
PAST_DUE = _payment("days_past_due", "days", "jours de retard", "days past due", "days_past_due", 1)
PAST_DUE_TOLERANT = _payment(
    "days_past_due_tolerant",
    "days",
    "jours de retard notable",
    "notable days past due",
    "days_past_due_tolerant",
    1,
)
UNDER_MINIMUM = Measure(
    "under_minimum_months",
    "card_payments",
    "count",
    Words("Carte : mois payés sous le minimum", "Card: months paid below the minimum"),
    lambda x: x.col("payment_to_minimum") < 1,
    RAISES_RISK,
    yes_or_no=True,
)
LATE = Measure(
    "late_months",
    "card_payments",
    "count",
    Words("Carte : mois en retard", "Card: late months"),
    lambda x: x.col("days_past_due") > 0,
    RAISES_RISK,
    yes_or_no=True,
)

CARDS.family([USE], [ALL, *WINDOWS], [MEAN, MAX])
CARDS.family([USE], [ALL], [MIN, STD, SLOPE, RECENT_MEAN])
CARDS.family([BALANCE, DRAWINGS, CASH], [ALL, *WINDOWS[:3]], [MEAN, MAX])
CARDS.family([DRAWINGS, CASH], [ALL, WINDOWS[2]], [SUM])
CARDS.family([PURCHASES, OWED], [ALL, WINDOWS[1]], [MEAN, MAX])
CARDS.family([DRAWN, CASH_SHARE], [ALL, *WINDOWS[:3]], [MEAN])
CARDS.family([DRAWINGS_COUNT, CASH_COUNT], [ALL, *WINDOWS[:3]], [MEAN, MAX])
CARDS.family([LIMIT], [ALL, WINDOWS[0]], [MEAN, MAX, MIN])
CARDS.family([BALANCE, LIMIT, DRAWINGS, CASH, DRAWINGS_COUNT], [ALL], [SLOPE, RECENT_MEAN])
CARDS.family([MONTHS], [ALL, WINDOWS[2]], [COUNT])
CARDS.family([OVER_LIMIT, UNDER_MINIMUM, LATE], [ALL, WINDOWS[1], WINDOWS[2]], [COUNT, SHARE])
CARDS.family([PAID, MINIMUM], [ALL, WINDOWS[1]], [MEAN, MAX])
CARDS.family([TO_MINIMUM, TO_BALANCE], [ALL, *WINDOWS[:3]], [MEAN])
CARDS.family([TO_MINIMUM, PAID], [ALL], [MIN, SLOPE, RECENT_MEAN])
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

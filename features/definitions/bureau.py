"""External credits: what other lenders report about the client's loans.

One row of the table is one credit. Amounts, delays and ages are summed up over all credits, the
open and the closed ones, the kinds of credit, and those opened in the last one to three years.
Amounts in another currency than the file's main one are left out of all amounts, since no rate is
known; the credit still counts.
"""

from __future__ import annotations

from features.engine.declare import Declarations
from features.engine.family import ALL, Slice, is_any, within
from features.engine.namespace import RAISES_RISK, Expr, Formula, Namespace
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

DECLARED = Declarations("bureau", prefix="bureau", clock=lambda x: x.col("opened_days") / 30.4375)
feature = DECLARED.feature


MAIN_CURRENCY = "currency 1"

BEYOND_REASON_DAYS = 14_610
"""Forty years: no loan lasts longer. Credits without an end (cards, mostly) carry one about
eighty years away, and hardly any lies between the two."""


@DECLARED.column
def planned_end_days(x: Namespace) -> Expr:
    """Planned end, in days from the application; missing beyond reason."""
    return _within_reason(x, "end_days")


@DECLARED.column
def ended_days(x: Namespace) -> Expr:
    """Day of the closing; missing beyond reason."""
    return _within_reason(x, "closed_days")


@DECLARED.column
def planned_days(x: Namespace) -> Expr:
    """Days from the opening of a credit to its planned end."""
    return x.col("planned_end_days") - x.col("opened_days")


@DECLARED.column
def closed_late_days(x: Namespace) -> Expr:
    """Days between the planned end and the closing: positive when closed late."""
    return x.col("ended_days") - x.col("planned_end_days")


@DECLARED.column
def debt_to_credit(x: Namespace) -> Expr:
    """Amount still owed over the amount borrowed; missing when nothing was borrowed."""
    return x.when(x.col("credit_sum") > 0).then(x.col("debt") / x.col("credit_sum"))


@DECLARED.column
def card_use(x: Namespace) -> Expr:
    """Amount still owed over the card's limit; missing without a limit."""
    return x.when(x.col("credit_limit") > 0).then(x.col("debt") / x.col("credit_limit"))


def _within_reason(x: Namespace, name: str) -> Expr:
    return x.when(x.col(name).abs() <= BEYOND_REASON_DAYS).then(x.col(name))


def _amount(name: str) -> Formula:
    """Return the amount ``name`` of credits in the main currency."""
    return lambda x: x.when(x.col("currency") == MAIN_CURRENCY).then(x.col(name))


OPEN = Slice("open", Words("sur ceux en cours", "over the open ones"), is_any("status", "Active"))
CLOSED = Slice(
    "closed", Words("sur ceux terminés", "over the closed ones"), is_any("status", "Closed")
)


def _kind(name: str, fr: str, en: str, *values: str) -> Slice:
    return Slice(name, Words(f"sur {fr}", f"over {en}"), is_any("credit_type", *values))


def _open(kind: Slice) -> Slice:
    words = Words(f"{kind.words.fr} en cours", f"{kind.words.en} still open")
    mask = is_any("status", "Active")
    return Slice(f"open_{kind.name}", words, lambda x: mask(x) & kind.mask(x))  # type: ignore[misc]


def _opened_within(name: str, fr: str, en: str, days: int) -> Slice:
    words = Words(f"sur ceux ouverts depuis {fr}", f"over those opened in the last {en}")
    return Slice(name, words, within("opened_days", days))


KINDS = (
    _kind("consumer", "les crédits à la consommation", "consumer credits", "Consumer credit"),
    _kind("card", "les cartes de crédit", "credit cards", "Credit card"),
    _kind("car", "les crédits automobiles", "car loans", "Car loan"),
    _kind("home", "les crédits immobiliers", "home loans", "Mortgage", "Real estate loan"),
    _kind("micro", "les microcrédits", "microloans", "Microloan"),
)
OPEN_KINDS = tuple(_open(kind) for kind in KINDS)
RECENT = (
    _opened_within("half_year", "six mois", "six months", 183),
    _opened_within("year", "un an", "year", 365),
    _opened_within("2_years", "deux ans", "two years", 730),
    _opened_within("3_years", "trois ans", "three years", 1095),
)

CREDITS = DECLARED.measure("credits", lambda x: ~x.col("opened_days").is_null())
BORROWED = DECLARED.measure("borrowed", _amount("credit_sum"))
DEBT = DECLARED.measure("debt", _amount("debt"))
DEBT_TO_CREDIT = DECLARED.measure("debt_to_credit")
CARD_USE = DECLARED.measure("card_use")
LIMIT = DECLARED.measure("limit", _amount("credit_limit"))
INSTALMENT = DECLARED.measure("instalment", _amount("annuity"))
OVERDUE = DECLARED.measure("overdue", _amount("overdue"))
LARGEST_OVERDUE = DECLARED.measure("largest_overdue", _amount("overdue_max"))
OVERDUE_DAYS = DECLARED.measure("overdue_days")
OVERDUE_CREDITS = DECLARED.measure("overdue_credits", lambda x: x.col("overdue_days") > 0)
ONCE_OVERDUE = DECLARED.measure("once_overdue_credits", lambda x: x.col("overdue_max") > 0)
PROLONGED = DECLARED.measure("prolonged", lambda x: x.col("prolonged_count"))
SOLD_OR_BAD = DECLARED.measure("sold_or_bad", is_any("status", "Sold", "Bad debt"))
OPENED = DECLARED.measure("opened_days")
END = DECLARED.measure("end_days", lambda x: x.col("planned_end_days"))
CLOSED_ON = DECLARED.measure("closed_days", lambda x: x.col("ended_days"))
UPDATED = DECLARED.measure("updated_days")
PLANNED = DECLARED.measure("planned_days")
CLOSED_LATE = DECLARED.measure("closed_late_days")

DECLARED.family([CREDITS], [ALL, OPEN, CLOSED, *KINDS, *OPEN_KINDS[:4], *RECENT], [COUNT])
DECLARED.family([BORROWED, DEBT], [ALL, OPEN], [SUM, MEAN, MAX])
DECLARED.family([BORROWED], [CLOSED], [SUM, MEAN, MAX])
DECLARED.family([BORROWED, DEBT], [*KINDS[:4], *RECENT[1:]], [SUM])
DECLARED.family([BORROWED, DEBT_TO_CREDIT], [ALL], [SLOPE, RECENT_MEAN])
DECLARED.family([DEBT_TO_CREDIT], [ALL, OPEN, *KINDS[:2]], [MEAN, MAX])
DECLARED.family([CARD_USE], [OPEN], [MEAN, MAX])
DECLARED.family([LIMIT], [OPEN], [SUM, MAX])
DECLARED.family([INSTALMENT], [ALL, OPEN], [SUM, MEAN])
DECLARED.family([OVERDUE, OVERDUE_DAYS], [ALL], [SUM, MAX])
DECLARED.family([LARGEST_OVERDUE], [ALL, OPEN, *RECENT[1:]], [MAX, MEAN])
DECLARED.family([OVERDUE_CREDITS, SOLD_OR_BAD], [ALL], [COUNT])
DECLARED.family([ONCE_OVERDUE], [ALL, OPEN, *RECENT[1:]], [COUNT, SHARE])
DECLARED.family([PROLONGED], [ALL], [SUM])
DECLARED.family([OPENED], [ALL, OPEN, CLOSED], [LATEST, OLDEST, MEAN])
DECLARED.family([OPENED], [ALL], [STD])
DECLARED.family([OPENED], KINDS[:4], [LATEST])
DECLARED.family([END], [ALL, OPEN], [LATEST, MEAN])
DECLARED.family([CLOSED_ON], [ALL], [LATEST, MEAN])
DECLARED.family([UPDATED], [ALL, OPEN], [LATEST, MEAN])
DECLARED.family([PLANNED], [ALL, OPEN, KINDS[0]], [MEAN, MAX])
DECLARED.family([CLOSED_LATE], [ALL], [MEAN, MAX, MIN])


@feature(
    group="bureau_history",
    unit="share",
    label=("Part des crédits extérieurs en cours", "Share of external credits still open"),
)
def bureau_open_share(x: Namespace) -> Expr:
    """Open external credits divided by all of them."""
    return (x.col("status") == "Active").cast(x.Float64).mean()


def _debt_and_borrowed(x: Namespace) -> tuple[Expr, Expr]:
    """Return what is owed and what was borrowed, where both are known."""
    debt, borrowed = _amount("debt")(x), _amount("credit_sum")(x)
    return x.when(~borrowed.is_null()).then(debt), x.when(~debt.is_null()).then(borrowed)


@feature(
    group="bureau_debt",
    unit="ratio",
    direction=RAISES_RISK,
    label=(
        "Total encore dû rapporté au total emprunté à l'extérieur",
        "Total still owed to total borrowed, external credits",
    ),
)
def bureau_total_debt_to_borrowed(x: Namespace) -> Expr:
    """Sum of the amounts still owed divided by the sum borrowed, credits with a known debt."""
    debt, borrowed = _debt_and_borrowed(x)
    return debt.sum() / borrowed.sum()


@feature(
    group="bureau_debt",
    unit="ratio",
    direction=RAISES_RISK,
    label=(
        "Total encore dû rapporté au total emprunté, crédits en cours",
        "Total still owed to total borrowed, open external credits",
    ),
)
def bureau_open_debt_to_borrowed(x: Namespace) -> Expr:
    """Sum still owed divided by the sum borrowed, over open credits with a known debt."""
    still_open = x.col("status") == "Active"
    debt, borrowed = (x.when(still_open).then(amount) for amount in _debt_and_borrowed(x))
    return debt.sum() / borrowed.sum()


@feature(
    group="bureau_overdue",
    unit="ratio",
    direction=RAISES_RISK,
    label=("Montant en retard rapporté au total dû", "Amount past due to total owed, externally"),
)
def bureau_overdue_to_debt(x: Namespace) -> Expr:
    """Amount past due divided by the amount still owed, all external credits."""
    return known_sum(x, _amount("overdue")(x)) / _amount("debt")(x).sum()


@feature(
    group="bureau_history",
    unit="days",
    label=("Délai moyen entre deux crédits extérieurs", "Average gap between external credits"),
)
def bureau_gap_days(x: Namespace) -> Expr:
    """Mean number of days between the openings of successive external credits."""
    opened = x.col("opened_days")
    return (opened.max() - opened.min()) / (opened.count() - 1)


@feature(
    group="bureau_history",
    unit="count",
    label=("Sortes de crédits extérieurs", "Kinds of external credits"),
)
def bureau_kinds_count(x: Namespace) -> Expr:
    """How many different types of external credit the client has had."""
    kinds = x.col("credit_type").drop_nulls()
    return x.when(kinds.len() > 0).then(kinds.n_unique())

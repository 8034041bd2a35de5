"""External credits: what other lenders report about the client's loans.

One row of the table is one credit. Amounts, delays and ages are summed up over all credits, the
open and the closed ones, the kinds of credit, and those opened in the last one to three years.
"""

from __future__ import annotations

from features.declare import RAISES_RISK, Declarations, Expr, Formula, Measure, Namespace, Slice
from features.statistics import COUNT, MAX, MEAN, MIN, RECENT_MEAN, SHARE, SLOPE, STD, SUM
from features.tables import Words

BUREAU = Declarations("bureau", prefix="bureau", clock=lambda x: x.col("opened_days") / 30.4375)
feature = BUREAU.feature


@BUREAU.column
def planned_days(x: Namespace) -> Expr:
    """Days from the opening of a credit to its planned end."""
    return x.col("end_days") - x.col("opened_days")


@BUREAU.column
def closed_late_days(x: Namespace) -> Expr:
    """Days between the planned end and the closing: positive when closed late."""
    return x.col("closed_days") - x.col("end_days")


@BUREAU.column
def debt_to_credit(x: Namespace) -> Expr:
    """Amount still owed over the amount borrowed; missing when nothing was borrowed."""
    return x.when(x.col("credit_sum") > 0).then(x.col("debt") / x.col("credit_sum"))


@BUREAU.column
def card_use(x: Namespace) -> Expr:
    """Amount still owed over the card's limit; missing without a limit."""
    return x.when(x.col("credit_limit") > 0).then(x.col("debt") / x.col("credit_limit"))


def _is(column: str, *values: str) -> Formula:
    return lambda x: x.col(column).is_in(list(values))


def _opened_within(days: int) -> Formula:
    return lambda x: x.col("opened_days") >= -days


ALL = Slice("", Words("sur l'ensemble", "over all of them"))
OPEN = Slice("open", Words("sur ceux en cours", "over the open ones"), _is("status", "Active"))
CLOSED = Slice(
    "closed", Words("sur ceux terminés", "over the closed ones"), _is("status", "Closed")
)
KINDS = tuple(
    Slice(name, Words(f"sur {fr}", f"over {en}"), _is("credit_type", *values))
    for name, fr, en, values in (
        ("consumer", "les crédits à la consommation", "consumer credits", ["Consumer credit"]),
        ("card", "les cartes de crédit", "credit cards", ["Credit card"]),
        ("car", "les crédits automobiles", "car loans", ["Car loan"]),
        (
            "home",
            "les crédits immobiliers",
            "mortgages and real-estate loans",
            ["Mortgage", "Real estate loan"],
        ),
        ("micro", "les microcrédits", "microloans", ["Microloan"]),
    )
)
RECENT = tuple(
    Slice(
        f"{name}",
        Words(f"sur ceux ouverts depuis {fr}", f"over those opened in the last {en}"),
        _opened_within(days),
    )
    for name, fr, en, days in (
        ("half_year", "six mois", "six months", 183),
        ("year", "un an", "year", 365),
        ("2_years", "deux ans", "two years", 730),
        ("3_years", "trois ans", "three years", 1095),
    )
)
OPEN_KINDS = tuple(
    Slice(
        f"open_{kind.name}",
        Words(f"{kind.words.fr} en cours", f"over open {kind.words.en.removeprefix('over ')}"),
        lambda x, kind=kind: OPEN.mask(x) & kind.mask(x),  # type: ignore[misc]
    )
    for kind in KINDS
)

CREDITS = Measure(
    "credits",
    "bureau_history",
    "count",
    Words("Crédits extérieurs", "External credits"),
    lambda x: x.col("opened_days").is_not_null(),
    yes_or_no=True,
)
BORROWED = Measure(
    "borrowed",
    "bureau_debt",
    "amount",
    Words("Montant emprunté sur les crédits extérieurs", "Amount borrowed on external credits"),
    lambda x: x.col("credit_sum"),
)
DEBT = Measure(
    "debt",
    "bureau_debt",
    "amount",
    Words("Montant encore dû sur les crédits extérieurs", "Amount still owed on external credits"),
    lambda x: x.col("debt"),
)
DEBT_TO_CREDIT = Measure(
    "debt_to_credit",
    "bureau_debt",
    "ratio",
    Words("Part encore due des crédits extérieurs", "Share still owed of external credits"),
    lambda x: x.col("debt_to_credit"),
    RAISES_RISK,
)
CARD_USE = Measure(
    "card_use",
    "bureau_debt",
    "ratio",
    Words("Part utilisée des plafonds de cartes extérieures", "Share used of external card limits"),
    lambda x: x.col("card_use"),
)
LIMIT = Measure(
    "limit",
    "bureau_debt",
    "amount",
    Words("Plafond des cartes extérieures", "Limit of external cards"),
    lambda x: x.col("credit_limit"),
)
INSTALMENT = Measure(
    "instalment",
    "bureau_debt",
    "amount",
    Words("Mensualité des crédits extérieurs", "Instalment of external credits"),
    lambda x: x.col("annuity"),
)
OVERDUE = Measure(
    "overdue",
    "bureau_overdue",
    "amount",
    Words("Montant en retard sur les crédits extérieurs", "Amount past due on external credits"),
    lambda x: x.col("overdue"),
    RAISES_RISK,
)
OVERDUE_MAX = Measure(
    "largest_overdue",
    "bureau_overdue",
    "amount",
    Words(
        "Plus grand montant jamais en retard sur un crédit extérieur",
        "Largest amount ever past due on an external credit",
    ),
    lambda x: x.col("overdue_max"),
    RAISES_RISK,
)
OVERDUE_DAYS = Measure(
    "overdue_days",
    "bureau_overdue",
    "days",
    Words("Jours de retard en cours sur les crédits extérieurs", "Days past due, external credits"),
    lambda x: x.col("overdue_days"),
    RAISES_RISK,
)
IS_OVERDUE = Measure(
    "overdue_credits",
    "bureau_overdue",
    "count",
    Words("Crédits extérieurs en retard", "External credits past due"),
    lambda x: x.col("overdue_days") > 0,
    RAISES_RISK,
    yes_or_no=True,
)
WAS_OVERDUE = Measure(
    "once_overdue_credits",
    "bureau_overdue",
    "count",
    Words("Crédits extérieurs ayant connu un retard", "External credits once past due"),
    lambda x: x.col("overdue_max") > 0,
    RAISES_RISK,
    yes_or_no=True,
)
PROLONGED = Measure(
    "prolonged",
    "bureau_overdue",
    "count",
    Words("Prolongations de crédits extérieurs", "Extensions of external credits"),
    lambda x: x.col("prolonged_count"),
    RAISES_RISK,
)
SOLD_OR_BAD = Measure(
    "sold_or_bad",
    "bureau_overdue",
    "count",
    Words("Crédits extérieurs cédés ou en perte", "External credits sold or written off"),
    _is("status", "Sold", "Bad debt"),
    RAISES_RISK,
    yes_or_no=True,
)
OPENED = Measure(
    "opened_days",
    "bureau_history",
    "days",
    Words("Date d'ouverture des crédits extérieurs", "Opening date of external credits"),
    lambda x: x.col("opened_days"),
)
END = Measure(
    "end_days",
    "bureau_history",
    "days",
    Words("Date de fin prévue des crédits extérieurs", "Planned end date of external credits"),
    lambda x: x.col("end_days"),
)
CLOSED_ON = Measure(
    "closed_days",
    "bureau_history",
    "days",
    Words("Date de clôture des crédits extérieurs", "Closing date of external credits"),
    lambda x: x.col("closed_days"),
)
UPDATED = Measure(
    "updated_days",
    "bureau_history",
    "days",
    Words("Dernière mise à jour des crédits extérieurs", "Last update of external credits"),
    lambda x: x.col("updated_days"),
)
PLANNED = Measure(
    "planned_days",
    "bureau_history",
    "days",
    Words("Durée prévue des crédits extérieurs", "Planned length of external credits"),
    lambda x: x.col("planned_days"),
)
CLOSED_LATE = Measure(
    "closed_late_days",
    "bureau_history",
    "days",
    Words(
        "Écart à la fin prévue des crédits extérieurs", "Gap to the planned end, external credits"
    ),
    lambda x: x.col("closed_late_days"),
)

BUREAU.family([CREDITS], [ALL, OPEN, CLOSED, *KINDS, *OPEN_KINDS, *RECENT], [COUNT])
BUREAU.family([BORROWED, DEBT], [ALL, OPEN, CLOSED], [SUM, MEAN, MAX])
BUREAU.family([BORROWED, DEBT], [*KINDS, *RECENT], [SUM, MAX])
BUREAU.family([BORROWED, DEBT_TO_CREDIT], [ALL], [SLOPE, RECENT_MEAN])
BUREAU.family([DEBT_TO_CREDIT], [ALL, OPEN, *KINDS[:2]], [MEAN, MAX])
BUREAU.family([CARD_USE, LIMIT], [OPEN], [MEAN, MAX])
BUREAU.family([LIMIT], [OPEN], [SUM])
BUREAU.family([INSTALMENT], [ALL, OPEN], [SUM, MEAN])
BUREAU.family([OVERDUE, OVERDUE_DAYS], [ALL], [SUM, MAX])
BUREAU.family([OVERDUE_MAX], [ALL, OPEN, *KINDS[:2], *RECENT], [MAX, MEAN])
BUREAU.family([IS_OVERDUE, SOLD_OR_BAD], [ALL], [COUNT, SHARE])
BUREAU.family([WAS_OVERDUE], [ALL, OPEN, *RECENT[1:]], [COUNT, SHARE])
BUREAU.family([PROLONGED], [ALL], [SUM, MAX])
BUREAU.family([OPENED], [ALL, OPEN, CLOSED], [MAX, MIN, MEAN, STD])
BUREAU.family([OPENED], KINDS, [MAX, MEAN])
BUREAU.family([END], [ALL, OPEN], [MAX, MEAN, SUM])
BUREAU.family([CLOSED_ON], [ALL], [MAX, MEAN])
BUREAU.family([UPDATED], [ALL, OPEN], [MAX, MEAN, MIN])
BUREAU.family([PLANNED], [ALL, OPEN, KINDS[0]], [MEAN, MAX])
BUREAU.family([CLOSED_LATE], [ALL], [MEAN, MAX, MIN])


@feature(
    group="bureau_history",
    unit="share",
    label=("Part des crédits extérieurs en cours", "Share of external credits still open"),
)
def bureau_open_share(x: Namespace) -> Expr:
    """Open external credits divided by all of them."""
    return (x.col("status") == "Active").fill_null(False).cast(x.Float64).mean()


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
    borrowed = x.when(x.col("debt").is_not_null()).then(x.col("credit_sum"))
    return x.col("debt").sum() / borrowed.sum()


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
    known = (x.col("status") == "Active") & x.col("debt").is_not_null()
    return x.when(known).then(x.col("debt")).sum() / x.when(known).then(x.col("credit_sum")).sum()


@feature(
    group="bureau_overdue",
    unit="ratio",
    direction=RAISES_RISK,
    label=("Montant en retard rapporté au total dû", "Amount past due to total owed, externally"),
)
def bureau_overdue_to_debt(x: Namespace) -> Expr:
    """Amount past due divided by the amount still owed, all external credits."""
    return x.col("overdue").sum() / x.col("debt").sum()


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
    return x.col("credit_type").n_unique()

"""Past applications with us: what was asked, what was answered, on which terms.

One row is one application. Terms (amounts, length, implied interest) are summed up over those
approved; outcomes and refusal reasons over all, over the last one to five, and over the last
years.
"""

from __future__ import annotations

from features.declare import RAISES_RISK, Declarations, Expr, Formula, Measure, Namespace, Slice
from features.statistics import COUNT, MAX, MEAN, MIN, RECENT_MEAN, SHARE, SLOPE, STD, SUM
from features.tables import Words

PREVIOUS = Declarations(
    "previous", prefix="previous", clock=lambda x: x.col("decision_days") / 30.4375
)
feature = PREVIOUS.feature


@PREVIOUS.column
def recency(x: Namespace) -> Expr:
    """Rank of the application from the latest (1) to the oldest of the client."""
    return x.col("decision_days").rank("ordinal", descending=True).over("client_id")


@PREVIOUS.column
def requested_to_granted(x: Namespace) -> Expr:
    """Amount requested over amount granted: above one, less was granted than asked."""
    return x.when(x.col("amount_credit") > 0).then(
        x.col("amount_requested") / x.col("amount_credit")
    )


@PREVIOUS.column
def granted_to_goods(x: Namespace) -> Expr:
    """Amount granted over the price of the goods."""
    return x.when(x.col("goods_price") > 0).then(x.col("amount_credit") / x.col("goods_price"))


@PREVIOUS.column
def instalment_to_credit(x: Namespace) -> Expr:
    """Annuity over the amount granted."""
    return x.when(x.col("amount_credit") > 0).then(x.col("annuity") / x.col("amount_credit"))


@PREVIOUS.column
def yearly_interest(x: Namespace) -> Expr:
    """Implied simple yearly interest: what is repaid beyond the credit, per year of term."""
    repaid = x.col("annuity") * x.col("term_months")
    known = (x.col("amount_credit") > 0) & (x.col("term_months") > 0)
    return x.when(known).then((repaid / x.col("amount_credit") - 1.0) * 12.0 / x.col("term_months"))


@PREVIOUS.column
def ended_late_days(x: Namespace) -> Expr:
    """Days between the planned and the real last due date: negative when repaid early."""
    return x.col("last_due_days") - x.col("last_due_planned_days")


def _is(column: str, *values: str) -> Formula:
    return lambda x: x.col(column).is_in(list(values))


ALL = Slice("", Words("sur l'ensemble", "over all of them"))
APPROVED = Slice(
    "approved", Words("sur celles acceptées", "over the approved ones"), _is("status", "Approved")
)
REFUSED = Slice(
    "refused", Words("sur celles refusées", "over the refused ones"), _is("status", "Refused")
)
CASH, CONSUMER, REVOLVING = (
    Slice(name, Words(f"sur {fr}", f"over {en}"), _is("contract_type", value))
    for name, fr, en, value in (
        ("cash", "les prêts personnels", "cash loans", "Cash loans"),
        ("consumer", "les crédits à la consommation", "consumer loans", "Consumer loans"),
        ("revolving", "les crédits renouvelables", "revolving loans", "Revolving loans"),
    )
)
LAST = tuple(
    Slice(
        f"last_{count}",
        Words(
            "sur la dernière" if count == 1 else f"sur les {count} dernières",
            "over the last one" if count == 1 else f"over the last {count}",
        ),
        lambda x, count=count: x.col("recency") <= count,  # type: ignore[misc]
    )
    for count in (1, 3, 5)
)
WINDOWS = tuple(
    Slice(
        name,
        Words(f"sur celles depuis {fr}", f"over those of the last {en}"),
        lambda x, days=days: x.col("decision_days") >= -days,  # type: ignore[misc]
    )
    for name, fr, en, days in (
        ("half_year", "six mois", "six months", 183),
        ("year", "un an", "year", 365),
        ("2_years", "deux ans", "two years", 730),
    )
)


def _terms(name: str, unit: str, fr: str, en: str, column: str | None = None) -> Measure:
    source = column or name
    return Measure(name, "previous_terms", unit, Words(fr, en), lambda x: x.col(source))


def _outcome(name: str, fr: str, en: str, formula: Formula, direction: int = 0) -> Measure:
    return Measure(
        name,
        "previous_refusals",
        "count",
        Words(f"Demandes passées {fr}", f"Past applications {en}"),
        formula,
        RAISES_RISK if direction else 0,
        yes_or_no=True,
    )


REQUESTED = _terms(
    "requested",
    "amount",
    "Montant demandé par le passé",
    "Amount requested in the past",
    "amount_requested",
)
GRANTED = _terms(
    "granted",
    "amount",
    "Montant accordé par le passé",
    "Amount granted in the past",
    "amount_credit",
)
ANNUITY = _terms("annuity", "amount", "Mensualité passée", "Past instalment")
GOODS = _terms(
    "goods_price",
    "amount",
    "Prix des biens financés par le passé",
    "Price of goods financed in the past",
)
DOWN = _terms("down_payment", "amount", "Apport passé", "Past down payment")
DOWN_SHARE = _terms(
    "down_payment_share", "share", "Part d'apport passée", "Past down-payment share"
)
TERM = _terms("term_months", "months", "Durée des prêts passés", "Term of past loans")
INTEREST = _terms(
    "yearly_interest",
    "ratio",
    "Intérêt annuel implicite passé",
    "Implied yearly interest in the past",
)
ASKED = _terms(
    "requested_to_granted",
    "ratio",
    "Montant demandé rapporté au montant accordé",
    "Amount requested to amount granted",
)
TO_GOODS = _terms(
    "granted_to_goods",
    "ratio",
    "Montant accordé rapporté au prix du bien",
    "Amount granted to price of the goods",
)
TO_CREDIT = _terms(
    "instalment_to_credit",
    "ratio",
    "Mensualité rapportée au montant accordé",
    "Instalment to amount granted, past loans",
)
INSURED = _terms(
    "insured", "share", "Assurance souscrite par le passé", "Insurance taken in the past"
)
ENDED = _terms(
    "ended_late_days",
    "days",
    "Écart à la dernière échéance prévue",
    "Gap to the planned last due date",
)
DECISION = Measure(
    "decision_days",
    "previous_requests",
    "days",
    Words("Date des demandes passées", "Date of past applications"),
    lambda x: x.col("decision_days"),
)
LAST_DUE = Measure(
    "last_due_days",
    "previous_requests",
    "days",
    Words("Dernière échéance des prêts passés", "Last due date of past loans"),
    lambda x: x.col("last_due_days"),
)
FIRST_DUE = Measure(
    "first_due_days",
    "previous_requests",
    "days",
    Words("Première échéance des prêts passés", "First due date of past loans"),
    lambda x: x.col("first_due_days"),
)
TERMINATION = Measure(
    "termination_days",
    "previous_requests",
    "days",
    Words("Fin des contrats passés", "End of past contracts"),
    lambda x: x.col("termination_days"),
)
REQUESTS = Measure(
    "applications",
    "previous_requests",
    "count",
    Words("Demandes passées chez nous", "Past applications with us"),
    lambda x: x.col("decision_days").is_not_null(),
    yes_or_no=True,
)

IS_APPROVED = _outcome("approvals", "acceptées", "approved", _is("status", "Approved"))
IS_REFUSED = _outcome("refusals", "refusées", "refused", _is("status", "Refused"), RAISES_RISK)
IS_CANCELED = _outcome("cancellations", "annulées", "cancelled", _is("status", "Canceled"))
IS_UNUSED = _outcome(
    "unused_offers",
    "acceptées mais non utilisées",
    "approved but not used",
    _is("status", "Unused offer"),
)
REASONS = tuple(
    _outcome(
        f"refusals_{code.lower()}",
        f"refusées (motif {code})",
        f"refused (reason {code})",
        _is("reject_reason", code),
        RAISES_RISK,
    )
    for code in ("HC", "LIMIT", "SCO", "SCOFR", "VERIF")
)


def _traits(column: str, rows: tuple[tuple[str, str, str, str], ...]) -> tuple[Measure, ...]:
    return tuple(
        Measure(
            name,
            "previous_terms",
            "count",
            Words(f"Demandes passées {fr}", f"Past applications {en}"),
            _is(column, value),
            yes_or_no=True,
        )
        for name, fr, en, value in rows
    )


TRAITS = (
    *_traits(
        "yield_group",
        (
            ("high_rate", "à taux élevé", "at a high rate", "high"),
            ("middle_rate", "à taux moyen", "at a middle rate", "middle"),
            ("low_rate", "à taux bas", "at a low rate", "low_normal"),
            ("promotional_rate", "à taux promotionnel", "at a promotional rate", "low_action"),
        ),
    ),
    *_traits(
        "product_type",
        (
            ("walk_in", "à l'initiative du client", "on the client's initiative", "walk-in"),
            ("cross_sold", "sur proposition du prêteur", "on the lender's offer", "x-sell"),
        ),
    ),
    *_traits(
        "client_type",
        (
            ("as_new", "comme nouveau client", "as a new client", "New"),
            ("as_repeater", "comme client connu", "as a known client", "Repeater"),
            ("as_returning", "comme client de retour", "as a returning client", "Refreshed"),
        ),
    ),
    *_traits(
        "portfolio",
        (
            ("for_goods", "pour un achat en magasin", "for a purchase in a shop", "POS"),
            ("for_cash", "pour un prêt personnel", "for a cash loan", "Cash"),
            ("for_card", "pour une carte", "for a card", "Cards"),
        ),
    ),
    *_traits(
        "channel",
        (
            (
                "by_broker_cash",
                "par un apporteur (prêt personnel)",
                "through a broker (cash loan)",
                "AP+ (Cash loan)",
            ),
            ("by_contact_center", "par téléphone", "through the contact centre", "Contact center"),
            ("by_agency", "en agence", "in a credit and cash office", "Credit and cash offices"),
            ("by_shop", "dans un réseau national", "in a nationwide network", "Country-wide"),
            ("by_stone", "en point de vente isolé", "in a single shop", "Stone"),
        ),
    ),
    *_traits(
        "payment_type",
        (
            (
                "by_bank_cash",
                "payables en espèces à la banque",
                "payable in cash at the bank",
                "Cash through the bank",
            ),
        ),
    ),
)

PREVIOUS.family([REQUESTS], [ALL, CASH, CONSUMER, REVOLVING, *WINDOWS], [COUNT])
PREVIOUS.family([IS_REFUSED], [ALL, CASH, CONSUMER, REVOLVING, *WINDOWS, *LAST], [COUNT])
PREVIOUS.family([IS_REFUSED], [ALL, CASH, CONSUMER, *WINDOWS[1:], *LAST[1:]], [SHARE])
PREVIOUS.family([IS_REFUSED], [ALL], [RECENT_MEAN, SLOPE])
PREVIOUS.family([IS_APPROVED], [ALL, *WINDOWS, *LAST[1:]], [COUNT, SHARE])
PREVIOUS.family([IS_CANCELED, IS_UNUSED], [ALL], [COUNT, SHARE])
PREVIOUS.family(REASONS, [ALL], [COUNT, SHARE])
PREVIOUS.family(TRAITS, [ALL], [SHARE])
PREVIOUS.family(TRAITS[:6], [LAST[0], APPROVED], [SHARE])
PREVIOUS.family([ANNUITY, GRANTED], [APPROVED], [MEAN, MAX, MIN, SUM])
PREVIOUS.family([ANNUITY, GRANTED], [REFUSED], [MEAN, MAX])
PREVIOUS.family([REQUESTED, GOODS], [ALL, APPROVED], [MEAN, MAX])
PREVIOUS.family([DOWN, DOWN_SHARE], [ALL, APPROVED], [MEAN, MAX])
PREVIOUS.family([TERM, INTEREST], [APPROVED, CASH, CONSUMER], [MEAN, MAX])
PREVIOUS.family([INTEREST], [APPROVED], [MIN, STD])
PREVIOUS.family([ASKED], [ALL, APPROVED, REFUSED], [MEAN, MAX, MIN])
PREVIOUS.family([TO_GOODS, TO_CREDIT], [APPROVED], [MEAN, MAX])
PREVIOUS.family([ANNUITY, GRANTED, TERM, INTEREST, ASKED, TO_CREDIT], LAST, [MEAN])
PREVIOUS.family([ANNUITY, GRANTED, TERM, INTEREST], [ALL], [RECENT_MEAN])
PREVIOUS.family([GRANTED, TERM, INTEREST], [ALL], [SLOPE])
PREVIOUS.family([INSURED], [ALL], [MEAN])
PREVIOUS.family([ENDED], [ALL, CASH, CONSUMER], [MEAN, MAX, MIN])
PREVIOUS.family([DECISION], [ALL, APPROVED, REFUSED], [MAX, MIN, MEAN])
PREVIOUS.family([DECISION], [CASH, CONSUMER, REVOLVING], [MAX])
PREVIOUS.family([LAST_DUE, FIRST_DUE, TERMINATION], [ALL], [MAX, MIN, MEAN])


@feature(
    group="previous_requests",
    unit="days",
    label=("Délai moyen entre deux demandes passées", "Average gap between past applications"),
)
def previous_gap_days(x: Namespace) -> Expr:
    """Mean number of days between successive past applications."""
    decided = x.col("decision_days")
    return (decided.max() - decided.min()) / (decided.count() - 1)


@feature(
    group="previous_refusals",
    unit="ratio",
    direction=RAISES_RISK,
    label=("Refus passés rapportés aux accords", "Past refusals to approvals"),
)
def previous_refusals_to_approvals(x: Namespace) -> Expr:
    """Refused applications divided by one plus the approved ones."""
    refused = _is("status", "Refused")(x).fill_null(False).cast(x.Float64).sum()
    return refused / (_is("status", "Approved")(x).fill_null(False).cast(x.Float64).sum() + 1.0)


@feature(
    group="pos_remaining",
    unit="amount",
    label=("Mensualités des prêts passés encore en cours", "Instalments of past loans still open"),
)
def previous_open_annuity_sum(x: Namespace) -> Expr:
    """Sum of the annuities of approved past loans that have not ended."""
    still_open = x.col("status").is_in(["Approved"]) & x.col("last_due_days").is_null()
    return x.when(still_open).then(x.col("annuity")).sum()

"""Past applications with us: what was asked, what was answered, on which terms.

One row is one application. Only an approved one has terms: what a refused one carries is what was
asked, not an amount granted nor a loan's length or rate. Outcomes and refusal reasons are summed up
over all, over the last one to five, and over the last years.
"""

from __future__ import annotations

from features.engine.declare import Declarations
from features.engine.family import ALL, Measure, Slice, is_any, within
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

DECLARED = Declarations(
    "previous", prefix="previous", clock=lambda x: x.col("decision_days") / 30.4375
)
feature = DECLARED.feature


def _agreed(name: str) -> Formula:
    """Return the column ``name`` of approved applications: a term that was agreed on."""
    return lambda x: x.when(x.col("status") == "Approved").then(x.col(name))


@DECLARED.column
def recency(x: Namespace) -> Expr:
    """Rank of the application from the latest (1) to the oldest of the client."""
    decided = x.struct("decision_days", "previous_id")
    return decided.rank("ordinal", descending=True).over("client_id")


@DECLARED.column
def requested_to_granted(x: Namespace) -> Expr:
    """Amount requested over amount granted: above one, less was granted than asked."""
    granted = _agreed("amount_credit")(x)
    return x.when(granted > 0).then(x.col("amount_requested") / granted)


@DECLARED.column
def granted_to_goods(x: Namespace) -> Expr:
    """Amount granted over the price of the goods."""
    granted = _agreed("amount_credit")(x)
    return x.when(x.col("goods_price") > 0).then(granted / x.col("goods_price"))


@DECLARED.column
def instalment_to_credit(x: Namespace) -> Expr:
    """Annuity over the amount granted."""
    granted = _agreed("amount_credit")(x)
    return x.when(granted > 0).then(x.col("annuity") / granted)


@DECLARED.column
def yearly_interest(x: Namespace) -> Expr:
    """Implied simple yearly interest: what is repaid beyond the credit, per year of term."""
    granted, months = _agreed("amount_credit")(x), x.col("term_months")
    known = (granted > 0) & (months > 0)
    return x.when(known).then((x.col("annuity") * months / granted - 1.0) * 12.0 / months)


@DECLARED.column
def ended_late_days(x: Namespace) -> Expr:
    """Days between the planned and the real last due date: negative when repaid early."""
    return x.col("last_due_days") - x.col("last_due_planned_days")


def _contract(name: str, fr: str, en: str, value: str) -> Slice:
    return Slice(name, Words(f"sur {fr}", f"over {en}"), is_any("contract_type", value))


def _last(count: int) -> Slice:
    fr = "sur la dernière" if count == 1 else f"sur les {count} dernières"
    en = "over the last one" if count == 1 else f"over the last {count}"
    return Slice(f"last_{count}", Words(fr, en), lambda x: x.col("recency") <= count)


def _decided_within(name: str, fr: str, en: str, days: int) -> Slice:
    words = Words(f"sur celles depuis {fr}", f"over those of the last {en}")
    return Slice(name, words, within("decision_days", days))


def _traits(column: str, **values: str) -> tuple[Measure, ...]:
    """Return the counted measures that ``column`` holds the value, by the name of the measure."""
    return tuple(DECLARED.measure(name, is_any(column, v)) for name, v in values.items())


def _reasons(**values: str) -> tuple[Measure, ...]:
    """Return the counted measures that an application was refused for the reason of that code."""
    refused = is_any("status", "Refused")

    def measure(name: str, code: str) -> Measure:
        coded = is_any("reject_reason", code)
        return DECLARED.measure(name, lambda x: refused(x) & coded(x))

    return tuple(measure(name, code) for name, code in values.items())


APPROVED = Slice(
    "approved",
    Words("sur celles acceptées", "over the approved ones"),
    is_any("status", "Approved"),
)
REFUSED = Slice(
    "refused", Words("sur celles refusées", "over the refused ones"), is_any("status", "Refused")
)
STILL_OPEN = Slice(
    "open",
    Words("sur les prêts encore en cours", "over the loans still open"),
    lambda x: x.col("status").is_in(["Approved"]) & x.col("last_due_days").is_null(),
)
CASH = _contract("cash", "les prêts personnels", "cash loans", "Cash loans")
CONSUMER = _contract(
    "consumer", "les crédits à la consommation", "consumer loans", "Consumer loans"
)
REVOLVING = _contract(
    "revolving", "les crédits renouvelables", "revolving loans", "Revolving loans"
)
LAST_1, LAST_3, LAST_5 = (_last(count) for count in (1, 3, 5))
HALF_YEAR = _decided_within("half_year", "six mois", "six months", 183)
YEAR = _decided_within("year", "un an", "year", 365)
TWO_YEARS = _decided_within("2_years", "deux ans", "two years", 730)

APPLICATIONS = DECLARED.measure("applications", lambda x: ~x.col("decision_days").is_null())
REQUESTED = DECLARED.measure("requested", lambda x: x.col("amount_requested"))
GRANTED = DECLARED.measure("granted", _agreed("amount_credit"))
ANNUITY = DECLARED.measure("annuity", _agreed("annuity"))
GOODS = DECLARED.measure("goods_price")
DOWN = DECLARED.measure("down_payment")
DOWN_SHARE = DECLARED.measure("down_payment_share")
TERM = DECLARED.measure("term_months", _agreed("term_months"))
INTEREST = DECLARED.measure("yearly_interest")
ASKED = DECLARED.measure("requested_to_granted")
TO_GOODS = DECLARED.measure("granted_to_goods")
TO_CREDIT = DECLARED.measure("instalment_to_credit")
INSURED = DECLARED.measure("insured")
ENDED = DECLARED.measure("ended_late_days")
DECISION = DECLARED.measure("decision_days")
FIRST_DUE = DECLARED.measure("first_due_days")
LAST_DUE = DECLARED.measure("last_due_days")
TERMINATION = DECLARED.measure("termination_days")

APPROVALS, REFUSALS, CANCELLATIONS, UNUSED = _traits(
    "status",
    approvals="Approved",
    refusals="Refused",
    cancellations="Canceled",
    unused_offers="Unused offer",
)
REASONS = _reasons(
    refused_by_rules="HC",
    refused_for_limit="LIMIT",
    refused_on_score="SCO",
    refused_on_control_score="SCOFR",
    refused_after_verification="VERIF",
)
RATES = _traits(
    "yield_group",
    high_rate="high",
    middle_rate="middle",
    low_rate="low_normal",
    promotional_rate="low_action",
)
TRAITS = (
    *_traits("product_type", walk_in="walk-in", cross_sold="x-sell"),
    *_traits("client_type", as_new="New", as_repeater="Repeater", as_returning="Refreshed"),
    *_traits("portfolio", for_goods="POS", for_cash="Cash", for_card="Cards"),
    *_traits("payment_type", by_bank_cash="Cash through the bank"),
    *_traits(
        "channel",
        by_broker_cash="AP+ (Cash loan)",
        by_contact_center="Contact center",
        by_agency="Credit and cash offices",
        by_shop="Country-wide",
        by_stone="Stone",
    ),
)

DECLARED.family([APPLICATIONS], [ALL, CASH, CONSUMER, REVOLVING, YEAR], [COUNT])
DECLARED.family([REFUSALS], [ALL, CASH, CONSUMER, HALF_YEAR, YEAR, TWO_YEARS], [COUNT])
DECLARED.family([REFUSALS], [ALL, CASH, YEAR, TWO_YEARS, LAST_1, LAST_3, LAST_5], [SHARE])
DECLARED.family([REFUSALS], [ALL], [RECENT_MEAN, SLOPE])
DECLARED.family([APPROVALS], [ALL, YEAR, TWO_YEARS], [COUNT])
DECLARED.family([APPROVALS], [ALL, YEAR, TWO_YEARS, LAST_3, LAST_5], [SHARE])
DECLARED.family([CANCELLATIONS, UNUSED], [ALL], [SHARE])
DECLARED.family(REASONS, [ALL], [COUNT, SHARE])
DECLARED.family([*RATES, *TRAITS], [ALL], [SHARE])
DECLARED.family(RATES, [APPROVED], [SHARE])
DECLARED.family([ANNUITY, GRANTED], [APPROVED], [MEAN, MAX, MIN, SUM])
DECLARED.family([ANNUITY], [STILL_OPEN], [SUM])
DECLARED.family([REQUESTED], [REFUSED], [MEAN, MAX])
DECLARED.family([REQUESTED, GOODS], [ALL], [MEAN, MAX])
DECLARED.family([DOWN, DOWN_SHARE], [ALL], [MEAN, MAX])
DECLARED.family([TERM, INTEREST], [APPROVED, CASH, CONSUMER], [MEAN, MAX])
DECLARED.family([INTEREST], [APPROVED], [MIN, STD])
DECLARED.family([ASKED], [ALL], [MEAN, MAX, MIN])
DECLARED.family([TO_GOODS, TO_CREDIT], [APPROVED], [MEAN, MAX])
DECLARED.family([ANNUITY, GRANTED, TERM, INTEREST, ASKED], [LAST_1, LAST_3, LAST_5], [MEAN])
DECLARED.family([ANNUITY, GRANTED, TERM, INTEREST], [ALL], [RECENT_MEAN])
DECLARED.family([TERM, INTEREST], [ALL], [SLOPE])
DECLARED.family([INSURED], [ALL], [MEAN])
DECLARED.family([ENDED], [ALL, CASH, CONSUMER], [MEAN, MIN])
DECLARED.family([DECISION], [ALL, APPROVED, REFUSED], [LATEST, OLDEST, MEAN])
DECLARED.family([DECISION], [CASH, CONSUMER], [LATEST])
DECLARED.family([LAST_DUE, FIRST_DUE, TERMINATION], [ALL], [LATEST, MEAN])


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
    refused = known_sum(x, is_any("status", "Refused")(x).cast(x.Float64))
    return refused / (is_any("status", "Approved")(x).cast(x.Float64).sum() + 1.0)

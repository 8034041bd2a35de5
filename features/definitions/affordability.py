"""Affordability and shape of the loan: the request put in proportion to the means.

Income and instalment are amounts of one month. Amounts say little alone: what matters is the
instalment beside the income, the credit beside the goods it buys, the years it will take. All are
recomputed at each request, so that a simulation changes them. What moves when a larger amount is
asked over the same term, whether for the same goods or for dearer ones, is directed, so that asking
for more can never lower the risk.
"""

from __future__ import annotations

from features.engine.declare import Declarations
from features.engine.namespace import LOWERS_RISK, RAISES_RISK, Expr, Namespace

DECLARED = Declarations("applications")
feature = DECLARED.feature


@feature(
    group="affordability",
    unit="ratio",
    direction=RAISES_RISK,
    actionable=True,
    label=(
        "Taux d'effort (mensualité sur revenu mensuel)",
        "Effort rate (instalment over monthly income)",
    ),
)
def instalment_to_income(x: Namespace) -> Expr:
    """Monthly instalment divided by monthly income; missing when the income is zero or missing."""
    return x.col("annuity") / x.col("income_total")


@feature(
    group="affordability",
    unit="ratio",
    direction=RAISES_RISK,
    actionable=True,
    label=("Crédit rapporté au revenu mensuel", "Credit to monthly income"),
)
def credit_to_income(x: Namespace) -> Expr:
    """Credit amount divided by monthly income."""
    return x.col("amount_credit") / x.col("income_total")


@feature(
    group="affordability",
    unit="ratio",
    direction=RAISES_RISK,
    actionable=True,
    label=("Prix du bien rapporté au revenu mensuel", "Price of the goods to monthly income"),
)
def goods_to_income(x: Namespace) -> Expr:
    """Price of the goods divided by monthly income."""
    return x.col("goods_price") / x.col("income_total")


@feature(
    group="affordability",
    unit="amount",
    period="month",
    direction=LOWERS_RISK,
    label=("Revenu mensuel une fois la mensualité ôtée", "Monthly income less the instalment"),
)
def income_less_instalment(x: Namespace) -> Expr:
    """Monthly income minus the monthly instalment, both as declared."""
    return x.col("income_total") - x.col("annuity")


@feature(
    group="affordability",
    unit="amount",
    period="month",
    direction=LOWERS_RISK,
    label=("Revenu mensuel par personne du foyer", "Monthly income per person in the household"),
)
def income_per_person(x: Namespace) -> Expr:
    """Monthly income divided by the number of people in the household."""
    return x.col("income_total") / x.col("family_members_count")


@feature(
    group="affordability",
    unit="ratio",
    direction=RAISES_RISK,
    label=(
        "Mensualité rapportée au revenu par personne",
        "Instalment to income per person",
    ),
)
def instalment_to_income_per_person(x: Namespace) -> Expr:
    """Annuity times the household's size, divided by monthly income."""
    return x.col("annuity") * x.col("family_members_count") / x.col("income_total")


@feature(
    group="affordability",
    unit="amount",
    direction=RAISES_RISK,
    label=("Crédit par personne du foyer", "Credit per person in the household"),
)
def credit_per_person(x: Namespace) -> Expr:
    """Credit amount divided by the number of people in the household."""
    return x.col("amount_credit") / x.col("family_members_count")


@feature(
    group="loan",
    unit="months",
    label=("Durée implicite du crédit", "Implied term of the credit"),
)
def implied_term_months(x: Namespace) -> Expr:
    """Credit amount divided by the annuity: months needed without interest."""
    return x.col("amount_credit") / x.col("annuity")


@feature(
    group="loan",
    unit="ratio",
    direction=RAISES_RISK,
    label=("Mensualité rapportée au prix du bien", "Instalment to price of the goods"),
)
def instalment_to_goods(x: Namespace) -> Expr:
    """Annuity divided by the price of the goods."""
    return x.col("annuity") / x.col("goods_price")


@feature(
    group="loan",
    unit="ratio",
    direction=RAISES_RISK,
    actionable=True,
    label=("Crédit rapporté au prix du bien", "Credit to price of the goods"),
)
def credit_to_goods(x: Namespace) -> Expr:
    """Credit amount divided by the price of the goods; above one, fees or insurance are added."""
    return x.col("amount_credit") / x.col("goods_price")


@feature(
    group="loan",
    unit="months",
    direction=RAISES_RISK,
    label=("Frais ajoutés rapportés à la mensualité", "Added fees relative to the instalment"),
)
def credit_beyond_goods_to_instalment(x: Namespace) -> Expr:
    """Credit beyond the price of the goods, in number of instalments."""
    return (x.col("amount_credit") - x.col("goods_price")) / x.col("annuity")


@feature(
    group="income",
    unit="amount",
    period="month",
    direction=LOWERS_RISK,
    label=("Revenu mensuel rapporté à l'ancienneté", "Monthly income relative to time in job"),
)
def income_per_year_in_job(x: Namespace) -> Expr:
    """Monthly income divided by years in the current job."""
    return x.col("income_total") * -365.25 / x.col("employment_days")


@feature(
    group="loan",
    unit="amount",
    direction=RAISES_RISK,
    label=("Crédit rapporté à l'ancienneté", "Credit relative to time in job"),
)
def credit_per_year_in_job(x: Namespace) -> Expr:
    """Credit amount divided by years in the current job."""
    return x.col("amount_credit") * -365.25 / x.col("employment_days")

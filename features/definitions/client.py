"""The client as a whole: the request set against everything else known.

These features read both the application and the history features, so they move with a simulation
like those of the application. Each is left out when one of the tables it needs is absent.
"""

from __future__ import annotations

from features.definitions.external_scores import scores
from features.engine.declare import Declarations
from features.engine.namespace import RAISES_RISK, Expr, Namespace

DECLARED = Declarations("client")
feature = DECLARED.feature


def _owed(x: Namespace, name: str) -> Expr:
    """Return an amount owed: what is owed to the client (a negative one) weighs nothing."""
    return x.when(x.col(name) < 0.0).then(0.0).otherwise(x.col(name))


@feature(
    group="commitments",
    unit="ratio",
    direction=RAISES_RISK,
    label=("Dettes extérieures rapportées au revenu mensuel", "External debt to monthly income"),
)
def external_debt_to_income(x: Namespace) -> Expr:
    """Amount owed on open external credits (never under zero) divided by monthly income."""
    return _owed(x, "bureau_debt_open_sum") / x.col("income_total")


@feature(
    group="commitments",
    unit="ratio",
    direction=RAISES_RISK,
    label=(
        "Dettes extérieures et crédit demandé rapportés au revenu mensuel",
        "External debt and requested credit to monthly income",
    ),
)
def total_exposure_to_income(x: Namespace) -> Expr:
    """External debt (never under zero) plus the requested credit, divided by monthly income."""
    owed = _owed(x, "bureau_debt_open_sum")
    return (owed + x.col("amount_credit")) / x.col("income_total")


@feature(
    group="commitments",
    unit="ratio",
    direction=RAISES_RISK,
    label=(
        "Toutes les mensualités rapportées au revenu mensuel",
        "All instalments together to monthly income",
    ),
)
def all_instalments_to_income(x: Namespace) -> Expr:
    """Requested annuity plus those of open external credits, divided by monthly income."""
    return (x.col("annuity") + x.col("bureau_instalment_open_sum")) / x.col("income_total")


@feature(
    group="commitments",
    unit="ratio",
    direction=RAISES_RISK,
    label=(
        "Montant en retard à l'extérieur rapporté au revenu mensuel",
        "External amount past due to monthly income",
    ),
)
def external_overdue_to_income(x: Namespace) -> Expr:
    """Largest amount ever past due on an external credit divided by monthly income."""
    return x.col("bureau_largest_overdue_max") / x.col("income_total")


@feature(
    group="commitments",
    unit="ratio",
    direction=RAISES_RISK,
    label=(
        "Crédit demandé rapporté aux crédits extérieurs passés",
        "Requested credit to past external credits",
    ),
)
def credit_to_external_mean(x: Namespace) -> Expr:
    """Requested credit divided by the mean amount of the external credits."""
    return x.col("amount_credit") / x.col("bureau_borrowed_mean")


@feature(
    group="commitments",
    unit="ratio",
    direction=RAISES_RISK,
    label=(
        "Crédit demandé rapporté au plus grand crédit extérieur",
        "Requested credit to the largest external credit",
    ),
)
def credit_to_external_max(x: Namespace) -> Expr:
    """Requested credit divided by the largest external credit."""
    return x.col("amount_credit") / x.col("bureau_borrowed_max")


@feature(
    group="commitments",
    unit="ratio",
    direction=RAISES_RISK,
    label=(
        "Part encore due à l'extérieur, pondérée par les notes extérieures",
        "Share owed externally, weighted by the external scores",
    ),
)
def external_debt_times_external_weakness(x: Namespace) -> Expr:
    """Open external debt over credit (never under zero), times one minus the mean score."""
    return _owed(x, "bureau_open_debt_to_borrowed") * (1.0 - x.mean_horizontal(*scores(x)))


@feature(
    group="previous_terms",
    unit="ratio",
    direction=RAISES_RISK,
    label=(
        "Crédit demandé rapporté aux montants déjà accordés",
        "Requested credit to amounts already granted",
    ),
)
def credit_to_previous_mean(x: Namespace) -> Expr:
    """Requested credit divided by the mean amount of approved past loans."""
    return x.col("amount_credit") / x.col("previous_granted_approved_mean")


@feature(
    group="previous_terms",
    unit="ratio",
    direction=RAISES_RISK,
    label=(
        "Crédit demandé rapporté au plus grand montant déjà accordé",
        "Requested credit to the largest amount already granted",
    ),
)
def credit_to_previous_max(x: Namespace) -> Expr:
    """Requested credit divided by the largest approved past loan."""
    return x.col("amount_credit") / x.col("previous_granted_approved_max")


@feature(
    group="previous_terms",
    unit="ratio",
    direction=RAISES_RISK,
    label=(
        "Mensualité rapportée aux mensualités passées",
        "Instalment to past instalments",
    ),
)
def instalment_to_previous_mean(x: Namespace) -> Expr:
    """Requested annuity divided by the mean annuity of approved past loans."""
    return x.col("annuity") / x.col("previous_annuity_approved_mean")


@feature(
    group="previous_terms",
    unit="ratio",
    direction=RAISES_RISK,
    label=(
        "Mensualité rapportée à la plus forte mensualité passée",
        "Instalment to the largest past instalment",
    ),
)
def instalment_to_previous_max(x: Namespace) -> Expr:
    """Requested annuity divided by the largest annuity of approved past loans."""
    return x.col("annuity") / x.col("previous_annuity_approved_max")


@feature(
    group="previous_terms",
    unit="ratio",
    label=(
        "Durée implicite rapportée aux durées passées",
        "Implied term to past terms",
    ),
)
def term_to_previous_mean(x: Namespace) -> Expr:
    """Implied term of the request divided by the mean term of approved past loans."""
    return x.col("amount_credit") / x.col("annuity") / x.col("previous_term_months_approved_mean")


@feature(
    group="previous_refusals",
    unit="share",
    direction=RAISES_RISK,
    label=(
        "Refus passés, pondérés par les notes extérieures",
        "Past refusals, weighted by the external scores",
    ),
)
def refusals_times_external_weakness(x: Namespace) -> Expr:
    """Share of refused past applications times one minus the mean external score."""
    return x.col("previous_refusals_share") * (1.0 - x.mean_horizontal(*scores(x)))


@feature(
    group="card_use",
    unit="ratio",
    direction=RAISES_RISK,
    label=("Solde de la carte rapporté au revenu mensuel", "Card balance to monthly income"),
)
def card_balance_to_income(x: Namespace) -> Expr:
    """Mean card balance of the last three months (never under zero), divided by monthly income."""
    return _owed(x, "cards_balance_3_months_mean") / x.col("income_total")


@feature(
    group="instalment_amounts",
    unit="ratio",
    direction=RAISES_RISK,
    label=(
        "Mensualité demandée rapportée aux règlements passés",
        "Requested instalment to past payments",
    ),
)
def instalment_to_past_payments(x: Namespace) -> Expr:
    """Requested annuity divided by the mean payment of the last year."""
    return x.col("annuity") / x.col("instalments_paid_365_days_mean")


@feature(
    group="instalment_amounts",
    unit="ratio",
    direction=RAISES_RISK,
    label=(
        "Échéances de l'année passée rapportées au revenu mensuel",
        "Instalments of the past year to monthly income",
    ),
)
def past_instalments_to_income(x: Namespace) -> Expr:
    """A twelfth of what fell due over the last year, divided by monthly income.

    What fell due rather than what was paid: having paid more can then not weigh on anybody.
    """
    return x.col("instalments_due_365_days_sum") / 12.0 / x.col("income_total")

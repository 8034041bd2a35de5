"""What external bodies think of the client: three scores in [0, 1], high when safe.

They are the strongest single pieces of information of an application, each often missing, so the
ways of combining them matter: the mean of those present, the worst one, how many are missing.
Every combination moves one way when any one score rises, so that a better score can never raise
the risk: how far the scores disagree, which would move both ways, is left out.
"""

from __future__ import annotations

from features.engine.declare import Declarations
from features.engine.namespace import LOWERS_RISK, NO_DIRECTION, RAISES_RISK, Expr, Namespace
from features.raw.tables import APPLICATIONS

DECLARED = Declarations("applications")
feature = DECLARED.feature

NAMES = ("external_score_1", "external_score_2", "external_score_3")
WEIGHTS = (2.0, 3.0, 4.0)

for _name in NAMES:
    DECLARED.as_it_is(APPLICATIONS[_name], direction=LOWERS_RISK)


def scores(x: Namespace) -> list[Expr]:
    """Return the three scores as expressions."""
    return [x.col(name) for name in NAMES]


@feature(
    group="external_scores",
    unit="score",
    direction=LOWERS_RISK,
    label=("Notes extérieures : moyenne", "External scores: average"),
)
def external_score_mean(x: Namespace) -> Expr:
    """Mean of the external scores that are known."""
    return x.mean_horizontal(*scores(x))


@feature(
    group="external_scores",
    unit="score",
    direction=LOWERS_RISK,
    label=("Notes extérieures : la plus basse", "External scores: lowest"),
)
def external_score_min(x: Namespace) -> Expr:
    """Lowest of the external scores that are known."""
    return x.min_horizontal(*scores(x))


@feature(
    group="external_scores",
    unit="score",
    direction=LOWERS_RISK,
    label=("Notes extérieures : la plus haute", "External scores: highest"),
)
def external_score_max(x: Namespace) -> Expr:
    """Highest of the external scores that are known."""
    return x.max_horizontal(*scores(x))


@feature(
    group="external_scores",
    unit="score",
    direction=LOWERS_RISK,
    label=("Notes extérieures : moyenne géométrique", "External scores: geometric mean"),
)
def external_score_geometric_mean(x: Namespace) -> Expr:
    """Geometric mean of the known external scores: one very low score pulls it down."""
    return x.mean_horizontal(*[score.log() for score in scores(x)]).exp()


@feature(
    group="external_scores",
    unit="score",
    direction=LOWERS_RISK,
    label=("Notes extérieures : produit", "External scores: product"),
)
def external_score_product(x: Namespace) -> Expr:
    """Product of the three external scores; missing when one is missing."""
    first, second, third = scores(x)
    return first * second * third


@feature(
    group="external_scores",
    unit="score",
    direction=LOWERS_RISK,
    label=("Notes extérieures : produit des notes 1 et 2", "External scores: product of 1 and 2"),
)
def external_score_product_1_2(x: Namespace) -> Expr:
    """Product of the first two external scores."""
    return x.col("external_score_1") * x.col("external_score_2")


@feature(
    group="external_scores",
    unit="score",
    direction=LOWERS_RISK,
    label=("Notes extérieures : produit des notes 1 et 3", "External scores: product of 1 and 3"),
)
def external_score_product_1_3(x: Namespace) -> Expr:
    """Product of the first and third external scores."""
    return x.col("external_score_1") * x.col("external_score_3")


@feature(
    group="external_scores",
    unit="score",
    direction=LOWERS_RISK,
    label=("Notes extérieures : produit des notes 2 et 3", "External scores: product of 2 and 3"),
)
def external_score_product_2_3(x: Namespace) -> Expr:
    """Product of the last two external scores."""
    return x.col("external_score_2") * x.col("external_score_3")


@feature(
    group="external_scores",
    unit="score",
    direction=LOWERS_RISK,
    label=("Notes extérieures : moyenne pondérée", "External scores: weighted average"),
)
def external_score_weighted(x: Namespace) -> Expr:
    """Mean of the known scores weighted 2, 3 and 4."""
    weighted = [score * weight for score, weight in zip(scores(x), WEIGHTS, strict=True)]
    weights = [
        (~score.is_null()).cast(x.Float64) * weight
        for score, weight in zip(scores(x), WEIGHTS, strict=True)
    ]
    return x.sum_horizontal(*weighted) / x.sum_horizontal(*weights)


@feature(
    group="external_scores",
    unit="count",
    direction=NO_DIRECTION,
    label=("Notes extérieures manquantes", "Missing external scores"),
)
def external_score_missing_count(x: Namespace) -> Expr:
    """How many of the three external scores are missing."""
    return x.sum_horizontal(*[score.is_null().cast(x.Float64) for score in scores(x)])


@feature(
    group="external_scores",
    unit="amount",
    direction=RAISES_RISK,
    label=(
        "Crédit demandé, pondéré par les notes extérieures",
        "Requested credit, weighted by the external scores",
    ),
)
def credit_times_external_weakness(x: Namespace) -> Expr:
    """Requested credit times one minus the mean external score: exposure carried by weakness."""
    return x.col("amount_credit") * (1.0 - x.mean_horizontal(*scores(x)))


@feature(
    group="external_scores",
    unit="ratio",
    direction=RAISES_RISK,
    label=(
        "Mensualité rapportée au revenu, pondérée par les notes extérieures",
        "Instalment to income, weighted by the external scores",
    ),
)
def instalment_burden_times_external_weakness(x: Namespace) -> Expr:
    """Instalment to income times one minus the mean external score."""
    burden = x.col("annuity") / x.col("income_total")
    return burden * (1.0 - x.mean_horizontal(*scores(x)))


@feature(
    group="external_scores",
    unit="ratio",
    direction=RAISES_RISK,
    label=(
        "Durée du crédit, pondérée par les notes extérieures",
        "Term of the credit, weighted by the external scores",
    ),
)
def term_times_external_weakness(x: Namespace) -> Expr:
    """Credit divided by instalment, times one minus the mean external score."""
    term = x.col("amount_credit") / x.col("annuity")
    return term * (1.0 - x.mean_horizontal(*scores(x)))


@feature(
    group="external_scores",
    unit="years",
    direction=LOWERS_RISK,
    label=("Note extérieure et ancienneté réunies", "External score and time in job together"),
)
def external_score_times_employment(x: Namespace) -> Expr:
    """Mean external score times years in the current job."""
    return x.mean_horizontal(*scores(x)) * x.col("employment_days") / -365.25

"""The client's situation: whether there is a job, stability of what is declared, household, car.

Days count backwards from the application (yesterday is -1). Nothing here is set against the
client's age, which no feature may read.
"""

from __future__ import annotations

from features.engine.declare import Declarations
from features.engine.namespace import Expr, Namespace

DECLARED = Declarations("applications")
feature = DECLARED.feature


@feature(
    group="employment",
    unit="flag",
    label=("Sans emploi en cours", "No current job"),
)
def without_current_job(x: Namespace) -> Expr:
    """1 when no current job is declared (retired people included), 0 otherwise."""
    return x.col("employment_days").is_null().cast(x.Float64)


@feature(
    group="stability",
    unit="ratio",
    label=(
        "Ancienneté du téléphone rapportée à l'emploi",
        "Phone number's age relative to time in job",
    ),
)
def phone_change_to_employment(x: Namespace) -> Expr:
    """Days since the phone changed divided by days in the current job."""
    return x.col("phone_change_days") / x.col("employment_days")


@feature(
    group="stability",
    unit="days",
    label=("Changement le plus récent", "Most recent change"),
)
def latest_change_days(x: Namespace) -> Expr:
    """The latest of the changes of registration, identity document and phone, in days (<= 0)."""
    return x.max_horizontal(
        x.col("registration_days"), x.col("identity_document_days"), x.col("phone_change_days")
    )


@feature(
    group="assets",
    unit="ratio",
    label=("Âge de la voiture rapporté à l'ancienneté", "Car's age relative to time in job"),
)
def car_age_to_employment(x: Namespace) -> Expr:
    """Age of the car divided by the years in the current job."""
    return x.col("car_age_years") * -365.25 / x.col("employment_days")


@feature(
    group="household",
    unit="ratio",
    label=("Part d'enfants dans le foyer", "Share of children in the household"),
)
def children_to_family(x: Namespace) -> Expr:
    """Children divided by people in the household."""
    return x.col("children_count") / x.col("family_members_count")

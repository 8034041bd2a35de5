"""The monthly record of external credits: paid on time, late by how much, closed, unknown.

One row is one month of one external credit. The status of a month is ``0`` (on time), ``1`` to
``5`` (late by up to 30, 60, 90, 120 days, and more or written off), ``C`` (closed), ``X``
(unknown). Few labelled clients have this record and nearly all later ones do, so a scorecard must
not learn from its mere presence: only what it says is a feature.
"""

from __future__ import annotations

from features.declare import RAISES_RISK, Declarations, Expr, Measure, Namespace, Slice
from features.statistics import COUNT, MAX, MEAN, RECENT_MEAN, SHARE, SLOPE
from features.tables import Words

BUREAU_MONTHS = Declarations("bureau_balance", prefix="bureau", clock=lambda x: x.col("month"))
feature = BUREAU_MONTHS.feature


@BUREAU_MONTHS.column
def severity(x: Namespace) -> Expr:
    """How late the month was, 0 to 5; missing when unknown."""
    status = x.col("status")
    late = x.lit(0.0)
    for level in ("1", "2", "3", "4", "5"):
        late = x.when(status == level).then(x.lit(float(level))).otherwise(late)
    return x.when(status.is_not_null() & (status != "X")).then(late)


def _within(months: int) -> Slice:
    return Slice(
        f"{months}_months",
        Words(f"sur les {months} derniers mois", f"over the last {months} months"),
        lambda x: x.col("month") >= -months,
    )


ALL = Slice("", Words("sur l'ensemble", "over all of it"))
WINDOWS = tuple(_within(months) for months in (3, 6, 12, 24, 36))

SEVERITY = Measure(
    "month_severity",
    "bureau_months",
    "index",
    Words(
        "Gravité mensuelle des retards extérieurs (0 à 5)",
        "Monthly severity of external delays (0 to 5)",
    ),
    lambda x: x.col("severity"),
    RAISES_RISK,
)
LATE = Measure(
    "late_months",
    "bureau_months",
    "count",
    Words("Mois en retard sur les crédits extérieurs", "Late months on external credits"),
    lambda x: x.col("severity") > 0,
    RAISES_RISK,
    yes_or_no=True,
)
VERY_LATE = Measure(
    "very_late_months",
    "bureau_months",
    "count",
    Words(
        "Mois en retard de plus de 30 jours sur les crédits extérieurs",
        "Months more than 30 days late on external credits",
    ),
    lambda x: x.col("severity") > 1,
    RAISES_RISK,
    yes_or_no=True,
)
UNKNOWN = Measure(
    "unknown_months",
    "bureau_months",
    "count",
    Words("Mois non renseignés sur les crédits extérieurs", "Months without information, external"),
    lambda x: x.col("status") == "X",
    yes_or_no=True,
)
CLOSED = Measure(
    "closed_months",
    "bureau_months",
    "count",
    Words("Mois après clôture des crédits extérieurs", "Months after closing, external credits"),
    lambda x: x.col("status") == "C",
    yes_or_no=True,
)
ON_TIME = Measure(
    "on_time_months",
    "bureau_months",
    "count",
    Words("Mois à jour sur les crédits extérieurs", "Months on time on external credits"),
    lambda x: x.col("status") == "0",
    yes_or_no=True,
)

BUREAU_MONTHS.family([SEVERITY], [ALL, *WINDOWS], [MEAN, MAX])
BUREAU_MONTHS.family([SEVERITY], [ALL], [RECENT_MEAN, SLOPE])
BUREAU_MONTHS.family([LATE], [ALL, *WINDOWS], [COUNT, SHARE])
BUREAU_MONTHS.family([VERY_LATE], [ALL, *WINDOWS[2:4]], [COUNT, SHARE])
BUREAU_MONTHS.family([UNKNOWN, CLOSED, ON_TIME], [ALL, *WINDOWS[1:4]], [SHARE])


@feature(
    group="bureau_months",
    unit="months",
    direction=RAISES_RISK,
    label=(
        "Mois écoulés depuis le dernier retard extérieur (négatif)",
        "Months since the last external delay (negative)",
    ),
)
def bureau_last_late_month(x: Namespace) -> Expr:
    """Month of the latest delay on an external credit (0 is now); missing when there is none."""
    return x.when(x.col("severity") > 0).then(x.col("month")).max()

"""The monthly record of external credits: paid on time, late by how much, closed, unknown.

One row is one month of one external credit. The status of a month is ``0`` (on time), ``1`` to
``5`` (late by up to 30, 60, 90, 120 days, and more or written off), ``C`` (closed), ``X``
(unknown). Few labelled clients have this record and nearly all later ones do, so a scorecard must
not learn from its mere presence: only what it says is a feature.
"""

from __future__ import annotations

from features.engine.declare import Declarations
from features.engine.family import ALL, is_any, months
from features.engine.namespace import RAISES_RISK, Expr, Namespace
from features.engine.statistics import COUNT, MAX, MEAN, RECENT_MEAN, SHARE, SLOPE

DECLARED = Declarations("bureau_balance", prefix="bureau", clock=lambda x: x.col("month"))
feature = DECLARED.feature


@DECLARED.column
def severity(x: Namespace) -> Expr:
    """How late the month was, 0 to 5; missing when unknown."""
    status = x.col("status")
    late = x.lit(0.0)
    for level in ("1", "2", "3", "4", "5"):
        late = x.when(status == level).then(x.lit(float(level))).otherwise(late)
    return x.when(status != "X").then(late)


WINDOWS = months(3, 6, 12, 24, 36)

SEVERITY = DECLARED.measure("month_severity", lambda x: x.col("severity"))
LATE = DECLARED.measure("late_months", lambda x: x.col("severity") > 0)
VERY_LATE = DECLARED.measure("very_late_months", lambda x: x.col("severity") > 1)
UNKNOWN = DECLARED.measure("unknown_months", is_any("status", "X"))
CLOSED = DECLARED.measure("closed_months", is_any("status", "C"))
ON_TIME = DECLARED.measure("on_time_months", is_any("status", "0"))

DECLARED.family([SEVERITY], [ALL, *WINDOWS], [MEAN])
DECLARED.family([SEVERITY], [ALL, *WINDOWS[1:4]], [MAX])
DECLARED.family([SEVERITY], [ALL], [RECENT_MEAN, SLOPE])
DECLARED.family([LATE], [ALL, *WINDOWS], [COUNT])
DECLARED.family([LATE], [ALL, *WINDOWS[1:4]], [SHARE])
DECLARED.family([VERY_LATE], [ALL, WINDOWS[3]], [COUNT, SHARE])
DECLARED.family([UNKNOWN, CLOSED, ON_TIME], [ALL, *WINDOWS[1:4]], [SHARE])


@feature(
    group="bureau_months",
    unit="months",
    direction=RAISES_RISK,
    label=(
        "Date du dernier mois en retard sur un crédit extérieur",
        "Date of the latest late month on an external credit",
    ),
)
def bureau_last_late_month(x: Namespace) -> Expr:
    """Month of the latest delay on an external credit (0 is now); missing when there is none."""
    return x.when(x.col("severity") > 0).then(x.col("month")).max()

"""A scorecard of twelve items one can read in one screen, and the client most tests start from.

Its curves are written by hand, each monotone where the catalogue declares a direction. It is
written to a folder and loaded as any other: what loading checks, it passes. Odds are low enough for
the client below to be refused by a hair, so that a small change turns the verdict.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np

from features.catalogue import CATALOGUE
from scoring.calibration import Calibration
from scoring.cost import CostOfError
from scoring.cut_off import CutOff
from scoring.grid import Curve, Grid, Matrix
from scoring.metadata import Granted, Metadata, Value
from scoring.scorecard import Scorecard, save

CURVES: dict[str, tuple[tuple[float, ...], tuple[float, ...], float]] = {
    "external_score_1": ((0.2, 0.4, 0.6, 0.8), (0.8, 0.35, 0.0, -0.4, -0.8), 0.1),
    "external_score_2": ((0.2, 0.4, 0.6, 0.8), (1.0, 0.45, 0.0, -0.5, -1.0), 0.15),
    "instalment_to_income": (
        (0.1, 0.15, 0.2, 0.25, 0.3, 0.4),
        (-0.3, -0.15, 0.0, 0.2, 0.45, 0.7, 1.0),
        0.1,
    ),
    "credit_to_income": ((1.0, 2.0, 3.0, 4.0, 6.0), (-0.25, -0.1, 0.0, 0.15, 0.3, 0.5), 0.05),
    "credit_to_goods": ((0.8, 0.9, 1.0, 1.1, 1.2), (-0.4, -0.25, -0.1, 0.1, 0.3, 0.5), 0.0),
    "implied_term_months": ((12.0, 18.0, 24.0, 36.0), (-0.15, 0.0, -0.05, 0.1, 0.25), 0.0),
    "total_exposure_to_income": ((2.0, 4.0, 8.0), (-0.1, 0.0, 0.15, 0.3), 0.0),
    "employment_days": ((-3650.0, -1825.0, -730.0, -365.0), (-0.4, -0.2, 0.0, 0.2, 0.35), 0.1),
    "income_type": ((0.5, 1.5, 2.5), (0.05, 0.0, -0.15, 0.1), 0.0),
    "owns_realty": ((0.5,), (0.01, -0.005), 0.0),
    "instalments_late_365_days_share": ((0.0, 0.05, 0.1, 0.25), (-0.1, 0.05, 0.2, 0.4, 0.7), 0.02),
    "instalments_last_late_days": (
        (-720.0, -360.0, -180.0, -90.0),
        (-0.2, -0.1, 0.0, 0.2, 0.4),
        -0.15,
    ),
}
"""By item: edges, effects of the intervals, effect of not known; log-odds."""

BASE = -2.71
TYPICAL: dict[str, Value] = {
    "external_score_1": None,
    "external_score_2": 0.57,
    "instalment_to_income": 0.16,
    "credit_to_income": 2.9,
    "credit_to_goods": 1.08,
    "implied_term_months": 20.0,
    "total_exposure_to_income": 4.5,
    "employment_days": -1700.0,
    "income_type": "Working",
    "owns_realty": 1.0,
    "instalments_late_365_days_share": 0.0,
    "instalments_last_late_days": None,
}
"""The granted clients' usual values."""
SAFER_MEANS = {"instalment_to_income": -0.1, "external_score_2": -0.2, "employment_days": -0.05}
"""Mean effects of the granted clients that are not those of the usual value: of means, most."""

CUT_OFF = CutOff(value=1 / 11, interval=(0.085, 0.095), grey_zone=(0.088, 0.094))
RANGES = {"amount_credit": (30_000.0, 4_500_000.0), "income_total": (20_000.0, 9_000_000.0)}

CLIENT: dict[str, object] = {
    "contract_type": "Cash loans",
    "income_total": 150_000.0,
    "amount_credit": 412_560.0,
    "annuity": 31_240.5,
    "goods_price": 405_000.0,
    "birth_days": -14_600,
    "employment_days": -1_500,
    "registration_days": -3_000.0,
    "identity_document_days": -2_000,
    "phone_change_days": -400.0,
    "external_score_1": 0.45,
    "external_score_2": 0.52,
    "income_type": "Working",
    "owns_realty": 1,
    "children_count": 0,
    "family_members_count": 2.0,
}
"""A form as it is received."""

PAST: dict[str, float | None] = {
    "bureau_credits_count": 3.0,
    "bureau_credits_open_count": 1.0,
    "bureau_debt_open_sum": 90_000.0,
    "instalments_loans_count": 2.0,
    "instalments_fallen_due_365_days_count": 12.0,
    "instalments_late_365_days_count": 1.0,
    "instalments_late_365_days_share": 1 / 12,
    "instalments_last_late_days": -150.0,
}
"""What is stored of the client's past, as far as the scorecard reads it."""


def grid() -> Grid:
    """Return the twelve curves; a thousand clients stand behind each interval."""
    return Grid(base=BASE, curves=tuple(curve(item, *CURVES[item]) for item in CURVES))


def curve(item: str, edges: tuple[float, ...], effects: tuple[float, ...], unknown: float) -> Curve:
    """Return the curve of an item."""
    counted = len(effects) + 1
    return Curve(
        item=item,
        edges=edges,
        effects=effects,
        unknown=unknown,
        clients=(1000,) * counted,
        defaults=(80,) * counted,
    )


def metadata() -> Metadata:
    """Return the identity card; the granted clients have the usual values, or safer ones."""
    means = tuple(SAFER_MEANS.get(one.item, one.effect(_coded(one.item))) for one in grid().curves)
    return Metadata(
        trained_at=datetime(2026, 11, 2, tzinfo=UTC),
        seed=1,
        data_fingerprint="small",
        feature_version=CATALOGUE.version,
        tables=("applications", "bureau", "instalments"),
        items=tuple(CURVES),
        clients=12_000,
        cost=CostOfError(),
        cut_off=CUT_OFF,
        metrics={},
        ranges=RANGES,
        granted=Granted(clients=8_000, base=BASE + sum(means), mean_effects=means, typical=TYPICAL),
    )


def _coded(item: str) -> float:
    usual = TYPICAL[item]
    if isinstance(usual, str):
        return float(CATALOGUE[item].categories.index(usual))
    return np.nan if usual is None else usual


def golden() -> Matrix:
    """Return rows (8, k) that belong to nobody: each item unknown, on its edges, beyond them."""
    rows = np.full((8, len(CURVES)), np.nan, dtype=np.float32)
    for place, (edges, _, _) in enumerate(CURVES.values()):
        points = (edges[0] - 1.0, *edges, edges[-1] + 1.0)
        rows[1:, place] = [points[number % len(points)] for number in range(7)]
    return rows


def write(folder: Path) -> str:
    """Write the scorecard into ``folder``; return its hash."""
    calibration = Calibration(a=1.0, b=1.0, c=0.0)
    return save(folder, Scorecard.of(grid(), calibration, metadata()), golden=golden())


@cache
def scorecard() -> Scorecard:
    """Return the scorecard, written and loaded back."""
    with tempfile.TemporaryDirectory(prefix="small-scorecard-") as folder:
        write(Path(folder))
        return Scorecard.load(Path(folder))

"""The search for less discriminatory alternatives."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from flows.learning.alternatives import Alternative, Frontier, Grid, search_alternatives
from scoring.calibration import Calibration
from scoring.cost import CostOfError
from scoring.policy import FairnessDemands

COST = CostOfError()
CLIENTS = 6_000
RANDOM = np.random.default_rng(11)
YOUNG = RANDOM.random(CLIENTS) < 0.3
SIGNAL = RANDOM.normal(0, 1.2, CLIENTS)
"""Tells who defaults, whatever the age."""
PROXY = np.where(YOUNG, 0.9, -0.4) + RANDOM.normal(0, 0.1, CLIENTS)
"""Tells age, and next to nothing of who defaults."""
DEFAULT = (RANDOM.random(CLIENTS) < 1 / (1 + np.exp(2.9 - SIGNAL))).astype(np.float64)
WHO = pl.DataFrame({"age_band": np.where(YOUNG, "0-29", "30 and over")})
GRID = Grid(("signal", "proxy"), np.column_stack([SIGNAL, PROXY]), -3.0)


def _searched(
    tolerance: float = 0.01, who: pl.DataFrame = WHO, grantable: np.ndarray | None = None
) -> Frontier:
    bound = {
        "measure": "granted_good_ratio",
        "floor": 0.8,
        "reason": {"fr": "Essai.", "en": "Test."},
    }
    demands = {"bounds": {"age_band": bound}, "tolerance": tolerance}
    return search_alternatives(
        GRID, DEFAULT, who, FairnessDemands.model_validate(demands), cost=COST,
        cut_off=1 / 11, calibrate=Calibration.fit, grantable=grantable,
    )  # fmt: skip


def _ratio(alternative: Alternative) -> float:
    ratio = alternative.worst[0].ratio.value
    assert ratio is not None
    return ratio


def test_the_item_that_tells_age_is_flattened_and_the_one_that_tells_default_is_not() -> None:
    """Where the gap comes from an item that says nothing of risk, closing it costs nothing."""
    found = _searched()
    assert _ratio(found.as_learnt) < 0.8
    assert set(found.chosen.flattened) == {"proxy"}
    assert _ratio(found.chosen) > 0.9
    assert found.chosen.expected_cost <= found.as_learnt.expected_cost
    assert found.chosen.auc > found.as_learnt.auc


def test_each_alternative_of_the_frontier_buys_its_cost_with_a_better_ratio() -> None:
    """None is beaten by another in both, and the chosen one is among them, within tolerance."""
    found = _searched()
    costs = [one.expected_cost for one in found.alternatives]
    served = [one.served for one in found.alternatives]
    assert costs == sorted(costs)
    assert served == sorted(served, key=lambda value: value or 0.0)
    assert found.chosen in found.alternatives
    accepted = found.as_learnt.expected_cost * 0.01
    within = [one for one in found.alternatives if one.cost_rise + one.cost_rise_error <= accepted]
    assert found.chosen.served == max(one.served or 0.0 for one in within)


def test_a_policy_that_accepts_more_cost_serves_people_at_least_as_well() -> None:
    """The tolerance is what decides."""
    served = [_searched(tolerance).chosen.served or 0.0 for tolerance in (0.0, 0.02, 0.1)]
    assert served == sorted(served)


def test_the_figures_are_those_of_the_flattened_grid() -> None:
    """Whoever multiplies the effects by the published factors finds the published cost."""
    chosen = _searched().chosen
    raw = -3.0 + SIGNAL * chosen.flattened.get("signal", 1.0) + PROXY * chosen.flattened["proxy"]
    probability = Calibration.fit(raw, DEFAULT).probability(raw)
    assert COST.expected(DEFAULT, probability > 1 / 11) == pytest.approx(chosen.expected_cost)
    assert chosen.worst[0].ratio.interval is not None
    low, high = chosen.worst[0].ratio.interval
    assert low <= _ratio(chosen) <= high


def test_whom_a_rule_keeps_from_a_grant_no_curve_can_serve() -> None:
    """Verdicts are compared, not probabilities: half of the young are kept back by a rule."""
    kept_back = YOUNG & (np.arange(CLIENTS) % 2 == 0)
    assert _ratio(_searched(grantable=~kept_back).chosen) < 0.6


@pytest.mark.parametrize("case", ["one group", "nobody granted"])
def test_without_a_comparison_the_grid_stays_as_it_was_learnt(case: str) -> None:
    """Nothing is flattened on no evidence."""
    who = WHO if case == "nobody granted" else pl.DataFrame({"age_band": ["30-39"] * CLIENTS})
    nobody = np.zeros(CLIENTS, dtype=np.bool_) if case == "nobody granted" else None
    found = _searched(who=who, grantable=nobody)
    assert found.chosen == found.as_learnt
    assert found.chosen.served is None
    assert not found.chosen.flattened


def test_the_frontier_can_be_written_down() -> None:
    """Plain values, none of them NaN."""
    written = json.loads(json.dumps(_searched().as_json(), allow_nan=False))
    assert written["chosen"]["flattened"] == dict(_searched().chosen.flattened)

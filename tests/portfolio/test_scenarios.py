"""Drifts: nothing before their start, what they promise after it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from portfolio.layout import load
from portfolio.people import BLOCK, People
from portfolio.population import Clients, clients_of
from portfolio.scenarios import SCENARIOS, START_DAY


@lru_cache
def drawn(scenario: str) -> Clients:
    """A thousand clients under ``scenario``, always the same people."""
    return clients_of(People(load(), 5, True, 0, BLOCK, 0), scenario)


@pytest.mark.parametrize("scenario", [s for s in SCENARIOS if s != "none"])
def test_nothing_changes_before_the_start(scenario: str) -> None:
    """Client by client, what came before the drift is as without it."""
    plain, drifted = drawn("none"), drawn(scenario)
    before = plain.calendar.day < START_DAY
    assert (plain.default[before] == drifted.default[before]).all()
    for name, values in plain.known.items():
        np.testing.assert_array_equal(values[before], drifted.known[name][before])


@pytest.mark.parametrize("scenario", ["recession", "new_channel"])
def test_drifts_of_people_raise_risk(scenario: str) -> None:
    """A recession, and a channel nobody knows, bring riskier applications."""
    plain, drifted = drawn("none"), drawn(scenario)
    after = plain.calendar.day >= START_DAY
    assert drifted.log_odds[after].mean() > plain.log_odds[after].mean() + 0.1


@pytest.mark.parametrize("scenario", ["bureau_outage", "broken_column"])
def test_drifts_of_records_leave_risk_alone(scenario: str) -> None:
    """What is recorded wrong changes nobody's default."""
    assert (drawn("none").default == drawn(scenario).default).all()


def test_bureau_outage_ends() -> None:
    """External score 3 is missing for six weeks, then comes back."""
    drifted = drawn("bureau_outage")
    missing = np.isnan(drifted.known["EXT_SOURCE_3"])
    during = (drifted.calendar.day >= START_DAY) & (drifted.calendar.day < START_DAY + 42)
    assert missing[during].all()
    assert missing[drifted.calendar.day >= START_DAY + 42].mean() < 0.4


def test_broken_column_shrinks_incomes() -> None:
    """Incomes after the start are a thousandth of what they were."""
    plain, drifted = drawn("none"), drawn("broken_column")
    after = plain.calendar.day >= START_DAY
    ratio = drifted.known["AMT_INCOME_TOTAL"][after] / plain.known["AMT_INCOME_TOTAL"][after]
    np.testing.assert_allclose(ratio, 1e-3)

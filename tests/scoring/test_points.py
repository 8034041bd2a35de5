"""The master scale."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.points import points, points_of, risk_band

SHARES = st.floats(0, 1)


def test_six_hundred_points_are_ten_good_loans_for_one_default() -> None:
    """And forty more double the odds of repayment."""
    assert points(1 / 11) == 600
    assert points(1 / 21) == 640


@given(SHARES, SHARES)
def test_more_risk_is_never_more_points_nor_a_better_band(one: float, other: float) -> None:
    """Points and bands follow the probability over its whole range."""
    low, high = sorted((one, other))
    assert 0 <= points(high) <= points(low) <= 1000
    assert "A" <= risk_band(low) <= risk_band(high) <= "G"


def test_an_effect_on_the_score_is_told_in_the_same_points() -> None:
    """An item that doubles the odds of default costs the forty points that doubling is worth."""
    assert points_of(math.log(2.0)) == pytest.approx(-40)
    raw = -2.5
    before, after = (1 / (1 + math.exp(-one)) for one in (raw, raw + 0.5))
    assert points(after) - points(before) == pytest.approx(points_of(0.5), abs=1.0)

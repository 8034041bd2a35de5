"""The master scale."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scoring.points import points, risk_band

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

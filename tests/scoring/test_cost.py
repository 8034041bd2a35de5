"""The price of errors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.cost import CostOfError


def test_a_missed_default_costs_ten_refused_good_clients() -> None:
    """One default granted and two good clients refused, among four clients, cost (10 + 2) / 4."""
    assert CostOfError().expected([1, 0, 0, 0], [0, 1, 1, 0]) == 3.0


def test_it_breaks_even_at_one_eleventh() -> None:
    """Granting pays below a probability of 1/11 when errors cost 10:1."""
    assert CostOfError().break_even == pytest.approx(1 / 11)


@given(
    st.lists(
        st.tuples(st.booleans(), st.sampled_from([0.05, 0.1, 0.2, 0.5, 0.9])),
        min_size=1,
        max_size=30,
    )
)
def test_the_curve_says_what_each_cut_off_really_costs(clients: list[tuple[bool, float]]) -> None:
    """Every point of the curve is the cost of refusing the clients above that cut-off."""
    cost = CostOfError()
    default = np.array([c[0] for c in clients], dtype=float)
    probability = np.array([c[1] for c in clients])
    cut_offs, costs = cost.curve(default, probability)
    for cut_off, value in zip(cut_offs, costs, strict=True):
        assert value == pytest.approx(cost.expected(default, probability > cut_off))
    assert len(cut_offs) == len(set(probability.tolist())) + 1

"""The stability index moves with the population, and not with chance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scoring.psi import Level, stability

DRAW = np.random.default_rng(5)
NAN = np.nan


def test_the_same_population_is_stable() -> None:
    """Nothing moved: the index is zero."""
    values = DRAW.normal(size=1000)
    assert stability(values, values).psi == 0
    assert stability(values, values).level is Level.STABLE


def test_the_index_is_the_published_formula() -> None:
    """Two bins of 50/50 that become 80/20: (0.3) ln(1.6) + (-0.3) ln(0.4)."""
    reference = np.array([0.0] * 50 + [1.0] * 50)
    current = np.array([0.0] * 80 + [1.0] * 20)
    expected = 0.3 * np.log(0.8 / 0.5) - 0.3 * np.log(0.2 / 0.5)
    assert stability(reference, current).psi == pytest.approx(expected)
    assert stability(reference, current, category=True).psi == pytest.approx(expected)


def test_a_shift_raises_an_alert() -> None:
    """One standard deviation is a large drift."""
    found = stability(DRAW.normal(size=5000), DRAW.normal(1.0, size=2000))
    assert found.level is Level.ALERT


def test_a_source_that_stops_is_seen() -> None:
    """Values that turn missing are a drift of their own."""
    reference, current = DRAW.normal(size=1000), DRAW.normal(size=1000)
    current[:500] = NAN
    found = stability(reference, current)
    assert found.level is Level.ALERT
    assert (found.missing_before, found.missing_now) == (0.0, 0.5)


def test_a_category_never_seen_is_seen() -> None:
    """A new code is a bin that was empty."""
    reference = DRAW.integers(0, 3, 1000).astype(float)
    current = DRAW.integers(0, 4, 1000).astype(float)
    assert stability(reference, current, category=True).level is Level.ALERT


def test_twenty_clients_of_the_same_population_raise_no_alert() -> None:
    """The index of a few clients is large by chance, and said to be so."""
    reference = DRAW.normal(size=5000)
    levels = [stability(reference, DRAW.normal(size=20)).level for _ in range(200)]
    assert levels.count(Level.TOO_FEW) > 50
    assert levels.count(Level.ALERT) < 10


def test_an_atom_is_one_bin() -> None:
    """Mostly zeros: deciles that coincide are merged."""
    reference = np.concatenate((np.zeros(800), DRAW.uniform(1, 2, 200)))
    assert stability(reference, reference).bins == 3


def test_a_column_nobody_has_is_stable() -> None:
    """All missing before and now."""
    nothing = np.full(10, NAN)
    assert stability(nothing, nothing).level is Level.STABLE


def test_nobody_cannot_be_compared() -> None:
    """An empty population is a caller's mistake."""
    with pytest.raises(ValueError, match="nobody"):
        stability(np.array([]), np.ones(3))


@given(
    arrays(np.float64, st.integers(1, 40), elements=st.floats(allow_infinity=False)),
    arrays(np.float64, st.integers(1, 40), elements=st.floats(allow_infinity=False)),
)
def test_the_index_is_never_negative_nor_infinite(a: np.ndarray, b: np.ndarray) -> None:
    """Whatever the values, ties and gaps."""
    found = stability(a, b)
    assert 0 <= found.psi < 20
    assert np.isfinite(found.chance)

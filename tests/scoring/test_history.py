"""A stored history, read by name and as one array."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.history import History


def test_it_reads_like_the_dictionary_it_stands_for() -> None:
    """Names, values, missing values and unknown names behave alike; so does equality."""
    plain = {"late_share": 0.25, "loans_count": None, "overdue_max": 0.0}
    history = History.of(plain)
    assert history == plain
    assert dict(history) == plain
    assert history["loans_count"] is None
    assert history.get("never_declared") is None
    with pytest.raises(KeyError):
        history["never_declared"]
    assert History.of(history) is history


@pytest.mark.parametrize(
    ("values", "says"),
    [([], False), ([np.nan, 0.0], False), ([np.nan, -0.0], False), ([0.0, 1e-9], True)],
)
def test_zeros_and_missing_values_say_nothing(values: list[float], says: bool) -> None:
    """A past is known once one value of it is neither missing nor zero."""
    names = tuple(f"feature_{place}" for place in range(len(values)))
    assert History(names, np.array(values)).says_something is says

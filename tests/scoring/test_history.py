"""A stored history, read by name and as one array."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.history import COUNTED, History


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


@pytest.mark.parametrize("name", COUNTED)
def test_one_record_in_any_table_says_something(name: str) -> None:
    """A single past credit, application, month, instalment or card is a past."""
    nothing = dict.fromkeys(COUNTED)
    assert History.of(nothing | {name: 1.0}).says_something
    assert not History.of(nothing).says_something


@pytest.mark.parametrize(
    "plain",
    [{}, {"bureau_debt_open_sum": None}, {"bureau_debt_open_sum": 90_000.0}],
    ids=["empty", "missing", "a sum without a record"],
)
def test_without_a_record_it_says_nothing(plain: dict[str, float | None]) -> None:
    """What counts is that a table holds a record of the client, whatever else is filled in."""
    assert not History.of(plain).says_something


def test_the_array_is_read_in_the_order_of_the_names() -> None:
    """Missing values are NaN in the array and nothing by name."""
    history = History(("first", "second"), np.array([np.nan, 2.0]))
    assert list(history.items()) == [("first", None), ("second", 2.0)]
    np.testing.assert_array_equal(History.of(dict(history)).array, history.array)

"""Default rates of groups: right, and never of a few people."""

from __future__ import annotations

import polars as pl

from flows.reports.documents.rates import banded_rates, group_rates, known_or_not


def test_rates_are_those_counted_by_hand() -> None:
    """Two groups of 40 and 60 clients with 4 and 30 defaults."""
    group = pl.Series(["a"] * 40 + ["b"] * 60)
    default = pl.Series([1] * 4 + [0] * 36 + [1] * 30 + [0] * 30)
    first, second = group_rates(group, default)
    assert (first["group"], first["clients"], first["rate"], first["share"]) == ("a", 40, 0.1, 0.4)
    assert (second["clients"], second["rate"]) == (60, 0.5)
    assert first["low"] < 0.1 < first["high"]


def test_a_small_group_is_not_shown() -> None:
    """Nineteen clients are not a group; a missing group is none."""
    group = pl.Series(["a"] * 19 + ["b"] * 20 + [None] * 30)
    assert [item["group"] for item in group_rates(group, pl.Series([0] * 69))] == ["b"]


def test_a_band_holds_its_lower_edge() -> None:
    """Bands are closed below; a missing number, NaN included, is in none."""
    values = pl.Series([1.0] * 20 + [2.0] * 20 + [3.0] * 20 + [None] * 20 + [float("nan")] * 20)
    bands = banded_rates(values, pl.Series([0] * 100), (2.0, 3.0))
    assert [(band["group"], band["clients"]) for band in bands] == [(0, 20), (1, 20), (2, 20)]


def test_with_and_without() -> None:
    """Those who have something beside those who have not; too few are said as none."""
    found = known_or_not(pl.Series([True] * 30 + [False] * 5), pl.Series([1] * 3 + [0] * 32))
    assert found["with"] is not None
    assert found["with"]["rate"] == 0.1
    assert found["without"] is None

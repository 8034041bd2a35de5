"""What the benchmark compares is the same work."""

import polars as pl
import pytest

from benchmarks.features import FORMS, report
from benchmarks.peers import pandas_features
from benchmarks.polars_features import well_known
from features.raw.prepare import Prepared


def test_both_engines_compute_the_same_aggregates(prepared_world: Prepared) -> None:
    """Ours and the pandas form agree on every number; a sum over no row is zero or missing."""
    ours = well_known(prepared_world)
    theirs = pl.from_pandas(pandas_features.well_known(prepared_world.folder))
    assert set(ours.columns) == set(theirs.columns)
    for name in ours.columns:
        left, right = (frame[name].cast(pl.Float64).fill_nan(None) for frame in (ours, theirs))
        if name.endswith("_sum"):
            left, right = left.fill_null(0), right.fill_null(0)
        assert left.to_list() == pytest.approx(right.to_list()), name


def test_the_report_gives_time_memory_and_ratios(prepared_world: Prepared) -> None:
    """One run prints each form's cost and the peer's as a multiple of ours."""
    lines = list(report(prepared_world, list(FORMS)))
    assert "6 clients" in lines[0]
    assert all("s CPU" in line and "MB" in line for line in lines[1:4])
    assert "x the time" in lines[4]

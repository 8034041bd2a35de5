"""The exploratory analysis: what was counted is what is there."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import polars as pl
import pytest

from flows.reports.documents.exploration import BANDS, explore
from tests import training_world as world


@lru_cache(maxsize=1)
def explored() -> dict[str, Any]:
    """The aggregates of the small archive."""
    return explore(world.prepared(), "small", "the command")


def test_every_table_is_described() -> None:
    """Rows, columns and who is covered, for each table of the archive."""
    rows = {table["table"]: table["rows"] for table in explored()["tables"]}
    assert rows == world.prepared().rows
    covered = [table["covered"] for table in explored()["tables"][1:]]
    assert all(0 < share <= 1 for share in covered)


def test_the_default_rate_is_that_of_the_labelled_clients() -> None:
    """Counted again from the prepared table."""
    default = world.prepared().scan("applications").select("default").collect()["default"]
    assert explored()["labelled"]["clients"] == default.count()
    assert explored()["labelled"]["rate"] == pytest.approx(default.mean(), abs=1e-5)
    assert explored()["unlabelled"] == default.null_count()


def test_bands_hold_everybody_known() -> None:
    """No client is in two bands; only small bands are left out."""
    known = world.prepared().scan("applications").filter(pl.col("default").is_not_null())
    clients = known.select(pl.col("birth_days").count()).collect().item()
    bands = explored()["curves"]["age_years"]["bands"]
    held = sum(band["clients"] for band in bands)
    assert clients - 20 * (len(BANDS["age_years"]) + 1) < held <= clients


def test_sentinels_say_their_code() -> None:
    """The employment code and what is missing once it is read."""
    found = {item["column"]: item for item in explored()["sentinels"]}
    assert found["DAYS_EMPLOYED"]["codes"] == ["365243"]
    assert 0.05 < found["DAYS_EMPLOYED"]["missing"] < 0.4


def test_the_strongest_come_first_and_correlate_with_themselves() -> None:
    """One feature a group, by strength; the matrix is square, symmetric, one on its diagonal."""
    strongest = explored()["strongest"]
    sizes = [abs(item["gini"]) for item in strongest]
    assert sizes == sorted(sizes, reverse=True)
    assert len({item["group"] for item in strongest}) == len(strongest)
    matrix = explored()["correlations"]
    assert len(matrix) == len(strongest)
    for i, row in enumerate(matrix):
        assert row[i] == 1.0
        assert row == [other[i] for other in matrix]


def test_drift_is_sorted_and_named() -> None:
    """The columns that moved most first, each with its label in both languages."""
    drift = explored()["drift"]
    assert [item["psi"] for item in drift] == sorted((i["psi"] for i in drift), reverse=True)
    assert all(item["label"]["fr"] and item["label"]["en"] for item in drift)

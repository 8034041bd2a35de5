"""Sorting by ranges of clients gives what sorting in memory gives."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from features.raw import sorting
from features.raw.sorting import SortedFile, ranges


def shuffled_rows() -> pl.DataFrame:
    """A thousand rows of a hundred clients, in no order."""
    rows = pl.DataFrame({"client_id": [i % 100 for i in range(1000)], "month": range(1000)})
    return rows.sample(fraction=1.0, shuffle=True, seed=3)


@pytest.mark.parametrize("cuts", [[], [50], [0, 10, 20, 99, 1000]])
def test_rows_come_out_sorted_whatever_the_ranges(tmp_path: Path, cuts: list[int]) -> None:
    """Ranges may be one, uneven or empty; every row is kept and no scratch file stays."""
    rows = shuffled_rows()
    file = SortedFile(tmp_path, ("client_id", "month"), cuts)
    for piece in rows.iter_slices(130):
        file.add(piece)
    file.write(tmp_path / "out.parquet")
    assert pl.read_parquet(tmp_path / "out.parquet").equals(rows.sort("client_id", "month"))
    assert file.rows == 1000
    assert [path.name for path in tmp_path.iterdir()] == ["out.parquet"]


def test_ranges_hold_alike_many_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four ranges over a hundred clients are cut at each quarter."""
    monkeypatch.setattr(sorting, "CELLS_PER_RANGE", 250)
    assert ranges(shuffled_rows()["client_id"].unique(), 1000) == [25, 50, 75]

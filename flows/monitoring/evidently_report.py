"""Evidently's own drift report on the features that matter most: one self-contained page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

MOST_COLUMNS = 30
MOST_ROWS = 2_000
SEED = 2018
PAGE = "evidently.html"


def write(
    folder: Path, reference: pl.DataFrame, current: pl.DataFrame, columns: Sequence[str]
) -> Path:
    """Compare up to ``MOST_COLUMNS`` columns on sampled rows; write and return the page.

    Columns that hold nothing on one of the sides are left out: Evidently cannot compare them.
    """
    from evidently import Report  # slow to import, and needed here alone
    from evidently.presets import DataDriftPreset

    kept = [c for c in columns if reference[c].count() and current[c].count()][:MOST_COLUMNS]
    report = Report([DataDriftPreset(num_method="psi", cat_method="psi")], include_tests=True)
    snapshot = report.run(_sample(current, kept), _sample(reference, kept))
    path = folder / PAGE
    snapshot.save_html(str(path))
    return path


def _sample(frame: pl.DataFrame, columns: Sequence[str]) -> object:
    rows = frame.select(columns)
    if rows.height > MOST_ROWS:
        rows = rows.sample(MOST_ROWS, seed=SEED)
    return rows.with_columns(pl.col(pl.Enum).cast(pl.String)).to_pandas()

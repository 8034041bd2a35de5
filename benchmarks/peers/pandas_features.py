"""The usual pandas form of the well-known aggregates: one-hot columns, ``groupby().agg``, merges.

This is how public kernels on this data are written; it reads the same prepared parquet as ours,
so what is compared is the computing alone.

``python -m benchmarks.peers.pandas_features PREPARED [OUT.parquet]``
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from benchmarks.well_known import WELL_KNOWN, Aggregates
from features.raw.tables import TABLES


def well_known(folder: Path) -> pd.DataFrame:
    """Return one row per client with every well-known aggregate of the tables present."""
    frame = pd.read_parquet(folder / "applications.parquet", columns=["client_id"])
    for aggregates in WELL_KNOWN:
        file = folder / f"{aggregates.table}.parquet"
        if file.exists():
            rows = pd.read_parquet(file, columns=aggregates.columns)
            frame = frame.merge(_aggregated(rows, aggregates), on="client_id", how="left")
    return frame


def _aggregated(rows: pd.DataFrame, aggregates: Aggregates) -> pd.DataFrame:
    table, numbers = aggregates.table, aggregates.numbers
    for column in aggregates.shares:
        categories = TABLES[table][column].categories
        rows[column] = pd.Categorical(rows[column].astype(str), categories=categories)
    hot = pd.get_dummies(rows, columns=list(aggregates.shares), prefix_sep="=", dtype=float)
    shares = [c for c in hot.columns if c.split("=")[0] in aggregates.shares]
    wanted = {column: list(stats) for column, stats in numbers.items()}
    wanted |= {column: ["mean"] for column in shares}
    result = _named(hot.groupby("client_id").agg(wanted), table, shares)
    for name, (by, value) in aggregates.slices.items():
        inside = rows[rows[by] == value]
        part = inside.groupby("client_id").agg({c: list(s) for c, s in numbers.items()})
        result = result.join(_named(part, f"{table}_{name}", []), how="left")
    return result.copy().reset_index()


def _named(frame: pd.DataFrame, prefix: str, shares: list[str]) -> pd.DataFrame:
    frame.columns = pd.Index(
        [f"{prefix}_{c}" if c in shares else f"{prefix}_{c}_{stat}" for c, stat in frame.columns]
    )
    return frame


def main() -> None:
    """Compute, and write the result when a file is given."""
    frame = well_known(Path(sys.argv[1]))
    sys.stdout.write(f"{len(frame)} clients, {frame.shape[1] - 1} features\n")
    if len(sys.argv) > 2:
        frame.to_parquet(sys.argv[2])


if __name__ == "__main__":
    main()

"""Reading the tables of a genuine or synthetic archive in the Kaggle layout."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl

Reader = Callable[[str], pl.DataFrame]


def read_table(archive: Path, stem: str) -> pl.DataFrame:
    """One table of an archive in the Kaggle layout (zip or folder, CSV or parquet)."""
    if archive.is_dir():
        if (archive / f"{stem}.parquet").exists():
            return pl.read_parquet(archive / f"{stem}.parquet")
        return pl.read_csv(archive / f"{stem}.csv", infer_schema_length=None)
    with zipfile.ZipFile(archive) as packed:
        return pl.read_csv(packed.read(f"{stem}.csv"), infer_schema_length=None)


def reader(archive: Path, without: pl.Series | None) -> Reader:
    """Reads tables of ``archive`` by stem, leaving out the clients ``without``."""

    def read(stem: str) -> pl.DataFrame:
        table = read_table(archive, stem)
        if without is None:
            return table
        return table.filter(~pl.col("SK_ID_CURR").is_in(without.implode()))

    return read

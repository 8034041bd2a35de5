"""Where the scores of a portfolio go: a parquet file of the run, and the database."""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from storage import scores as storage_scores
from storage.scores import PortfolioScore
from storage.settings import StorageSettings
from storage.store import Store

COLUMNS = ("client_id", "default_probability", "verdict", "points", "risk_band")


def new_run_id() -> str:
    """Return the number of a new run: UTC time, and four letters to tell two apart."""
    return f"score-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"


def write_parquet(scores: pl.DataFrame, folder: Path, model_tag: str) -> Path:
    """Write the scores, refer causes included, as ``portfolio.parquet`` in ``folder``."""
    folder.mkdir(parents=True, mode=0o700)  # a score is personal data
    path = folder / "portfolio.parquet"
    tagged = scores.with_columns(model_tag=pl.lit(model_tag))
    tagged.write_parquet(path, compression="zstd")
    return path


def keep_in_database(scores: pl.DataFrame, run_id: str, model_tag: str) -> dict[str, int]:
    """Keep the scores under ``run_id``; return the clients by verdict, as the database has them."""
    store = Store.open(StorageSettings.from_environment(os.environ))
    try:
        rows = [PortfolioScore(*row) for row in scores.select(COLUMNS).iter_rows()]
        storage_scores.keep(store.engine, run_id, model_tag, rows)
        store.anchor_tail()
        return storage_scores.count(store.engine, run_id)
    finally:
        store.close()

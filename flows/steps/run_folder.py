"""Where one training run leaves what it made for people, programs and the monitoring."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from flows.steps.dataset import Labelled
from flows.steps.learned import Learned

REFERENCE = "reference.parquet"


def new_run(home: Path) -> Path:
    """Make and return the folder of a new run; names sort by time."""
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    folder = home / "runs" / f"{stamp}-{secrets.token_hex(3)}"
    folder.mkdir(parents=True)
    folder.chmod(0o700)  # the reference holds clients' features
    return folder


def write_reference(
    folder: Path, learned: Learned, train: Labelled, features: pl.DataFrame
) -> Path:
    """Write what later populations are compared with: features and probability, in training.

    One row per training client, columns ``default_probability`` (out of fold), ``default``, then
    the scorecard's features; no identifier.
    """
    scored = pl.LazyFrame(
        {"client_id": train.client_ids, "default_probability": learned.decided.probability}
    )
    reference = (
        features.lazy()
        .join(scored, on="client_id", maintain_order="left")
        .select("default_probability", "default", *learned.names)
    )
    path = folder / REFERENCE
    reference.sink_parquet(path, compression="zstd", maintain_order=True)
    return path

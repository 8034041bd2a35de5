"""Where one training run leaves what it made for people, programs and the monitoring."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from flows.learning.dataset import Labelled
from flows.learning.training import Judgeable

MOST_CLIENTS = 20_000
"""About as many training clients are kept at most: more would move no index of stability."""


def new_run(home: Path) -> Path:
    """Make and return the folder of a new run; names sort by time."""
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    folder = home / "runs" / f"{stamp}-{secrets.token_hex(3)}"
    folder.mkdir(parents=True)
    folder.chmod(0o700)  # the populations hold clients' features
    return folder


def population_file(model_tag: str) -> str:
    """Return the name of the file that holds the training population of a scorecard."""
    return f"population-{model_tag.replace(':', '-')}.parquet"


def write_population(
    folder: Path, model_tag: str, learned: Judgeable, train: Labelled, features: pl.DataFrame
) -> Path:
    """Write what later populations are compared with: features and probability, in training.

    One row per training client, evenly spread where there are more than ``MOST_CLIENTS``; columns
    ``default_probability`` (out of fold), ``default``, then what the scorecard reads; no
    identifier.
    """
    scored = pl.LazyFrame(
        {"client_id": train.client_ids, "default_probability": learned.decided.probability}
    )
    population = (
        scored.gather_every(max(1, len(train) // MOST_CLIENTS))
        .join(features.lazy(), on="client_id", maintain_order="left")
        .select("default_probability", "default", *learned.names)
    )
    path = folder / population_file(model_tag)
    population.sink_parquet(path, compression="zstd", maintain_order=True)
    return path

"""One small portfolio for all tests that only read it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from portfolio import write

Table = Callable[[str], pl.DataFrame]
CLIENTS = 2_500


@pytest.fixture(scope="session")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A parquet portfolio of 2,500 labelled clients, seed 3. Read it only."""
    out = tmp_path_factory.mktemp("portfolio") / "small"
    write(out, CLIENTS, 3, "parquet")
    return out


@pytest.fixture(scope="session")
def table(portfolio: Path) -> Table:
    """Reads a table of the small portfolio by its file's stem."""

    def read(stem: str) -> pl.DataFrame:
        return pl.read_parquet(portfolio / f"{stem}.parquet")

    return read

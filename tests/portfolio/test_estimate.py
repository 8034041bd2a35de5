"""Parameters can be estimated again from any archive of the layout."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from portfolio import write
from portfolio.estimate import main
from portfolio.layout import load
from tests.portfolio.conftest import Table


@pytest.fixture(scope="module")
def estimated(portfolio: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Parameters estimated from the small synthetic portfolio."""
    out = tmp_path_factory.mktemp("parameters") / "again.json"
    main([str(portfolio), "--out", str(out)])
    return out


def test_estimated_parameters_make_a_like_portfolio(
    estimated: Path, table: Table, tmp_path: Path
) -> None:
    """A portfolio made from a portfolio has its default rate and its missing scores."""
    write(tmp_path / "next", 2_000, 9, "parquet", parameters=estimated)
    again = pl.read_parquet(tmp_path / "next" / "application_train.parquet")
    first = table("application_train")
    assert again["TARGET"].mean() == pytest.approx(first["TARGET"].mean(), abs=0.02)
    for name in ("EXT_SOURCE_1", "EXT_SOURCE_3"):
        assert again[name].is_null().mean() == pytest.approx(first[name].is_null().mean(), abs=0.04)


def test_parameters_read_back_as_written(estimated: Path) -> None:
    """Writing what was read gives the same orders, correlations and effects."""
    written = json.loads(estimated.read_text(encoding="utf-8"))
    again = json.loads(load(estimated).to_json())
    for part in ("version", "orders", "latents", "correlation", "mirrors", "default"):
        assert again[part] == written[part]

"""Who defaults: as often as in the archive, and for the same reasons."""

from __future__ import annotations

import polars as pl
import pytest
from sklearn.metrics import roc_auc_score

from tests.portfolio.conftest import Table

SCORES = ("EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3")


@pytest.fixture(scope="module")
def people(table: Table) -> pl.DataFrame:
    """The labelled applications with the mean of the external scores."""
    return table("application_train").with_columns(mean=pl.mean_horizontal(*SCORES))


def test_default_rate_is_the_archives(people: pl.DataFrame) -> None:
    """About eight clients in a hundred default."""
    assert people["TARGET"].mean() == pytest.approx(0.081, abs=0.017)


def test_external_scores_rank_defaults(people: pl.DataFrame) -> None:
    """The mean external score ranks defaults about as well as it does in the archive (0.72)."""
    known = people.drop_nulls("mean")
    assert roc_auc_score(known["TARGET"], -known["mean"]) == pytest.approx(0.715, abs=0.06)


@pytest.mark.parametrize(("column", "safer_when"), [("DAYS_BIRTH", "low"), ("mean", "high")])
def test_default_rate_curves_run_the_right_way(
    people: pl.DataFrame, column: str, safer_when: str
) -> None:
    """Older clients and better scored ones default clearly less than the others."""
    ordered = people.drop_nulls(column).sort(column)
    third = ordered.height // 3
    low, high = ordered.head(third)["TARGET"].mean(), ordered.tail(third)["TARGET"].mean()
    safe, risky = (low, high) if safer_when == "low" else (high, low)
    assert risky > 1.3 * safe


def test_late_payers_default_more(people: pl.DataFrame, table: Table) -> None:
    """Clients who paid instalments late default more than those who never did."""
    late = (
        table("installments_payments")
        .group_by("SK_ID_CURR")
        .agg(share=(pl.col("DAYS_ENTRY_PAYMENT") > pl.col("DAYS_INSTALMENT")).mean())
    )
    joined = people.join(late, on="SK_ID_CURR")
    often = joined.filter(pl.col("share") > 0.1)["TARGET"].mean()
    assert often > joined.filter(pl.col("share") <= 0.02)["TARGET"].mean()

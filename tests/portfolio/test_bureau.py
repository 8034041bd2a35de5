"""Bureau credits have a life: opened, running, closed, and told month by month."""

from __future__ import annotations

import polars as pl
import pytest

from tests.portfolio.conftest import Table


def test_closed_credit_stays_closed(table: Table) -> None:
    """Once a monthly status says closed, every later month does."""
    months = table("bureau_balance").sort("SK_ID_BUREAU", "MONTHS_BALANCE")
    closed = (pl.col("STATUS") == "C").cast(pl.Int8)
    falls = months.select((closed.diff().over("SK_ID_BUREAU") < 0).alias("reopened"))
    assert falls["reopened"].sum() == 0


def test_dates_of_a_credit_are_in_order(table: Table) -> None:
    """A credit is opened in the past, closed after it was opened, and updated in between."""
    credits = table("bureau")
    assert credits["DAYS_CREDIT"].max() < 0
    ended = credits.drop_nulls("DAYS_ENDDATE_FACT")
    assert (ended["DAYS_ENDDATE_FACT"] >= ended["DAYS_CREDIT"]).all()
    assert ended["DAYS_ENDDATE_FACT"].max() <= 0
    assert (credits["DAYS_CREDIT_UPDATE"] >= credits["DAYS_CREDIT"]).all()


def test_only_closed_credits_have_an_end(table: Table) -> None:
    """An active credit has no actual end; a closed one has."""
    credits = table("bureau")
    assert credits.filter(pl.col("CREDIT_ACTIVE") == "Active")["DAYS_ENDDATE_FACT"].is_null().all()
    closed = credits.filter(pl.col("CREDIT_ACTIVE") == "Closed")
    assert closed["DAYS_ENDDATE_FACT"].is_not_null().all()


def test_overdue_amounts_come_with_overdue_days(table: Table) -> None:
    """Something is overdue exactly when days are, and never above the worst ever seen."""
    credits = table("bureau")
    assert ((credits["AMT_CREDIT_SUM_OVERDUE"] > 0) == (credits["CREDIT_DAY_OVERDUE"] > 0)).all()
    overdue = credits.filter(pl.col("AMT_CREDIT_SUM_OVERDUE") > 0)
    assert (overdue["AMT_CREDIT_MAX_OVERDUE"] >= overdue["AMT_CREDIT_SUM_OVERDUE"]).all()


@pytest.mark.parametrize(("part", "share"), [("train", 0.354), ("test", 0.999)])
def test_monthly_status_covers_the_archive_share(table: Table, part: str, share: float) -> None:
    """About a third of labelled clients' credits are watched, and all of the unlabelled ones'."""
    credits = table("bureau").join(
        table(f"application_{part}").select("SK_ID_CURR"), on="SK_ID_CURR", how="semi"
    )
    watched = credits["SK_ID_BUREAU"].is_in(table("bureau_balance")["SK_ID_BUREAU"].implode())
    assert watched.mean() == pytest.approx(share, abs=0.05)


def test_no_month_precedes_the_opening(table: Table) -> None:
    """Monthly status starts no earlier than the credit itself."""
    first = table("bureau_balance").group_by("SK_ID_BUREAU").agg(pl.col("MONTHS_BALANCE").min())
    joined = first.join(table("bureau"), on="SK_ID_BUREAU", how="left")
    assert joined["DAYS_CREDIT"].null_count() == 0
    assert (joined["MONTHS_BALANCE"] * 30.44 >= joined["DAYS_CREDIT"]).all()

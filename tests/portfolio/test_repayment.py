"""Payments and balances: they follow schedules, drawings and each other."""

from __future__ import annotations

import polars as pl
import pytest

from tests.portfolio.conftest import Table


def test_nothing_is_due_or_paid_in_the_future(table: Table) -> None:
    """Every instalment fell due, and every payment was made, before the application."""
    rows = table("installments_payments")
    assert rows["DAYS_INSTALMENT"].max() < 0
    assert rows["DAYS_ENTRY_PAYMENT"].max() < 0


def test_parts_of_an_instalment_add_up(table: Table) -> None:
    """The payments of one instalment of a loan make up what was due."""
    rows = table("installments_payments").filter(
        (pl.col("NUM_INSTALMENT_VERSION") > 0) & pl.col("AMT_PAYMENT").is_not_null()
    )
    paid = rows.group_by("SK_ID_PREV", "NUM_INSTALMENT_NUMBER").agg(
        pl.col("AMT_PAYMENT").sum(), pl.col("AMT_INSTALMENT").first(), pl.len()
    )
    assert (paid["AMT_PAYMENT"] - paid["AMT_INSTALMENT"]).abs().max() < 0.02
    assert (paid["len"] > 1).mean() == pytest.approx(0.075, abs=0.02)


def test_instalments_have_the_archives_shape(table: Table) -> None:
    """Most clients have instalments, most are paid early, some late, as the reference says."""
    rows = table("installments_payments")
    people = table("application_train").height + table("application_test").height
    late = rows["DAYS_ENTRY_PAYMENT"] - rows["DAYS_INSTALMENT"]
    assert rows["SK_ID_CURR"].n_unique() / people > 0.8
    assert (late > 0).mean() == pytest.approx(0.083, abs=0.03)
    assert late.median() == pytest.approx(-5, abs=4)


def test_remaining_instalments_never_exceed_the_term(table: Table) -> None:
    """A loan has at most its term to come, and nothing once completed."""
    rows = table("POS_CASH_balance")
    assert (rows["CNT_INSTALMENT_FUTURE"] <= rows["CNT_INSTALMENT"]).all()
    done = rows.filter(pl.col("NAME_CONTRACT_STATUS") == "Completed")
    assert done["CNT_INSTALMENT_FUTURE"].max() == 0


def test_completed_is_the_last_month_of_a_loan(table: Table) -> None:
    """No month follows the one in which a loan is completed."""
    rows = table("POS_CASH_balance")
    last = rows.group_by("SK_ID_PREV").agg(pl.col("MONTHS_BALANCE").max().alias("last"))
    done = rows.filter(pl.col("NAME_CONTRACT_STATUS") == "Completed").join(last, on="SK_ID_PREV")
    assert (done["MONTHS_BALANCE"] == done["last"]).all()


def test_card_balances_follow_drawings_and_payments(table: Table) -> None:
    """A balance is the one before plus interest and drawings minus the payment, to the cent."""
    rows = table("credit_card_balance").sort("SK_ID_PREV", "MONTHS_BALANCE")
    before = pl.col("AMT_BALANCE").shift(1).over("SK_ID_PREV").fill_null(0.0)
    interest = (
        pl.col("AMT_BALANCE") - before - pl.col("AMT_DRAWINGS_CURRENT")
        + pl.col("AMT_PAYMENT_TOTAL_CURRENT")
    )  # fmt: skip
    gaps = rows.select(gap=(interest - 0.0365 * before).abs())
    assert gaps["gap"].max() < 0.02


def test_cards_run_month_after_month(table: Table) -> None:
    """A card has every month from its first to the last before the application, once."""
    months = table("credit_card_balance").group_by("SK_ID_PREV").agg(
        pl.len().alias("n"), pl.col("MONTHS_BALANCE").min().alias("first"),
        pl.col("MONTHS_BALANCE").max().alias("last"),
    )  # fmt: skip
    assert (months["last"] == -1).all()
    assert (months["n"] == -months["first"]).all()

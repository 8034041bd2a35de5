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


INSTALMENT = ("SK_ID_PREV", "NUM_INSTALMENT_NUMBER", "NUM_INSTALMENT_VERSION")
LEFT = pl.col("due") - pl.col("paid")


def _instalments(table: Table) -> pl.DataFrame:
    rows = table("installments_payments").filter(pl.col("AMT_PAYMENT").is_not_null())
    return rows.group_by(INSTALMENT).agg(
        pl.col("AMT_PAYMENT").sum().alias("paid"),
        pl.col("AMT_INSTALMENT").max().alias("due"),
        pl.col("AMT_INSTALMENT").n_unique().alias("amounts"),
        pl.len().alias("parts"),
    )


def test_an_instalment_in_parts_repeats_the_amount_due_and_mostly_adds_up(table: Table) -> None:
    """Few are paid in parts, as in the archive; each part repeats the whole amount due."""
    found = _instalments(table)
    split = found.filter(pl.col("parts") > 1)
    assert split.height / found.height == pytest.approx(0.013, abs=0.004)
    assert (split["amounts"] == 1).all()
    assert split.select((LEFT.abs() < 0.01).mean()).item() == pytest.approx(0.93, abs=0.04)
    assert found.select(LEFT.min()).item() > -0.01


def test_some_instalments_are_paid_short_by_little_or_nearly_all(table: Table) -> None:
    """About one in twelve is paid short, half of these by less than an eighth or over seven."""
    short = _instalments(table).with_columns(short=LEFT >= 0.01)
    assert short["short"].mean() == pytest.approx(0.08, abs=0.025)
    share = short.filter("short").select(pl.col("paid") / pl.col("due")).to_series()
    assert ((share < 0.125) | (share > 0.875)).mean() > 0.6


def test_an_instalment_is_missed_now_and_then(table: Table) -> None:
    """Some of those due were never paid: neither date nor amount is there."""
    rows = table("installments_payments")
    missed = rows["AMT_PAYMENT"].is_null()
    assert (missed == rows["DAYS_ENTRY_PAYMENT"].is_null()).all()
    assert 0 < missed.mean() < 0.01


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

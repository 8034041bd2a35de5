"""Previous applications and what came of them fit together."""

from __future__ import annotations

import polars as pl
import pytest

from tests.portfolio.conftest import Table

HISTORIES = ("POS_CASH_balance", "installments_payments", "credit_card_balance")


@pytest.mark.parametrize("stem", HISTORIES)
def test_every_month_and_payment_belongs_to_an_approved_loan(table: Table, stem: str) -> None:
    """No row of a loan's history is without an approved previous application of that client."""
    approved = table("previous_application").filter(pl.col("NAME_CONTRACT_STATUS") == "Approved")
    owners = table(stem).select("SK_ID_PREV", "SK_ID_CURR").unique()
    assert owners.join(approved, on=["SK_ID_PREV", "SK_ID_CURR"], how="anti").height == 0


@pytest.mark.parametrize("stem", ["bureau", "previous_application"])
def test_histories_belong_to_clients_of_the_portfolio(table: Table, stem: str) -> None:
    """Every credit and application has an owner among the applications."""
    people = pl.concat(
        [table(f"application_{part}").select("SK_ID_CURR") for part in ("train", "test")]
    )
    assert table(stem).join(people, on="SK_ID_CURR", how="anti").height == 0


def test_cards_and_loans_keep_to_their_tables(table: Table) -> None:
    """Revolving loans have card months, the others point-of-sale months, never both."""
    kinds = table("previous_application").select("SK_ID_PREV", "NAME_CONTRACT_TYPE")
    of_cards = table("credit_card_balance").join(kinds, on="SK_ID_PREV")["NAME_CONTRACT_TYPE"]
    of_loans = table("POS_CASH_balance").join(kinds, on="SK_ID_PREV")["NAME_CONTRACT_TYPE"]
    assert set(of_cards) == {"Revolving loans"}
    assert set(of_loans) == {"Cash loans", "Consumer loans"}


def test_dates_of_a_loan_are_in_order(table: Table) -> None:
    """Decision, first due, last due and termination follow each other."""
    loans = table("previous_application").filter(
        (pl.col("DAYS_TERMINATION") < 365243) & (pl.col("NAME_CONTRACT_TYPE") != "Revolving loans")
    )
    assert loans.height > 100
    assert (loans["DAYS_FIRST_DUE"] >= loans["DAYS_DECISION"]).all()
    assert (loans["DAYS_LAST_DUE"] >= loans["DAYS_FIRST_DUE"]).all()
    assert (loans["DAYS_TERMINATION"] >= loans["DAYS_LAST_DUE"]).all()


def test_refusals_have_a_reason_and_approvals_have_none(table: Table) -> None:
    """A refused application says why; an approved one has nothing to say."""
    reasons = table("previous_application")
    refused = reasons.filter(pl.col("NAME_CONTRACT_STATUS") == "Refused")["CODE_REJECT_REASON"]
    approved = reasons.filter(pl.col("NAME_CONTRACT_STATUS") == "Approved")["CODE_REJECT_REASON"]
    assert (refused != "XAP").all()
    assert (approved == "XAP").mean() > 0.999


def test_loans_that_were_not_used_have_no_dates(table: Table) -> None:
    """Only approved applications carry due dates."""
    others = table("previous_application").filter(pl.col("NAME_CONTRACT_STATUS") != "Approved")
    assert others["DAYS_FIRST_DUE"].is_null().all()


def test_history_lengths_are_the_archives(table: Table) -> None:
    """Clients have about as many previous applications, and as many have any, as published."""
    counts = table("previous_application").group_by("SK_ID_CURR").len()
    people = table("application_train").height + table("application_test").height
    assert counts.height / people == pytest.approx(0.96, abs=0.03)
    assert counts["len"].mean() == pytest.approx(5.0, abs=0.6)

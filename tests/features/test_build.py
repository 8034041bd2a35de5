"""The feature table means what it says: values worked out by hand on the six clients."""

import math

import polars as pl
import pytest

from features.build import aggregate, build, history_features
from features.catalogue import CATALOGUE
from features.prepare import Prepared, prepare
from tests.world import world, write_archive

ADA, BEN, CLEO, DOV, EVE, FINN = range(100001, 100007)
HALF = math.log(2) / 6
"""Decay of a weight by month: half of it in six months."""

MEANING = [
    # the request in proportion to the means
    (ADA, "instalment_to_income", 22_500 / 240_000),
    (BEN, "credit_to_income", 675_000 / 90_000),
    (BEN, "credit_to_goods", 1.125),
    (ADA, "implied_term_months", 20.0),
    (EVE, "credit_beyond_goods_to_instalment", 40_000 / 27_000),
    # the situation: the sentinel of the day columns means "no current job"
    (CLEO, "without_current_job", 1.0),
    (ADA, "without_current_job", 0.0),
    (ADA, "income_per_year_in_job", 240_000 * 365.25 / 4_000),
    (CLEO, "income_per_year_in_job", None),
    # external scores, known ones only
    (ADA, "external_score_mean", 0.71),
    (BEN, "external_score_weighted", (2 * 0.21 + 3 * 0.12 + 4 * 0.18) / 9),
    (BEN, "external_score_product", 0.21 * 0.12 * 0.18),
    (BEN, "external_score_max", 0.21),
    (DOV, "external_score_mean", 0.30),
    (DOV, "external_score_product", None),
    (DOV, "external_score_min", 0.30),
    (DOV, "external_score_missing_count", 2.0),
    (FINN, "external_score_geometric_mean", math.sqrt(0.61 * 0.58)),
    # external credits: counts, amounts, by status, windows, ratios
    (ADA, "bureau_credits_count", 2.0),
    (ADA, "bureau_credits_open_count", 1.0),
    (ADA, "bureau_credits_year_count", 1.0),
    (ADA, "bureau_borrowed_mean", 150_000.0),
    (ADA, "bureau_debt_open_sum", 120_000.0),
    (ADA, "bureau_debt_to_credit_open_max", 0.6),
    (ADA, "bureau_total_debt_to_borrowed", 0.4),
    (ADA, "bureau_gap_days", 1_200.0),
    (ADA, "bureau_opened_days_latest", -300.0),
    (ADA, "bureau_closed_late_days_mean", -20.0),
    (BEN, "bureau_overdue_days_max", 45.0),
    (BEN, "bureau_overdue_credits_count", 1.0),
    (FINN, "bureau_debt_sum", -1_500.0),
    (DOV, "bureau_credits_count", None),
    # their monthly record
    (BEN, "bureau_late_months_count", 2.0),
    (BEN, "bureau_late_months_share", 2 / 3),
    (BEN, "bureau_very_late_months_count", 1.0),
    (BEN, "bureau_month_severity_max", 2.0),
    (BEN, "bureau_month_severity_slope", 1.0),
    (BEN, "bureau_last_late_month", -1.0),
    (
        BEN,
        "bureau_month_severity_recent_mean",
        (2 * math.exp(-HALF) + math.exp(-2 * HALF))
        / (math.exp(-HALF) + math.exp(-2 * HALF) + math.exp(-3 * HALF)),
    ),
    (ADA, "bureau_closed_months_share", 1 / 3),
    # past applications: outcomes, reasons, terms, the last ones
    (EVE, "previous_refusals_share", 0.5),
    (EVE, "previous_refusals_last_1_share", 1.0),
    (EVE, "previous_refused_by_rules_count", 1.0),
    (EVE, "previous_gap_days", 600.0),
    (EVE, "previous_decision_days_refused_latest", -100.0),
    (BEN, "previous_requested_to_granted_mean", 120 / 135),
    (ADA, "previous_yearly_interest_approved_mean", 0.2),
    (ADA, "previous_annuity_last_1_mean", 9_000.0),
    # loans with us by month
    (BEN, "pos_late_months_count", 2.0),
    (BEN, "pos_late_tolerant_months_count", 1.0),
    (BEN, "pos_days_past_due_max", 31.0),
    (BEN, "pos_remaining_months_now_sum", 6.0),
    (BEN, "pos_remaining_months_slope", -1.0),
    (ADA, "pos_completed_loans_now_count", 1.0),
    (ADA, "pos_loans_count", 1.0),
    # instalments: late, under-paid, windows, last ones
    (ADA, "instalments_late_days_mean", -3.5),
    (ADA, "instalments_late_share", 0.0),
    (ADA, "instalments_early_days_mean", 3.5),
    (BEN, "instalments_late_days_mean", 35.0),
    (BEN, "instalments_late_count", 2.0),
    (BEN, "instalments_late_365_days_count", 0.0),
    (BEN, "instalments_late_days_last_3_max", 40.0),
    (BEN, "instalments_past_due_days_when_underpaid_max", 40.0),
    (BEN, "instalments_unpaid_max", 7_000.0),
    (BEN, "instalments_paid_share_mean", (1 + 5 / 12) / 2),
    (BEN, "instalments_total_paid_to_due", 17 / 24),
    (BEN, "instalments_last_late_days", -440.0),
    # cards
    (BEN, "cards_use_mean", 0.885),
    (BEN, "cards_use_slope", 0.13),
    (BEN, "cards_payment_to_minimum_mean", 30.0),
    (BEN, "cards_late_months_count", 1.0),
    (EVE, "cards_count", 1.0),
    # the client as a whole
    (ADA, "external_debt_to_income", 0.5),
    (ADA, "total_exposure_to_income", 570_000 / 240_000),
    (ADA, "credit_to_previous_mean", 5.0),
    (DOV, "external_debt_to_income", None),
]


@pytest.fixture(scope="module")
def table(prepared_world: Prepared) -> pl.DataFrame:
    """The feature table of the six clients."""
    return build(prepared_world)


@pytest.mark.parametrize(("client", "name", "expected"), MEANING)
def test_a_feature_has_the_value_worked_out_by_hand(
    table: pl.DataFrame, client: int, name: str, expected: float | None
) -> None:
    """Each family gives, on a client one can follow by eye, the number one would write."""
    value = table.row(by_predicate=pl.col("client_id") == client, named=True)[name]
    assert value == (None if expected is None else pytest.approx(expected, abs=1e-12))


def test_the_table_has_one_row_per_client_and_the_catalogues_columns(table: pl.DataFrame) -> None:
    """Labelled and unlabelled clients are there once, features in the catalogue's order."""
    assert table["client_id"].to_list() == [ADA, BEN, CLEO, DOV, EVE, FINN]
    assert table["default"].to_list() == [0, 1, 0, 1, None, None]
    assert table.columns == ["client_id", "default", *[feature.name for feature in CATALOGUE]]


def test_numbers_are_floats_and_always_finite(table: pl.DataFrame) -> None:
    """Whatever is not a category is a 64-bit float, finite or missing."""
    for feature in CATALOGUE:
        column = table[feature.name]
        if feature.categories:
            assert isinstance(column.dtype, pl.Enum)
        else:
            assert column.dtype == pl.Float64
            assert column.drop_nulls().is_finite().all(), feature.name


def test_history_features_are_the_tables_columns(
    table: pl.DataFrame, prepared_world: Prepared
) -> None:
    """What is stored per client is what the scorecard was trained with."""
    histories = history_features(prepared_world)
    assert histories.columns[0] == "client_id"
    assert histories.equals(table.select(histories.columns))


def test_features_of_absent_tables_are_left_out(tmp_path) -> None:  # type: ignore[no-untyped-def]
    """An archive of applications alone gives fewer columns, not columns of zeros."""
    applications = {k: v for k, v in world().items() if k.startswith("application_")}
    archive = write_archive(applications, tmp_path / "raw")
    table = build(prepare(archive, tmp_path / "home", report=lambda _line: None))
    assert table.columns[2:] == [f.name for f in CATALOGUE.available({"applications"})]
    assert not [name for name in table.columns if name.startswith(("bureau_debt", "pos_"))]


def test_the_order_of_rows_changes_nothing(prepared_world: Prepared) -> None:
    """Aggregates depend on what happened, not on how the file is sorted."""
    for name in ("previous", "pos", "cards", "instalments"):
        rows = prepared_world.scan(name)
        features = CATALOGUE.of(name)
        straight = aggregate(rows, name, features).sort("client_id")
        reverse = aggregate(rows.reverse(), name, features).sort("client_id")
        for column in straight.columns:
            assert straight[column].to_list() == pytest.approx(reverse[column].to_list()), column

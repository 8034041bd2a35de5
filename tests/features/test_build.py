"""The feature table means what it says: values worked out by hand on the six clients."""

import math

import polars as pl
import pytest

from features.build import aggregate, build, history_features
from features.catalogue import CATALOGUE
from features.raw.prepare import Prepared, prepare
from features.raw.tables import TABLES
from tests.world import world, write_archive

ADA, BEN, CLEO, DOV, EVE, FINN = range(100001, 100007)
HALF = math.log(2) / 6
"""Decay of a weight by month: half of it in six months."""
BUILT = CATALOGUE.available(set(TABLES))
"""What the tables give: estimates, made by a scorecard, are not among them."""

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
    (FINN, "bureau_borrowed_closed_sum", 0.0),
    (FINN, "bureau_borrowed_closed_mean", None),
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
    (EVE, "previous_requested_refused_mean", 300_000.0),
    (EVE, "previous_granted_recent_mean", 180_000.0),
    (EVE, "previous_granted_last_1_mean", None),
    (ADA, "previous_requested_refused_mean", None),
    (ADA, "previous_refused_by_rules_count", 0.0),
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
    # instalments: parts put together, late, missed, under-paid, windows, last ones
    (ADA, "instalments_late_days_mean", -3.5),
    (ADA, "instalments_late_share", 0.0),
    (ADA, "instalments_early_days_mean", 3.5),
    (ADA, "instalments_missed_count", 0.0),
    (ADA, "instalments_on_time_streak_count", 2.0),
    (BEN, "instalments_fallen_due_count", 3.0),
    (BEN, "instalments_late_days_mean", (30 + 40 + 410) / 3),
    (BEN, "instalments_late_count", 3.0),
    (BEN, "instalments_late_365_days_count", 0.0),
    (BEN, "instalments_late_365_days_share", None),
    (BEN, "instalments_late_days_last_3_max", 410.0),
    (BEN, "instalments_missed_count", 1.0),
    (BEN, "instalments_underpaid_count", 1.0),
    (BEN, "instalments_past_due_days_when_underpaid_max", 410.0),
    (BEN, "instalments_unpaid_max", 12_000.0),
    (BEN, "instalments_paid_share_mean", 2 / 3),
    (BEN, "instalments_paid_mean", 8_000.0),
    (BEN, "instalments_total_paid_to_due", 24 / 36),
    (BEN, "instalments_last_late_days", -410.0),
    (BEN, "instalments_paid_days_latest", -400.0),
    (BEN, "instalments_on_time_streak_count", 0.0),
    (CLEO, "instalments_late_count", 0.0),
    (CLEO, "instalments_underpaid_count", 1.0),
    (CLEO, "instalments_unpaid_sum", 1_500.0),
    (CLEO, "instalments_on_time_streak_count", 0.0),
    (EVE, "instalments_late_count", None),
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
    (FINN, "external_debt_to_income", 0.0),
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
    assert table.columns == ["client_id", "default", *[feature.name for feature in BUILT]]


def test_numbers_are_floats_and_always_finite(table: pl.DataFrame) -> None:
    """Whatever is not a category is a 64-bit float, finite or missing."""
    for feature in BUILT:
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


@pytest.mark.parametrize("name", ["bureau", "bureau_balance", "previous", "pos", "instalments"])
def test_one_clients_rows_in_any_order_give_what_the_batch_gives(
    prepared_world: Prepared, table: pl.DataFrame, name: str
) -> None:
    """Records received for one client are put together and summed up as a whole portfolio is."""
    features = CATALOGUE.of(name)
    expected = table.filter(pl.col("client_id") == BEN).select(f.name for f in features)
    rows = prepared_world.scan(name).filter(pl.col("client_id") == BEN)
    for ordered in (rows, rows.reverse()):
        found = aggregate(ordered, name, features).drop("client_id")
        for one, other in zip(found.row(0), expected.row(0), strict=True):
            assert one == (None if other is None else pytest.approx(other, rel=1e-12))


def test_a_block_ends_with_a_client(
    prepared_world: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However few rows are taken at once, a client's rows are never summed up in two halves."""
    features = CATALOGUE.of("bureau_balance")
    rows = prepared_world.scan("bureau_balance")
    whole = aggregate(rows, "bureau_balance", features).sort("client_id")
    monkeypatch.setattr("features.build.ROWS_AT_ONCE", 2)
    assert aggregate(rows, "bureau_balance", features).sort("client_id").equals(whole)


def test_no_row_gives_no_client(prepared_world: Prepared) -> None:
    """A client who never had a card has no card features, rather than an error."""
    none = prepared_world.scan("cards").filter(pl.lit(False))
    assert aggregate(none, "cards", CATALOGUE.of("cards")).is_empty()


def test_what_is_not_known_is_missing_and_not_zero(prepared_world: Prepared) -> None:
    """A total or a count of unknown values is missing; over a slice without rows it is zero."""
    unknown = prepared_world.scan("bureau").with_columns(
        pl.lit(None, pl.Float64).alias("debt"), pl.lit(None, pl.Int32).alias("overdue_days")
    )
    found = aggregate(unknown, "bureau", CATALOGUE.of("bureau"))
    ada = found.row(by_predicate=pl.col("client_id") == ADA, named=True)
    assert ada["bureau_debt_sum"] is None
    assert ada["bureau_overdue_days_sum"] is None
    assert ada["bureau_overdue_credits_count"] is None
    assert ada["bureau_overdue_to_debt"] is None
    assert ada["bureau_borrowed_sum"] == 300_000.0
    assert ada["bureau_credits_car_count"] == 0.0


def test_no_total_is_zero_for_want_of_rows(table: pl.DataFrame) -> None:
    """A client without a row in a history has nothing there but missing values."""
    histories = set(TABLES) - {"applications"}
    dov = table.row(by_predicate=pl.col("client_id") == DOV, named=True)
    assert [f.name for f in BUILT if f.table in histories and dov[f.name] is not None] == []


def test_an_amount_in_another_currency_is_left_out_and_its_credit_counts(
    prepared_world: Prepared,
) -> None:
    """No rate is known, so amounts of other currencies cannot be added to the others."""
    abroad = pl.col("bureau_id") == 502
    kind = prepared_world.scan("bureau").collect_schema()["currency"]
    rows = prepared_world.scan("bureau").with_columns(
        pl.when(abroad)
        .then(pl.lit("currency 2", dtype=kind))
        .otherwise("currency")
        .alias("currency")
    )
    found = aggregate(rows, "bureau", CATALOGUE.of("bureau"))
    ada = found.row(by_predicate=pl.col("client_id") == ADA, named=True)
    assert ada["bureau_borrowed_sum"] == 100_000.0
    assert ada["bureau_credits_count"] == 2.0
    assert ada["bureau_debt_open_sum"] is None


def test_an_end_beyond_reason_is_missing(prepared_world: Prepared) -> None:
    """A card that "ends" in eighty years has no planned end, nor a planned length."""
    rows = prepared_world.scan("bureau").with_columns(pl.lit(31_000.0).alias("end_days"))
    found = aggregate(rows, "bureau", CATALOGUE.of("bureau"))
    for name in ("end_days_latest", "planned_days_max", "closed_late_days_mean"):
        assert found[f"bureau_{name}"].null_count() == found.height


@pytest.mark.genuine
def test_no_genuine_credit_ends_between_half_a_century_and_two_thirds(
    prepared_core: Prepared,
) -> None:
    """Where the ends beyond reason begin is seen in the data, far on both sides of forty years."""
    ends = prepared_core.scan("bureau").select("end_days").collect().to_series().drop_nulls()
    assert not ends.is_between(50 * 365, 65 * 365).any()
    assert 0.01 < (ends > 65 * 365).mean() < 0.05


def test_the_order_of_rows_changes_nothing(prepared_world: Prepared) -> None:
    """Aggregates depend on what happened, not on how the file is sorted."""
    for name in ("previous", "pos", "cards", "instalments"):
        rows = prepared_world.scan(name)
        features = CATALOGUE.of(name)
        straight = aggregate(rows, name, features).sort("client_id")
        reverse = aggregate(rows.reverse(), name, features).sort("client_id")
        for column in straight.columns:
            assert straight[column].to_list() == pytest.approx(reverse[column].to_list()), column

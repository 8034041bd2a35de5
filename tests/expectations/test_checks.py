"""The checks find what is wrong with prepared data, and stop what must be stopped."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from expectations import checks
from expectations.checks import check, check_features, refuse_critical
from expectations.errors import ChecksFailed
from features.build import build
from features.raw.prepare import Prepared, prepare
from features.raw.tables import TABLES
from tests.world import world, write_archive


def silently(_line: str) -> None:
    """Ignore progress."""


def prepared_with(tmp_path: Path, table: str, **columns: pl.Expr) -> Prepared:
    """The world prepared with some raw columns of one table replaced."""
    raw = world()
    raw[table] = raw[table].with_columns(**columns)
    return prepare(write_archive(raw, tmp_path / "w.zip"), tmp_path, report=silently)


def test_the_six_clients_meet_every_critical_expectation(prepared_world: Prepared) -> None:
    """One result a table, and one line of progress each."""
    lines: list[str] = []
    results = check(prepared_world, report=lines.append)
    assert [result.table for result in results] == list(TABLES)
    assert len(lines) == len(TABLES)
    refuse_critical(results)


def test_a_critical_failure_is_named(tmp_path: Path) -> None:
    """An external score of 2 cannot be: table, column and count are said, the value is not."""
    spoilt = prepared_with(tmp_path, "application_train", EXT_SOURCE_1=pl.lit("2.4711"))
    results = check(spoilt, report=silently)
    with pytest.raises(ChecksFailed) as refusal:
        refuse_critical(results)
    assert refusal.value.failed == (
        "applications: external_score_1 is between 0 and 1: 4 rows do not",
    )


def test_an_empty_column_is_noticed(tmp_path: Path) -> None:
    """Without amounts nothing can be decided; without the second score, much less well."""
    nothing = pl.lit(None, dtype=pl.String)
    spoilt = prepared_with(tmp_path, "application_train", AMT_CREDIT=nothing, EXT_SOURCE_2=nothing)
    applications = check(spoilt, report=silently)[0]
    assert "amount_credit" in [failure.column for failure in applications.of("critical")]
    assert "external_score_2" in [failure.column for failure in applications.of("warning")]


def test_a_repeated_credit_is_critical(tmp_path: Path) -> None:
    """Months would be counted for two credits."""
    spoilt = prepared_with(tmp_path, "bureau", SK_ID_BUREAU=pl.lit("501"))
    (failure,) = [f for r in check(spoilt, report=silently) for f in r.of("critical")]
    assert (failure.column, failure.unexpected_count) == ("bureau_id", 4)


def test_a_warning_lets_the_training_go_on(tmp_path: Path) -> None:
    """A job started in the future is odd, and does not stop anything."""
    odd = prepared_with(tmp_path, "application_train", DAYS_EMPLOYED=pl.lit("10"))
    results = check(odd, report=silently)
    assert "employment_days" in [f.column for f in results[0].of("warning")]
    refuse_critical(results)


def test_large_tables_are_sampled_by_client(
    prepared_world: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above the limit whole clients are drawn, and the result says how many rows it saw."""
    monkeypatch.setattr(checks, "FULL_ROWS", 2)
    monkeypatch.setattr(checks, "SAMPLED_ROWS", 2)
    bureau = next(r for r in check(prepared_world, report=silently) if r.table == "bureau")
    assert bureau.sampled
    assert 0 < bureau.checked_rows < bureau.rows


def test_sampling_keeps_about_the_share_asked_for() -> None:
    """Consecutive client numbers spread evenly, and always the same ones are drawn."""
    clients = pl.DataFrame({"client_id": range(100_001, 200_001)})
    drawn = clients.filter(checks._sampled(0.2))
    assert 19_000 < drawn.height < 21_000
    assert drawn.equals(clients.filter(checks._sampled(0.2)))


def test_the_feature_table_meets_its_suite(prepared_world: Prepared) -> None:
    """Features of the six clients lie in the domains of their units."""
    refuse_critical([check_features(build(prepared_world), report=silently)])


def test_a_feature_out_of_its_domain_is_critical(prepared_world: Prepared) -> None:
    """A flag of 3 is a fault of ours: nothing may be trained on it."""
    frame = build(prepared_world).with_columns(without_current_job=pl.lit(3.0))
    result = check_features(frame, report=silently)
    assert [failure.column for failure in result.of("critical")] == ["without_current_job"]


@pytest.mark.genuine
def test_the_genuine_data_meet_everything(prepared_core: Prepared) -> None:
    """No expectation was written that real data contradict."""
    assert [f for r in check(prepared_core, report=silently) for f in r.failures] == []

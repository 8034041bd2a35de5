"""The suites on disk are readable, about columns that exist, and up to date."""

from __future__ import annotations

import pytest

from expectations.generate import feature_suite
from expectations.suites import FEATURES, SUITES, as_text, load
from expectations.words import sentence
from features.catalogue import CATALOGUE
from features.raw.tables import TABLES


@pytest.mark.parametrize("table", TABLES)
def test_every_raw_table_has_a_suite_about_its_own_columns(table: str) -> None:
    """An expectation on a column that does not exist would never be met."""
    columns = {"client_id", *TABLES[table].by_name}
    suite = load(table)
    assert suite.name == table
    assert columns.issuperset(suite.columns)
    assert any(e.severity == "critical" for e in suite.expectations)


@pytest.mark.parametrize("name", [*TABLES, FEATURES])
def test_every_expectation_is_said_and_justified(name: str) -> None:
    """A person reads a sentence and a reason, not a function's name."""
    for expectation in load(name).expectations:
        assert "expect_" not in sentence(expectation)
        assert expectation.why.endswith(".")


@pytest.mark.parametrize("name", [*TABLES, FEATURES])
def test_suites_are_written_one_expectation_a_line(name: str) -> None:
    """A change of one expectation is a change of one line."""
    assert (SUITES / f"{name}.json").read_text(encoding="utf-8") == as_text(load(name))


def test_the_feature_suite_follows_the_catalogue() -> None:
    """Run ``python -m expectations.generate`` after declaring a feature."""
    assert load(FEATURES) == feature_suite(CATALOGUE)

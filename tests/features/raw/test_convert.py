"""Values that a column's declaration excludes are found, and never shown."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from features.errors import DataError, DuplicateClient, InvalidTarget, NegativeIncome, WrongType
from features.raw.prepare import prepare
from tests.conftest import Refuse
from tests.world import world, write_archive

CANARY = "4711canary"


def spoilt(column: str, value: str | None, row: int = 1) -> dict[str, pl.DataFrame]:
    """The world with one value of application_train changed; ``row`` counts from 0."""
    raw = world()
    train = raw["application_train"]
    values = train[column].to_list()
    values[row] = value
    raw["application_train"] = train.with_columns(pl.Series(column, values, dtype=pl.String))
    return raw


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("AMT_CREDIT", CANARY, WrongType),
        ("AMT_CREDIT", "inf", WrongType),
        ("AMT_CREDIT", "1 000", WrongType),
        ("CNT_CHILDREN", "1.5", WrongType),
        ("CNT_CHILDREN", "99999999999", WrongType),
        ("FLAG_OWN_CAR", CANARY, WrongType),
        ("FLAG_MOBIL", "2", WrongType),
        ("SK_ID_CURR", CANARY, WrongType),
        ("SK_ID_CURR", None, WrongType),
        ("AMT_INCOME_TOTAL", "-4711", NegativeIncome),
        ("TARGET", "2", InvalidTarget),
        ("TARGET", "-1", InvalidTarget),
        ("TARGET", "0.5", WrongType),
        ("TARGET", CANARY, WrongType),
        ("SK_ID_CURR", "100001", DuplicateClient),
    ],
)
def test_an_excluded_value_is_named_by_its_place(
    tmp_path: Path, refuse: Refuse, column: str, value: str | None, expected: type[DataError]
) -> None:
    """The second client is on line 3; the value itself is not in the message."""
    error = refuse(write_archive(spoilt(column, value), tmp_path / "w.zip"))
    assert type(error) is expected
    assert error.file == "application_train.csv"
    assert error.column == column
    assert 3 in error.lines
    assert "4711" not in str(error)


@pytest.mark.parametrize("ending", ["csv.gz", "parquet"])
def test_other_formats_are_checked_alike(tmp_path: Path, refuse: Refuse, ending: str) -> None:
    """A parquet file has rows, not lines: its second row is 2."""
    error = refuse(write_archive(spoilt("AMT_CREDIT", CANARY), tmp_path / "w", ending))
    assert isinstance(error, WrongType)
    assert error.lines == ((2,) if ending == "parquet" else (3,))


def test_a_parquet_column_of_lists_is_refused(tmp_path: Path, refuse: Refuse) -> None:
    """Not a number, not a text: the column is named."""
    folder = write_archive(world(), tmp_path / "w", "parquet")
    bureau = pl.read_parquet(folder / "bureau.parquet")
    bureau.with_columns(DAYS_CREDIT=pl.concat_list("DAYS_CREDIT")).write_parquet(
        folder / "bureau.parquet"
    )
    error = refuse(folder)
    assert isinstance(error, WrongType)
    assert (error.file, error.column) == ("bureau.parquet", "DAYS_CREDIT")


def test_a_client_of_both_files_is_refused(tmp_path: Path, refuse: Refuse) -> None:
    """The unlabelled copy of a labelled client would leak; both lines are named."""
    error = refuse(write_archive(spoilt("SK_ID_CURR", "100005"), tmp_path / "w.zip"))
    assert isinstance(error, DuplicateClient)
    assert error.file == "application_train.csv and application_test.csv"
    assert error.lines == (3, 2)


def test_an_unknown_target_is_an_unlabelled_client(tmp_path: Path) -> None:
    """An empty target is allowed in application_train."""
    archive = write_archive(spoilt("TARGET", None), tmp_path / "w.zip")
    prepared = prepare(archive, tmp_path, report=lambda _line: None)
    assert prepared.scan("applications").collect()["default"].to_list()[:2] == [0, None]


def test_an_unseen_category_is_missing_and_counted(tmp_path: Path) -> None:
    """Vocabularies grow: the count is reported, not the text."""
    archive = write_archive(spoilt("OCCUPATION_TYPE", CANARY), tmp_path / "w.zip")
    prepared = prepare(archive, tmp_path, report=lambda _line: None)
    (warning,) = prepared.warnings
    assert warning.startswith("application_train.csv: 1 values of OCCUPATION_TYPE are not in")
    assert CANARY not in warning
    assert prepared.scan("applications").collect()["occupation"].to_list()[1] is None


def test_whole_numbers_may_be_written_as_floats(tmp_path: Path) -> None:
    """Pandas writes 3.0 where a column has missing values."""
    archive = write_archive(spoilt("CNT_CHILDREN", "3.0"), tmp_path / "w.zip")
    prepared = prepare(archive, tmp_path, report=lambda _line: None)
    assert prepared.scan("applications").collect()["children_count"].to_list()[1] == 3


def test_orphan_rows_are_left_out_and_counted(tmp_path: Path) -> None:
    """History of a client who does not apply, and months of a credit nobody reported."""
    raw = world()
    raw["bureau"] = raw["bureau"].with_columns(
        SK_ID_CURR=pl.col("SK_ID_CURR").replace("100006", "999999")
    )
    raw["bureau_balance"] = raw["bureau_balance"].with_columns(
        SK_ID_BUREAU=pl.col("SK_ID_BUREAU").replace("503", "888")
    )
    prepared = prepare(write_archive(raw, tmp_path / "w.zip"), tmp_path, report=lambda _line: None)
    assert prepared.warnings == (
        "bureau.csv: 1 rows of unknown clients left out",
        "bureau_balance.csv: 3 rows of unknown clients left out",
    )
    assert (prepared.rows["bureau"], prepared.rows["bureau_balance"]) == (3, 3)


def test_months_without_bureau_are_left_out(tmp_path: Path) -> None:
    """bureau_balance knows its clients through bureau only."""
    raw = world()
    del raw["bureau"]
    prepared = prepare(write_archive(raw, tmp_path / "w.zip"), tmp_path, report=lambda _line: None)
    assert not prepared.has("bureau_balance")
    assert "without bureau" in prepared.warnings[0]

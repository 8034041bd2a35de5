"""Headers and rows that are not as declared are named to the line."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from features.errors import DuplicateColumn, MissingColumn, NotUtf8, RaggedRows
from features.raw.prepare import prepare
from tests.conftest import Refuse
from tests.world import encode, world, write_archive


def test_a_missing_column_is_named(tmp_path: Path, refuse: Refuse) -> None:
    """File and column."""
    raw = world()
    raw["bureau"] = raw["bureau"].drop("DAYS_CREDIT")
    error = refuse(write_archive(raw, tmp_path / "w.zip"))
    assert isinstance(error, MissingColumn)
    assert (error.file, error.column) == ("bureau.csv", "DAYS_CREDIT")


def test_a_renamed_column_is_recognised(tmp_path: Path, refuse: Refuse) -> None:
    """The remedy names the column that looks like the missing one."""
    raw = world()
    raw["bureau"] = raw["bureau"].rename({"DAYS_CREDIT": "DAY_CREDIT"})
    error = refuse(write_archive(raw, tmp_path / "w.zip"))
    assert isinstance(error, MissingColumn)
    assert "DAY_CREDIT is the same column renamed" in error.remedy


def test_the_target_may_only_be_absent_from_the_unlabelled(tmp_path: Path, refuse: Refuse) -> None:
    """application_train must say who defaulted."""
    raw = world()
    raw["application_train"] = raw["application_train"].drop("TARGET")
    error = refuse(write_archive(raw, tmp_path / "w.zip"))
    assert isinstance(error, MissingColumn)
    assert error.column == "TARGET"


def test_an_extra_column_is_a_warning(tmp_path: Path) -> None:
    """It is not read, and said."""
    raw = world()
    raw["bureau"] = raw["bureau"].with_columns(NEW=pl.lit("1"))
    archive = write_archive(raw, tmp_path / "w.zip")
    prepared = prepare(archive, tmp_path, report=lambda _line: None)
    assert prepared.warnings == ("bureau.csv: column NEW is not declared and was not read",)
    assert "NEW" not in prepared.scan("bureau").collect_schema()


def test_a_duplicate_header_is_refused(tmp_path: Path, refuse: Refuse) -> None:
    """Which of the two would be right?"""
    folder = write_archive(world(), tmp_path / "w")
    text = (folder / "bureau.csv").read_text()
    (folder / "bureau.csv").write_text(text.replace("CREDIT_CURRENCY", "CREDIT_ACTIVE", 1))
    error = refuse(folder)
    assert isinstance(error, DuplicateColumn)
    assert (error.file, error.column, error.lines) == ("bureau.csv", "CREDIT_ACTIVE", (1,))


def test_a_row_with_too_many_values_is_found(tmp_path: Path, refuse: Refuse) -> None:
    """The line number is that of an editor."""
    folder = write_archive(world(), tmp_path / "w")
    lines = (folder / "bureau.csv").read_text().splitlines()
    lines[3] += ",surplus"
    (folder / "bureau.csv").write_text("\n".join(lines))
    error = refuse(folder)
    assert isinstance(error, RaggedRows)
    assert (error.file, error.lines) == ("bureau.csv", (4,))
    assert "surplus" not in str(error)


def test_an_empty_last_line_is_harmless(tmp_path: Path) -> None:
    """Editors add one."""
    folder = write_archive(world(), tmp_path / "w")
    with (folder / "bureau.csv").open("a") as file:
        file.write("\n\n")
    assert prepare(folder, tmp_path, report=lambda _line: None).rows["bureau"] == 4


def test_latin_1_text_is_found(tmp_path: Path, refuse: Refuse) -> None:
    """Column and line of the first text that is not UTF-8, and the command that converts it."""
    raw = world()
    raw["bureau"] = raw["bureau"].with_columns(
        CREDIT_TYPE=pl.when(pl.col("SK_ID_BUREAU") == "503")
        .then(pl.lit("Crédit"))
        .otherwise("CREDIT_TYPE")
    )
    folder = write_archive(world(), tmp_path / "w")
    (folder / "bureau.csv").write_bytes(encode(raw["bureau"]).decode().encode("latin-1"))
    error = refuse(folder)
    assert isinstance(error, NotUtf8)
    assert (error.file, error.column, error.lines) == ("bureau.csv", "CREDIT_TYPE", (4,))
    assert "iconv" in error.remedy


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    """Spreadsheets write one."""
    folder = write_archive(world(), tmp_path / "w")
    bureau = folder / "bureau.csv"
    bureau.write_bytes(b"\xef\xbb\xbf" + bureau.read_bytes())
    assert prepare(folder, tmp_path, report=lambda _line: None).rows["bureau"] == 4

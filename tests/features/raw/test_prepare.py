"""The raw archive becomes typed, sorted tables, whatever its packaging."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest

from features.raw.prepare import Prepared, open_prepared, prepare
from features.raw.tables import APPLICATIONS, TABLES
from tests.world import world, write_archive


def silently(_line: str) -> None:
    """Ignore progress."""


def test_every_table_has_its_declared_columns_and_types(prepared_world: Prepared) -> None:
    """Prepared tables follow columns.csv to the letter; bureau_balance also knows the client."""
    assert prepared_world.tables == set(TABLES)
    for name, table in TABLES.items():
        schema = prepared_world.scan(name).collect_schema()
        if name == "bureau_balance":
            assert schema.pop("client_id") == pl.Int64
        assert schema == table.schema


def test_missing_codes_become_missing(prepared_world: Prepared) -> None:
    """365243, XNA and XAP never reach a feature."""
    applications = prepared_world.scan("applications").collect()
    by_client = {row["client_id"]: row for row in applications.iter_rows(named=True)}
    assert by_client[100003]["employment_days"] is None
    assert by_client[100004]["gender"] is None
    previous = prepared_world.scan("previous").collect()
    assert previous["reject_reason"].to_list().count(None) == 4
    assert previous["termination_days"].drop_nulls().max() == -400


def test_train_clients_come_first_and_test_clients_have_no_target(
    prepared_world: Prepared,
) -> None:
    """The unlabelled clients keep a null target, never a zero."""
    applications = prepared_world.scan("applications").select("client_id", "default").collect()
    assert applications.rows() == [
        (100001, 0),
        (100002, 1),
        (100003, 0),
        (100004, 1),
        (100005, None),
        (100006, None),
    ]


def test_bureau_months_know_their_client_and_are_in_order(prepared_world: Prepared) -> None:
    """Monthly statuses are joined to their client and sorted by client, credit and month."""
    months = prepared_world.scan("bureau_balance").collect()
    assert months.select("client_id", "bureau_id", "month").rows() == [
        (100001, 501, -20),
        (100001, 502, -2),
        (100001, 502, -1),
        (100002, 503, -3),
        (100002, 503, -2),
        (100002, 503, -1),
    ]


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "parquet"])
@pytest.mark.parametrize("name", ["world.zip", "world"])
def test_packaging_does_not_change_the_tables(
    tmp_path: Path, prepared_world: Prepared, name: str, ending: str
) -> None:
    """A zip or a folder, CSV, CSV.gz or parquet: the same rows come out."""
    archive = write_archive(world(), tmp_path / name, ending)
    prepared = prepare(archive, tmp_path / "home", report=silently)
    for table in TABLES:
        assert prepared.scan(table).collect().equals(prepared_world.scan(table).collect())


def test_a_zip_and_its_unpacked_folder_are_the_same_data(
    tmp_path: Path, prepared_world: Prepared
) -> None:
    """The fingerprint follows the content, not the packaging."""
    folder = write_archive(world(), tmp_path / "world")
    assert prepare(folder, tmp_path, report=silently).fingerprint == prepared_world.fingerprint


def test_the_same_content_is_prepared_once(tmp_path: Path, world_archive: Path) -> None:
    """A second run says so, and touches nothing."""
    first = prepare(world_archive, tmp_path, report=silently)
    written = (first.folder / "manifest.json").stat().st_mtime_ns
    lines: list[str] = []
    second = prepare(world_archive, tmp_path, report=lines.append)
    assert second == first == open_prepared(first.folder)
    assert lines == [f"already prepared in {first.folder}"]
    assert (first.folder / "manifest.json").stat().st_mtime_ns == written


def test_a_changed_value_is_other_data(tmp_path: Path, prepared_world: Prepared) -> None:
    """One digit changed gives another fingerprint."""
    raw = world()
    raw["bureau"] = raw["bureau"].with_columns(DAYS_CREDIT=pl.lit("-7"))
    prepared = prepare(write_archive(raw, tmp_path / "w.zip"), tmp_path, report=silently)
    assert prepared.fingerprint != prepared_world.fingerprint


def test_applications_alone_are_enough(tmp_path: Path) -> None:
    """Absent histories are absent, not empty."""
    raw = {"application_train": world()["application_train"]}
    prepared = prepare(write_archive(raw, tmp_path / "w.zip"), tmp_path, report=silently)
    assert prepared.tables == {"applications"}
    assert not prepared.has("bureau")
    with pytest.raises(KeyError):
        prepared.scan("bureau")


def test_progress_names_each_table(tmp_path: Path, world_archive: Path) -> None:
    """One line per table, with its rows and seconds."""
    lines: list[str] = []
    prepare(world_archive, tmp_path, report=lines.append)
    assert [line.split(":")[0] for line in lines] == list(TABLES)
    assert lines[0].startswith("applications: 6 rows in ")


def test_what_a_killed_run_left_is_swept(tmp_path: Path, world_archive: Path) -> None:
    """Its scratch folder holds clients' data: the next run removes it, never one still at work."""
    parent = tmp_path / "prepared"
    dead, alive = parent / ".preparing-99999999-x", parent / f".preparing-{os.getppid()}-y"
    for folder in (dead, alive):
        folder.mkdir(parents=True)
        (folder / "bureau.parquet").write_bytes(b"rows")
    prepare(world_archive, tmp_path, report=silently)
    assert not dead.exists()
    assert alive.exists()


def test_prepared_data_are_for_their_owner_alone(prepared_world: Prepared) -> None:
    """Nobody else on the machine may list them."""
    assert prepared_world.folder.parent.stat().st_mode & 0o077 == 0


@pytest.mark.genuine
def test_the_genuine_archive_keeps_every_row(prepared_core: Prepared) -> None:
    """The published counts of the core archive are found again, without any warning."""
    assert prepared_core.warnings == ()
    assert prepared_core.rows["applications"] == 10_000
    assert prepared_core.rows["instalments"] == 8_740
    target = prepared_core.scan("applications").select("default").collect()["default"]
    assert target.sum() == 386
    assert target.null_count() == 5_000
    schema = prepared_core.scan("applications").collect_schema()
    assert schema == APPLICATIONS.schema

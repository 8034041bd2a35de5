"""Archives that cannot be trusted or read are refused, and say what to do."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from features.errors import (
    DuplicateFile,
    EmptyTable,
    MissingFile,
    NotAnArchive,
    SourceNotFound,
    TruncatedArchive,
    UnsafeArchive,
)
from features.raw.archive import Limits, open_archive, table_of
from tests.conftest import Refuse
from tests.world import encode, world, write_archive, write_files


def test_a_wrong_path_is_said(tmp_path: Path, refuse: Refuse) -> None:
    """A path where nothing is."""
    assert isinstance(refuse(tmp_path / "nowhere.zip"), SourceNotFound)


def test_a_text_named_zip_is_not_an_archive(tmp_path: Path, refuse: Refuse) -> None:
    """A file that never was a zip is told apart from a damaged one."""
    (tmp_path / "notes.zip").write_text("hello")
    assert isinstance(refuse(tmp_path / "notes.zip"), NotAnArchive)


@pytest.mark.parametrize("kept", [0.3, 0.9, 0.999])
def test_a_truncated_zip_is_refused(
    tmp_path: Path, world_archive: Path, refuse: Refuse, kept: float
) -> None:
    """A download that stopped early, at any point."""
    whole = world_archive.read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: int(len(whole) * kept)])
    assert isinstance(refuse(tmp_path / "cut.zip"), TruncatedArchive)


def test_a_changed_byte_is_refused(tmp_path: Path, world_archive: Path, refuse: Refuse) -> None:
    """A byte flipped inside a table no longer matches its checksum."""
    content = bytearray(world_archive.read_bytes())
    content[zipfile.ZipFile(world_archive).getinfo("bureau.csv").header_offset + 120] ^= 0xFF
    (tmp_path / "flipped.zip").write_bytes(content)
    error = refuse(tmp_path / "flipped.zip")
    assert isinstance(error, TruncatedArchive)
    assert error.file == "bureau.csv"


@pytest.mark.parametrize("ending", ["csv.gz", "parquet"])
def test_a_truncated_table_is_refused(tmp_path: Path, refuse: Refuse, ending: str) -> None:
    """One table of a folder is cut: it is the one named."""
    folder = write_archive(world(), tmp_path / "world", ending)
    bureau = folder / f"bureau.{ending}"
    bureau.write_bytes(bureau.read_bytes()[:-40])
    error = refuse(folder)
    assert isinstance(error, TruncatedArchive)
    assert error.file == bureau.name


@pytest.mark.parametrize(
    "path", ["../escape.csv", "/etc/escape.csv", "a/../../x", "..\\x", "C:\\x"]
)
def test_a_path_that_leaves_the_archive_is_refused(
    tmp_path: Path, refuse: Refuse, path: str
) -> None:
    """Traversal is refused before anything is read, whichever file bears it."""
    archive = write_files({path: b"x"}, tmp_path / "traversal.zip")
    assert isinstance(refuse(archive), UnsafeArchive)
    assert not (tmp_path / "escape.csv").exists()


def test_a_password_is_refused(tmp_path: Path, world_archive: Path, refuse: Refuse) -> None:
    """Nobody is there to type it."""
    content = bytearray(world_archive.read_bytes())
    content[content.rfind(b"PK\x01\x02") + 8] |= 1  # the flag of the last member
    (tmp_path / "locked.zip").write_bytes(content)
    error = refuse(tmp_path / "locked.zip")
    assert isinstance(error, UnsafeArchive)
    assert "password" in str(error)


def test_a_packing_nobody_reads_is_refused(
    tmp_path: Path, world_archive: Path, refuse: Refuse
) -> None:
    """Some tools write Deflate64: it is said, not met as a crash halfway."""
    content = bytearray(world_archive.read_bytes())
    content[content.rfind(b"PK\x01\x02") + 10] = 9
    (tmp_path / "odd.zip").write_bytes(content)
    assert isinstance(refuse(tmp_path / "odd.zip"), UnsafeArchive)


def test_an_absurd_compression_ratio_is_refused(tmp_path: Path, refuse: Refuse) -> None:
    """Fifty megabytes of one letter pack a thousand times: no table does."""
    bomb = write_files({"application_train.csv": b"a" * 50_000_000}, tmp_path / "bomb.zip")
    assert isinstance(refuse(bomb), UnsafeArchive)


def test_an_absurd_gzip_ratio_stops_the_reading(tmp_path: Path, refuse: Refuse) -> None:
    """The same bomb inside a gzipped table is stopped while it unpacks."""
    row = encode(world()["application_train"]).split(b"\n")
    content = b"\n".join([row[0], *([row[1]] * 200_000)])
    files = {"application_train.csv.gz": gzip.compress(content)}
    assert isinstance(refuse(write_files(files, tmp_path / "bomb")), UnsafeArchive)


def test_an_archive_too_large_in_all_is_refused(world_archive: Path) -> None:
    """The sum of what the members claim is bounded."""
    with pytest.raises(UnsafeArchive, match="more than 0 GB"):
        open_archive(world_archive, Limits(bytes_in_all=1000))


def test_a_symbolic_link_in_a_folder_is_not_followed(tmp_path: Path, refuse: Refuse) -> None:
    """A folder cannot pull in a file from elsewhere."""
    folder = write_archive(world(), tmp_path / "world")
    (folder / "application_train.csv").rename(tmp_path / "elsewhere.csv")
    (folder / "application_train.csv").symlink_to(tmp_path / "elsewhere.csv")
    assert isinstance(refuse(folder), MissingFile)


def test_the_labelled_applications_are_required(tmp_path: Path, refuse: Refuse) -> None:
    """Without application_train there is nothing to learn from."""
    raw = world()
    del raw["application_train"]
    error = refuse(write_archive(raw, tmp_path / "world.zip"))
    assert isinstance(error, MissingFile)
    assert "application_train" in str(error)


def test_the_same_table_twice_is_refused(tmp_path: Path, refuse: Refuse) -> None:
    """Nobody chooses between bureau.csv and bureau.parquet but the sender."""
    folder = write_archive(world(), tmp_path / "world")
    write_archive({"bureau": world()["bureau"]}, folder, "parquet")
    assert isinstance(refuse(folder), DuplicateFile)


@pytest.mark.parametrize("content", [b"", b"\n"])
def test_an_empty_file_is_refused(tmp_path: Path, refuse: Refuse, content: bytes) -> None:
    """Not even a header."""
    folder = write_archive(world(), tmp_path / "world")
    (folder / "bureau.csv").write_bytes(content)
    error = refuse(folder)
    assert isinstance(error, EmptyTable)
    assert error.file == "bureau.csv"


@pytest.mark.parametrize("table", ["application_train", "application_test", "bureau"])
def test_a_header_without_rows_is_refused(tmp_path: Path, refuse: Refuse, table: str) -> None:
    """An empty table would give features made of nothing."""
    raw = world()
    raw[table] = raw[table].clear()
    error = refuse(write_archive(raw, tmp_path / "world.zip"))
    assert isinstance(error, EmptyTable)
    assert error.file == f"{table}.csv"


def test_tables_are_known_by_their_file_name() -> None:
    """Case does not matter, other files are left alone."""
    assert table_of("POS_CASH_balance.csv") == ("POS_CASH_balance", "csv")
    assert table_of("pos_cash_BALANCE.CSV.gz") == ("POS_CASH_balance", "csv.gz")
    assert table_of("HomeCredit_columns_description.csv") is None
    assert table_of("bureau.xlsx") is None


def test_tables_may_lie_in_a_folder_of_the_zip(tmp_path: Path) -> None:
    """Zips made by hand often hold one folder."""
    contents = {f"hc/{stem}.csv": encode(frame) for stem, frame in world().items()}
    with open_archive(write_files(contents, tmp_path / "nested.zip")) as archive:
        assert archive.files["bureau"].path == "hc/bureau.csv"

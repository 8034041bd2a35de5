"""Reading one raw file as a stream of batches: the header first, then rows, never the whole."""

from __future__ import annotations

import csv
import difflib
import io
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, NoReturn, cast

import polars as pl
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from features.errors import (
    SHOWN_LINES,
    DuplicateColumn,
    EmptyTable,
    MissingColumn,
    NotUtf8,
    RaggedRows,
    TruncatedArchive,
    WrongRows,
)
from features.raw.archive import SEND_AGAIN, Archive, RawFile
from features.raw.tables import Column, Table

BLOCK_BYTES = 16 * 2**20
ROWS_PER_BATCH = 200_000
LONGEST_HEADER = 2**16
MISSING = ("", "NA", "N/A", "NaN", "nan", "NULL", "null", "None")
"""How a CSV file may spell a missing value."""

READ_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError)
REMOVE_IT = "Remove the file to leave its features out, or give one with rows."


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive rows under the archive's column names; texts unless the file had types.

    ``lines`` holds the line (of a CSV) or the row (of a parquet file) of each of them.
    """

    lines: pl.Series
    frame: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Header:
    """What the first line says: the declared columns present, and the names nobody declared."""

    names: tuple[str, ...]
    columns: tuple[Column, ...]
    extra: tuple[str, ...]


def read_header(archive: Archive, file: RawFile, table: Table) -> Header:
    """Return the file's header, checked against the declaration.

    Raises ``EmptyTable``, ``MissingColumn`` or ``DuplicateColumn``. Only the unlabelled
    applications may go without the target; further columns are allowed and ignored.
    """
    with _readable(file):
        if file.format == "parquet":
            with _seekable(archive, file) as stored:
                names = list(pq.ParquetFile(stored).schema_arrow.names)
        else:
            with archive.stream(file) as lines:
                names = _csv_names(lines.readline(LONGEST_HEADER), file)
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise DuplicateColumn(
            "the header names it twice",
            file=file.path,
            column=twice[0],
            lines=[1],
            remedy="Remove or rename one of the two.",
        )
    extra = tuple(name for name in names if name not in table.by_source)
    present = tuple(column for column in table.columns if column.source in names)
    _refuse_missing(file, table, present, extra)
    return Header(tuple(names), present, extra)


def batches(archive: Archive, file: RawFile, header: Header) -> Iterator[Batch]:
    """Yield the file's rows in order, declared columns only.

    Raises ``RaggedRows``, ``NotUtf8`` or ``TruncatedArchive``.
    """
    wanted = [column.source for column in header.columns]
    with _readable(file):
        if file.format == "parquet":
            yield from _parquet_batches(archive, file, wanted)
        else:
            yield from _csv_batches(archive, file, header.names, wanted)


def _csv_names(first_line: bytes, file: RawFile) -> list[str]:
    if not first_line.strip():
        raise EmptyTable("the file is empty", file=file.path, remedy=REMOVE_IT)
    try:
        text = first_line.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotUtf8(
            "the header is not UTF-8 text", file=file.path, lines=[1], remedy=_convert(file)
        ) from None
    return next(csv.reader(io.StringIO(text.rstrip("\r\n"))))


def _refuse_missing(
    file: RawFile, table: Table, present: Sequence[Column], extra: Sequence[str]
) -> None:
    optional = {"TARGET"} if file.stem == "application_test" else set()
    absent = [c.source for c in table.columns if c not in present and c.source not in optional]
    if not absent:
        return
    remedy = "Restore the column under this name; columns.csv lists those of each table."
    similar = difflib.get_close_matches(absent[0], extra, n=1)
    if similar:
        remedy = f"If {similar[0]} is the same column renamed, give it its name back."
    problem = "it is missing"
    if len(absent) > 1:
        problem += f", and {len(absent) - 1} more: {', '.join(absent[1:4])}"
    raise MissingColumn(problem, file=file.path, column=absent[0], lines=[1], remedy=remedy)


def _csv_batches(
    archive: Archive, file: RawFile, names: Sequence[str], wanted: Sequence[str]
) -> Iterator[Batch]:
    ragged: list[pacsv.InvalidRow] = []

    def remember(row: pacsv.InvalidRow) -> str:
        ragged.append(row)
        return "skip"

    with archive.stream(file) as lines:
        lines.readline(LONGEST_HEADER)
        first_line = 2
        for block in _csv_blocks(lines, file, archive, names, wanted, remember):
            if ragged:
                break
            yield _batch(first_line, block)
            first_line += block.num_rows
    if ragged:
        _refuse_ragged(archive, file, len(names))


def _batch(first_line: int, block: pa.RecordBatch) -> Batch:
    """Number the rows; an empty line is not a row, and still counts as a line."""
    frame = cast(pl.DataFrame, pl.from_arrow(block))
    lines = pl.int_range(first_line, first_line + frame.height, eager=True)
    if frame.to_series(0).null_count():
        rows = frame.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
        return Batch(lines.filter(rows), frame.filter(rows))
    return Batch(lines, frame)


def _csv_blocks(
    lines: IO[bytes],
    file: RawFile,
    archive: Archive,
    names: Sequence[str],
    wanted: Sequence[str],
    on_invalid: object,
) -> Iterator[pa.RecordBatch]:
    try:
        reader = pacsv.open_csv(
            lines,
            pacsv.ReadOptions(block_size=BLOCK_BYTES, column_names=list(names)),
            pacsv.ParseOptions(invalid_row_handler=on_invalid, ignore_empty_lines=False),
            pacsv.ConvertOptions(
                include_columns=list(wanted),
                column_types=dict.fromkeys(wanted, pa.string()),
                null_values=list(MISSING),
                strings_can_be_null=True,
            ),
        )
        yield from reader
    except pa.ArrowInvalid as error:
        if "Empty CSV" not in str(error):
            _explain(error, archive, file, names)


def _explain(
    error: pa.ArrowInvalid, archive: Archive, file: RawFile, names: Sequence[str]
) -> NoReturn:
    """Raise what ``error`` means. Its own text may quote the data: it is not shown."""
    column, lines = None, []
    with archive.stream(file) as raw:
        for number, line in enumerate(raw, start=1):
            where = _first_undecodable(line)
            if where is not None:
                column = column or names[min(where, len(names) - 1)]
                lines.append(number)
            if len(lines) == SHOWN_LINES:
                break
    if lines:
        problem = "the text is not UTF-8"
        raise NotUtf8(
            problem, file=file.path, column=column, lines=lines, remedy=_convert(file)
        ) from None
    raise WrongRows(
        f"its rows cannot be told apart ({type(error).__name__})",
        file=file.path,
        remedy="Write it again as plain CSV: commas, one line per row, quotes doubled.",
    ) from None


def _first_undecodable(line: bytes) -> int | None:
    """Return the index of the first value of ``line`` that is not UTF-8."""
    try:
        line.decode()
    except UnicodeDecodeError as error:
        return len(next(csv.reader([line[: error.start].decode()]), [""])) - 1
    return None


def _convert(file: RawFile) -> str:
    name = file.path.rsplit("/", 1)[-1].removesuffix(".gz")
    return f"Convert it: iconv -f latin1 -t utf-8 {name}."


def _refuse_ragged(archive: Archive, file: RawFile, expected: int) -> NoReturn:
    """Find the rows again: the fast reader does not number them."""
    lines = []
    with archive.stream(file) as raw:
        rows = csv.reader(io.TextIOWrapper(raw, encoding="latin-1", newline=""))
        for row in rows:
            if row and len(row) != expected:
                lines.append(rows.line_num)
            if len(lines) == SHOWN_LINES:
                break
    raise RaggedRows(
        f"more or fewer values than the {expected} names of the header",
        file=file.path,
        lines=lines,
        remedy="Write these lines again with one value per column.",
    )


def _parquet_batches(archive: Archive, file: RawFile, wanted: Sequence[str]) -> Iterator[Batch]:
    with _seekable(archive, file) as stored:
        first_row = 1
        for block in pq.ParquetFile(stored).iter_batches(ROWS_PER_BATCH, columns=list(wanted)):
            yield _batch(first_row, block)
            first_row += block.num_rows


@contextmanager
def _seekable(archive: Archive, file: RawFile) -> Iterator[IO[bytes]]:
    """Give a parquet file one can seek in: a member of a zip is copied to disk first."""
    with archive.open(file) as stored, tempfile.TemporaryFile() as copy:
        if not isinstance(stored, zipfile.ZipExtFile):
            yield stored
            return
        while block := stored.read(2**20):
            copy.write(block)
        copy.seek(0)
        yield copy


@contextmanager
def _readable(file: RawFile) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, *READ_ERRORS) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the machine's trouble (a full disk, a refused access), not the file's
        raise TruncatedArchive(
            "it cannot be read to its end", file=file.path, remedy=SEND_AGAIN
        ) from None

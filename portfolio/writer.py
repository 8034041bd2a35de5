"""Files of a portfolio: tables streamed to CSV or parquet, then put in place in one move."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal, Protocol

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from portfolio.errors import OutputExists, OutputNotWritable

Format = Literal["zip", "parquet"]
_ROW_GROUP = 500_000
_ZIP_DATE = (2024, 1, 1, 0, 0, 0)  # the same portfolio gives the same archive


class Sink(Protocol):
    """Where the rows of one table go; lives until closed."""

    def add(self, frame: pl.DataFrame) -> None:
        """Take the next rows."""

    def close(self) -> None:
        """Write what is left."""


class CsvSink:
    """A CSV file that grows; the header is that of the first rows."""

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("wb")
        self._empty = True

    def add(self, frame: pl.DataFrame) -> None:
        """Append the rows of ``frame``."""
        frame.write_csv(self._file, include_header=self._empty)
        self._empty = False

    def close(self) -> None:
        """Flush and close the file."""
        self._file.close()


class ParquetSink:
    """A parquet file in row groups of a fixed number of rows, however the rows arrive."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: pq.ParquetWriter | None = None
        self._waiting: list[pl.DataFrame] = []
        self._rows = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Take rows; a row group is written as soon as it is full."""
        self._waiting.append(frame)
        self._rows += frame.height
        if self._rows >= _ROW_GROUP:
            self._write(full_groups_only=True)

    def _write(self, *, full_groups_only: bool) -> None:
        waiting = pl.concat(self._waiting)
        ready = waiting.height // _ROW_GROUP * _ROW_GROUP if full_groups_only else waiting.height
        table = waiting.head(ready).to_arrow(compat_level=pl.CompatLevel.oldest())
        if self._writer is None:
            self._writer = pq.ParquetWriter(
                self._path, table.schema, compression="zstd", compression_level=1
            )
        self._writer.write_table(table, row_group_size=_ROW_GROUP)
        self._waiting = [waiting.slice(ready)]
        self._rows = waiting.height - ready

    def close(self) -> None:
        """Write the last row group and the footer."""
        if self._waiting and (self._rows or self._writer is None):
            self._write(full_groups_only=False)
        if self._writer is not None:
            self._writer.close()


class Sinks:
    """One sink per table of a folder, opened when its first rows come; closes them all."""

    def __init__(self, folder: Path, fmt: Format) -> None:
        self._folder = folder
        self._fmt = fmt
        self._open: dict[str, Sink] = {}

    def add(self, stem: str, frame: pl.DataFrame) -> None:
        """Append ``frame`` to the table ``stem``."""
        if stem not in self._open:
            path = self._folder / f"{stem}.{'csv' if self._fmt == 'zip' else 'parquet'}"
            self._open[stem] = CsvSink(path) if self._fmt == "zip" else ParquetSink(path)
        self._open[stem].add(frame)

    def close(self) -> None:
        """Finish every file."""
        for sink in self._open.values():
            sink.close()


@contextmanager
def place_for(out: Path, *, force: bool) -> Iterator[Path]:
    """A working folder next to ``out``, removed whatever happens.

    Raises ``OutputExists`` when ``out`` is there and ``force`` is not given, and
    ``OutputNotWritable`` when the disk is full or refuses; ``out`` is then as it was.
    """
    if out.exists() and not force:
        msg = f"{out} exists already. Give another --out, or --force to replace it."
        raise OutputExists(msg)
    working = out.with_name(f".{out.name}.partial")
    try:
        shutil.rmtree(working, ignore_errors=True)
        working.mkdir(parents=True)
        yield working
    except (OSError, pa.ArrowException, pl.exceptions.PolarsError) as error:
        msg = (
            f"{out} could not be written: {error}. Free some space or choose another place; "
            "nothing was left behind."
        )
        raise OutputNotWritable(msg) from error
    finally:
        shutil.rmtree(working, ignore_errors=True)


def put_in_place(working: Path, out: Path, fmt: Format) -> None:
    """Turn the files of ``working`` into ``out``: a folder, or a zip of CSV files."""
    made = working
    if fmt == "zip":
        made = working / "archive.zip"
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for path in sorted(working.glob("*.csv")):
                entry = zipfile.ZipInfo(path.name, _ZIP_DATE)
                entry.compress_type = zipfile.ZIP_DEFLATED
                with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as sink:
                    shutil.copyfileobj(source, sink, 1 << 20)
                path.unlink()
    if out.is_dir() and not out.is_symlink():
        shutil.rmtree(out)
    elif out.exists():
        out.unlink()
    made.rename(out)

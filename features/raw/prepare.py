"""Raw archive in, typed tables out: ``python -m features.raw.prepare SOURCE [--home data]``.

Each file is read as a stream, converted batch by batch, sorted by client and written as parquet,
in a scratch folder that takes its place only when everything is right. Whatever goes wrong, what
was prepared before stays as it was.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from features.errors import DataError, DuplicateClient, EmptyTable
from features.raw.archive import Archive, RawFile, open_archive
from features.raw.convert import Conversion
from features.raw.prepared import (
    MANIFEST,
    Prepared,
    fingerprint_of,
    open_prepared,
    require_two_classes,
    write_manifest,
)
from features.raw.read import REMOVE_IT, Header, batches, read_header
from features.raw.sorting import SortedFile, ranges
from features.raw.tables import APPLICATIONS, TABLES, Table

__all__ = ["Prepared", "open_prepared", "prepare", "require_two_classes"]

Report = Callable[[str], None]

ORDER = {
    "applications": ("client_id",),
    "bureau": ("client_id", "opened_days", "bureau_id"),
    "bureau_balance": ("client_id", "bureau_id", "month"),
    "previous": ("client_id", "decision_days", "previous_id"),
    "pos": ("client_id", "month", "previous_id"),
    "instalments": ("client_id", "due_days", "previous_id", "number", "version", "paid_days"),
    "cards": ("client_id", "month", "previous_id"),
}
"""The order of each prepared table: by client, then by time, then by what makes it unique."""

ROWS_PER_LINE = 2_000_000
"""A large file says every so many rows that it goes on."""
BYTES_PER_CELL = 5
PACKED = 6


def prepare(source: Path, home: Path, *, report: Report) -> Prepared:
    """Prepare the archive ``source`` under ``home/prepared/<fingerprint>``, once per content.

    ``report`` receives one line per table. Raises a ``features.errors.DataError`` that names
    file, column and first lines; nothing is left behind then.
    """
    with open_archive(source) as archive:
        fingerprint = fingerprint_of(archive)
        folder = home / "prepared" / fingerprint
        if (folder / MANIFEST).exists():
            report(f"already prepared in {folder}")
            return open_prepared(folder)
        with _scratch(home / "prepared") as scratch:
            _Preparation(archive, scratch, report).run(fingerprint)
            _put_in_place(scratch, folder)
    return open_prepared(folder)


class _Preparation:
    """One run over one archive. Holds what later tables need of earlier ones."""

    def __init__(self, archive: Archive, scratch: Path, report: Report) -> None:
        self.archive = archive
        self.scratch = scratch
        self.report = report
        self.clients = pl.Series("client_id", dtype=pl.Int64)
        self.credits: pl.DataFrame | None = None
        self.rows: dict[str, int] = {}
        self.warnings: list[str] = []

    def run(self, fingerprint: str) -> None:
        """Prepare every table of the archive, applications first, and write the manifest."""
        for table in TABLES.values():
            files = [self.archive.files[s] for s in table.files if s in self.archive.files]
            if not files:
                continue
            if table.name == "bureau_balance" and self.credits is None:
                self._warn(f"{files[0].path} is left out: without bureau, its clients are unknown")
                continue
            began = time.perf_counter()
            self.rows[table.name] = self._prepare(table, files)
            seconds = time.perf_counter() - began
            self.report(f"{table.name}: {self.rows[table.name]:,} rows in {seconds:.1f} s")
        tables = frozenset(self.rows)
        write_manifest(Prepared(self.scratch, fingerprint, tables, self.rows, tuple(self.warnings)))

    def _prepare(self, table: Table, files: list[RawFile]) -> int:
        headers = {file: self._header(file, table) for file in files}
        if table is APPLICATIONS:
            return self._prepare_applications(headers)
        ((file, header),) = headers.items()
        size = file.size * (1 if file.format == "csv" else PACKED)
        cuts = ranges(self.clients, size // BYTES_PER_CELL)
        rows = SortedFile(self.scratch, ORDER[table.name], cuts)
        orphans = 0
        credits: list[pl.DataFrame] = []
        for _, batch in self._typed(file, header):
            known = self._of_known_clients(table, batch)
            orphans += batch.height - known.height
            rows.add(known)
            if table.name == "bureau":
                credits.append(known.select("bureau_id", "client_id"))
        if orphans:
            self._warn(f"{file.path}: {orphans:,} rows of unknown clients left out")
        if not rows.rows:
            problem = "no row belongs to a client of the applications"
            raise EmptyTable(problem, file=file.path, remedy=REMOVE_IT)
        if credits:
            self.credits = pl.concat(credits).unique("bureau_id", keep="first")
        rows.write(self.scratch / f"{table.name}.parquet")
        return rows.rows

    def _prepare_applications(self, headers: dict[RawFile, Header]) -> int:
        seen: list[pl.DataFrame] = []
        frames: list[pl.DataFrame] = []
        for file, header in headers.items():
            rows = []
            for lines, batch in self._typed(file, header):
                rows.append(batch)
                places = batch.select("client_id").with_columns(lines.alias("line"))
                seen.append(places.with_columns(file=pl.lit(file.path)))
            if not rows:
                raise EmptyTable("no client in it", file=file.path, remedy=REMOVE_IT)
            frames.append(_complete(pl.concat(rows)).sort("client_id"))
        _refuse_duplicates(pl.concat(seen))
        applications = pl.concat(frames)
        self.clients = applications["client_id"]
        applications.write_parquet(self.scratch / "applications.parquet", compression="zstd")
        return applications.height

    def _header(self, file: RawFile, table: Table) -> Header:
        header = read_header(self.archive, file, table)
        for name in header.extra:
            self._warn(f"{file.path}: column {name} is not declared and was not read")
        return header

    def _typed(self, file: RawFile, header: Header) -> Iterator[tuple[pl.Series, pl.DataFrame]]:
        conversion = Conversion(file.path, header.columns)
        rows, next_line = 0, ROWS_PER_LINE
        for batch in batches(self.archive, file, header):
            yield batch.lines, conversion.convert(batch)
            rows += len(batch.lines)
            if rows >= next_line:
                self.report(f"{file.path}: {rows:,} rows read ...")
                next_line += ROWS_PER_LINE
        for column, count in conversion.unseen.items():
            self._warn(
                f"{file.path}: {count:,} values of {column} are not in its vocabulary "
                "and count as missing"
            )

    def _of_known_clients(self, table: Table, batch: pl.DataFrame) -> pl.DataFrame:
        if table.name == "bureau_balance" and self.credits is not None:
            joined = batch.join(self.credits, on="bureau_id", how="inner")
            return joined.select("client_id", *batch.columns)
        return batch.join(self.clients.to_frame(), on="client_id", how="semi")

    def _warn(self, warning: str) -> None:
        self.warnings.append(warning)
        self.report(f"warning: {warning}")


def _complete(frame: pl.DataFrame) -> pl.DataFrame:
    """Add the target that unlabelled applications go without, and order the columns."""
    if "default" not in frame.columns:
        frame = frame.with_columns(default=pl.lit(None, dtype=pl.Int8))
    return frame.select(APPLICATIONS.schema.names())


def _refuse_duplicates(seen: pl.DataFrame) -> None:
    twice = seen.filter(pl.col("client_id").is_duplicated())
    if twice.is_empty():
        return
    # The first client met twice: all its lines, so that both can be looked at.
    lines = twice.filter(pl.col("client_id") == twice["client_id"][0])
    files = lines["file"].unique(maintain_order=True).to_list()
    raise DuplicateClient(
        f"the same client applies {lines.height} times, and {twice.height - lines.height:,} more "
        "lines repeat another",
        file=" and ".join(files),
        column="SK_ID_CURR",
        lines=lines["line"].to_list(),
        remedy="Keep one line per client, in one of the two application files.",
    )


@contextmanager
def _scratch(parent: Path) -> Iterator[Path]:
    """Give a private folder beside its final place; it is gone afterwards whatever happens."""
    parent.mkdir(parents=True, exist_ok=True)
    parent.chmod(0o700)  # it holds clients' data
    _sweep(parent)
    scratch = Path(tempfile.mkdtemp(prefix=f".preparing-{os.getpid()}-", dir=parent))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _sweep(parent: Path) -> None:
    """Remove the scratch folders of runs that were killed."""
    for left in parent.glob(".preparing-*"):
        process = int(left.name.split("-")[1])
        if not Path(f"/proc/{process}").exists() and Path("/proc").exists():
            shutil.rmtree(left, ignore_errors=True)


def _put_in_place(scratch: Path, folder: Path) -> None:
    try:
        scratch.rename(folder)
    except OSError:
        if not (folder / MANIFEST).exists():  # anything but a run that was faster than this one
            raise


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _main() -> int:
    parser = argparse.ArgumentParser(description="Prepare a raw archive (zip or folder).")
    parser.add_argument("source", type=Path)
    parser.add_argument("--home", type=Path, default=Path(os.environ.get("SCORING_HOME", "data")))
    options = parser.parse_args()
    try:
        prepared = prepare(options.source, options.home, report=_say)
    except DataError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"prepared in {prepared.folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(_main())

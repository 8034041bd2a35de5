"""What the prepare step leaves behind: one folder of typed parquet files and its manifest."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from features.errors import MissingFile, SingleClass
from features.raw.archive import Archive

MANIFEST = "manifest.json"
CODE = ("columns.csv", "tables.py", "archive.py", "read.py", "convert.py", "sorting.py")
"""The sources that decide what prepared data look like: another version prepares again."""


@dataclass(frozen=True)
class Prepared:
    """Prepared tables on disk, immutable. ``rows`` counts each table's rows.

    ``fingerprint`` identifies the raw files' content and the code that prepared them.
    ``warnings`` are sentences without any client's value.
    """

    folder: Path
    fingerprint: str
    tables: frozenset[str]
    rows: dict[str, int]
    warnings: tuple[str, ...]

    def has(self, table: str) -> bool:
        """Say whether the archive held this table."""
        return table in self.tables

    def path(self, table: str) -> Path:
        """Return the table's parquet file; ``KeyError`` when the archive did not hold it."""
        if table not in self.tables:
            raise KeyError(table)
        return self.folder / f"{table}.parquet"

    def scan(self, table: str) -> pl.LazyFrame:
        """Return the table, lazily, sorted by client; ``KeyError`` when it is absent."""
        return pl.scan_parquet(self.path(table))


def open_prepared(folder: Path) -> Prepared:
    """Open what ``prepare`` wrote. Raises ``MissingFile`` when the folder is not such a place."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise MissingFile(
            f"no {MANIFEST} in it",
            file=str(folder),
            remedy="Run python -m features.raw.prepare on the raw archive.",
        ) from None
    return Prepared(
        folder=folder,
        fingerprint=manifest["fingerprint"],
        tables=frozenset(manifest["rows"]),
        rows=dict(manifest["rows"]),
        warnings=tuple(manifest["warnings"]),
    )


def write_manifest(prepared: Prepared) -> None:
    """Write the manifest of a folder whose tables are complete."""
    values = asdict(prepared) | {"tables": sorted(prepared.tables)}
    del values["folder"]
    text = json.dumps(values, indent=2, ensure_ascii=False) + "\n"
    (prepared.folder / MANIFEST).write_text(text, encoding="utf-8")


def fingerprint_of(archive: Archive) -> str:
    """Return 16 hexadecimal digits of the raw files' names, sizes and CRCs and of our code.

    A zip's directory already holds the CRCs, so a large archive costs nothing; its content is
    checked against them when it is read.
    """
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for name in (*CODE, Path(__file__).name, "prepare.py"):
        digest.update((here / name).read_bytes())
    for stem, file in sorted(archive.files.items()):
        line = f"{stem}.{file.format} {file.size} {archive.checksum(file):08x}\n"
        digest.update(line.encode())
    return digest.hexdigest()[:16]


def require_two_classes(prepared: Prepared) -> None:
    """Raise ``SingleClass`` unless some labelled clients defaulted and some did not."""
    default = pl.col("default")
    seen = prepared.scan("applications").select(default.drop_nulls().n_unique()).collect().item()
    if seen < 2:
        raise SingleClass(
            "the labelled clients do not show both outcomes",
            file="application_train",
            column="TARGET",
            remedy="Train on an archive that holds clients who defaulted and clients who repaid.",
        )

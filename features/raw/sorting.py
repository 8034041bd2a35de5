"""Sorting more rows than memory holds: rows go to ranges of clients, each range is then sorted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

CELLS_PER_RANGE = 16_000_000
"""About 130 MB of 8-byte values, a few times that while they are sorted."""
ROWS_PER_GROUP = 128_000
_OLDEST = pl.CompatLevel.oldest()


def ranges(clients: pl.Series, cells: int) -> list[int]:
    """Return the client ids that cut ``clients`` into ranges of about ``CELLS_PER_RANGE``.

    ``cells`` is an estimate of rows times columns; clients are assumed to weigh about the same.
    """
    parts = min(-(-cells // CELLS_PER_RANGE), len(clients))
    ordered = clients.sort()
    return [int(ordered[len(ordered) * part // parts]) for part in range(1, parts)]


class SortedFile:
    """A parquet file (zstd) written in the order of ``by``, in memory bounded by one range.

    ``by`` starts with the client. Rows are kept in one scratch file per range until ``write``.
    """

    def __init__(self, folder: Path, by: Sequence[str], cuts: Sequence[int]) -> None:
        self._folder = folder
        self._by = list(by)
        self._cuts = list(cuts)
        self._pieces: list[list[Path]] = [[] for _ in range(len(cuts) + 1)]
        self._kept: list[pl.DataFrame] = []
        self.rows = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Take rows in any order."""
        self.rows += frame.height
        if not self._cuts:
            self._kept.append(frame)
            return
        places = pl.Series(self._cuts).search_sorted(frame["client_id"], side="right")
        for (place,), rows in frame.group_by(pl.Series("place", places)):
            path = self._folder / f"{place}-{len(self._pieces[int(place)])}.arrow"
            rows.select(frame.columns).write_ipc(path, compression="lz4")
            self._pieces[int(place)].append(path)

    def write(self, path: Path) -> None:
        """Write every row taken so far, sorted, and drop the scratch files."""
        writer: pq.ParquetWriter | None = None
        try:
            for place in range(len(self._pieces)):
                rows = self._range(place)
                if rows is None:
                    continue
                arrow = rows.sort(self._by).to_arrow(compat_level=_OLDEST)
                writer = writer or pq.ParquetWriter(path, arrow.schema, compression="zstd")
                writer.write_table(arrow, row_group_size=ROWS_PER_GROUP)
        finally:
            if writer is not None:
                writer.close()

    def _range(self, place: int) -> pl.DataFrame | None:
        if not self._cuts:
            kept, self._kept = self._kept, []
            return pl.concat(kept) if kept else None
        pieces = self._pieces[place]
        if not pieces:
            return None
        rows = pl.concat([pl.read_ipc(piece) for piece in pieces])
        for piece in pieces:
            piece.unlink()
        return rows

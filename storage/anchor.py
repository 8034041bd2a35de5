"""Links of the chain written outside the database, at most one a second.

Whoever rewrites the whole table, head included, cannot make it agree with an anchor file kept
elsewhere (another disk, another owner, a write-once store): each line names a sequence and the
hash the record of that sequence must have.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from pathlib import Path

import orjson

from storage.records import Record

EVERY_S = 1.0

LOG = logging.getLogger("scoring.storage")


class Anchor:
    """Appends to one anchor file. One line is one write, so several processes may share it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._last = 0.0

    def drop(self, record: Record, *, at_once: bool = False) -> None:
        """Write the link of ``record`` unless one was written within the last second.

        A file that cannot be written is said in the log and stops nothing: the record itself is
        committed already.
        """
        if not at_once and time.monotonic() - self._last < EVERY_S:
            return
        self._last = time.monotonic()
        line = orjson.dumps({"sequence": record.sequence, "hash": record.hash, "at": record.at})
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab") as file:
                file.write(line + b"\n")
        except OSError as error:
            LOG.error("the anchor file cannot be written: %s", error.strerror)

    def links(self) -> Iterator[tuple[int, str]]:
        """Yield each anchored sequence and its hash; nothing when there is no file."""
        if not self.path.exists():
            return
        with self.path.open("rb") as lines:
            for line in lines:
                link = orjson.loads(line)
                yield int(link["sequence"]), str(link["hash"])

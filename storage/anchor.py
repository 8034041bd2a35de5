"""Links of the chain written outside the database: about one a second, a command's last at once.

Whoever rewrites the whole table, head included, cannot make it agree with an anchor file kept
elsewhere (another disk, another owner, a write-once store): each line names a sequence and the
hash the record of that sequence must have.

The last record is anchored within a second, and on closing. A process that is killed leaves its
last second without an anchor.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import orjson

from storage.records import Record

EVERY_S = 1.0
LONGEST_LINE = 1_000
_BEGINS = b'{"sequence":'

LOG = logging.getLogger("scoring.storage")


class AnchorLine(NamedTuple):
    """One line of an anchor file, as read back."""

    number: int
    sequence: int | None
    """The record it anchors; ``None`` when it cannot be read and anchors nothing."""
    hash: str
    is_torn: bool
    """Whether it is the beginning of a line whose writing was cut short."""


class Anchor:
    """Appends to one anchor file. One line is one write, so several processes may share it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._last = -EVERY_S
        self._waiting: Record | None = None

    def note(self, record: Record) -> None:
        """Write the link of ``record`` now, or when a second has passed since the last one.

        Of those that wait only the last is written. A file that cannot be written is said in the
        log and stops nothing: the record itself is committed already.
        """
        with self._lock:
            waits = self._waiting
            if waits is not None:
                self._waiting = max(waits, record, key=lambda one: one.sequence)
                return
            left_s = self._last + EVERY_S - time.monotonic()
            if left_s <= 0:
                self._write(record)
                return
            self._waiting = record
        timer = threading.Timer(left_s, self.flush)
        timer.daemon = True
        timer.start()

    def write(self, record: Record) -> None:
        """Write the link of ``record`` at once; an earlier one waits no more."""
        with self._lock:
            if self._waiting is not None and self._waiting.sequence <= record.sequence:
                self._waiting = None
            self._write(record)

    def flush(self) -> None:
        """Write the link that waits, if one does."""
        with self._lock:
            waits, self._waiting = self._waiting, None
            if waits is not None:
                self._write(waits)

    def _write(self, record: Record) -> None:
        self._last = time.monotonic()
        line = orjson.dumps({"sequence": record.sequence, "hash": record.hash, "at": record.at})
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a+b", buffering=0) as file:
                file.write(_own_line(file.fileno()) + line + b"\n")
        except OSError as error:
            LOG.error("the anchor file cannot be written: %s", error.strerror)

    def size(self) -> int:
        """Return how many bytes the file has now; 0 when there is none."""
        return self.path.stat().st_size if self.path.exists() else 0

    def lines(self, size: int) -> Iterator[AnchorLine]:
        """Yield the lines within the first ``size`` bytes, in the order of the file.

        What is appended meanwhile is left out: it may anchor what a reader of the database, who
        sees one moment, does not see.
        """
        if size == 0:
            return
        number = 0
        with self.path.open("rb") as file:
            while file.tell() < size:
                number += 1
                line = file.readline(LONGEST_LINE).strip()
                if line:
                    yield _read(number, line)


def _own_line(descriptor: int) -> bytes:
    """Return what must come first so that a line torn by a crash does not spoil the next one."""
    end = os.fstat(descriptor).st_size
    return b"\n" if end and os.pread(descriptor, 1, end - 1) != b"\n" else b""


def _read(number: int, line: bytes) -> AnchorLine:
    try:
        link = orjson.loads(line)
        return AnchorLine(number, int(link["sequence"]), str(link["hash"]), is_torn=False)
    except (ValueError, TypeError, KeyError):
        torn = _BEGINS.startswith(line) or (line.startswith(_BEGINS) and not line.endswith(b"}"))
        return AnchorLine(number, None, "", is_torn=torn)

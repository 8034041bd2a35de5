"""How often one caller may ask: a bucket of requests that fills at a steady rate.

`limits` keeps its counts in one process or in Redis: here the workers of a machine share a file.

The buckets lie in a small file that every worker of this machine maps into memory, each change
under a lock of the system's, so the limit holds for all workers together. Several machines each
keep their own.
"""

from __future__ import annotations

import fcntl
import math
import mmap
import os
import struct
import time
from dataclasses import dataclass
from pathlib import Path

PLACES = 8_192
"""Callers remembered; where a place is wanted by several, the one that asked longest ago goes."""
NEIGHBOURS = 8
"""A caller's bucket is in one of these many places in a row."""
_BUCKET = struct.Struct("<Qdd")  # caller, requests held, since when (system-wide monotonic clock)
_ROW = NEIGHBOURS * _BUCKET.size


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a caller may still ask: whole requests ``left`` now, of ``most`` after ``rest_s``.

    ``wait_s`` is 0 when the request was allowed, else the seconds until the next one is.
    """

    left: int
    most: int
    rest_s: int
    wait_s: int


class Pace:
    """The buckets of every caller, in ``file``: ``at_once`` requests, then ``per_second``.

    A bucket holds twice what comes in a second, unless said.
    """

    def __init__(self, per_second: float, file: Path, at_once: float | None = None) -> None:
        self._rate = per_second
        self._size = max(1.0, per_second * 2) if at_once is None else at_once
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        length = (PLACES + NEIGHBOURS) * _BUCKET.size
        os.ftruncate(self._file, length)
        self._held = mmap.mmap(self._file, length)

    def close(self) -> None:
        """Let go of the file."""
        self._held.close()
        os.close(self._file)

    def take(self, caller: str) -> Allowance:
        """Take one request from the bucket of ``caller`` (a hash, in hexadecimal), if it can be."""
        number, row = self._place_of(caller)
        most, rest_s = int(self._size), max(1, math.ceil(self._size / self._rate))
        fcntl.lockf(self._file, fcntl.LOCK_EX, _ROW, row)
        try:
            now = time.monotonic()
            place, held = self._find(number, row, now)
            if held >= 1:
                _BUCKET.pack_into(self._held, place, number, held - 1, now)
                return Allowance(int(held - 1), most, rest_s, 0)
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN, _ROW, row)
        return Allowance(0, most, rest_s, max(1, math.ceil((1 - held) / self._rate)))

    def give_back(self, caller: str) -> None:
        """Put back what was taken last from the bucket of ``caller``."""
        number, row = self._place_of(caller)
        fcntl.lockf(self._file, fcntl.LOCK_EX, _ROW, row)
        try:
            now = time.monotonic()
            place, held = self._find(number, row, now)
            _BUCKET.pack_into(self._held, place, number, min(self._size, held + 1), now)
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN, _ROW, row)

    @staticmethod
    def _place_of(caller: str) -> tuple[int, int]:
        number = int(caller[:16], 16) or 1  # 0 is an empty place
        return number, (number % PLACES) * _BUCKET.size

    def _find(self, number: int, row: int, now: float) -> tuple[int, float]:
        """Return where the caller's bucket is, or may be made, and how much it holds now."""
        oldest, oldest_since = row, math.inf
        for place in range(row, row + _ROW, _BUCKET.size):
            found, held, since = _BUCKET.unpack_from(self._held, place)
            if found == number:
                if since > now:  # the machine was started again since
                    return place, self._size
                return place, min(self._size, held + (now - since) * self._rate)
            age = since if found and since <= now else -math.inf
            if age < oldest_since:
                oldest, oldest_since = place, age
        return oldest, self._size

"""How often one caller may ask: a bucket of requests that fills at a steady rate.

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
from pathlib import Path

from gateway.errors import Refused

PLACES = 8_192
"""Callers remembered; where a place is wanted by several, the one that asked longest ago goes."""
NEIGHBOURS = 8
"""A caller's bucket is in one of these many places in a row."""
_BUCKET = struct.Struct("<Qdd")  # caller, requests held, since when (system-wide monotonic clock)
_ROW = NEIGHBOURS * _BUCKET.size


class Pace:
    """The buckets of every caller, in ``file``. A bucket holds twice what comes in a second."""

    def __init__(self, per_second: float, file: Path) -> None:
        self._rate = per_second
        self._size = max(1.0, per_second * 2)
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        length = (PLACES + NEIGHBOURS) * _BUCKET.size
        os.ftruncate(self._file, length)
        self._held = mmap.mmap(self._file, length)

    def close(self) -> None:
        """Let go of the file."""
        self._held.close()
        os.close(self._file)

    def must_allow(self, caller: str) -> None:
        """Take one request from the bucket of ``caller`` (a hash, in hexadecimal).

        ``Refused`` 429 when it is empty.
        """
        number = int(caller[:16], 16) or 1  # 0 is an empty place
        row = (number % PLACES) * _BUCKET.size
        fcntl.lockf(self._file, fcntl.LOCK_EX, _ROW, row)
        try:
            now = time.monotonic()
            place, held = self._find(number, row, now)
            if held >= 1:
                _BUCKET.pack_into(self._held, place, number, held - 1, now)
                return
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN, _ROW, row)
        wait = max(1, math.ceil((1 - held) / self._rate))
        header = ((b"retry-after", str(wait).encode()),)
        raise Refused(429, "too_many", "Too many requests. Come back later.", headers=header)

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

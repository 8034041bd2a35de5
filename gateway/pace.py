"""How often one caller may ask: a bucket of requests that fills at a steady rate."""

from __future__ import annotations

import math
import time
from collections import OrderedDict

from gateway.errors import Refused

REMEMBERED = 10_000
"""Callers remembered by a worker; the one that asked longest ago is forgotten first."""


class Pace:
    """The buckets of one worker. A bucket holds twice what comes in a second."""

    def __init__(self, per_second: float) -> None:
        self._rate = per_second
        self._size = max(1.0, per_second * 2)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def must_allow(self, caller: str) -> None:
        """Take one request from the caller's bucket; ``Refused`` 429 when it is empty."""
        now = time.monotonic()
        held, since = self._buckets.get(caller, (self._size, now))
        held = min(self._size, held + (now - since) * self._rate)
        if held < 1:
            wait = max(1, math.ceil((1 - held) / self._rate))
            header = ((b"retry-after", str(wait).encode()),)
            raise Refused(429, "too_many", "Too many requests. Come back later.", headers=header)
        self._buckets[caller] = (held - 1, now)
        self._buckets.move_to_end(caller)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)

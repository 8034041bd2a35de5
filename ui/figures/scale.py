"""The small scale of a fact: a line from zero, the client's diamond, the usual value's dash."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scoring.contract import Reason

ROOM = 1.1
"""How far beyond the larger figure the line goes, at least."""
NOT_MEASURED = frozenset({"flag", "word"})
"""Units whose values have a name and no place on a line."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Places on the line, as shares of its length: 0 is zero, 1 its end."""

    value: float
    usual: float

    @classmethod
    def of_reason(cls, reason: Reason) -> Scale | None:
        """Place both figures; ``None`` when one is not a number or zero lies between them.

        Moments of the past are counted negatively: their distance from the application is drawn.
        """
        value, usual = reason.value, reason.usual
        if reason.unit in NOT_MEASURED or isinstance(value, str) or isinstance(usual, str):
            return None
        if value is None or usual is None or value * usual < 0:
            return None
        most = max(abs(value), abs(usual))
        end = 1.0 if reason.unit == "score" and most <= 1 else round_end(most)
        return cls(abs(value) / end, abs(usual) / end) if end else None


def round_end(most: float) -> float:
    """Return the first of 1, 2, 2.5, 5 times a power of ten that leaves room; 0 for 0."""
    if most <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(most))
    return next(power * leap for leap in (1, 2, 2.5, 5, 10, 20) if power * leap >= ROOM * most)

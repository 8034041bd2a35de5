"""What is stored of a client's past: history features by name, kept as one array.

Six hundred values as a dictionary cost more to build than to score. An array is read by position
where a scorecard asks for all of them, and by name where one is looked up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

COUNTED = (
    "bureau_credits_count",
    "previous_applications_count",
    "pos_months_count",
    "instalments_loans_count",
    "cards_count",
)
"""The history features that are known for whoever has a record in their table."""


class History(Mapping[str, "float | None"]):
    """History features of one client; immutable. ``array`` is (h,), float64, NaN for missing."""

    def __init__(self, names: tuple[str, ...], array: NDArray[np.float64]) -> None:
        self.names = names
        self.array = array

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.names)}

    def __getitem__(self, name: str) -> float | None:
        value = float(self.array[self._places[name]])
        return None if value != value else value

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    @classmethod
    def of(cls, history: Mapping[str, float | None]) -> History:
        """Return ``history`` as one array; itself when it is one already."""
        if isinstance(history, History):
            return history
        return cls(tuple(history), np.array(list(history.values()), dtype=np.float64))

    @property
    def says_something(self) -> bool:
        """Whether any table holds a record of the client."""
        return any(self.get(name) is not None for name in COUNTED)

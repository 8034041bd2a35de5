"""What a worker remembers of its own work: the newest of each thing, as many as were declared."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

Key = TypeVar("Key")
Kept = TypeVar("Kept")


class Memory(Generic[Key, Kept]):
    """At most ``most`` things by their key, for the life of a worker; many threads may share it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Kept] = OrderedDict()

    def find(self, key: Key) -> Kept | None:
        """Return what is kept under ``key``, ``None`` when nothing is."""
        return self._kept.get(key)

    def keep(self, key: Key, thing: Kept) -> None:
        """Keep ``thing``; the one kept longest goes when there are too many."""
        self._kept[key] = thing
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)

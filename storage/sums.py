"""Sums of rows: one number that stands for a set of rows, whatever their order.

Each row is hashed to a number below 2^2048 and the numbers are added, modulo 2^2048 (MSet-Add-Hash:
Clarke, Devadas, van Dijk, Gassend, Suh, "Incremental Multiset Hash Functions", Asiacrypt 2003). A
row that comes or goes adds or subtracts its number, so the sum of a table of a million rows is
kept by saying, in the records, how much each change added. The modulus is that wide because adding
many rows makes a narrow one easy to hit (Wagner's generalized birthday attack).

    >>> of([(1, "a"), (2, "b")]) == of([(2, "b"), (1, "a")])
    True
    >>> minus(of([(1, "a"), (2, "b")]), of([(2, "b")])) == of([(1, "a")])
    True
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import orjson

WIDTH_BYTES = 256
MODULUS = 1 << (8 * WIDTH_BYTES)


def of(rows: Iterable[Iterable[object]]) -> int:
    """Return the sum of rows of plain values (texts, numbers, ``None``)."""
    total = 0
    for row in rows:
        hashed = hashlib.shake_256(orjson.dumps(tuple(row))).digest(WIDTH_BYTES)
        total += int.from_bytes(hashed)
    return total % MODULUS


def plus(left: int, right: int) -> int:
    """Return the sum of both sets of rows together."""
    return (left + right) % MODULUS


def minus(left: int, right: int) -> int:
    """Return the sum of the rows of ``left`` without those of ``right``."""
    return (left - right) % MODULUS


def written(total: int) -> str:
    """Write a sum as records hold it: hexadecimal."""
    return f"{total:x}"


def read(text: str) -> int:
    """Read a sum back."""
    return int(text, 16)

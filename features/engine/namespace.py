"""The expression namespace: all that a feature's formula may use.

``polars`` is one, and so are the plain numbers of ``features.engine.scalars``, which offer what the
formulas of one row need; aggregates and derived columns of a history may use all of Polars.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, Protocol, cast

import polars

Direction = Literal[-1, 0, 1]
RAISES_RISK: Direction = 1
LOWERS_RISK: Direction = -1
NO_DIRECTION: Direction = 0

Expr = Any
"""A Polars expression or a number: they share a spelling, not a type."""


class Namespace(Protocol):
    """What a formula finds in ``x``."""

    Float64: Any

    def col(self, name: str, /) -> Expr:
        """Return the column ``name``."""

    def lit(self, value: Any, /) -> Expr:
        """Return a constant."""

    def when(self, condition: Expr, /) -> Any:
        """Open a conditional: ``when(...).then(...).otherwise(...)``."""

    def len(self) -> Expr:
        """Return the number of rows."""

    def struct(self, *columns: str) -> Expr:
        """Return the columns as one value, ordered by the first, then by the next."""

    def mean_horizontal(self, *columns: Expr) -> Expr:
        """Return the mean across columns, missing values left out."""

    def sum_horizontal(self, *columns: Expr) -> Expr:
        """Return the sum across columns, missing values left out."""

    def min_horizontal(self, *columns: Expr) -> Expr:
        """Return the smallest across columns, missing values left out."""

    def max_horizontal(self, *columns: Expr) -> Expr:
        """Return the largest across columns, missing values left out."""


Formula = Callable[[Namespace], Expr]

POLARS = cast(Namespace, polars)
"""The namespace of the batch."""

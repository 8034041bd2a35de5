"""Formulas of many rows at once, bit for bit what ``features.engine.scalars`` gives each alone.

A recorded answer can be computed again from its input, alone, and must then be the same to the
last digit: Polars adds and rounds in its own way, so a service that answers for thousands of
clients in one request computes on arrays in the order the scalars do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from features.engine.namespace import Formula, Namespace
from features.engine.scalars import Scalar

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def many(formulas: Sequence[Formula], columns: Mapping[str, Floats], rows: int) -> Floats:
    """Return the results (rows, formulas) of ``formulas``; NaN where a result is missing.

    ``columns`` are (rows,), NaN for missing; a column that is not there is missing everywhere.
    """
    x = cast(Namespace, _Columns(columns, rows))
    results = np.empty((rows, len(formulas)))
    with np.errstate(all="ignore"):
        for place, formula in enumerate(formulas):
            result = formula(x)
            results[:, place] = np.where(result.missing, np.nan, result.values)
    return results


class _Column:
    """Values (rows,) and which of them are missing; a value under ``missing`` means nothing."""

    def __init__(self, values: NDArray[Any], missing: Flags) -> None:
        self.values = values
        self.missing = missing

    def _with(self, operation: Callable[..., NDArray[Any]], other: object) -> _Column:
        values, missing = _parts(other)
        return _Column(operation(self.values, values), self.missing | missing)

    def _from(self, operation: Callable[..., NDArray[Any]], other: object) -> _Column:
        values, missing = _parts(other)
        return _Column(operation(values, self.values), self.missing | missing)

    def __add__(self, other: object) -> _Column:
        return self._with(np.add, other)

    def __radd__(self, other: object) -> _Column:
        return self._from(np.add, other)

    def __sub__(self, other: object) -> _Column:
        return self._with(np.subtract, other)

    def __rsub__(self, other: object) -> _Column:
        return self._from(np.subtract, other)

    def __mul__(self, other: object) -> _Column:
        return self._with(np.multiply, other)

    def __rmul__(self, other: object) -> _Column:
        return self._from(np.multiply, other)

    def __truediv__(self, other: object) -> _Column:
        return self._with(np.divide, other)

    def __rtruediv__(self, other: object) -> _Column:
        return self._from(np.divide, other)

    def __neg__(self) -> _Column:
        return self * -1.0

    def __invert__(self) -> _Column:
        return _Column(np.logical_not(self.values), self.missing)

    def __gt__(self, other: object) -> _Column:
        return self._with(np.greater, other)

    def __ge__(self, other: object) -> _Column:
        return self._with(np.greater_equal, other)

    def __lt__(self, other: object) -> _Column:
        return self._with(np.less, other)

    def __le__(self, other: object) -> _Column:
        return self._with(np.less_equal, other)

    def is_null(self) -> _Column:
        """Whether the value is missing."""
        return _Column(self.missing, np.zeros_like(self.missing))

    def fill_null(self, value: float) -> _Column:
        """Return ``value`` where this one is missing."""
        return _Column(np.where(self.missing, value, self.values), np.zeros_like(self.missing))

    def cast(self, _: object) -> _Column:
        """Return the values as floats."""
        return _Column(self.values.astype(np.float64), self.missing)

    def log(self) -> _Column:
        """Return the natural logarithm."""
        return self._one_by_one(Scalar.log)

    def exp(self) -> _Column:
        """Return the exponential."""
        return self._one_by_one(Scalar.exp)

    def sqrt(self) -> _Column:
        """Return the square root."""
        return self._one_by_one(Scalar.sqrt)

    def _one_by_one(self, function: Callable[[Scalar], Scalar]) -> _Column:
        """Apply what NumPy would round in its own way."""
        values = [function(Scalar(value)).value for value in self.values.tolist()]
        return _Column(np.array(values, dtype=np.float64), self.missing)


class _Columns:
    """The namespace of many rows."""

    Float64 = float

    def __init__(self, columns: Mapping[str, Floats], rows: int) -> None:
        self._columns = columns
        self._rows = rows

    def col(self, name: str, /) -> _Column:
        """Return a column."""
        values = self._columns.get(name)
        if values is None:
            values = np.full(self._rows, np.nan)
        return _Column(values, np.isnan(values))

    def lit(self, value: float, /) -> _Column:
        """Return a constant."""
        return _Column(np.full(self._rows, value), np.zeros(self._rows, dtype=np.bool_))

    def when(self, condition: _Column, /) -> _When:
        """Open a conditional; a missing condition does not hold."""
        return _When(condition.values.astype(np.bool_) & ~condition.missing)

    def sum_horizontal(self, *columns: _Column) -> _Column:
        """Return the sum of the known values, zero when there is none."""
        return _Column(self._sum(columns), np.zeros(self._rows, dtype=np.bool_))

    def mean_horizontal(self, *columns: _Column) -> _Column:
        """Return the mean of the known values."""
        known = np.sum([~column.missing for column in columns], axis=0)
        return _Column(self._sum(columns) / known, known == 0)

    def min_horizontal(self, *columns: _Column) -> _Column:
        """Return the smallest known value."""
        return _best(np.less, columns)

    def max_horizontal(self, *columns: _Column) -> _Column:
        """Return the largest known value."""
        return _best(np.greater, columns)

    def _sum(self, columns: Sequence[_Column]) -> Floats:
        total = np.zeros(self._rows)
        for column in columns:
            total = np.where(column.missing, total, total + column.values)
        return total


class _When:
    """An open conditional."""

    def __init__(self, met: Flags) -> None:
        self._met = met

    def then(self, value: object) -> _Then:
        """Return ``value`` where the condition holds."""
        return _Then(self._met, value)


class _Then(_Column):
    """The value of a conditional: missing unless its condition holds or ``otherwise`` is said."""

    def __init__(self, met: Flags, value: object) -> None:
        values, missing = _parts(value)
        super().__init__(np.broadcast_to(values, met.shape), ~met | missing)
        self._met = met
        self._otherwise_missing = missing

    def otherwise(self, value: object) -> _Column:
        """Return ``value`` where the condition does not hold."""
        values, missing = _parts(value)
        return _Column(
            np.where(self._met, self.values, values),
            np.where(self._met, self._otherwise_missing, missing),
        )


def _parts(operand: object) -> tuple[Any, Any]:
    if isinstance(operand, _Column):
        return operand.values, operand.missing
    return operand, False


def _best(better: Callable[..., Flags], columns: Sequence[_Column]) -> _Column:
    best, missing = columns[0].values, columns[0].missing
    for column in columns[1:]:
        taken = ~column.missing & (missing | better(column.values, best))
        best, missing = np.where(taken, column.values, best), missing & column.missing
    return _Column(best, missing)

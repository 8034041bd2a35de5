"""The expression namespace of a single row: plain numbers that obey the rules of Polars.

A frame of one row costs a millisecond to build and query; a request needs some eighty ratios. The
same declarations run here on Python floats, ten times faster. What must hold, and what a property
test compares with Polars: missing values spread through arithmetic and comparisons, a condition
that is missing is not met, horizontal statistics leave missing values out, and a division by zero
or an overflow gives an infinity (which the caller then takes as missing).
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping

Number = float | bool | None


class Scalar:
    """One value standing for a column; lives as long as the row is being computed."""

    __slots__ = ("value",)

    def __init__(self, value: Number) -> None:
        self.value = value

    def __add__(self, other: object) -> Scalar:
        return _both(operator.add, self, other)

    def __radd__(self, other: object) -> Scalar:
        return _both(operator.add, other, self)

    def __sub__(self, other: object) -> Scalar:
        return _both(operator.sub, self, other)

    def __rsub__(self, other: object) -> Scalar:
        return _both(operator.sub, other, self)

    def __mul__(self, other: object) -> Scalar:
        return _both(operator.mul, self, other)

    def __rmul__(self, other: object) -> Scalar:
        return _both(operator.mul, other, self)

    def __truediv__(self, other: object) -> Scalar:
        return _both(_divide, self, other)

    def __rtruediv__(self, other: object) -> Scalar:
        return _both(_divide, other, self)

    def __neg__(self) -> Scalar:
        return self * -1.0

    def __invert__(self) -> Scalar:
        return _one(operator.not_, self)

    def __gt__(self, other: object) -> Scalar:
        return _both(operator.gt, self, other)

    def __ge__(self, other: object) -> Scalar:
        return _both(operator.ge, self, other)

    def __lt__(self, other: object) -> Scalar:
        return _both(operator.lt, self, other)

    def __le__(self, other: object) -> Scalar:
        return _both(operator.le, self, other)

    def is_null(self) -> Scalar:
        """Whether the value is missing."""
        return Scalar(self.value is None)

    def fill_null(self, value: Number) -> Scalar:
        """Return ``value`` where this one is missing."""
        return Scalar(value) if self.value is None else self

    def cast(self, _: object) -> Scalar:
        """Return the value as a float: the only type a feature casts to."""
        return Scalar(None if self.value is None else float(self.value))

    def log(self) -> Scalar:
        """Return the natural logarithm: minus infinity at zero, not a number below."""
        return _one(_log, self)

    def exp(self) -> Scalar:
        """Return the exponential."""
        return _one(_exp, self)

    def sqrt(self) -> Scalar:
        """Return the square root: not a number below zero."""
        return _one(lambda v: math.sqrt(v) if v >= 0 else math.nan, self)


class _Then(Scalar):
    """The value of a conditional: missing unless its condition holds or ``otherwise`` is said."""

    __slots__ = ("met",)

    def __init__(self, met: bool, value: Number) -> None:
        super().__init__(value if met else None)
        self.met = met

    def otherwise(self, value: object) -> Scalar:
        """Return ``value`` where the condition does not hold."""
        return Scalar(self.value if self.met else _value(value))


class _When:
    """An open conditional."""

    __slots__ = ("met",)

    def __init__(self, met: bool) -> None:
        self.met = met

    def then(self, value: object) -> _Then:
        """Return ``value`` where the condition holds."""
        return _Then(self.met, _value(value))


class Scalars:
    """The namespace: what ``polars`` offers to a feature, on the values of one row.

    ``values`` maps column names to numbers; an absent column is missing. Results of
    ``mean_horizontal`` and the like accept the same arguments as in Polars.
    """

    Float64 = float

    def __init__(self, values: Mapping[str, Number]) -> None:
        self._values = values

    def col(self, name: str, /) -> Scalar:
        """Return the value of ``name``."""
        return Scalar(self._values.get(name))

    def lit(self, value: Number, /) -> Scalar:
        """Return a constant."""
        return Scalar(value)

    def when(self, condition: Scalar, /) -> _When:
        """Open a conditional; a missing condition does not hold."""
        return _When(bool(condition.value))

    def sum_horizontal(self, *columns: Scalar) -> Scalar:
        """Return the sum of the known values, zero when there is none."""
        return Scalar(sum(_known(columns)))

    def mean_horizontal(self, *columns: Scalar) -> Scalar:
        """Return the mean of the known values."""
        known = _known(columns)
        return Scalar(sum(known) / len(known) if known else None)

    def min_horizontal(self, *columns: Scalar) -> Scalar:
        """Return the smallest known value."""
        return Scalar(min(_known(columns), default=None))

    def max_horizontal(self, *columns: Scalar) -> Scalar:
        """Return the largest known value."""
        return Scalar(max(_known(columns), default=None))


def _value(operand: object) -> Number:
    return operand.value if isinstance(operand, Scalar) else operand  # type: ignore[return-value]


def _known(columns: Iterable[Scalar]) -> list[float]:
    return [column.value for column in columns if column.value is not None]


def _one(function: Callable[[float], float], operand: Scalar) -> Scalar:
    return Scalar(None if operand.value is None else function(operand.value))


def _both(function: Callable[..., Number], left: object, right: object) -> Scalar:
    first, second = _value(left), _value(right)
    return Scalar(None if first is None or second is None else function(first, second))


def _divide(top: float, bottom: float) -> float:
    if bottom != 0:
        return top / bottom
    if top == 0 or math.isnan(top):
        return math.nan
    return math.copysign(math.inf, top) * math.copysign(1.0, bottom)


def _log(value: float) -> float:
    if value > 0:
        return math.log(value)
    return -math.inf if value == 0 else math.nan


def _exp(value: float) -> float:
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf

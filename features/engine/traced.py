"""Formulas of one row written out as one straight piece of Python: the scalars, without objects.

``features.engine.scalars`` decides what a formula means on plain numbers, at the price of an object
for every operation. A service asks the same formulas of every client: here they are traced once,
what several of them compute is computed once, and one compiled function gives all their results,
five times faster and bit for bit the same (a test holds the two together).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from features.engine.namespace import Formula, Namespace
from features.engine.scalars import Number, Scalar, Scalars

Results = Callable[[Mapping[str, Number]], list[Number]]

_MEANING = Scalars({})


def straight(formulas: Sequence[Formula]) -> Results:
    """Return one function of a row's values, by column name, to the results of ``formulas``.

    A column that is not there is missing, and so (``None``) may be a result.
    """
    script = _Script()
    results = [script.formula(formula) for formula in formulas]
    lines = [
        "def compute(row):",
        " get = row.get",
        *script.lines,
        f" return [{', '.join(results)}]",
    ]
    defined: dict[str, Any] = dict(_CALLED)
    exec(compile("\n".join(lines), "<straight>", "exec"), defined)
    return cast(Results, defined["compute"])


def _called(method: Callable[..., Scalar]) -> Callable[..., Number]:
    """Return ``method`` of the scalars as a function of plain numbers."""
    return lambda *numbers: method(*map(Scalar, numbers)).value


_CALLED = {
    "divide": _called(Scalar.__truediv__),
    "log": _called(Scalar.log),
    "exp": _called(Scalar.exp),
    "sqrt": _called(Scalar.sqrt),
    "sum_of": _called(_MEANING.sum_horizontal),
    "mean_of": _called(_MEANING.mean_horizontal),
    "min_of": _called(_MEANING.min_horizontal),
    "max_of": _called(_MEANING.max_horizontal),
}


class _Script:
    """The lines written so far; it is also the namespace the formulas are traced in."""

    Float64 = float

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._named: dict[str, str] = {}

    def formula(self, formula: Formula) -> str:
        """Trace a formula; return the name of its result."""
        return _name(formula(cast(Namespace, self)))

    def term(self, written: str) -> _Term:
        """Return the term that stands for ``written``, computed once whoever asks."""
        if written not in self._named:
            self._named[written] = name = f"v{len(self._named)}"
            self.lines.append(f" {name} = {written}")
        return _Term(self, self._named[written])

    def col(self, name: str, /) -> _Term:
        """Return the value of a column."""
        return self.term(f"get({name!r})")

    def lit(self, value: Number, /) -> _Term:
        """Return a constant."""
        return _Term(self, repr(value))

    def when(self, condition: _Term, /) -> _When:
        """Open a conditional."""
        return _When(self, condition.name)

    def sum_horizontal(self, *columns: _Term) -> _Term:
        """Return the sum of the known values."""
        return self._across("sum_of", columns)

    def mean_horizontal(self, *columns: _Term) -> _Term:
        """Return the mean of the known values."""
        return self._across("mean_of", columns)

    def min_horizontal(self, *columns: _Term) -> _Term:
        """Return the smallest known value."""
        return self._across("min_of", columns)

    def max_horizontal(self, *columns: _Term) -> _Term:
        """Return the largest known value."""
        return self._across("max_of", columns)

    def _across(self, called: str, columns: Sequence[_Term]) -> _Term:
        return self.term(f"{called}({', '.join(column.name for column in columns)})")


class _Term:
    """A value under its name in the script: a variable or a constant."""

    def __init__(self, script: _Script, name: str) -> None:
        self.script = script
        self.name = name

    def _known(self, written: str, *others: str) -> _Term:
        """Return ``written`` where this term and the others are known, else missing."""
        terms = [name for name in (self.name, *others) if name.startswith("v")]
        unknown = " or ".join(f"{name} is None" for name in dict.fromkeys(terms))
        return self.script.term(f"None if {unknown} else {written}" if unknown else written)

    def _with(self, operator: str, other: object) -> _Term:
        name = _name(other)
        return self._known(f"{self.name} {operator} {name}", name)

    def _from(self, operator: str, other: object) -> _Term:
        return self._known(f"{_name(other)} {operator} {self.name}")

    def _over(self, top: str, bottom: str) -> _Term:
        written = f"({top} / {bottom} if {bottom} else divide({top}, {bottom}))"
        return self._known(written, top, bottom)

    def __add__(self, other: object) -> _Term:
        return self._with("+", other)

    def __radd__(self, other: object) -> _Term:
        return self._from("+", other)

    def __sub__(self, other: object) -> _Term:
        return self._with("-", other)

    def __rsub__(self, other: object) -> _Term:
        return self._from("-", other)

    def __mul__(self, other: object) -> _Term:
        return self._with("*", other)

    def __rmul__(self, other: object) -> _Term:
        return self._from("*", other)

    def __truediv__(self, other: object) -> _Term:
        return self._over(self.name, _name(other))

    def __rtruediv__(self, other: object) -> _Term:
        return self._over(_name(other), self.name)

    def __neg__(self) -> _Term:
        return self * -1.0

    def __invert__(self) -> _Term:
        return self._known(f"not {self.name}")

    def __gt__(self, other: object) -> _Term:
        return self._with(">", other)

    def __ge__(self, other: object) -> _Term:
        return self._with(">=", other)

    def __lt__(self, other: object) -> _Term:
        return self._with("<", other)

    def __le__(self, other: object) -> _Term:
        return self._with("<=", other)

    def is_null(self) -> _Term:
        """Whether the value is missing."""
        return self.script.term(f"{self.name} is None")

    def fill_null(self, value: Number) -> _Term:
        """Return ``value`` where this one is missing."""
        return self.script.term(f"{value!r} if {self.name} is None else {self.name}")

    def cast(self, _: object) -> _Term:
        """Return the value as a float."""
        return self._known(f"float({self.name})")

    def log(self) -> _Term:
        """Return the natural logarithm."""
        return self._known(f"log({self.name})")

    def exp(self) -> _Term:
        """Return the exponential."""
        return self._known(f"exp({self.name})")

    def sqrt(self) -> _Term:
        """Return the square root."""
        return self._known(f"sqrt({self.name})")


class _When:
    """An open conditional."""

    def __init__(self, script: _Script, condition: str) -> None:
        self._script = script
        self._condition = condition

    def then(self, value: object) -> _Then:
        """Return ``value`` where the condition holds."""
        return _Then(self._script, self._condition, _name(value))


class _Then(_Term):
    """The value of a conditional: missing unless its condition holds or ``otherwise`` is said."""

    def __init__(self, script: _Script, condition: str, value: str) -> None:
        super().__init__(script, script.term(f"{value} if {condition} else None").name)
        self._condition = condition
        self._value = value

    def otherwise(self, value: object) -> _Term:
        """Return ``value`` where the condition does not hold."""
        written = f"{self._value} if {self._condition} else {_name(value)}"
        return self.script.term(written)


def _name(value: object) -> str:
    return value.name if isinstance(value, _Term) else f"({value!r})"

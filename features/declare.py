"""The grammar of features: how a feature, a derived column and a family are declared.

A feature is a function of an *expression namespace* ``x``: the ``polars`` module itself, or
``narwhals`` when the tables live elsewhere. The function says what to compute; its name is the
column, its docstring the data dictionary, its decorator the words and the policy.

Two rules hold everywhere, so no declaration repeats them:

- a result that is not finite (a ratio to zero, an overflow) becomes missing;
- numbers of an application are 64-bit floats before any feature sees them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import polars

from features.groups import GROUPS
from features.tables import Column, Words

RAISES_RISK: Direction = 1
LOWERS_RISK: Direction = -1
NO_DIRECTION: Direction = 0

Direction = Literal[-1, 0, 1]
Expr = Any
"""A Polars or a Narwhals expression: the two spell alike, and share no type."""


class Namespace(Protocol):
    """What ``polars`` and ``narwhals`` both offer, and all that a feature may use."""

    Float64: Any

    def col(self, name: str, /) -> Expr:
        """Return the column ``name``."""

    def lit(self, value: object, /) -> Expr:
        """Return a constant."""

    def when(self, condition: Expr, /) -> Any:
        """Open a conditional: ``when(...).then(...).otherwise(...)``."""

    def len(self) -> Expr:
        """Return the number of rows."""

    def mean_horizontal(self, *columns: Expr) -> Expr:
        """Return the mean across columns, missing values left out."""

    def sum_horizontal(self, *columns: Expr) -> Expr:
        """Return the sum across columns, missing values left out."""

    def min_horizontal(self, *columns: Expr) -> Expr:
        """Return the smallest across columns, missing values left out."""

    def max_horizontal(self, *columns: Expr) -> Expr:
        """Return the largest across columns, missing values left out."""


Formula = Callable[[Namespace], Expr]


@dataclass(frozen=True, slots=True)
class Feature:
    """One column of the feature table: what it is, how it is computed, how it is said.

    ``table`` is the raw table whose rows it reads (``client`` for one that combines the others);
    ``raw`` marks a column taken over as it is.
    """

    name: str
    table: str
    group: str
    unit: str
    direction: Direction
    actionable: bool
    label: Words
    description: str
    categories: tuple[str, ...]
    formula: Formula
    raw: bool = False

    def expression(self, x: Namespace) -> Expr:
        """Return the named expression of this feature in the namespace ``x``."""
        return self.formula(x).alias(self.name)

    def reads(self) -> frozenset[str]:
        """Return the names of the columns the formula reads."""
        return frozenset(self.formula(polars).meta.root_names())


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity known for each row of a history table, with its words.

    ``yes_or_no`` measures hold 1 or 0 and are counted and shared rather than averaged.
    """

    name: str
    group: str
    unit: str
    words: Words
    formula: Formula
    direction: Direction = NO_DIRECTION
    yes_or_no: bool = False


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a history table: which rows, and how to say it after "total", "moyenne"..."""

    name: str
    words: Words
    mask: Formula | None = None


@dataclass(frozen=True, slots=True)
class Statistic:
    """A way to sum up many rows in one number.

    ``formula`` receives the namespace, the measure (null outside of the slice) and the table's
    clock, in months before the application (negative, null where the measure is).
    """

    name: str
    words: Words
    formula: Callable[[Namespace, Expr, Expr], Expr]
    unit: str | None = None
    keeps_direction: bool = False
    timed: bool = False


class Declarations:
    """The features one module declares about one table, in the order it declares them.

    ``prefix`` opens the names of its families; ``clock`` gives each row's age in months before
    the application, as a negative number.
    """

    def __init__(self, table: str, *, prefix: str = "", clock: Formula | None = None) -> None:
        self.table = table
        self.prefix = prefix
        self.clock = clock
        self.features: list[Feature] = []
        self.columns: list[tuple[str, Formula]] = []

    def column(self, formula: Formula) -> Formula:
        """Declare a column derived row by row, before any aggregate; later ones may read it."""
        self.columns.append((formula.__name__, formula))
        return formula

    def feature(
        self,
        *,
        group: str,
        unit: str,
        label: tuple[str, str],
        direction: Direction = NO_DIRECTION,
        actionable: bool = False,
    ) -> Callable[[Formula], Formula]:
        """Declare the decorated function as a feature: its name, its docstring, these words."""

        def declare(formula: Formula) -> Formula:
            self._add(
                Feature(
                    name=formula.__name__,
                    table=self.table,
                    group=group,
                    unit=unit,
                    direction=direction,
                    actionable=actionable,
                    label=Words(*label),
                    description=" ".join((formula.__doc__ or "").split()),
                    categories=(),
                    formula=formula,
                )
            )
            return formula

        return declare

    def as_it_is(
        self,
        column: Column,
        *,
        direction: Direction = NO_DIRECTION,
        actionable: bool = False,
        denied_categories: Sequence[str] = (),
    ) -> None:
        """Declare a raw column as a feature, with the words of its own declaration."""
        self._add(
            Feature(
                name=column.name,
                table=self.table,
                group=column.group,
                unit={"flag": "flag", "category": "category"}.get(column.kind, column.unit),
                direction=direction,
                actionable=actionable,
                label=column.label,
                description=f"{column.label.en}, as received ({column.source}).",
                categories=tuple(c for c in column.categories if c not in denied_categories),
                formula=lambda x: x.col(column.name),
                raw=True,
            )
        )

    def family(
        self,
        measures: Sequence[Measure],
        slices: Sequence[Slice],
        statistics: Sequence[Statistic],
    ) -> None:
        """Declare every statistic of every measure over every slice, named and worded alike."""
        for measure in measures:
            for part in slices:
                for statistic in statistics:
                    self._add(self._member(measure, part, statistic))

    def _member(self, measure: Measure, part: Slice, statistic: Statistic) -> Feature:
        name = "_".join(filter(None, (self.prefix, measure.name, part.name, statistic.name)))
        words = Words(
            f"{measure.words.fr} : {statistic.words.fr} {part.words.fr}",
            f"{measure.words.en}: {statistic.words.en} {part.words.en}",
        )
        return Feature(
            name=name,
            table=self.table,
            group=measure.group,
            unit=statistic.unit or measure.unit,
            direction=measure.direction if statistic.keeps_direction else NO_DIRECTION,
            actionable=False,
            label=words,
            description=f"{words.en}; missing when there is nothing to compute it from.",
            categories=(),
            formula=self._aggregate(measure, part, statistic),
        )

    def _aggregate(self, measure: Measure, part: Slice, statistic: Statistic) -> Formula:
        def formula(x: Namespace) -> Expr:
            value = measure.formula(x)
            if measure.yes_or_no:
                value = value.fill_null(False)
            value = value.cast(x.Float64)
            if part.mask is not None:
                value = x.when(part.mask(x)).then(value)
            clock = x.lit(None)
            if statistic.timed and self.clock is not None:
                clock = x.when(value.is_not_null()).then(self.clock(x))
            return statistic.formula(x, value, clock)

        return formula

    def _add(self, feature: Feature) -> None:
        if feature.group not in GROUPS:
            msg = f"the feature {feature.name} names the unknown group {feature.group!r}"
            raise ValueError(msg)
        if any(known.name == feature.name for known in self.features):
            msg = f"the feature {feature.name} is declared twice"
            raise ValueError(msg)
        self.features.append(feature)

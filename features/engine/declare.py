"""The grammar of features: how a feature, a derived column and a family are declared.

A feature is a function of an *expression namespace* ``x``: the ``polars`` module itself, or plain
numbers for one row. The function says what to compute; its name is the column, its docstring the
data dictionary, its decorator the words.

Two rules hold everywhere, so no declaration repeats them:

- a result that is not finite (a ratio to zero, an overflow) becomes missing;
- numbers of an application are 64-bit floats before any feature sees them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from features.engine.family import Measure, Slice, Statistic, declared_measures, member_formula
from features.engine.grain import Grain
from features.engine.groups import GROUPS
from features.engine.namespace import NO_DIRECTION, POLARS, Direction, Expr, Formula, Namespace
from features.raw.tables import Column, Period, Words


@dataclass(frozen=True, slots=True)
class Feature:
    """One column of the feature table: what it is, how it is computed, how it is said.

    ``table`` is the raw table whose rows it reads (``client`` for one that combines the others);
    ``raw`` marks a column taken over as it is; an amount ``period`` says what it is for.
    """

    name: str
    table: str
    group: str
    unit: str
    direction: Direction
    actionable: bool
    label: Words
    description: str
    formula: Formula
    categories: tuple[str, ...] = ()
    raw: bool = False
    period: Period = ""

    def expression(self, x: Namespace) -> Expr:
        """Return the named expression of this feature in the namespace ``x``."""
        return self.formula(x).alias(self.name)

    def reads(self) -> frozenset[str]:
        """Return the names of the columns the formula reads."""
        return frozenset(self.formula(POLARS).meta.root_names())


class Declarations:
    """The features one module declares about one table, in the order it declares them.

    ``prefix`` opens the names of its families; ``clock`` gives each row's age in months before
    the application, as a negative number; ``grain`` puts together the rows that are one before
    any column is derived.
    """

    def __init__(
        self,
        table: str,
        *,
        prefix: str = "",
        clock: Formula | None = None,
        grain: Grain | None = None,
    ) -> None:
        self.table = table
        self.prefix = prefix
        self.clock = clock
        self.grain = grain
        self.features: list[Feature] = []
        self.columns: list[tuple[str, Formula]] = []
        self._measures = declared_measures(table)

    def column(self, formula: Formula) -> Formula:
        """Declare a column derived row by row, before any aggregate; later ones may read it."""
        self.columns.append((formula.__name__, formula))
        return formula

    def measure(self, name: str, formula: Formula | None = None) -> Measure:
        """Return the measure that ``measures.csv`` words; by default, the column of that name."""
        return self._measures[name](formula or (lambda x: x.col(name)))

    def feature(
        self,
        *,
        group: str,
        unit: str,
        label: tuple[str, str],
        direction: Direction = NO_DIRECTION,
        actionable: bool = False,
        period: Period = "",
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
                    formula=formula,
                    period=period,
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
                unit=column.kind if column.kind in {"flag", "category"} else column.unit,
                direction=direction,
                actionable=actionable,
                label=column.label,
                description=f"{column.label.en}, as received ({column.source}).",
                formula=_all_but(column.name, denied_categories),
                categories=tuple(c for c in column.categories if c not in denied_categories),
                raw=True,
                period=column.period,
            )
        )

    def family(
        self, measures: Sequence[Measure], slices: Sequence[Slice], statistics: Sequence[Statistic]
    ) -> None:
        """Declare every statistic of every measure over every slice, named and worded alike."""
        for measure in measures:
            for part in slices:
                for statistic in statistics:
                    self._add(self._member(measure, part, statistic))

    def _member(self, measure: Measure, part: Slice, statistic: Statistic) -> Feature:
        words = Words(
            f"{measure.words.fr} : {statistic.words.fr} {part.words.fr}".rstrip(),
            f"{measure.words.en}: {statistic.words.en} {part.words.en}".rstrip(),
        )
        return Feature(
            name="_".join(filter(None, (self.prefix, measure.name, part.name, statistic.name))),
            table=self.table,
            group=measure.group,
            unit=statistic.unit or measure.unit,
            direction=measure.direction if statistic.keeps_direction else NO_DIRECTION,
            actionable=False,
            label=words,
            description=f"{words.en}; missing when there is nothing to compute it from.",
            formula=member_formula(measure, part, statistic, self.clock),
        )

    def _add(self, feature: Feature) -> None:
        if feature.group not in GROUPS:
            msg = f"the feature {feature.name} names the unknown group {feature.group!r}"
            raise ValueError(msg)
        if any(known.name == feature.name for known in self.features):
            msg = f"the feature {feature.name} is declared twice"
            raise ValueError(msg)
        self.features.append(feature)


def _all_but(column: str, denied: Sequence[str]) -> Formula:
    if not denied:
        return lambda x: x.col(column)
    return lambda x: x.when(~x.col(column).is_in(list(denied))).then(x.col(column))

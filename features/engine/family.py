"""Families of features: every statistic of every measure over every slice of a history table.

A *measure* is a quantity known for each row (its words are in ``measures.csv``), a *slice* says
which rows count, a *statistic* sums them up in one number. The three give a member its name, its
words and its formula::

    bureau_debt_open_sum
    "Montant encore dû sur les crédits extérieurs : total sur ceux en cours"
    when(status == "Active").then(debt).sum()
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from features.engine.namespace import NO_DIRECTION, RAISES_RISK, Direction, Expr, Formula, Namespace
from features.raw.tables import Words

DECLARATION = Path(__file__).with_name("measures.csv")
YES_OR_NO = "yes_or_no"


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity known for each row of a history table.

    ``counted`` measures are conditions, 1 or 0: they are counted or shared. Where a row does not
    say whether the condition holds, it is neither.
    """

    name: str
    group: str
    unit: str
    direction: Direction
    words: Words
    formula: Formula
    counted: bool

    def value(self, x: Namespace) -> Expr:
        """Return the quantity as a float."""
        return self.formula(x).cast(x.Float64)


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a history table: which rows (all without a mask), and how to say it."""

    name: str
    words: Words
    mask: Formula | None = None


ALL = Slice("", Words("", ""))
"""The whole history: it adds nothing to a name nor to its words."""


@dataclass(frozen=True, slots=True)
class Statistic:
    """A way to sum up rows in one number.

    ``formula`` receives the namespace, the measure (missing outside of the slice) and, when it is
    ``timed``, the row's age: months before the application, negative. One that ``adds`` is a
    total: zero where no row is in the slice, missing where nothing is known of those that are.
    """

    name: str
    words: Words
    formula: Callable[[Namespace, Expr, Expr], Expr]
    unit: str | None = None
    keeps_direction: bool = False
    timed: bool = False
    adds: bool = False


def member_formula(
    measure: Measure, part: Slice, statistic: Statistic, clock: Formula | None
) -> Formula:
    """Return the aggregate of one member of a family; ``clock`` gives each row's age."""

    def formula(x: Namespace) -> Expr:
        value = measure.value(x)
        if part.mask is not None:
            value = x.when(part.mask(x)).then(value)
        age = x.when(~value.is_null()).then(clock(x)) if statistic.timed and clock else None
        summed = statistic.formula(x, value, age)
        if not statistic.adds:
            return summed
        known = value.count() > 0
        if part.mask is not None:
            known = known | ~part.mask(x).fill_null(True).any()
        return x.when(known).then(summed)

    return formula


def is_any(column: str, *values: str) -> Formula:
    """Return the condition that ``column`` holds one of ``values``."""
    return lambda x: x.col(column).is_in(list(values))


def within(column: str, age: int) -> Formula:
    """Return the condition that ``column``, an age counted downwards from 0, is at most ``age``."""
    return lambda x: x.col(column) >= -age


def months(*ages: int) -> tuple[Slice, ...]:
    """Return the slices of the last ``ages`` months of a monthly table."""
    return tuple(
        Slice(
            f"{age}_months",
            Words(f"sur les {age} derniers mois", f"over the last {age} months"),
            within("month", age),
        )
        for age in ages
    )


def declared_measures(table: str) -> dict[str, Callable[[Formula], Measure]]:
    """Return what ``measures.csv`` says of ``table``: each entry awaits its formula."""
    with DECLARATION.open(encoding="utf-8", newline="") as lines:
        return {
            row["name"]: _measure(row) for row in csv.DictReader(lines) if row["table"] == table
        }


def _measure(row: dict[str, str]) -> Callable[[Formula], Measure]:
    counted = row["unit"] == YES_OR_NO
    return lambda formula: Measure(
        name=row["name"],
        group=row["group"],
        unit="count" if counted else row["unit"],
        direction=RAISES_RISK if row["direction"] == "raises" else NO_DIRECTION,
        words=Words(row["label_fr"], row["label_en"]),
        formula=formula,
        counted=counted,
    )

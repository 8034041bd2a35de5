"""One client's row at request time, from the same declarations as the batch.

Features of the application, and those that combine it with the histories, are recomputed from
what was sent (or edited in a simulation); history features are taken as they were stored. The
plan of a row (which columns to load, which expressions to run) is made once per list of names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite

import polars as pl

from features.build import POLARS
from features.catalogue import APPLICATIONS_TABLE, CATALOGUE, CLIENT
from features.declare import Feature
from features.tables import APPLICATIONS

Value = float | str | None
Row = dict[str, Value]

_KINDS = {column.name: column.kind for column in APPLICATIONS.columns}


def client_row(
    application: Mapping[str, object],
    history: Mapping[str, float | None] | None,
    names: Sequence[str] | None = None,
) -> Row:
    """Return the features ``names`` (all by default) of one client, in the order asked.

    ``application`` uses the plain names of the form; an absent item is missing, and so is a
    category that was never declared or a number that is not finite. ``history`` holds stored
    history features; ``None`` means that nothing is known. ``KeyError`` for an unknown feature.
    """
    plan = _plan(tuple(names) if names is not None else None)
    known = history or {}
    computed = plan.compute(application, known)
    row: Row = {}
    for feature in plan.features:
        if feature.raw:
            row[feature.name] = _taken_over(feature, application.get(feature.name))
        elif feature.name in computed:
            row[feature.name] = _finite(computed[feature.name])
        else:
            row[feature.name] = _finite(known.get(feature.name))
    return row


@dataclass(frozen=True)
class _Plan:
    """What one row needs: built once, used at every request."""

    features: tuple[Feature, ...]
    schema: dict[str, pl.DataType]
    from_history: frozenset[str]
    expressions: tuple[pl.Expr, ...]

    def compute(
        self, application: Mapping[str, object], history: Mapping[str, float | None]
    ) -> dict[str, float | None]:
        if not self.expressions:
            return {}
        values = tuple(
            _number(history.get(name) if name in self.from_history else application.get(name))
            for name in self.schema
        )
        frame = pl.DataFrame([values], schema=self.schema, orient="row")
        return frame.select(self.expressions).row(0, named=True)


@lru_cache(maxsize=64)
def _plan(names: tuple[str, ...] | None) -> _Plan:
    features = tuple(CATALOGUE) if names is None else tuple(CATALOGUE[name] for name in names)
    computed = [f for f in features if f.table in {APPLICATIONS_TABLE, CLIENT} and not f.raw]
    needed = sorted({name for feature in computed for name in feature.reads()})
    return _Plan(
        features=features,
        schema={name: pl.Float64() for name in needed},
        from_history=frozenset(name for name in needed if name not in _KINDS),
        expressions=tuple(feature.expression(POLARS) for feature in computed),
    )


def _taken_over(feature: Feature, value: object) -> Value:
    if feature.categories:
        return str(value) if value in feature.categories else None
    return _finite(_number(value))


def _number(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]


def _finite(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None

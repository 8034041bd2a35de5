"""One client's row at request time, from the same declarations as the batch.

Features of the application, and those that combine it with the histories, are recomputed from
what was sent (or edited in a simulation); history features are taken as they were stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import cast

from features.catalogue import APPLICATIONS_TABLE, CATALOGUE, CLIENT
from features.engine.declare import Feature
from features.engine.namespace import Namespace
from features.engine.scalars import Scalars
from features.raw.tables import APPLICATIONS

Value = float | str | None
Row = dict[str, Value]

_ON_THE_FORM = frozenset(column.name for column in APPLICATIONS.columns)


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
    plan = _plan(None if names is None else tuple(names))
    known = history or {}
    x = cast(Namespace, Scalars(plan.numbers(application, known)))
    row: Row = dict.fromkeys(plan.names)
    for name in plan.from_history:
        row[name] = _finite(known.get(name))
    for feature in plan.taken_over:
        row[feature.name] = _taken_over(feature, application.get(feature.name))
    for feature in plan.computed:
        row[feature.name] = _finite(feature.formula(x).value)
    return row


@dataclass(frozen=True)
class _Plan:
    """How each feature of a list of names is obtained: sorted out once, used at every request."""

    names: tuple[str, ...]
    from_history: tuple[str, ...]
    taken_over: tuple[Feature, ...]
    computed: tuple[Feature, ...]
    reads_form: tuple[str, ...]
    reads_history: tuple[str, ...]

    def numbers(
        self, application: Mapping[str, object], history: Mapping[str, float | None]
    ) -> dict[str, float | None]:
        """Return the numbers that the computed features read."""
        form = {name: _number(application.get(name)) for name in self.reads_form}
        return form | {name: history.get(name) for name in self.reads_history}


@lru_cache(maxsize=64)
def _plan(names: tuple[str, ...] | None) -> _Plan:
    features = tuple(CATALOGUE) if names is None else tuple(CATALOGUE[name] for name in names)
    recomputed = [f for f in features if f.table in {APPLICATIONS_TABLE, CLIENT}]
    computed = tuple(f for f in recomputed if not f.raw)
    reads = {name for feature in computed for name in feature.reads()}
    return _Plan(
        names=tuple(feature.name for feature in features),
        from_history=tuple(f.name for f in features if f not in recomputed),
        taken_over=tuple(f for f in recomputed if f.raw),
        computed=computed,
        reads_form=tuple(sorted(reads & _ON_THE_FORM)),
        reads_history=tuple(sorted(reads - _ON_THE_FORM)),
    )


def _taken_over(feature: Feature, value: object) -> Value:
    if feature.categories:
        return str(value) if value in feature.categories else None
    return _finite(_number(value))


def _number(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]


def _finite(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None

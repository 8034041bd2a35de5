"""The grid: a scorecard one can read, one curve an item, added up.

The raw score is ``base + f1(x1) + ... + fk(xk)`` in log-odds. A curve is a row of steps: it says
what each interval of an item's values adds, and what it adds that the item is not known. Values
beyond the last step are held at it. So an item's effect depends on the client's own value of that
item and on nothing else, and it is exact without any explainer.

The same numbers are also a LightGBM model of one tree an item (``as_booster``), for who wants to
score with LightGBM alone: both agree to 1e-9.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Self

import lightgbm
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, model_validator

Floats = NDArray[np.float64]
Matrix = NDArray[np.float32]


class Curve(BaseModel):
    """What one item adds to the log-odds, by its value.

    ``edges`` (m,) rise; a value belongs to the first interval whose edge it does not exceed, to
    the last one beyond every edge. ``effects`` (m + 1,) and ``unknown`` are in log-odds. A
    category is its code: its intervals lie around 0, 1, 2 ... ``clients`` and ``defaults``
    (m + 2,) count the learning clients behind each interval, the unknown last.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    item: str
    edges: tuple[float, ...]
    effects: tuple[float, ...]
    unknown: float
    clients: tuple[int, ...]
    defaults: tuple[int, ...]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        steps = len(self.effects)
        if len(self.edges) != steps - 1 or any(a >= b for a, b in pairwise(self.edges)):
            msg = f"the curve of {self.item} needs rising edges, one fewer than its effects"
            raise ValueError(msg)
        if len(self.clients) != steps + 1 or len(self.defaults) != steps + 1:
            msg = f"the curve of {self.item} counts clients for another number of intervals"
            raise ValueError(msg)
        return self

    def __eq__(self, other: object) -> bool:
        """Compare what is declared, whatever arrays have been made of it since."""
        if not isinstance(other, Curve):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in Curve.model_fields)

    @property
    def intervals(self) -> Iterator[tuple[float, float]]:
        """Yield each interval: above the first edge, up to and including the second."""
        return pairwise((-np.inf, *self.edges, np.inf))

    def effect(self, value: float) -> float:
        """Return what one value adds, NaN being not known.

        >>> steps = Curve(item="x", edges=(0.5,), effects=(-1.0, 2.0), unknown=0.25,
        ...               clients=(1, 1, 1), defaults=(0, 1, 0))
        >>> steps.effect(0.5), steps.effect(9e9), steps.effect(float("nan"))
        (-1.0, 2.0, 0.25)
        """
        if value != value:
            return self.unknown
        return self.effects[bisect_left(self.edges, value)]

    def flattened(self, factor: float) -> Curve:
        """Return the curve with all its effects multiplied."""
        if factor == 1.0:
            return self
        values = self.model_dump()
        values["effects"] = tuple(factor * effect for effect in self.effects)
        values["unknown"] = factor * self.unknown
        return Curve(**values)

    def of(self, column: Matrix) -> Floats:
        """Return what each of the values (n,) adds."""
        places = np.searchsorted(self._edges, column, side="left")
        effects: Floats = np.where(np.isnan(column), self.unknown, self._effects[places])
        return effects

    @cached_property
    def _edges(self) -> Floats:
        return np.array(self.edges, dtype=np.float64)

    @cached_property
    def _effects(self) -> Floats:
        return np.array(self.effects, dtype=np.float64)


class Grid(BaseModel):
    """A base and the curves added to it, in the order of a matrix's columns; immutable."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    base: float
    curves: tuple[Curve, ...]

    @property
    def items(self) -> tuple[str, ...]:
        """Names of the items, in order."""
        return tuple(curve.item for curve in self.curves)

    def effects(self, matrix: Matrix) -> Floats:
        """Return what each item adds for each client: (n, k) of a matrix (n, k)."""
        if len(matrix) == 1:  # one client: plain look-ups are several times faster
            row = zip(self.curves, matrix[0].tolist(), strict=True)
            return np.array([[curve.effect(value) for curve, value in row]])
        columns = [curve.of(matrix[:, place]) for place, curve in enumerate(self.curves)]
        return np.stack(columns, axis=1) if columns else np.empty((len(matrix), 0))

    def raw_score(self, matrix: Matrix) -> Floats:
        """Return the raw scores (n,), log-odds, of a matrix (n, k)."""
        return self.total(self.effects(matrix))

    def total(self, effects: Floats) -> Floats:
        """Return the raw scores (n,) of effects (n, k).

        Added in the order of the items, so that a client scores the same to the last bit alone or
        among others.
        """
        total = np.full(len(effects), self.base)
        for column in effects.T:
            total += column
        return total

    def flattened(self, factors: Mapping[str, float]) -> Grid:
        """Return the grid with the effects of some items multiplied; by 0, they leave it."""
        kept = tuple(
            curve.flattened(factors.get(curve.item, 1.0))
            for curve in self.curves
            if factors.get(curve.item, 1.0)
        )
        return Grid(base=self.base, curves=kept)

    def as_booster(self) -> lightgbm.Booster:
        """Return the same scorecard as a LightGBM model: one tree an item, exact leaves.

        Each tree is grown on rows that stand for the intervals of its item, each with a target of
        its own, so that every interval becomes a leaf; the leaves are then given the effects.
        """
        rows, owner, interval = _stand_ins(self.curves)
        most = max(len(curve.effects) for curve in self.curves) + 1
        parameters = {**_EXACT_TREES, "num_leaves": max(most, 2), "max_bin": 2 * most + 2}
        view = lightgbm.Dataset(rows, feature_name=list(self.items), params=parameters)
        booster = lightgbm.Booster(parameters, view)
        for place in range(len(self.curves)):
            own = (owner == place).astype(np.float64)
            booster.update(fobj=lambda *_, own=own: (-own * interval, own))
        leaves = booster.predict(rows, pred_leaf=True).reshape(len(rows), -1)
        for row, (place, step) in enumerate(zip(owner, interval, strict=True)):
            curve = self.curves[place]
            value = (*curve.effects, curve.unknown)[step - 1] + (self.base if not place else 0.0)
            booster.set_leaf_output(place, int(leaves[row, place]), value)
        return booster


def passing_through(curves: Sequence[Curve], items: Sequence[str]) -> Matrix:
    """Return rows (r, k) that belong to nobody and lead through every interval of every curve.

    A column is that of an item, of which several curves may be given. The first row knows nothing;
    each next one takes every item one interval further, and round again.
    """
    points = []
    for item in items:
        edges = sorted({edge for curve in curves if curve.item == item for edge in curve.edges})
        ends = (edges[0] - 1.0, edges[-1] + 1.0) if edges else (0.0,)
        middles = [(low + high) / 2 for low, high in pairwise(edges)]
        points.append([ends[0], *middles, ends[-1]])
    rows = np.full((1 + max(map(len, points), default=0), len(items)), np.nan, dtype=np.float32)
    for place, column in enumerate(points):
        rows[1:, place] = [column[row % len(column)] for row in range(len(rows) - 1)]
    return rows


_EXACT_TREES = {
    "objective": "none",
    "num_threads": 1,
    "verbosity": -1,
    "learning_rate": 1.0,
    "min_data_in_leaf": 1,
    "min_data_in_bin": 1,
    "min_sum_hessian_in_leaf": 0.0,
    "feature_pre_filter": False,
    "deterministic": True,
}


def _stand_ins(
    curves: Sequence[Curve],
) -> tuple[Floats, NDArray[np.intp], NDArray[np.intp]]:
    """Return rows (r, k) that stand for the intervals, whose item each is of, and which interval.

    An interval is stood for by a value on each side of its edges, so close that LightGBM puts its
    threshold between them: on the edge. Other items are not known in these rows.
    """
    rows: list[tuple[int, int, float]] = []
    for place, curve in enumerate(curves):
        rows.append((place, len(curve.effects) + 1, np.nan))
        if not curve.edges:
            rows += [(place, 1, -1.0), (place, 1, 1.0)]
        for number, (edge, beside) in enumerate(_beside(curve.edges), start=1):
            below = edge - beside if edge else 0.0  # LightGBM gives zero a bin of its own
            rows += [(place, number, below), (place, number + 1, edge + beside)]
    matrix = np.full((len(rows), len(curves)), np.nan)
    for row, (place, _, value) in enumerate(rows):
        matrix[row, place] = value
    owner = np.array([place for place, _, _ in rows], dtype=np.intp)
    return matrix, owner, np.array([number for _, number, _ in rows], dtype=np.intp)


def _beside(edges: tuple[float, ...]) -> Iterator[tuple[float, float]]:
    """Yield each edge and how far beside it a stand-in lies: never past zero or half a step."""
    for place, edge in enumerate(edges):
        around = edges[max(place - 1, 0) : place + 2]
        room = [b - a for a, b in pairwise(around)]
        yield edge, min([*room, abs(edge) or 1.0]) / 4

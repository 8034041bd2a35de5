"""How the curves of a grid are learnt: one convex problem, the same for every curve.

Each item is cut into intervals of about equal size, none with fewer clients than a stated number;
each category met often enough, and each absence, has a place of its own. The effects of all items
together minimise

    sum of log-losses + penalty / 2 * (sum of squared jumps between neighbouring intervals
                                       + sum of squared effects of categories and absences)

so a curve moves only as far as the clients of many intervals agree (a fused ridge; Hoerl and
Kennard, 1970; Tibshirani et al., 2005). A directed item's jumps are bounded to its sign, so its
curve is monotone by construction. The target may be any share of 1: a default, or another score.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from flows.learning.dataset import Labelled
from scoring.grid import Curve, Grid

Array = NDArray[np.float64]
Codes = NDArray[np.int32]

FEWEST = 50
FEWEST_SHARE = 0.01
"""No interval rests on fewer clients than both of these."""
LEVEL = 0.004
"""Neighbouring intervals whose effects differ less (log-odds) are told as one."""
ITERATIONS = 150
FLAT = 1e-9
"""Log-odds within which a curve says nothing."""
_NOWHERE = 1e-9
"""An edge stands beside zero, never on it."""


@dataclass(frozen=True, slots=True)
class Detail:
    """How finely curves are drawn.

    An item is cut into at most ``steps`` intervals. The penalty is ``ridge`` for each candidate
    item: the more there are, the less each is believed.
    """

    steps: int
    ridge: float


TOLD = Detail(steps=16, ridge=4.0)
"""Of curves that a person reads one by one."""
FINE = Detail(steps=100, ridge=0.5)
"""Of estimates, whose sum alone is told."""


def fewest(clients: int) -> int:
    """Return how many clients an interval rests on at least."""
    return max(FEWEST, int(FEWEST_SHARE * clients))


@dataclass(frozen=True)
class Intervals:
    """How one item is cut. ``edges`` as in a ``Curve``; a category's codes lie around 0, 1, 2 ...

    ``group`` (m + 1,) numbers the effect of each interval, and ``groups`` counts the effects:
    rare categories share one. The last effect is that of the unknown; ``absent`` tells whether it
    is met often enough (and not too often) to have one.
    """

    edges: Array
    group: Codes
    groups: int
    ordered: bool
    absent: bool

    @classmethod
    def of(
        cls, column: NDArray[np.float32], *, category: bool, least: int, steps: int
    ) -> Intervals:
        """Cut a column (n,) into at most ``steps`` intervals of at least ``least`` clients."""
        known = column[~np.isnan(column)].astype(np.float64)
        absent = least <= len(column) - known.size <= len(column) - least
        if category:
            codes = int(known.max()) + 1 if known.size else 1
            met = np.bincount(known.astype(int), minlength=codes) >= least
            group = np.where(met, np.cumsum(met), 0).astype(np.int32)
            return cls(
                np.arange(codes - 1, dtype=np.float64) + 0.5,
                group,
                int(met.sum()) + 1,
                False,
                absent,
            )
        edges = np.array(list(_edges(known, least, steps)), dtype=np.float64)
        group = np.arange(len(edges) + 1, dtype=np.int32)
        return cls(edges, group, len(group), True, absent)

    def places(self, column: NDArray[np.float32]) -> Codes:
        """Return the effect that each value (n,) meets; the unknown's is ``groups``."""
        met = self.group[np.searchsorted(self.edges, column, side="left")]
        return np.where(np.isnan(column), self.groups, met).astype(np.int32)


def _edges(known: Array, least: int, steps: int) -> Iterator[float]:
    """Yield edges between distinct values so that intervals hold about as many clients each.

    A value that many clients share becomes an interval of its own.
    """
    values, counts = np.unique(known, return_counts=True)
    wanted = max(least, known.size / steps)
    inside, left = 0, known.size
    for (value, after), count, coming in zip(
        pairwise(values), counts[:-1], counts[1:], strict=True
    ):
        inside += count
        full = inside >= wanted or (inside >= least and coming >= wanted)
        if full and left - inside >= least:
            left, inside = left - inside, 0
            yield float(value + after) / 2 or _NOWHERE


@dataclass(frozen=True)
class Design:
    """Clients described for the learner: the effects each one meets, and how effects are made.

    ``met`` (n, e) has a one for each effect a client meets, ``made`` (e, p) turns parameters into
    effects (jumps into a curve centred on the known clients), ``low`` and ``high`` (p,) bound the
    parameters, ``item`` (e,) and ``owner`` (p,) say whose they are.
    """

    met: sparse.csr_matrix
    made: sparse.csr_matrix
    low: Array
    high: Array
    item: NDArray[np.int64]
    owner: NDArray[np.int64]

    @classmethod
    def of(cls, data: Labelled, cuts: Sequence[Intervals]) -> Design:
        """Describe these clients by the items as they are cut."""
        codes = [cut.places(column) for cut, column in zip(cuts, data.matrix.T, strict=True)]
        sizes = np.array([cut.groups + 1 for cut in cuts])
        starts = np.concatenate(([0], np.cumsum(sizes)))
        blocks, low, high = zip(
            *(
                _block(np.bincount(code, minlength=size), cut, direction)
                for code, size, cut, direction in zip(
                    codes, sizes, cuts, data.directions, strict=True
                )
            ),
            strict=True,
        )
        columns = np.stack(codes, axis=1) + starts[:-1].astype(np.int32)
        rows = np.arange(0, columns.size + 1, len(cuts))
        ones = np.ones(columns.size, dtype=np.float32)
        return cls(
            met=sparse.csr_matrix((ones, columns.ravel(), rows), shape=(len(data), starts[-1])),
            made=sparse.block_diag(blocks, format="csr"),
            low=np.concatenate(low),
            high=np.concatenate(high),
            item=np.repeat(np.arange(len(cuts)), sizes),
            owner=np.repeat(np.arange(len(cuts)), [len(one) for one in low]),
        )


def _block(counts: NDArray[np.int64], cut: Intervals, direction: int) -> tuple[Array, Array, Array]:
    """Return one item's parameters turned into effects (e, p), and their bounds (p,) twice."""
    steps = cut.groups
    made = (np.tril(np.ones((steps, steps))) if cut.ordered else np.eye(steps))[:, 1:]
    if steps > 1:
        known = counts[:steps] / max(counts[:steps].sum(), 1)
        made = made - known @ made
    effects = np.zeros((steps + 1, steps))
    effects[:steps, : steps - 1] = made
    effects[steps, steps - 1] = 1.0
    sign = direction if cut.ordered else 0
    low = np.full(steps, 0.0 if sign > 0 else -np.inf)
    high = np.full(steps, 0.0 if sign < 0 else np.inf)
    low[-1], high[-1] = (-np.inf, np.inf) if cut.absent else (0.0, 0.0)
    return effects, low, high


@dataclass(frozen=True)
class Fitted:
    """Effects (e,) of all items together, and the base they are added to, in log-odds."""

    base: float
    effects: Array


def fit(design: Design, target: Array, penalty: float | Array) -> Fitted:
    """Minimise the penalised log-loss of ``target`` (n,), each a share of 1.

    ``penalty`` is one number, or one for each item (k,).
    """
    weight = np.broadcast_to(penalty, (int(design.owner.max()) + 1,))[design.owner]
    met_by, made_by = design.met.T.tocsr(), design.made.T.tocsr()

    def loss(parameters: Array) -> tuple[float, Array]:
        own = parameters[1:]
        score = design.met @ (design.made @ own).astype(np.float32) + parameters[0]
        error = 1.0 / (1.0 + np.exp(-score)) - target
        value = np.sum(np.logaddexp(0.0, score) - target * score) + 0.5 * (weight * own) @ own
        slope = made_by @ (met_by @ error.astype(np.float32)) + weight * own
        return float(value), np.concatenate(([error.sum()], slope))

    rate = float(np.clip(target.mean(), 1e-6, 1 - 1e-6))
    start = np.concatenate(([np.log(rate / (1 - rate))], np.zeros(len(design.low))))
    bounds = np.column_stack(
        [np.concatenate(([-np.inf], design.low)), np.concatenate(([np.inf], design.high))]
    )
    found = minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"maxiter": ITERATIONS, "maxcor": 20},
    )
    return Fitted(float(found.x[0]), design.made @ found.x[1:])


def grid_of(data: Labelled, cuts: Sequence[Intervals], design: Design, fitted: Fitted) -> Grid:
    """Return the curves as they are kept: neighbours that say the same are one step.

    Items whose curve is flat but for rounding are left out. Counts are of ``data``, the learning
    clients.
    """
    curves = []
    for place, (name, cut) in enumerate(zip(data.names, cuts, strict=True)):
        effects = fitted.effects[design.item == place]
        curve = _curve(name, data.matrix[:, place], data.default, cut, effects)
        if np.ptp((*curve.effects, curve.unknown)) > FLAT:
            curves.append(curve)
    return Grid(base=fitted.base, curves=tuple(curves))


def _curve(
    name: str, column: NDArray[np.float32], default: Array, cut: Intervals, effects: Array
) -> Curve:
    steps = effects[cut.group]
    unknown = float(effects[cut.groups])
    kept = _leaders(steps)
    edges = cut.edges[np.array(kept[1:], dtype=int) - 1] if len(kept) > 1 else np.empty(0)
    where = np.searchsorted(edges, column, side="left")
    where = np.where(np.isnan(column), len(kept), where)
    clients = np.bincount(where, minlength=len(kept) + 1)
    fine = np.bincount(np.searchsorted(cut.edges, column[~np.isnan(column)]), minlength=len(steps))
    bounds = [*kept, len(steps)]
    levels = [float(np.average(steps[a:b], weights=fine[a:b] + 1e-9)) for a, b in pairwise(bounds)]
    return Curve(
        item=name,
        edges=tuple(edges.tolist()),
        effects=tuple(levels),
        unknown=unknown,
        clients=tuple(clients.tolist()),
        defaults=tuple(
            np.bincount(where, weights=default, minlength=len(kept) + 1)
            .round()
            .astype(int)
            .tolist()
        ),
    )


def _leaders(steps: Array) -> list[int]:
    """Return where a new level begins: a step further than ``LEVEL`` from the level's first."""
    kept = [0]
    for place in range(1, len(steps)):
        if abs(steps[place] - steps[kept[-1]]) >= LEVEL:
            kept.append(place)
    return kept


def cuts_of(data: Labelled, steps: int) -> list[Intervals]:
    """Return how each item of these clients is cut, into at most so many intervals."""
    least = fewest(len(data))
    categories = set(data.category_columns)
    return [
        Intervals.of(column, category=place in categories, least=least, steps=steps)
        for place, column in enumerate(data.matrix.T)
    ]

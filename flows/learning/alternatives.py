"""Less discriminatory alternatives: the same grid with some curves flattened.

An additive scorecard says where a gap between groups comes from, item by item. An item that sets
groups apart more than it sets good clients and defaults apart can be *flattened* (its effects
multiplied by 0.75, 0.5, 0.25 or 0) at little cost. The search does so one notch at a time, always
for the group served worst against its floor, by the item with the largest

    gain in the group's ratio / log-likelihood lost

The gain is that of a first-order expansion, from the clients near the cut-off, whose verdict turns.
The loss is that of a second-order one, from the clients as they stand, so what an item shares with
those already flattened is seen. Each alternative is then calibrated anew and judged at one cut-off.
The *frontier* keeps the alternatives that no other beats in both cost and ratio; the policy says
how much cost it accepts for a better ratio, and within it the best ratio is chosen.

All of it is on learning clients, out of fold. Many alternatives compared on the same clients make
some look better than they are, so standard errors count against them: in the loss, and in the cost
(paired, by client) that must stay within what the policy accepts. The test split says the rest.
Only ratios are searched; flattening curves is no way to mend the calibration of a group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from flows.learning.groups import Array, Flags, Groups, Measured
from scoring import metrics
from scoring.cost import CostOfError
from scoring.policy import FairnessDemands

NOTCH = 0.25
"""Share of an item's effects that one step takes away."""
NEAR = 0.25
"""Log-odds around the cut-off within which a small change turns verdicts."""
LEAST_GAIN = 5e-4
"""Relative gain in a ratio below which flattening an item is not worth a change of the grid."""
REACH = 0.01
"""The search goes on to this share of the cost beyond what the policy accepts, to show it."""


class Probabilities(Protocol):
    """A fitted calibration."""

    def probability(self, raw: Array) -> Array:
        """Calibrated probabilities (n,) of raw scores (n,)."""


@dataclass(frozen=True, eq=False, slots=True)
class Grid:
    """Out-of-fold effects (n, k) of the named items on the log-odds; the base is (n,) or one."""

    names: tuple[str, ...]
    effects: Array
    base: Array | float


@dataclass(frozen=True, slots=True)
class Worst:
    """The group of an attribute with the lowest ratio to the best-served group."""

    attribute: str
    measure: str
    floor: float
    group: str | None
    ratio: Measured


@dataclass(frozen=True, slots=True)
class Alternative:
    """A grid with some curves flattened: for each of these items, the factor of its effects."""

    flattened: Mapping[str, float]
    expected_cost: float
    cost_rise: float
    """Expected cost less that of the grid as learnt, on the same clients."""
    cost_rise_error: float
    """Its standard error."""
    auc: float
    served: float | None
    """Smallest of the worst ratios over their floors: from 1 up, every floor is met.

    ``None`` when there is nothing to compare: no two groups large enough, or nobody granted.
    """
    worst: tuple[Worst, ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Frontier:
    """Alternatives that no other beats in both cost and ``served``, the cheapest first.

    ``chosen`` serves best among those whose rise in cost, with its standard error, is within
    ``tolerance``: the share of the cost as learnt that the policy accepts on top of it. It is the
    grid as learnt when none is.
    """

    as_learnt: Alternative
    alternatives: tuple[Alternative, ...]
    chosen: Alternative
    tolerance: float

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


def search_alternatives(
    grid: Grid,
    default: Array,
    who: pl.DataFrame,
    demands: FairnessDemands,
    *,
    cost: CostOfError,
    cut_off: float,
    calibrate: Callable[[Array, Array], Probabilities],
    grantable: Flags | None = None,
    seed: int = 0,
) -> Frontier:
    """Search for alternatives that serve the groups of ``who`` (one row a client) more alike.

    ``default`` (n,) is 0/1; ``demands`` are the policy's; ``cut_off`` is that
    of the grid as learnt (``choose_cut_off``), kept for all so that costs compare; ``calibrate``
    fits on raw scores and outcomes (``Calibration.fit``); ``grantable`` (n,) is False where rules
    keep a client from a grant whatever the score.
    """
    clients = _Clients(
        grid=grid,
        squares=grid.effects**2,
        default=np.asarray(default, dtype=np.float64),
        compared=tuple(_compared(who, demands, default)),
        cost=cost,
        cut_off=cut_off,
        calibrate=calibrate,
        grantable=np.ones(len(default), dtype=np.bool_) if grantable is None else grantable,
        random=np.random.default_rng(seed),
    )
    with threadpool_limits(1, "blas"):  # many small products: threads would wait for one another
        found = [state.alternative for state in _flattened_step_by_step(clients, demands.tolerance)]
    as_learnt, frontier = found[0], _undominated(found)
    accepted = as_learnt.expected_cost * demands.tolerance
    within = [one for one in frontier if one.cost_rise + one.cost_rise_error <= accepted]
    chosen = _chosen(as_learnt, within)
    if chosen not in frontier:  # beaten by no more than chance explains: it is shown with them
        frontier = (chosen, *frontier)
    return Frontier(as_learnt, frontier, chosen, demands.tolerance)


def _chosen(as_learnt: Alternative, within: Sequence[Alternative]) -> Alternative:
    """Return what serves: the cheapest that meets every floor, else the one that serves best."""
    accepted = sorted((as_learnt, *within), key=lambda one: one.expected_cost)
    met = [one for one in accepted if (one.served or 0.0) >= 1.0]
    return met[0] if met else max(accepted, key=lambda one: one.served or 0.0)


@dataclass(frozen=True, eq=False, slots=True)
class _Compared:
    """An attribute whose ratio has a floor: its groups, and the clients (n,) that count."""

    attribute: str
    measure: str
    floor: float
    groups: Groups
    among: Flags


@dataclass(frozen=True, eq=False, slots=True)
class _Clients:
    """What the search looks at."""

    grid: Grid
    squares: Array
    default: Array
    compared: tuple[_Compared, ...]
    cost: CostOfError
    cut_off: float
    calibrate: Callable[[Array, Array], Probabilities]
    grantable: Flags
    random: np.random.Generator


@dataclass(frozen=True, eq=False, slots=True)
class _State:
    """A step of the search: factors (k,), probabilities and grants (n,), and what it is worth."""

    factors: Array
    probability: Array
    granted: Flags
    costs: Array
    """What each client's verdict costs (n,)."""
    alternative: Alternative


def _compared(who: pl.DataFrame, demands: FairnessDemands, default: Array) -> Iterator[_Compared]:
    good = np.asarray(default == 0)
    for attribute, bound in demands.bounds.items():
        groups = Groups.of(who[attribute])
        if bound.floor is not None and groups.comparable:
            among = good if bound.measure == "granted_good_ratio" else np.ones_like(good)
            yield _Compared(attribute, bound.measure, bound.floor, groups, among)


def _flattened_step_by_step(clients: _Clients, tolerance: float) -> Iterator[_State]:
    """Yield the grid as learnt, then one notch more each time, until it costs too much."""
    as_learnt = state = _judged(clients, np.ones(len(clients.grid.names)), None)
    furthest = state.alternative.expected_cost * (1 + tolerance + REACH)
    while True:
        yield state
        item = _next_item(clients, state)
        if item is None:
            return
        factors = state.factors.copy()
        factors[item] = max(0.0, factors[item] - NOTCH)
        state = _judged(clients, factors, as_learnt)
        if state.alternative.expected_cost > furthest:
            return


def _judged(clients: _Clients, factors: Array, as_learnt: _State | None) -> _State:
    """Calibrate and judge the grid with these factors, and compare its cost with that learnt."""
    raw = clients.grid.effects @ factors + clients.grid.base
    probability = clients.calibrate(raw, clients.default).probability(raw)
    granted = (probability <= clients.cut_off) & clients.grantable
    worst = tuple(_worst(compared, granted, clients.random) for compared in clients.compared)
    price = clients.cost
    costs = np.where(
        clients.default == 1, granted * price.missed_default, ~granted * price.refused_good
    )
    rises = costs - (costs if as_learnt is None else as_learnt.costs)
    names = zip(clients.grid.names, factors.tolist(), strict=True)
    alternative = Alternative(
        flattened={name: factor for name, factor in names if factor < 1},
        expected_cost=float(costs.mean()),
        cost_rise=float(rises.mean()),
        cost_rise_error=float(rises.std() / np.sqrt(len(rises))),
        auc=metrics.auc(clients.default, raw),
        served=_served(worst),
        worst=worst,
    )
    return _State(factors, probability, granted, costs, alternative)


def _worst(compared: _Compared, granted: Flags, random: np.random.Generator) -> Worst:
    measured = compared.groups.measured_ratios(granted, compared.among, random)
    known = [
        (ratio.value, name, ratio)
        for name, ratio in zip(compared.groups.names, measured, strict=True)
        if ratio.value is not None
    ]
    _, name, ratio = min(known, default=(None, None, Measured(None, None)), key=lambda k: k[0])
    return Worst(compared.attribute, compared.measure, compared.floor, name, ratio)


def _served(worst: Sequence[Worst]) -> float | None:
    values = [w.ratio.value / w.floor for w in worst if w.ratio.value is not None]
    return min(values) if values and len(values) == len(worst) else None


def _next_item(clients: _Clients, state: _State) -> int | None:
    """Return the place of the item to flatten by a notch more; ``None`` when none is worth it."""
    worst = state.alternative.worst
    if state.alternative.served is None:
        return None
    ratios = [w.ratio.value / w.floor for w in worst if w.ratio.value is not None]
    notch = np.minimum(state.factors, NOTCH)
    gain = notch * _gain(clients, state, clients.compared[int(np.argmin(ratios))])
    worth = gain / _loss(clients, state, notch)
    worth[(notch == 0) | (gain < LEAST_GAIN)] = -np.inf
    item = int(np.argmax(worth))
    return item if np.isfinite(worth[item]) else None


def _gain(clients: _Clients, state: _State, compared: _Compared) -> Array:
    """Relative gain (k,) in the worst group's ratio to the best, for effects taken away whole.

    Taking an item away moves a client by their effect less the mean effect, which calibration
    gives back; it turns the verdicts of as many as stand near the cut-off.
    """
    odds = np.log(state.probability) - np.log1p(-state.probability)
    threshold = np.log(clients.cut_off / (1 - clients.cut_off))
    near = (np.abs(odds - threshold) < NEAR) & clients.grantable
    ratios = compared.groups.ratios(state.granted, compared.among)
    places = (int(np.nanargmin(ratios)), int(np.nanargmax(ratios)))
    own = [near & compared.among & (compared.groups.places == place) for place in places]
    sums = np.array([near, *own], dtype=np.float64) @ clients.grid.effects
    everybody = sums[0] / max(near.sum(), 1)
    served = compared.groups.count(state.granted & compared.among)
    turned = [
        (total - rows.sum() * everybody) / (2 * NEAR * max(served[place], 1))
        for total, rows, place in zip(sums[1:], own, places, strict=True)
    ]
    return np.asarray(turned[0] - turned[1])


def _loss(clients: _Clients, state: _State, notch: Array) -> Array:
    """Log-likelihood lost a client (k,) when each item alone is flattened by its ``notch``.

    Its standard error is added: where many items are compared, some seem to lose nothing.
    """
    p = state.probability
    curvature = p * (1 - p)
    first, mean = np.array([clients.default - p, curvature]) @ clients.grid.effects
    variance = curvature @ clients.squares - mean**2 / curvature.sum()
    lost = notch * first + notch**2 * variance / 2
    return np.asarray(np.maximum(lost, 0.0) + notch * np.sqrt(variance) + 1e-12) / len(p)


def _undominated(found: Sequence[Alternative]) -> tuple[Alternative, ...]:
    """Keep those that serve better than every cheaper one; the cheapest first."""
    kept: list[Alternative] = []
    order = sorted(found, key=lambda one: (one.expected_cost, -(one.served or 0.0)))
    for one in order:
        if not kept or (one.served or 0.0) > (kept[-1].served or 0.0):
            kept.append(one)
    return tuple(kept)

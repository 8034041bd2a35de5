"""Which items a grid reads: those that together say what all candidates say.

A model of all candidate items is learnt first (the *whole*). Items are then taken one by one, each
time the one that explains most of what is left of the whole's score, every taken curve being
fitted again after each (matching pursuit with backfitting; Mallat and Zhang, 1993). How many are
kept is chosen by cross-validation under the one-standard-error rule (Breiman et al., 1984): the
fewest items whose log-loss is within one standard error, over clients, of the best size's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.isotonic import isotonic_regression

from flows.learning.curves import (
    TOLD,
    Design,
    Detail,
    Fitted,
    Intervals,
    cuts_of,
    fit,
    grid_of,
)
from flows.learning.dataset import Labelled
from flows.learning.folds import stratified
from scoring.errors import TooFewClients
from scoring.grid import Grid

Array = NDArray[np.float64]

LEAST_KNOWN = 20
"""An item known for fewer clients than this teaches nothing that would hold elsewhere."""
SHRINK = 20.0
"""Clients of no effect added to each interval while items are compared."""
SAME_SCORE = 1e-9
"""Log-odds within which all clients score the same: nothing tells them apart."""
LEAST_GAIN = 1e-4
"""Share of the whole's variance below which a further item says nothing."""
KEPT_PENALTY = 10.0
"""Penalty of the kept curves, which learn from the whole's smooth score, not from outcomes."""


@dataclass(frozen=True)
class Whole:
    """The model of all candidates: how they are cut, and the score (n,) it gives its clients."""

    data: Labelled
    cuts: Sequence[Intervals]
    design: Design
    fitted: Fitted

    @classmethod
    def of(cls, data: Labelled, detail: Detail = TOLD) -> Whole:
        """Learn from these clients' outcomes."""
        penalty = detail.ridge * len(data.names)
        cuts = cuts_of(data, detail.steps)
        design = Design.of(data, cuts)
        return cls(data, cuts, design, fit(design, data.default, penalty))

    @property
    def score(self) -> Array:
        """Raw scores (n,) of the learning clients."""
        return np.asarray(self.design.met @ self.fitted.effects) + self.fitted.base

    @property
    def grid(self) -> Grid:
        """The whole as a grid."""
        return grid_of(self.data, self.cuts, self.design, self.fitted)

    def only(self, places: Sequence[int]) -> Grid:
        """Return the grid of some candidates that says best what the whole says.

        Its target is the whole's probability, which carries less noise than an outcome.
        """
        kept = self.data.only([self.data.names[place] for place in places])
        cuts = [self.cuts[place] for place in places]
        design = Design.of(kept, cuts)
        target = 1.0 / (1.0 + np.exp(-self.score))
        return grid_of(kept, cuts, design, fit(design, target, KEPT_PENALTY))


def ranked(whole: Whole, most: int) -> list[int]:
    """Return the places of at most ``most`` candidates, the most telling first.

    Raises ``TooFewClients`` when no candidate tells any two of so few clients apart.
    """
    left = whole.score - whole.score.mean()
    if np.ptp(left) < SAME_SCORE:
        raise TooFewClients(len(left), int(whole.data.default.sum()))
    enough = LEAST_GAIN * float(left @ left)
    pursuit = _Pursuit(whole, left)
    while len(pursuit.taken) < most:
        best, gain = pursuit.best()
        if gain <= enough:
            break
        pursuit.take(best)
    return list(pursuit.taken)


class _Pursuit:
    """What is left of the whole's score (n,), and the curves taken so far; lives for one order."""

    def __init__(self, whole: Whole, left: Array) -> None:
        self._directions = whole.data.directions
        self._cuts = whole.cuts
        sizes = np.array([cut.groups + 1 for cut in whole.cuts])
        self._starts = np.concatenate(([0], np.cumsum(sizes)))
        self._met = whole.design.met.tocsc()
        self._met_by = whole.design.met.T.tocsr()
        self._clients = np.asarray(self._met.sum(axis=0)).ravel()
        self._left = left
        self._columns: dict[int, sparse.csc_matrix] = {}
        self.taken: dict[int, Array] = {}

    def best(self) -> tuple[int, float]:
        """Return the candidate that explains most of what is left, and how much.

        A directed curve never explains more than a free one, so directed ones are looked at from
        the most promising down, until a free one could not beat the best found.
        """
        sums = np.asarray(self._met_by @ self._left)
        shrunk = self._clients + SHRINK
        free = np.add.reduceat(sums**2 / shrunk * (2 - self._clients / shrunk), self._starts[:-1])
        free[list(self.taken)] = -np.inf
        best, most = -1, -np.inf
        for place in np.argsort(-free, kind="stable").tolist():
            if free[place] <= most:
                break
            own = self._own(place)
            curve = self._curve(place, sums[own])
            gain = float(2 * curve @ sums[own] - self._clients[own] @ (curve * curve))
            if gain > most:
                best, most = place, gain
        return best, most

    def take(self, place: int) -> None:
        """Take a candidate, then fit every taken curve again, the latest first."""
        self._columns[place] = self._met[:, self._own(place)]
        self.taken[place] = np.zeros(self._cuts[place].groups + 1)
        for other in reversed(list(self.taken)):
            columns = self._columns[other]
            part = self._left + columns @ self.taken[other]
            self.taken[other] = self._curve(other, np.asarray(columns.T @ part))
            self._left = part - columns @ self.taken[other]

    def _own(self, place: int) -> slice:
        return slice(int(self._starts[place]), int(self._starts[place + 1]))

    def _curve(self, place: int, sums: Array) -> Array:
        """Return the curve (e,) nearest to what is left, monotone where the item is directed."""
        clients, cut = self._clients[self._own(place)], self._cuts[place]
        curve = sums / (clients + SHRINK)
        direction = self._directions[place]
        if direction and cut.ordered and cut.groups > 1:
            known = slice(0, cut.groups)
            curve[known] = isotonic_regression(
                curve[known], sample_weight=clients[known] + 1e-9, increasing=direction > 0
            )
        return curve


@dataclass(frozen=True, slots=True)
class Size:
    """One number of items tried: its mean log-loss, and the standard error of its excess."""

    items: int
    log_loss: float
    excess: float
    """Mean log-loss beyond the best size's."""
    standard_error: float


@dataclass(frozen=True)
class Choice:
    """The number of items that cross-validation chose, and what it saw of each."""

    items: int
    sizes: tuple[Size, ...]


def choose(data: Labelled, sizes: Sequence[int], folds: int, seed: int) -> Choice:
    """Choose the number of items inside these clients only."""
    losses: dict[int, list[Array]] = {size: [] for size in sizes}
    for learn, judge in stratified(data.default, folds, seed):
        whole, held = Whole.of(data.take(learn)), data.take(judge)
        order = ranked(whole, max(sizes))
        for size in sizes:
            losses[size].append(_losses(whole.only(order[:size]), held))
    found = tuple(_compared({size: np.concatenate(one) for size, one in losses.items()}))
    near = [size.items for size in found if size.excess <= size.standard_error]
    return Choice(min(near), found)


def _losses(grid: Grid, judge: Labelled) -> Array:
    """Return each client's log-loss (n,)."""
    raw = grid.raw_score(judge.only(grid.items).matrix)
    return np.logaddexp(0.0, raw) - judge.default * raw


def _compared(losses: dict[int, Array]) -> Iterator[Size]:
    best = min(losses, key=lambda size: float(losses[size].mean()))
    for size, loss in losses.items():
        excess = loss - losses[best]
        error = float(excess.std() / np.sqrt(len(excess)))
        yield Size(size, float(loss.mean()), float(excess.mean()), error)


def saying(data: Labelled) -> tuple[str, ...]:
    """Return the names of the candidates that are known, and differ, for enough clients."""
    return tuple(
        name
        for name, column in zip(data.names, data.matrix.T, strict=True)
        if (known := column[~np.isnan(column)]).size >= LEAST_KNOWN
        and (known.size < column.size or bool((known != known[0]).any()))
    )

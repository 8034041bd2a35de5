"""Everything that is chosen from the clients one may learn from, in one call.

The training flow calls it on its training split, the judge on the training part of each fold:
what is judged is what is trained.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split

from flows.learning.dataset import Labelled
from flows.learning.decide import Decided, OutOfFold, decide
from flows.learning.folds import stratified
from flows.learning.recipe import Recipe
from flows.learning.selection import Choice, Whole, choose, ranked, saying
from scoring.cost import CostOfError
from scoring.facts import FACTS
from scoring.grid import Grid

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Learned:
    """A grid, its calibration and its cut-off, and what cross-validation saw of each size."""

    grid: Grid
    scored: OutOfFold
    decided: Decided
    choice: Choice

    @property
    def names(self) -> tuple[str, ...]:
        """Items it reads."""
        return self.grid.items

    def probability(self, data: Labelled) -> Array:
        """Calibrated probabilities (n,) of clients whose columns include ``names``."""
        raw = self.grid.raw_score(data.only(self.names).matrix)
        return self.decided.calibration.probability(raw)


def flattened(
    learned: Learned,
    factors: Mapping[str, float],
    default: Array,
    cost: CostOfError,
    seed: int,
) -> Learned:
    """Return the grid with the effects of some items multiplied, calibrated and decided anew.

    An item of factor 0 leaves the grid. ``default`` (n,) is that of the learning clients.
    """
    if not factors:
        return learned
    effects = learned.scored.effects
    assert effects is not None, "a grid's scores come with its effects"
    by = np.array([factors.get(name, 1.0) for name in learned.names])
    grid = learned.grid.flattened(factors)
    shrunk = (effects * by)[:, by > 0]
    raw = learned.scored.raw - (effects * (1 - by)).sum(axis=1)
    scored = OutOfFold(raw, learned.scored.fold_of, shrunk)
    return Learned(grid, scored, decide(scored, default, cost, seed), learned.choice)


def candidates(data: Labelled) -> tuple[str, ...]:
    """Return the names of the items that may enter a grid: those that carry a fact."""
    return tuple(name for name in data.names if name in FACTS)


def learn_scorecard(data: Labelled, recipe: Recipe, cost: CostOfError, seed: int) -> Learned:
    """Choose items, curves, calibration and cut-off from these clients only."""
    data = data.only(candidates(data))
    some = _some(data, recipe.choosing_clients, seed)
    some = some.only(saying(some))
    choice = choose(some, recipe.sizes, recipe.choosing_folds, seed)
    order = ranked(Whole.of(some), choice.items)
    return learn_items(data, [some.names[place] for place in order], choice, recipe, cost, seed)


def learn_items(
    data: Labelled,
    items: list[str],
    choice: Choice,
    recipe: Recipe,
    cost: CostOfError,
    seed: int,
) -> Learned:
    """Draw the curves of these items, the strongest first, and decide on out-of-fold scores.

    The curves learn from what all candidates together say of the clients.
    """
    grid = _drawn(data, items)
    raw, effects = np.zeros(len(data)), np.zeros((len(data), len(grid.items)))
    fold_of = np.zeros(len(data), dtype=np.int64)
    for number, (learn, judge) in enumerate(stratified(data.default, recipe.folds, seed)):
        held = _drawn(data.take(learn), items)
        found = held.effects(data.take(judge).only(held.items).matrix)
        raw[judge], fold_of[judge] = held.total(found), number
        for place, item in enumerate(grid.items):
            if item in held.items:
                effects[judge, place] = found[:, held.items.index(item)]
    scored = OutOfFold(raw, fold_of, effects)
    return Learned(grid, scored, decide(scored, data.default, cost, seed), choice)


def _drawn(data: Labelled, items: list[str]) -> Grid:
    whole = Whole.of(data.only(saying(data)))
    place = {name: number for number, name in enumerate(whole.data.names)}
    return whole.only([place[item] for item in items if item in place])


def _some(data: Labelled, most: int, seed: int) -> Labelled:
    """Return at most so many clients, with the same share of defaults."""
    if len(data) <= most:
        return data
    rows, _ = train_test_split(
        np.arange(len(data)), train_size=most, stratify=data.default, random_state=seed
    )
    return data.take(np.sort(rows))

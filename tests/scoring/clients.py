"""Every client of the small portfolio as a service meets them, and scorecards that read estimates.

``whole`` reads every item there is, so that what holds for it holds for any choice of items;
``estimating`` is the hand-made scorecard with estimates one can read in one screen.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from features.build import history_features
from features.catalogue import CATALOGUE
from features.definitions.estimated import TABLE as ESTIMATES
from flows.learning.dataset import labelled
from flows.learning.estimating import learn_estimates
from flows.learning.population import granted_population, ranges
from flows.learning.selection import Whole, saying
from scoring.calibration import Calibration
from scoring.estimates import Estimates
from scoring.grid import Grid
from scoring.scorecard import Scorecard
from tests import training_world as world
from tests.scoring import small_scorecard as small

Form = dict[str, Any]
Past = dict[str, "float | None"]

ESTIMATED_CURVES = {
    "external_score_1_filled": ((0.3, 0.6), (0.4, 0.0, -0.4), 0.0),
    "external_score_3_expected": ((0.4, 0.5, 0.6), (0.3, 0.1, -0.1, -0.3), 0.0),
    "external_score_filled_mean": ((0.35, 0.45, 0.55), (0.6, 0.2, -0.1, -0.5), 0.0),
}
"""Curves on estimates, as ``small_scorecard.CURVES``."""


@cache
def forms() -> tuple[Form, ...]:
    """The applications (plain names) of all clients, as they are received."""
    return tuple(world.prepared().scan("applications").collect().to_dicts())


@cache
def pasts() -> tuple[Past, ...]:
    """The history features of all clients, as they are stored, in the order of ``forms``."""
    return tuple(history_features(world.prepared()).drop("client_id").to_dicts())


@cache
def whole() -> Scorecard:
    """A grid of every item that says something, estimates of external scores among them."""
    estimates = learn_estimates(world.table().features, world.SEED)
    features = estimates.added_to(world.table().features)
    names = [*world.table().names, *(one.name for one in CATALOGUE.of(ESTIMATES))]
    data = labelled(features, names)
    data = data.only(saying(data))
    grid, calibration = Whole.of(data).grid, world.scorecard().calibration
    data = data.only(grid.items)
    probability = calibration.probability(grid.raw_score(data.matrix))
    cut_off = world.metadata().cut_off.value
    card = world.metadata().model_copy(
        update={
            "items": grid.items,
            "ranges": ranges(data),
            "granted": granted_population(grid, data, probability, cut_off),
        }
    )
    return Scorecard.of(grid, calibration, card, estimates)


def estimates() -> Estimates:
    """Three estimates of one screen: the other scores, income and amount say what one usually is.

    Without any of them an estimate is a half.
    """
    better = ((0.3, 0.6), (-0.5, 0.0, 0.5), 0.0)
    richer = ((100_000.0, 200_000.0), (-0.2, 0.0, 0.25), 0.0)
    more = ((300_000.0,), (0.1, -0.1), 0.0)
    read = {
        "external_score_1": {"external_score_2": better, "income_total": richer},
        "external_score_2": {"external_score_1": better, "amount_credit": more},
        "external_score_3": {"external_score_2": better, "external_score_1": better},
    }
    return Estimates(
        grids={
            name: Grid(base=0.0, curves=tuple(small.curve(item, *curves[item]) for item in curves))
            for name, curves in read.items()
        }
    )


@cache
def estimating() -> Scorecard:
    """The small scorecard with three items more, which are made of estimates."""
    added = [small.curve(item, *ESTIMATED_CURVES[item]) for item in ESTIMATED_CURVES]
    grid = Grid(base=small.BASE, curves=(*small.grid().curves, *added))
    plain = small.metadata()
    means = tuple(one.effect(0.5) for one in added)
    granted = plain.granted.model_copy(
        update={
            "base": plain.granted.base + sum(means),
            "mean_effects": (*plain.granted.mean_effects, *means),
            "typical": {**plain.granted.typical, **dict.fromkeys(ESTIMATED_CURVES, 0.5)},
        }
    )
    card = plain.model_copy(update={"items": grid.items, "granted": granted})
    return Scorecard.of(grid, Calibration(a=1.0, b=1.0, c=0.0), card, estimates())

"""Other ways to make the scorecard, judged like the one that serves, to state what each costs."""

from __future__ import annotations

from dataclasses import replace

from features.catalogue import CATALOGUE
from flows.steps.dataset import Labelled
from flows.steps.judging import Judgeable, Learn
from flows.steps.learned import learn_scorecard
from flows.steps.recipe import COMPACT_FEATURES, Recipe
from flows.steps.woe import learn_simple
from scoring.cost import CostOfError

REGION = ("region_rating", "region_city_rating", "region_population_share")
AGE_GROUP = "age"


def _unconstrained(data: Labelled, recipe: Recipe, cost: CostOfError, seed: int) -> Judgeable:
    return learn_scorecard(data, replace(recipe, constrained=False), cost, seed)


def _one_seed(data: Labelled, recipe: Recipe, cost: CostOfError, seed: int) -> Judgeable:
    return learn_scorecard(data, replace(recipe, seeds=1), cost, seed)


def _boosted_only(data: Labelled, recipe: Recipe, cost: CostOfError, seed: int) -> Judgeable:
    return learn_scorecard(data, replace(recipe, additive=(0.0,)), cost, seed)


def _compact(data: Labelled, recipe: Recipe, cost: CostOfError, seed: int) -> Judgeable:
    return learn_scorecard(data, replace(recipe, most_features=COMPACT_FEATURES), cost, seed)


def _without_region(data: Labelled, recipe: Recipe, cost: CostOfError, seed: int) -> Judgeable:
    names = [n for n in data.names if not CATALOGUE[n].reads() & set(REGION)]
    return learn_scorecard(data.only(names), recipe, cost, seed)


def _without_age(data: Labelled, recipe: Recipe, cost: CostOfError, seed: int) -> Judgeable:
    names = [n for n in data.names if not _reads_age(n)]
    return learn_scorecard(data.only(names), recipe, cost, seed)


def _reads_age(name: str) -> bool:
    feature = CATALOGUE[name]
    return feature.group == AGE_GROUP or "birth_days" in feature.reads()


VARIANTS: dict[str, Learn] = {
    "full": learn_scorecard,
    "unconstrained": _unconstrained,
    "one seed": _one_seed,
    "compact": _compact,
    "boosted trees alone": _boosted_only,
    "without age": _without_age,
    "without region": _without_region,
    "logistic": learn_simple,
}
"""Name -> how it is learnt. ``full`` is the scorecard that serves."""

"""How good the recipe is, by a nested protocol: no choice of any kind looks at a judged client.

Five stratified folds. For each, on the other four only: items, rounds, curves, calibration and
cut-off are chosen; the fold is then scored and judged once. The estimates of external scores,
which no outcome takes part in, are crossed over all the clients of the archive.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flows.learning.dataset import Labelled
from flows.learning.folds import stratified
from flows.learning.learned import Learned, learn_scorecard
from flows.learning.price import Columns, prices, scored_with
from flows.learning.recipe import Recipe
from flows.learning.reference import learn_reference
from flows.learning.training import Judgeable, Judgement
from flows.learning.weights_of_evidence import learn_simple
from flows.reports.run_figures import bands
from scoring import metrics
from scoring.cost import CostOfError
from scoring.cut_off import CutOff

Array = NDArray[np.float64]
Learn = Callable[[Labelled, Recipe, CostOfError, int], Judgeable]

FOLDS = 5
SEED = 1001
GRID, REFERENCE, LOGISTIC = "grid", "reference", "logistic"


def _of_size(size: int) -> Learn:
    def learn(data: Labelled, recipe: Recipe, cost: CostOfError, seed: int) -> Judgeable:
        return learn_scorecard(data, replace(recipe, sizes=(size,)), cost, seed)

    return learn


SIZES = {f"{size} items": _of_size(size) for size in (20, 40, 60, 80)}
MODELS: Mapping[str, Learn] = {
    GRID: learn_scorecard,
    REFERENCE: learn_reference,
    LOGISTIC: learn_simple,
    **SIZES,
}
"""What is judged, by name: the grid that serves, the reference beside it, grids of fixed sizes, and
a logistic regression on weights of evidence."""


@dataclass(frozen=True)
class Judged:
    """One fold, judged: outcomes, probabilities, the cut-off chosen without it."""

    default: Array
    probability: Array
    cut_off: CutOff
    features: int

    @property
    def refused(self) -> NDArray[np.bool_]:
        """Who is above the cut-off (n,)."""
        return self.probability > self.cut_off.value


@dataclass(frozen=True)
class Judging:
    """The clients judged, how what is judged is learnt, and what is not used, of each client."""

    data: Labelled
    recipe: Recipe
    cost: CostOfError
    contested: Columns


def judge(
    judging: Judging, models: Mapping[str, Learn], report: Callable[[str], None]
) -> dict[str, Any]:
    """Judge each model; return the figures by name, as plain JSON values.

    Beside those of the grid stand its differences to the others on the same clients, and the
    price of each input that is not used.
    """
    found: dict[str, list[Judged]] = {name: [] for name in models}
    unused: dict[str, list[Array]] = {}
    for number, (learn_rows, judge_rows) in enumerate(
        stratified(judging.data.default, FOLDS, SEED), start=1
    ):
        learn, held = judging.data.take(learn_rows), judging.data.take(judge_rows)
        for name, how in models.items():
            learned = how(learn, judging.recipe, judging.cost, SEED)
            found[name].append(_judged(learned, held))
            if isinstance(learned, Learned) and name == GRID:
                of_parts = [
                    {key: frame[rows] for key, frame in judging.contested.items()}
                    for rows in (learn_rows, judge_rows)
                ]
                scores = scored_with(learn, held, learned.names, *of_parts)
                for key, raw in scores.items():
                    unused.setdefault(key, []).append(raw)
            last = found[name][-1]
            report(
                f"fold {number} of {FOLDS}, {name}: "
                f"AUC {metrics.auc(last.default, last.probability):.4f}"
            )
    values: dict[str, Any] = {name: figures(one, judging.cost) for name, one in found.items()}
    if GRID in found:
        values["differences"] = _differences(found, judging.cost)
        default = np.concatenate([fold.default for fold in found[GRID]])
        share = float(np.concatenate([fold.refused for fold in found[GRID]]).mean())
        together = {key: np.concatenate(raw) for key, raw in unused.items()}
        values["prices"] = prices(default, together, share, judging.cost)
    return values


def _judged(learned: Judgeable, held: Labelled) -> Judged:
    return Judged(
        default=held.default,
        probability=learned.probability(held),
        cut_off=learned.decided.cut_off,
        features=len(learned.names),
    )


def _differences(found: Mapping[str, list[Judged]], cost: CostOfError) -> dict[str, Any]:
    """Return how each other model differs from the grid, with bootstrap standard errors."""

    def together(folds: list[Judged]) -> tuple[Array, NDArray[np.bool_]]:
        return (
            np.concatenate([fold.probability for fold in folds]),
            np.concatenate([fold.refused for fold in folds]),
        )

    default = np.concatenate([fold.default for fold in found[GRID]])
    grid = together(found[GRID])
    return {
        name: asdict(metrics.difference(default, grid, together(folds), cost))
        for name, folds in found.items()
        if name != GRID
    }


def figures(judged: list[Judged], cost: CostOfError) -> dict[str, object]:
    """Sum up the folds.

    ``auc``, ``gini``, ``ks`` are of all clients together, each scored by the fold that did not
    learn from it; ``auc_of_folds`` lists the folds apart (NaN, written null, for a fold without
    defaults). ``expected_cost`` applies each fold's own cut-off. ``calibration_error`` is of all
    clients together, ``calibration_error_of_folds`` the mean of the folds; ``bands`` compares
    what was said and what happened in each risk band. A fold's ``cut_off_interval`` holds the
    middle 80 % of the cut-offs of bootstrap samples; the one of all is the mean of the edges.
    """
    default = np.concatenate([fold.default for fold in judged])
    probability = np.concatenate([fold.probability for fold in judged])
    refused = np.concatenate([fold.refused for fold in judged])
    of_folds = [metrics.auc(fold.default, fold.probability) for fold in judged]
    apart = [metrics.calibration_error(fold.default, fold.probability) for fold in judged]
    return {
        "auc": metrics.auc(default, probability),
        "auc_interval": metrics.auc_interval(default, probability),
        "auc_of_folds": [None if np.isnan(value) else value for value in of_folds],
        "auc_mean_of_folds": float(np.nanmean(of_folds)),
        "gini": metrics.gini(default, probability),
        "ks": metrics.ks(default, probability),
        "expected_cost": cost.expected(default, refused),
        "accept_all_cost": cost.expected(default, np.zeros(len(default))),
        "refused_share": float(refused.mean()),
        "calibration_error": metrics.calibration_error(default, probability),
        "calibration_error_of_folds": float(np.mean(apart)),
        "bands": bands(Judgement(default, probability, {})),
        "cut_off": float(np.mean([fold.cut_off.value for fold in judged])),
        "cut_off_of_folds": [fold.cut_off.value for fold in judged],
        "cut_off_interval": np.mean([fold.cut_off.interval for fold in judged], axis=0).tolist(),
        "cut_off_interval_of_folds": [fold.cut_off.interval for fold in judged],
        "clients": len(default),
        "defaults": int(default.sum()),
        "features": round(float(np.mean([fold.features for fold in judged]))),
    }

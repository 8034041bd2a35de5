"""Every figure of a training run as plain values: what the report and the documents quote.

All of it is of groups: counts, rates, means. Never a client's value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from features.catalogue import CATALOGUE
from features.policy import policy as inputs
from flows.learning.alternatives import Frontier
from flows.learning.dataset import Labelled
from flows.learning.fairness import Fairness
from flows.learning.pairs import strongest_pairs
from flows.learning.recipe import Recipe
from flows.learning.training import Judgement, Made, figures
from scoring import metrics
from scoring.cost import CostOfError
from scoring.facts import FACTS, SUBJECTS
from scoring.grid import Curve
from scoring.metadata import Metadata
from scoring.points import RISK_BANDS, risk_band
from scoring.policy import Policy
from scoring.population import SMALLEST_GROUP

Array = NDArray[np.float64]
Values = dict[str, Any]

CURVE_POINTS = 101
EXPLAINED = 5_000
"""Clients of the test split whose contributions are averaged."""


@dataclass(frozen=True)
class Run:
    """What one training run made, before it is put into words."""

    made: Made
    judgements: tuple[Judgement, Judgement]
    """The grid's and the reference's."""
    train: Labelled
    test: Labelled
    fairness: Fairness
    frontier: Frontier
    prices: Mapping[str, Mapping[str, float]]
    """What each input that is not used would bring."""
    policy: Policy
    recipe: Recipe
    rows: Mapping[str, int]
    """Rows of each prepared table."""
    model_tag: str
    scorecard_hash: str
    warnings: Sequence[str]

    @property
    def metadata(self) -> Metadata:
        """The grid's identity card."""
        return self.made.grid.scorecard.metadata


def run_figures(run: Run) -> Values:
    """Return all the figures of the run, by the names ``run.json`` gives them."""
    learned, cost, judgement = run.made.learned, run.metadata.cost, run.judgements[0]
    decided = learned.decided
    return {
        **identity(run),
        "metrics": judgement.figures,
        "out_of_fold": figures(run.train.default, decided.probability, decided.cut_off.value, cost),
        "cost_of_error": {**cost.model_dump(), "break_even": cost.break_even},
        "recipe": asdict(run.recipe),
        "sizes": [asdict(size) for size in learned.choice.sizes],
        "reference": reference(run),
        "price_of_transparency": price_of_transparency(run),
        "prices": {name: dict(price) for name, price in run.prices.items()},
        "rows": dict(run.rows),
        "bands": bands(judgement),
        "calibration": [
            asdict(group)
            for group in metrics.calibration_bins(judgement.default, judgement.probability)
        ],
        "curves": curves(judgement, cost),
        "feature_counts": feature_counts(run.metadata.items),
        "items": items(run),
        "frontier": run.frontier.as_json(),
        "fairness": run.fairness.as_json(),
        "inputs": inputs().as_json(),
        "policy": {"identity": run.policy.identity, **run.policy.model_dump(mode="json")},
        "warnings": list(run.warnings),
    }


def identity(run: Run) -> Values:
    """Return what identifies the scorecard and the choices it was made with."""
    card, cut_off = run.metadata, run.metadata.cut_off
    return {
        "model_tag": run.model_tag,
        "scorecard_hash": run.scorecard_hash,
        "trained_at": card.trained_at.isoformat(timespec="seconds"),
        "data_fingerprint": card.data_fingerprint,
        "feature_version": card.feature_version,
        "policy_identity": run.policy.identity,
        "tables": ", ".join(card.tables),
        "item_count": len(card.items),
        "clients": card.clients,
        "seed": card.seed,
        "cut_off": round(cut_off.value, 6),
        "cut_off_interval": [round(edge, 6) for edge in cut_off.interval],
        "grey_zone": [round(edge, 6) for edge in cut_off.grey_zone],
    }


def reference(run: Run) -> Values:
    """Return the figures of the reference on the same clients, and what it is made of."""
    learned = run.made.learned_reference
    return {
        "metrics": run.judgements[1].figures,
        "features": len(learned.names),
        "trees": learned.model.booster.num_trees(),
        "trees_share": learned.model.share,
        "pairs": strongest_pairs(learned.model.booster),
    }


def price_of_transparency(run: Run) -> Values:
    """Return what the reference ranks better on the test split: paired, with standard errors."""
    grid, other = run.judgements
    cut_offs = (
        run.made.learned.decided.cut_off.value,
        run.made.learned_reference.decided.cut_off.value,
    )
    found = metrics.difference(
        grid.default,
        (grid.probability, grid.probability > cut_offs[0]),
        (other.probability, other.probability > cut_offs[1]),
        run.metadata.cost,
    )
    return asdict(found)


def bands(judgement: Judgement) -> list[Values]:
    """Return, for each risk band, its clients, what was said, what happened, and the gap.

    ``low`` and ``high`` are the 95 % interval of the default rate. A band of fewer than twenty
    clients is left out.
    """
    of_client = np.array([risk_band(p) for p in judgement.probability])
    found = []
    for name, below in RISK_BANDS:
        held = of_client == name
        if held.sum() < SMALLEST_GROUP:
            continue
        defaults, clients = int(judgement.default[held].sum()), int(held.sum())
        low, high = rate_interval(defaults, clients)
        found.append(
            {
                "band": name,
                "below": below,
                "clients": clients,
                "share": clients / len(of_client),
                "said": float(judgement.probability[held].mean()),
                "happened": defaults / clients,
                "gap": float(judgement.probability[held].mean()) - defaults / clients,
                "low": low,
                "high": high,
            }
        )
    return found


def rate_interval(cases: int, clients: int) -> tuple[float, float]:
    """Return the 95 % interval of a rate (Wilson, 1927)."""
    interval = binomtest(cases, clients).proportion_ci(method="wilson")
    return float(interval.low), float(interval.high)


def curves(judgement: Judgement, cost: CostOfError) -> dict[str, Values]:
    """Return the curves of the test split, thinned: ROC, gain, and cost by cut-off."""
    default, probability = judgement.default, judgement.probability
    false_positive, true_positive = thin(*metrics.roc(default, probability))
    share, found = metrics.gain(default, probability)
    cut_offs, costs = cost.curve(default, probability)
    near = cut_offs <= 4 * cost.break_even
    cut_offs, costs = thin(cut_offs[near], costs[near])
    return {
        "roc": {"x": _short(false_positive), "y": _short(true_positive)},
        "gain": {"x": _short(share), "y": _short(found)},
        "cost": {"x": _short(cut_offs), "y": _short(costs)},
    }


def thin(x: Array, y: Array) -> tuple[Array, Array]:
    """Keep at most ``CURVE_POINTS`` points of a curve, its ends among them."""
    kept = np.unique(np.linspace(0, len(x) - 1, CURVE_POINTS).astype(int))
    return x[kept], y[kept]


def _short(values: Array) -> list[float]:
    return [round(float(value), 5) for value in values]


def feature_counts(names: Sequence[str]) -> Values:
    """Return how many of the items come from each table and are about each subject."""
    return {
        "by_table": dict(Counter(CATALOGUE[name].table for name in names)),
        "by_subject": dict(Counter(FACTS[name].subject for name in names)),
        "directed": sum(CATALOGUE[name].direction != 0 for name in names),
        "actionable": sum(CATALOGUE[name].actionable for name in names),
        "catalogue": len(CATALOGUE),
        "candidates": len(FACTS),
    }


def items(run: Run) -> list[Values]:
    """Return every item, the one that moves clients most first: words, curve, strength.

    ``mean_contribution`` is the mean absolute contribution over the test split, log-odds.
    """
    scorecard = run.made.grid.scorecard
    matrix = run.test.only(scorecard.items).matrix[:EXPLAINED]
    moved = scorecard.model.effects(matrix) - np.asarray(run.metadata.granted.mean_effects)
    strength = np.abs(moved).mean(axis=0)
    grid = run.made.learned.grid
    order = np.argsort(-strength, kind="stable").tolist()
    return [_item(grid.curves[place], float(strength[place]), run) for place in order]


def _item(curve: Curve, strength: float, run: Run) -> Values:
    feature, fact = CATALOGUE[curve.item], FACTS[curve.item]
    return {
        "item": curve.item,
        "label": feature.label._asdict(),
        "subject": SUBJECTS[fact.subject]._asdict(),
        "form": fact.form,
        "direction": feature.direction,
        "categories": list(feature.categories),
        "mean_contribution": strength,
        "usual": run.metadata.granted.typical[curve.item],
        "curve": curve.model_dump(mode="json", exclude={"item"}),
    }

"""Every figure of a training run as plain values: what the report and the documents quote.

All of it is of groups: counts, rates, means. Never a client's value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from features.catalogue import CATALOGUE
from features.groups import GROUPS
from features.policy import policy
from flows.steps.dataset import Labelled
from flows.steps.fairness import Fairness
from flows.steps.learn import CrossValidated
from flows.steps.learned import Learned
from flows.steps.recipe import Recipe
from flows.steps.training import Judgement, figures
from scoring import metrics
from scoring.cost import CostOfError
from scoring.metadata import Metadata
from scoring.points import RISK_BANDS, risk_band
from scoring.population import SMALLEST_GROUP

Array = NDArray[np.float64]
Values = dict[str, Any]

CURVE_POINTS = 101
STRONGEST = 25
EXPLAINED = 2_000
"""Clients of the test split whose contributions are averaged by group."""


@dataclass(frozen=True)
class Run:
    """What one training run made, before it is put into words."""

    learned: Learned
    metadata: Metadata
    judgement: Judgement
    train: Labelled
    test: Labelled
    fairness: Fairness
    recipe: Recipe
    rows: Mapping[str, int]
    """Rows of each prepared table."""
    model_tag: str
    scorecard_hash: str
    warnings: Sequence[str]


def run_figures(run: Run) -> Values:
    """Return all the figures of the run, by the names ``run.json`` gives them."""
    decided, cost = run.learned.decided, run.metadata.cost
    return {
        **identity(run),
        "metrics": run.judgement.figures,
        "out_of_fold": figures(run.train.default, decided.probability, decided.cut_off.value, cost),
        "cost_of_error": {**cost.model_dump(), "break_even": cost.break_even},
        "recipe": asdict(run.recipe),
        "chosen": chosen(run.learned.scored),
        "rows": dict(run.rows),
        "bands": bands(run.judgement),
        "calibration": [
            asdict(group)
            for group in metrics.calibration_bins(run.judgement.default, run.judgement.probability)
        ],
        "curves": curves(run.judgement, cost),
        "feature_counts": feature_counts(run.metadata.features),
        "groups": groups(run),
        "strongest": strongest(run.learned, run.metadata),
        "fairness": run.fairness.as_json(),
        "policy": {"denied": policy().denied, "documented": policy().documented},
        "warnings": list(run.warnings),
    }


def identity(run: Run) -> Values:
    """Return what identifies the scorecard and the choices it was made with."""
    card, cut_off = run.metadata, run.learned.decided.cut_off
    return {
        "model_tag": run.model_tag,
        "scorecard_hash": run.scorecard_hash,
        "trained_at": card.trained_at.isoformat(timespec="seconds"),
        "data_fingerprint": card.data_fingerprint,
        "feature_version": card.feature_version,
        "tables": ", ".join(card.tables),
        "features": len(card.features),
        "clients": card.clients,
        "trees": run.learned.booster.num_trees(),
        "rounds": ", ".join(str(count) for count in run.learned.scored.rounds),
        "seed": card.seed,
        "cut_off": round(cut_off.value, 6),
        "cut_off_interval": [round(edge, 6) for edge in cut_off.interval],
        "grey_zone": [round(edge, 6) for edge in cut_off.grey_zone],
    }


def chosen(scored: CrossValidated) -> Values:
    """Return what the cross-validation chose for the final booster: all it holds but its scores."""
    held = {field.name: getattr(scored, field.name) for field in fields(scored)}
    return {name: value for name, value in held.items() if not isinstance(value, np.ndarray)}


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
    """Return how many of the features come from each table and each group."""
    return {
        "by_table": dict(Counter(CATALOGUE[name].table for name in names)),
        "by_group": dict(Counter(CATALOGUE[name].group for name in names)),
        "constrained": sum(CATALOGUE[name].direction != 0 for name in names),
        "actionable": sum(CATALOGUE[name].actionable for name in names),
        "catalogue": len(CATALOGUE),
    }


def groups(run: Run) -> list[Values]:
    """Return each group's features, share of the gain and mean absolute contribution.

    Contributions are those a client is told: exact SHAP values in log-odds, measured from the
    granted population and summed by group; their absolute values are averaged over the test split.
    """
    names = run.metadata.features
    gain = gain_shares(run.learned, run.metadata)
    of_feature = np.array([CATALOGUE[name].group for name in names])
    values = _contributions(run)
    found = [
        {
            "group": group,
            "label": GROUPS[group].label._asdict(),
            "features": int((of_feature == group).sum()),
            "gain_share": sum(gain[name] for name in names if CATALOGUE[name].group == group),
            "mean_contribution": float(np.abs(values[:, of_feature == group].sum(axis=1)).mean()),
        }
        for group in np.unique(of_feature).tolist()
    ]
    return sorted(found, key=lambda item: (-item["mean_contribution"], item["group"]))


def _contributions(run: Run) -> Array:
    matrix = run.test.only(run.metadata.features).matrix[:EXPLAINED]
    values = np.asarray(run.learned.booster.predict(matrix, pred_contrib=True, num_threads=1))
    measured: Array = values[:, :-1] - np.asarray(run.metadata.granted.mean_contributions)
    return measured


def gain_shares(learned: Learned, metadata: Metadata) -> dict[str, float]:
    """Return each feature's share of what the trees gain."""
    gains = learned.booster.feature_importance("gain")
    return dict(zip(metadata.features, (gains / (gains.sum() or 1.0)).tolist(), strict=True))


def strongest(learned: Learned, metadata: Metadata) -> list[Values]:
    """Return the features that gain most, strongest first."""
    shares = gain_shares(learned, metadata)
    first = sorted(shares.items(), key=lambda item: (-item[1], item[0]))[:STRONGEST]
    return [
        {"feature": name, "label": CATALOGUE[name].label._asdict(), "gain_share": share}
        for name, share in first
    ]

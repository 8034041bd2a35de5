"""The report of a training run: one HTML page for people, one JSON file for programs.

Both hold figures only, never a client's values.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from pathlib import Path

import numpy as np

from features.catalogue import CATALOGUE
from features.groups import GROUPS
from flows.steps.charts import Bars, Figure, Series
from flows.steps.fairness import Fairness
from flows.steps.learned import Learned
from flows.steps.measure import Measure
from flows.steps.training import Judgement, figures
from scoring import metrics
from scoring.metadata import Metadata
from scoring.points import RISK_BANDS, risk_band

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;color:#111827;max-width:62rem;margin:2rem auto;
padding:0 1rem}
h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2.5rem}h3{font-size:1rem}
table{border-collapse:collapse;margin:.5rem 0}td,th{border:1px solid #d1d5db;padding:.2rem .6rem;
text-align:left}td{font-variant-numeric:tabular-nums}figure{margin:1.5rem 0;overflow-x:auto}
svg{max-width:100%;height:auto}figcaption{max-width:40rem}.warning{border-left:4px solid #b45309;
padding:.3rem .8rem;background:#fffbeb}code{overflow-wrap:anywhere}
"""
RUN = "run.json"
CURVE_POINTS = 200
SHOWN_FEATURES = 25

LABELS = {
    "auc": "AUC",
    "auc_low": "AUC, lower end of the 95 % interval",
    "auc_high": "AUC, upper end of the 95 % interval",
    "gini": "Gini",
    "ks": "Kolmogorov-Smirnov",
    "expected_cost": "Expected cost per client (missed default 10, refused good client 1)",
    "accept_all_cost": "The same cost if everybody were granted",
    "refused_share": "Share of clients above the cut-off",
    "calibration_error": "Calibration error (10 groups, mean absolute gap)",
    "brier": "Brier score",
    "log_loss": "Log loss",
    "clients": "Clients judged",
    "defaults": "of them with a default",
}


def write(
    folder: Path,
    learned: Learned,
    metadata: Metadata,
    judgement: Judgement,
    default: metrics.Array,
    fairness: Fairness,
    *,
    model_tag: str,
    scorecard_hash: str,
    warnings: Sequence[str],
) -> None:
    """Write ``report.html`` and ``run.json`` into the run's folder.

    ``default`` are the outcomes (n,) of the training split, for the out-of-fold figures.
    """
    decided = learned.decided
    out_of_fold = figures(default, decided.probability, decided.cut_off.value, metadata.cost)
    identity = {
        "model_tag": model_tag,
        "scorecard_hash": scorecard_hash,
        "trained_at": metadata.trained_at.isoformat(timespec="seconds"),
        "data_fingerprint": metadata.data_fingerprint,
        "feature_version": metadata.feature_version,
        "tables": ", ".join(metadata.tables),
        "features": len(metadata.features),
        "clients": metadata.clients,
        "trees": learned.booster.num_trees(),
        "rounds": ", ".join(str(count) for count in learned.scored.rounds),
        "seed": metadata.seed,
        "cut_off": round(decided.cut_off.value, 6),
        "cut_off_interval": [round(edge, 6) for edge in decided.cut_off.interval],
        "grey_zone": [round(edge, 6) for edge in decided.cut_off.grey_zone],
    }
    sections = (
        "<h2>Identity</h2>",
        _table(("Item", "Value"), [(name, str(value)) for name, value in identity.items()]),
        "<h2>Figures</h2>",
        _figures(judgement.figures, out_of_fold),
        "<h2>Risk bands</h2>",
        _bands(judgement),
        "<h2>Groups of people</h2>",
        _groups(fairness),
        "<h2>Charts</h2>",
        *(chart.html() for chart in _curves(judgement, metadata)),
        *(chart.html() for chart in _importance(learned, metadata)),
    )
    (folder / "report.html").write_text(_page(sections, warnings), encoding="utf-8")
    run = {
        "run": folder.name,
        **identity,
        "metrics": judgement.figures,
        "out_of_fold": out_of_fold,
        "fairness": fairness.as_json(),
        "warnings": list(warnings),
    }
    text = json.dumps(run, indent=1, ensure_ascii=False) + "\n"
    (folder / RUN).write_text(text, encoding="utf-8")


def add_costs(folder: Path, measures: Sequence[Measure]) -> None:
    """Add what each step cost to ``run.json``."""
    run = json.loads((folder / RUN).read_text(encoding="utf-8"))
    run["steps"] = [measure.as_json() for measure in measures]
    text = json.dumps(run, indent=1, ensure_ascii=False) + "\n"
    (folder / RUN).write_text(text, encoding="utf-8")


def _page(sections: Sequence[str], warnings: Sequence[str]) -> str:
    body = "".join(
        (
            "<h1>Rapport d'entraînement de la grille de score</h1>"
            "<p>Scorecard training report. The test split was set aside first and judged once.</p>",
            "".join(f"<p class='warning'>{escape(warning)}</p>" for warning in warnings),
            *sections,
        )
    )
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width'>"
        f"<title>Scorecard training report</title><style>{STYLE}</style></head>"
        f"<body><main>{body}</main></body></html>"
    )


def _curves(judgement: Judgement, metadata: Metadata) -> tuple[Figure, ...]:
    default, probability = judgement.default, judgement.probability
    false_positive, true_positive = _thin(*metrics.roc(default, probability))
    bins = metrics.calibration_bins(default, probability)
    said, happened = [b.said for b in bins], [b.happened for b in bins]
    top = max(*said, *happened)
    share, found = metrics.gain(default, probability)
    cut_offs, costs = _thin(*metadata.cost.curve(default, probability))
    near = cut_offs <= min(1.0, 4 * metadata.cut_off.value)
    test = judgement.figures
    return (
        Figure(
            "ROC curve",
            f"Of two clients, one with a default, the scorecard ranks the right one higher "
            f"{test['auc']:.1%} of the time (AUC {test['auc']:.4f}).",
            "Share of good clients above",
            "Share of defaults above",
            (
                Series("scorecard", false_positive, true_positive),
                Series("by chance", (0.0, 1.0), (0.0, 1.0)),
            ),
        ),
        Figure(
            "Calibration",
            f"Said and observed default rates of ten groups of equal size differ by "
            f"{test['calibration_error']:.2%} on average.",
            "Probability said",
            "Default rate observed",
            (
                Series("ten groups", said, happened, dots=True),
                Series("perfect", (0.0, top), (0.0, top)),
            ),
        ),
        Figure(
            "Gain",
            f"The riskiest fifth of clients holds {found[len(found) // 5]:.0%} of the defaults.",
            "Share of clients, riskiest first",
            "Share of defaults found",
            (Series("scorecard", share, found), Series("by chance", (0.0, 1.0), (0.0, 1.0))),
        ),
        Figure(
            "Cost of errors",
            f"At the cut-off chosen beforehand ({metadata.cut_off.value:.2%}) a client costs "
            f"{test['expected_cost']:.3f} on average; granting everybody costs "
            f"{test['accept_all_cost']:.3f}.",
            "Cut-off (probability)",
            "Cost per client",
            (Series("test split", cut_offs[near], costs[near]),),
            mark=("cut-off", metadata.cut_off.value),
        ),
    )


def _thin(x: metrics.Array, y: metrics.Array) -> tuple[metrics.Array, metrics.Array]:
    kept = np.unique(np.linspace(0, len(x) - 1, CURVE_POINTS).astype(int))
    return x[kept], y[kept]


def _importance(learned: Learned, metadata: Metadata) -> tuple[Bars, ...]:
    gains = learned.booster.feature_importance("gain")
    share = dict(zip(metadata.features, (gains / (gains.sum() or 1.0)).tolist(), strict=True))
    by_group: dict[str, float] = {}
    for name, value in share.items():
        group = GROUPS[CATALOGUE[name].group].label.en
        by_group[group] = by_group.get(group, 0.0) + value
    groups = sorted(by_group.items(), key=lambda item: -item[1])
    features = sorted(share.items(), key=lambda item: -item[1])[:SHOWN_FEATURES]
    labelled = tuple((CATALOGUE[name].label.en, value) for name, value in features)
    return (
        Bars(
            "Importance of the groups",
            f"{groups[0][0]} brings the most: {groups[0][1]:.0%} of what the trees gain.",
            "Share of the gain",
            tuple(groups),
        ),
        Bars(
            "Importance of the features",
            f"The {len(labelled)} strongest of {len(share)} features bring "
            f"{sum(value for _, value in labelled):.0%} of the gain.",
            "Share of the gain",
            labelled,
        ),
    )


def _figures(test: dict[str, float], out_of_fold: dict[str, float]) -> str:
    def shown(name: str, values: dict[str, float]) -> str:
        return f"{values[name]:,.0f}" if name in {"clients", "defaults"} else f"{values[name]:.4f}"

    rows = [(LABELS[name], shown(name, test), shown(name, out_of_fold)) for name in LABELS]
    return _table(("Figure", "Test split", "Out of fold (training split)"), rows)


def _bands(judgement: Judgement) -> str:
    bands = np.array([risk_band(p) for p in judgement.probability])
    rows = []
    for name, upper in RISK_BANDS:
        held = bands == name
        if held.any():
            said = judgement.probability[held].mean()
            seen = judgement.default[held].mean()
            rows.append((name, f"{upper:.1%}", f"{held.sum():,}", f"{said:.2%}", f"{seen:.2%}"))
    return _table(("Band", "Below", "Clients", "Probability said", "Default rate observed"), rows)


def _groups(fairness: Fairness) -> str:
    rows = [
        (
            f"{group.attribute.replace('_', ' ')}: {group.group}",
            f"{group.clients:,}",
            f"{group.default_rate:.1%}",
            f"{group.said:.1%}",
            f"{group.selection_rate:.1%}",
            f"{group.ratio:.2f} ({group.ratio_interval[0]:.2f} to {group.ratio_interval[1]:.2f})",
            f"{group.refused_good_share:.1%}",
            f"{group.granted_default_share:.1%}",
            f"{group.expected_cost:.3f}",
        )
        for group in fairness.groups
    ]
    head = (
        *("Group", "Clients", "Default rate observed", "said", "Selection rate"),
        *("Ratio to the best-served group (95 % interval)", "Good clients refused"),
        *("Defaults granted", "Expected cost"),
    )
    words = "The gate is open: every ratio is at the floor or above."
    if fairness.below_floor:
        words = f"Below the floor of {fairness.floor:.2f}: {', '.join(fairness.below_floor)}. "
        words += f"Waived by {fairness.waiver}." if fairness.waiver else "The gate is closed."
    return f"<p>{escape(words)}</p>" + _table(head, rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = "".join(f"<th scope='col'>{escape(cell)}</th>" for cell in head)
    body = "".join(
        f"<tr><th scope='row'>{escape(row[0])}</th>"
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return f"<table><tr>{top}</tr>{body}</table>"

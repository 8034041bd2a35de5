"""The report of a training run: one HTML page for people, one JSON file for programs.

Both hold figures only, never a client's values.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from flows.steps.charts import Figure, Series
from flows.steps.measure import Measure
from flows.steps.run_figures import Run, run_figures

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;color:#111827;max-width:62rem;margin:2rem auto;
padding:0 1rem}
h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2.5rem}h3{font-size:1rem}
table{border-collapse:collapse;margin:.5rem 0}td,th{border:1px solid #d1d5db;padding:.2rem .6rem;
text-align:left}td{font-variant-numeric:tabular-nums}figure{margin:1.5rem 0}.scroll{overflow-x:auto}
svg{max-width:100%;height:auto}figcaption{max-width:40rem}.warning{border-left:4px solid #b45309;
padding:.3rem .8rem;background:#fffbeb}code{overflow-wrap:anywhere}
"""
RUN = "run.json"

Values = Mapping[str, Any]

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
IDENTITY = (
    *("model_tag", "scorecard_hash", "trained_at", "data_fingerprint", "feature_version"),
    *("policy_identity", "tables", "item_count", "clients", "seed"),
    *("cut_off", "cut_off_interval", "grey_zone"),
)


def write(folder: Path, run: Run) -> None:
    """Write ``report.html`` and ``run.json`` into the run's folder."""
    values = {"run": folder.name, **run_figures(run)}
    (folder / "report.html").write_text(_page(values), encoding="utf-8")
    write_json(folder / RUN, values)


def add_costs(folder: Path, measures: Sequence[Measure]) -> None:
    """Add what each step cost to ``run.json``."""
    run = json.loads((folder / RUN).read_text(encoding="utf-8"))
    run["steps"] = [measure.as_json() for measure in measures]
    write_json(folder / RUN, run)


def write_json(path: Path, values: object) -> None:
    """Write plain values as indented JSON, the same values always the same text."""
    text = json.dumps(values, indent=1, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8")


def _page(run: Values) -> str:
    body = "".join(
        (
            "<h1>Rapport d'entraînement de la grille de score</h1>"
            "<p>Scorecard training report. The test split was set aside first and judged once.</p>",
            "".join(f"<p class='warning'>{escape(warning)}</p>" for warning in run["warnings"]),
            "<h2>Identity</h2>",
            _table(("Item", "Value"), [(name, str(run[name])) for name in IDENTITY]),
            "<h2>Figures</h2>",
            _figures(run["metrics"], run["out_of_fold"]),
            "<h2>Risk bands</h2>",
            _bands(run["bands"]),
            "<h2>Charts</h2>",
            *(figure.html() for figure in (*_ranking(run), *_deciding(run))),
        )
    )
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width'>"
        f"<title>Scorecard training report</title><style>{STYLE}</style></head>"
        f"<body><main>{body}</main></body></html>"
    )


def _ranking(run: Values) -> tuple[Figure, ...]:
    test, roc, gain = run["metrics"], run["curves"]["roc"], run["curves"]["gain"]
    by_chance = Series("by chance", (0.0, 1.0), (0.0, 1.0))
    return (
        Figure(
            "ROC curve",
            f"Of two clients, one with a default, the scorecard ranks the right one higher "
            f"{test['auc']:.1%} of the time (AUC {test['auc']:.4f}).",
            "Share of good clients above",
            "Share of defaults above",
            (Series("scorecard", roc["x"], roc["y"]), by_chance),
        ),
        Figure(
            "Gain",
            f"The riskiest fifth of clients holds {gain['y'][len(gain['y']) // 5]:.0%} of the "
            "defaults.",
            "Share of clients, riskiest first",
            "Share of defaults found",
            (Series("scorecard", gain["x"], gain["y"]), by_chance),
        ),
    )


def _deciding(run: Values) -> tuple[Figure, ...]:
    test, cost, bins = run["metrics"], run["curves"]["cost"], run["calibration"]
    said, happened = [b["said"] for b in bins], [b["happened"] for b in bins]
    top = max(*said, *happened)
    return (
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
            "Cost of errors",
            f"At the cut-off chosen beforehand ({run['cut_off']:.2%}) a client costs "
            f"{test['expected_cost']:.3f} on average; granting everybody costs "
            f"{test['accept_all_cost']:.3f}.",
            "Cut-off (probability)",
            "Cost per client",
            (Series("test split", cost["x"], cost["y"]),),
            mark=("cut-off", run["cut_off"]),
        ),
    )


def _figures(test: Values, out_of_fold: Values) -> str:
    def shown(name: str, values: Values) -> str:
        return f"{values[name]:,.0f}" if name in {"clients", "defaults"} else f"{values[name]:.4f}"

    rows = [(LABELS[name], shown(name, test), shown(name, out_of_fold)) for name in LABELS]
    return _table(("Figure", "Test split", "Out of fold (training split)"), rows)


def _bands(bands: Sequence[Values]) -> str:
    rows = [
        (
            band["band"],
            f"{band['below']:.1%}",
            f"{band['clients']:,}",
            f"{band['said']:.2%}",
            f"{band['happened']:.2%} ({band['low']:.1%} to {band['high']:.1%})",
        )
        for band in bands
    ]
    head = ("Band", "Below", "Clients", "Probability said", "Default rate observed (95 % interval)")
    return _table(head, rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = "".join(f"<th scope='col'>{escape(cell)}</th>" for cell in head)
    body = "".join(
        f"<tr><th scope='row'>{escape(row[0])}</th>"
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return f"<table><tr>{top}</tr>{body}</table>"

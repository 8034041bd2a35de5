"""The report of a training run: one HTML page for people, one JSON file for programs.

Both hold figures only, never a client's values. The page is ``docs/templates/run-report.html.j2``;
what it needs beside ``run.json`` is made here: the rows of its tables and its pictures.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from flows.operations.measure import Measure
from flows.reports import figures, paper
from flows.reports.documents.formats import Formats
from flows.reports.figures import Bar, Chart, Line
from flows.reports.pages import environment
from flows.reports.run_figures import Run, run_figures
from scoring.export import rows_of
from scoring.grid import Curve
from scoring.points import POINTS_TO_DOUBLE_ODDS, points_of
from scoring.population import SMALLEST_GROUP

RUN = "run.json"
REPORT = "report.html"
TWO_SIDED = 1.959964
"""Standard errors on each side of a 95 % interval."""
TABLE_ROWS = 21
IDENTITY = {
    "model_tag": "Model",
    "scorecard_hash": "Hash of its files (SHA-256)",
    "trained_at": "Trained at",
    "data_fingerprint": "Fingerprint of the data",
    "feature_version": "Version of the features",
    "policy_identity": "Policy",
    "tables": "Tables",
    "item_count": "Items",
    "clients": "Clients it learnt from",
    "seed": "Seed",
    "cut_off": "Cut-off (probability of default)",
    "cut_off_interval": "Interval of the cut-off",
    "grey_zone": "Grey zone",
}
LABELS = {
    "auc": "AUC",
    "auc_low": "AUC, lower end of the 95 % interval",
    "auc_high": "AUC, upper end of the 95 % interval",
    "gini": "Gini",
    "ks": "Kolmogorov-Smirnov",
    "expected_cost": "Expected cost per client",
    "accept_all_cost": "The same cost if everybody were granted",
    "refused_share": "Share of clients above the cut-off",
    "calibration_error": "Calibration error (mean absolute gap of groups of equal size)",
    "brier": "Brier score",
    "log_loss": "Log loss",
    "clients": "Clients judged",
    "defaults": "of them with a default",
}
DIRECTIONS = {
    1: "risk never falls as it rises",
    -1: "risk never rises as it rises",
    0: "no direction declared",
}

Values = Mapping[str, Any]
Rows = list[tuple[str, ...]]

_ENGLISH = Formats("en")


def write(folder: Path, run: Run) -> None:
    """Write ``report.html``, ``run.json`` and the grid on paper into the run's folder."""
    values = {"run": folder.name, **run_figures(run)}
    paper.write(folder, run.made.grid.scorecard, run.model_tag)
    (folder / REPORT).write_text(page(values), encoding="utf-8")
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


def page(run: Values) -> str:
    """Return the report of the figures of ``run.json`` (all but what its steps cost)."""
    near = [size["items"] for size in run["sizes"] if size["excess"] <= size["standard_error"]]
    gain = run["curves"]["gain"]
    return (
        environment("en")
        .get_template("run-report.html.j2")
        .render(
            run=run,
            grid_page=paper.PAGE,
            points_to_double=POINTS_TO_DOUBLE_ODDS,
            interval=_interval,
            verdict=_verdict,
            chosen_size=min(near),
            fifth=gain["y"][len(gain["y"]) // 5],
            pictures=_pictures(run),
            **_tables(run),
            **_fairness(run),
            items=list(_items(run["items"])),
        )
    )


def _pictures(run: Values) -> dict[str, str]:
    curves, sizes, bins = run["curves"], run["sizes"], run["calibration"]
    items = [size["items"] for size in sizes]
    excess = Line("beyond the best", items, [size["excess"] for size in sizes], dots=True)
    error = Line("one standard error", items, [size["standard_error"] for size in sizes], dots=True)
    by_chance = Line("by chance", (0.0, 1.0), (0.0, 1.0))
    share, found = "Share of clients, riskiest first", "Share of defaults found"
    gain = Chart("Gain", share, found, "en", "percent", "percent")
    cost = Chart("Cost of errors", "Cut-off", "Cost per client", "en", "percent")
    at, spent = curves["cost"]["x"], curves["cost"]["y"]
    return {
        "sizes": figures.line_chart(
            Chart("Loss by number of items", "Items", "Log-loss", "en"), (excess, error)
        ),
        "roc": figures.roc_chart("ROC curve", [("grid", *curves["roc"].values())], "en"),
        "gain": figures.line_chart(gain, (Line("grid", *curves["gain"].values()), by_chance)),
        "calibration": figures.calibration_chart(
            "Calibration", [b["said"] for b in bins], [b["happened"] for b in bins], "en"
        ),
        "cost": figures.line_chart(
            cost, (Line("test split", at, spent),), ("cut-off", run["cut_off"])
        ),
        "bands": _bands_picture(run["bands"]),
        "prices": _prices_picture(run["prices"]),
        "frontier": _frontier_picture(run["frontier"]) if _compares(run["frontier"]) else "",
    }


def _bands_picture(bands: Sequence[Values]) -> str:
    chart = Chart("Default rate by risk band", "Default rate observed", "", "en", "percent")
    bars = [Bar(one["band"], one["happened"], (one["low"], one["high"])) for one in bands]
    return figures.bar_chart(chart, bars)


def _prices_picture(prices: Values) -> str:
    chart = Chart("What unused inputs would bring in AUC", "AUC", "", "en")
    bars = [
        Bar(name, price["auc"], _ends(price["auc"], price["auc_error"]))
        for name, price in prices.items()
    ]
    return figures.bar_chart(chart, bars)


def _frontier_picture(frontier: Values) -> str:
    chart = Chart(
        "Less discriminatory alternatives", "Expected cost", "Worst ratio over its floor", "en"
    )
    found = sorted(_alternatives(frontier), key=lambda one: float(one["expected_cost"]))
    chosen, as_learnt = frontier["chosen"], frontier["as_learnt"]
    return figures.frontier(
        chart,
        [one["expected_cost"] for one in found],
        [one["served"] for one in found],
        (chosen["expected_cost"], chosen["served"]),
        as_learnt["expected_cost"] * (1 + frontier["tolerance"]),
    )


def _alternatives(frontier: Values) -> list[Values]:
    """Return the grid as learnt, the frontier, and the chosen one, each once."""
    found: list[Values] = []
    for one in (frontier["as_learnt"], *frontier["alternatives"], frontier["chosen"]):
        if one not in found:
            found.append(one)
    return found


def _compares(frontier: Values) -> bool:
    return frontier["as_learnt"]["served"] is not None


def _tables(run: Values) -> dict[str, Rows]:
    """Return the rows of the tables, by the names the template gives them."""
    say, curves = _ENGLISH, run["curves"]
    return {
        "identity": [(label, _plain(run[name])) for name, label in IDENTITY.items()],
        "figures": [_figure(run, name) for name in LABELS],
        "pairs": [
            (" × ".join(label["en"] for label in pair["labels"]), say.percent(pair["share"]))
            for pair in run["reference"]["pairs"]
        ],
        "sizes": [
            (str(size["items"]), *(say.decimal(size[name], 5) for name in _OF_A_SIZE))
            for size in run["sizes"]
        ],
        "roc": _thinned(curves["roc"]),
        "gain": _thinned(curves["gain"]),
        "cost": _thinned(curves["cost"]),
        "calibration": [
            (str(place), say.whole(b["clients"]), say.percent(b["said"], 2),
             say.percent(b["happened"], 2))
            for place, b in enumerate(run["calibration"], start=1)
        ],
        "bands": [
            (b["band"], say.percent(b["below"]), say.whole(b["clients"]), say.percent(b["said"], 2),
             say.percent(b["happened"], 2), say.between_percent((b["low"], b["high"])))
            for b in run["bands"]
        ],
        "prices": [
            (name, say.signed(p["auc"]), _interval(p["auc"], p["auc_error"]),
             say.signed(p["cost"]), _interval(p["cost"], p["cost_error"]))
            for name, p in run["prices"].items()
        ],
    }  # fmt: skip


_OF_A_SIZE = ("log_loss", "excess", "standard_error")


def _figure(run: Values, name: str) -> tuple[str, ...]:
    """Return one figure of the grid, of the reference, and of the grid out of fold."""
    digits = 0 if name in {"clients", "defaults"} else 4
    judged = (run["metrics"], run["reference"]["metrics"], run["out_of_fold"])
    return (LABELS[name], *(_ENGLISH.decimal(of[name], digits) for of in judged))


def _fairness(run: Values) -> dict[str, object]:
    fairness, frontier = run["fairness"], run["frontier"]
    standings = dict.fromkeys(finding["standing"] for finding in fairness["findings"])
    return {
        "findings": [
            (standing, [_finding(f) for f in fairness["findings"] if f["standing"] == standing])
            for standing in standings
        ],
        "groups": [_group(group) for group in fairness["groups"]],
        "frontier": [_alternative(one, frontier) for one in _alternatives(frontier)]
        if _compares(frontier)
        else [],
    }


def _finding(finding: Values) -> tuple[str, ...]:
    say, found = _ENGLISH, finding["found"]
    name = ": ".join(word for word in (finding["attribute"], finding["group"]) if word)
    measure = finding["measure"].replace("_", " ")
    limit, value = say.decimal(finding["limit"], 2), say.decimal(found["value"])
    return name, measure, limit, value, _between(found["interval"])


def _group(group: Values) -> tuple[str, ...]:
    say = _ENGLISH
    return (
        f"{group['attribute']}: {group['group']}",
        say.whole(group["clients"]),
        *(say.percent(group[name]) for name in ("default_rate", "said")),
        say.percent(group["selection"]["value"]),
        _between_percent(group["selection"]["interval"]),
        *(say.percent(group[name]) for name in ("referred_share", "refused_good_share")),
        *(say.decimal(group[name]) for name in ("auc", "expected_cost")),
    )


def _alternative(one: Values, frontier: Values) -> tuple[str, ...]:
    say = _ENGLISH
    names = [name for name in ("as_learnt", "chosen") if one == frontier[name]]
    worst = ", ".join(
        f"{w['attribute']} {w['group']}: {say.decimal(w['ratio']['value'])} (floor {w['floor']})"
        for w in one["worst"]
    )
    return (
        " and ".join(names).replace("_", " ") or "alternative",
        str(len(one["flattened"])),
        say.decimal(one["expected_cost"], 4),
        f"{say.signed(one['cost_rise'])} ({say.decimal(one['cost_rise_error'], 4)})",
        say.decimal(one["auc"], 4),
        say.decimal(one["served"]),
        worst,
    )


def _items(items: Sequence[Values]) -> Iterator[dict[str, object]]:
    """Yield what the page shows of each item."""
    for item in items:
        curve = Curve(item=item["item"], **item["curve"])
        rows = rows_of(curve, item["categories"], "en")
        label = item["label"]["en"]
        yield {
            "label": label,
            "subject": item["subject"]["en"],
            "direction": DIRECTIONS[item["direction"]],
            "strength": abs(points_of(item["mean_contribution"])),
            "picture": figures.item_curve(
                curve, item["form"], label, "en", categories=item["categories"], usual=item["usual"]
            ),
            "rows": [
                (said, _ENGLISH.signed(worth + 0.0, 1), *_counted(clients, defaults))
                for said, _, _, _, worth, clients, defaults in rows
            ],
        }


def _counted(clients: int, defaults: int) -> tuple[str, str]:
    """Return how many stand behind an interval; of too few, nothing is said."""
    if clients < SMALLEST_GROUP:
        return f"under {SMALLEST_GROUP}", ""
    return _ENGLISH.whole(clients), _ENGLISH.whole(defaults)


def _thinned(curve: Values) -> Rows:
    points = list(zip(curve["x"], curve["y"], strict=True))
    every = max(1, -(-len(points) // TABLE_ROWS))
    return [(_ENGLISH.decimal(x), _ENGLISH.decimal(y)) for x, y in points[::every]]


def _plain(value: object) -> str:
    if isinstance(value, list):
        return " to ".join(map(str, value))
    return f"{value:,}" if isinstance(value, int) and value > 9_999 else str(value)


def _ends(value: float, error: float) -> tuple[float, float]:
    return value - TWO_SIDED * error, value + TWO_SIDED * error


def _interval(value: float, error: float) -> str:
    return " to ".join(_ENGLISH.signed(end) for end in _ends(value, error))


def _verdict(value: float, error: float) -> str:
    """Say whether a difference in AUC is more than chance."""
    low, high = _ends(value, error)
    if low > 0:
        return "Beyond chance, the reference ranks better."
    if high < 0:
        return "Beyond chance, the grid ranks better."
    return "The interval holds zero: chance alone could explain the difference in ranking."


def _between(ends: Sequence[float] | None) -> str:
    return "not computed" if ends is None else _ENGLISH.between(ends)


def _between_percent(ends: Sequence[float] | None) -> str:
    return "not computed" if ends is None else _ENGLISH.between_percent(ends)

"""The judged part of ``docs/measurements.md``: tables written from the figures, never by hand.

The part stands between two marks. What stands around it says how other things were measured.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from flows.settings import ROOT

BEGIN, END = "<!-- judged: begin -->", "<!-- judged: end -->"
ARCHIVES = {"core": "home-credit-core.zip", "applications": "home-credit-applications.zip"}
MODELS = ("grid", "20 items", "40 items", "60 items", "80 items", "reference", "logistic")
DOCS = ROOT / "docs"
FIGURES = "figures"
PAGE = "measurements.md"

Values = Mapping[str, Any]


def write(docs: Path = DOCS) -> None:
    """Put the tables of the figures that are held between the marks of the page."""
    (docs / PAGE).write_text(_written(docs), encoding="utf-8")


def stale(docs: Path = DOCS) -> Iterator[str]:
    """Yield the page when what stands between its marks is not what its figures give."""
    if (docs / PAGE).read_text(encoding="utf-8") != _written(docs):
        yield PAGE


def _written(docs: Path) -> str:
    """Return the page with the tables of the figures between its marks."""
    text = (docs / PAGE).read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    part = "\n".join(section(docs / FIGURES))
    return f"{before}{BEGIN}\n{part}\n{END}{after}"


def section(figures: Path) -> Iterator[str]:
    """Yield the lines of the part, from the JSON files of a folder."""
    judged = {name: found for name in ARCHIVES if (found := _read(figures / f"judge-{name}.json"))}
    for name, found in judged.items():
        yield from _quality(name, found)
        yield from _prices(name, found)
    truth = {path.stem: _read(path) for path in sorted(figures.glob("truth-*.json"))}
    if truth:
        yield from _truth(truth)
    months = _read(figures / "stability.json")
    if months:
        yield from _stability(months)


def _read(path: Path) -> Values:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _quality(name: str, found: Values) -> Iterator[str]:
    grid = found["grid"]
    yield f"\n### Quality, judged: `{ARCHIVES[name]}`\n"
    yield (
        f"`make judge DATA={ARCHIVES[name]} JSON=docs/figures/judge-{name}.json`; "
        f"{grid['clients']:,} clients, {grid['defaults']:,} defaults, tables "
        f"{', '.join(found['tables'])}. Difference to the grid on the same clients, with its "
        "bootstrap standard error; the reference's is the price of transparency.\n"
    )
    yield "| model | items | AUC (95 %) | cost | calibration error | AUC - grid's | cost - grid's |"
    yield "|---|---|---|---|---|---|---|"
    for model in MODELS:
        if model not in found:
            continue
        one, gap = found[model], found["differences"].get(model)
        low, high = one["auc_interval"]
        cells = (
            model,
            str(one["features"]),
            f"{one['auc']:.4f} ({low:.4f} to {high:.4f})",
            f"{one['expected_cost']:.4f}",
            f"{one['calibration_error']:.4f}",
            f"{gap['auc']:+.4f} ({gap['auc_error']:.4f})" if gap else "",
            f"{gap['cost']:+.4f} ({gap['cost_error']:.4f})" if gap else "",
        )
        yield f"| {' | '.join(cells)} |"


def _prices(name: str, found: Values) -> Iterator[str]:
    yield f"\n**What inputs that are not used would bring**, `{ARCHIVES[name]}`, same command:\n"
    yield "| input | AUC (se) | cost (se) |"
    yield "|---|---|---|"
    for what, price in found["prices"].items():
        yield (
            f"| {what} | {price['auc']:+.4f} ({price['auc_error']:.4f}) "
            f"| {price['cost']:+.4f} ({price['cost_error']:.4f}) |"
        )


def _truth(tables: Mapping[str, Values]) -> Iterator[str]:
    yield "\n### Truth\n"
    yield "`make truth DATA=ARCHIVE JSON=docs/figures/truth-NAME.json`\n"
    names = list(tables)
    yield f"| figure | {' | '.join(name.removeprefix('truth-') for name in names)} |"
    yield "|---|" + "---|" * len(names)
    for key in next(iter(tables.values())):
        cells = [_cell(tables[name].get(key)) for name in names]
        yield f"| {key.replace('_', ' ')} | {' | '.join(cells)} |"


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _stability(found: Values) -> Iterator[str]:
    yield "\n### Month by month, synthetic portfolio\n"
    yield "`make stability JSON=docs/figures/stability.json`; out-of-fold probabilities.\n"
    yield "| month | clients | AUC (95 %) | said | happened | granted | most often moved first by |"
    yield "|---|---|---|---|---|---|---|"
    for month in found["months"]:
        first = ", ".join(f"{k} {v:.0%}" for k, v in list(month["first_reason"].items())[:3])
        yield (
            f"| {month['month']} | {month['clients']:,} | {month['auc']:.3f} "
            f"({month['auc_low']:.3f} to {month['auc_high']:.3f}) | {month['said']:.3f} "
            f"| {month['happened']:.3f} | {month['granted']:.2f} | {first} |"
        )

"""The tables of ``docs/measurements.md`` that have figures: written from them, never by hand.

Each part stands between two marks of its name. What stands around them says how other things were
measured.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from flows.settings import ROOT
from scoring.facts.subjects import SUBJECTS

OURS, CAREFUL, TYPICAL = (
    *("ours (BentoML, recorded)", "careful FastAPI"),
    "typical (DataFrame, sklearn, shap)",
)
"""Forms of the service that ``benchmarks.service`` measures, as it names them."""
FIRST = ", first asked"
TOLD = {
    "model_tag": "scorecard",
    "clients": "clients explained, in both languages",
    "false_by_item": "items with a false sentence",
    "reasons_as_usual": "reasons given of a value that is the usual one",
    "reasons_on_the_wrong_side": "reasons on the wrong side",
    "explanations_unlike_in_two_languages": "explanations unlike in the two languages",
    "clients_without_reason": "clients without any reason",
    "others_share_median": "share of other elements, median",
    "others_share_p95": "share of other elements, 95th percentile",
    "newcomers_told_a_history": "newcomers told a history they do not have",
    "newcomers_told_that_none_is_known": "newcomers told that none is known",
    "newcomers_without_reason": "newcomers without any reason",
    "newcomers_others_share_median": "newcomers: share of other elements, median",
    "newcomers_others_share_p95": "newcomers: share of other elements, 95th percentile",
}
"""What the figures of ``flows.truth`` count, in words."""
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
    for name, lines in PARTS.items():
        begin, end = marks(name)
        before, mark, rest = text.partition(begin)
        if mark:
            part = "\n".join(lines(docs / FIGURES))
            text = f"{before}{begin}\n{part}\n{end}{rest.partition(end)[2]}"
    return text


def marks(part: str) -> tuple[str, str]:
    """Return what stands before and after a part of the page."""
    return f"<!-- {part}: begin -->", f"<!-- {part}: end -->"


def service(figures: Path) -> Iterator[str]:
    """Yield the tables of the service beside its peers, from the JSON file of a folder."""
    rows = _read(figures / "service.json") or []
    if not rows:
        return
    yield "\n| form | load | callers | a second | p50 ms | p99 ms | errors | CPU us each |"
    yield "|---|---|---|---|---|---|---|---|"
    for row in rows:
        yield (
            f"| {row['form']} | {row['load']} | {row['callers']} | {row['per_second']:,.0f} "
            f"| {row['p50_ms']:.1f} | {row['p99_ms']:.1f} | {row['errors']} "
            f"| {row['cpu_us']:,.0f} |"
        )
    yield "\n| load | callers | times the careful peer | times the typical one |"
    yield "|---|---|---|---|"
    speed = {(row["form"], row["load"], row["callers"]): row["per_second"] for row in rows}
    for (form, load, callers), ours in speed.items():
        peers = [
            speed.get((peer, load.removesuffix(FIRST), callers)) for peer in (CAREFUL, TYPICAL)
        ]
        if form == OURS and all(peers):
            careful, typical = (ours / peer for peer in peers if peer)
            yield f"| {load} | {callers} | {careful:.2f} | {typical:.1f} |"


def anchors(figures: Path) -> Iterator[str]:
    """Yield what others, and what served before, reach on the same files."""
    found = _read(figures / "anchors.json")
    if not found:
        return
    yield "\n| on the same files | AUC, histories | cost | AUC, applications | cost |"
    yield "|---|---|---|---|---|"
    simple, before = found["simple_features"], found["before"]
    for name, one in (("best-known public kernel, honest", simple), (before["what"], before)):
        cells = (f"{one[e][k]:.4f}" for e in ARCHIVES for k in ("auc_honest", "cost_honest"))
        yield f"| {name} | {' | '.join(cells)} |"


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


def _read(path: Path) -> Any:
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
    yield (
        "Newcomers are the same clients, read without their histories. *Other elements* are what "
        "an explanation leaves untold, as a share of all it moves.\n"
    )
    yield f"| figure | {' | '.join(name.removeprefix('truth-') for name in names)} |"
    yield "|---|" + "---|" * len(names)
    for key in next(iter(tables.values())):
        cells = [_cell(tables[name].get(key)) for name in names]
        yield f"| {TOLD.get(key, key.replace('_', ' '))} | {' | '.join(cells)} |"


def _cell(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {count:,}" for name, count in value.items()) or "none"
    if isinstance(value, float):
        return f"{value:.4g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _stability(found: Values) -> Iterator[str]:
    yield "\n### Month by month, synthetic portfolio\n"
    yield "`make stability JSON=docs/figures/stability.json`; out-of-fold probabilities.\n"
    yield "| month | clients | AUC (95 %) | said | happened | granted | first reason about |"
    yield "|---|---|---|---|---|---|---|"
    for month in found["months"]:
        first = ", ".join(
            f"{_subject(name)} {share:.0%}"
            for name, share in list(month["first_reason"].items())[:3]
        )
        yield (
            f"| {month['month']} | {month['clients']:,} | {month['auc']:.3f} "
            f"({month['auc_low']:.3f} to {month['auc_high']:.3f}) | {month['said']:.3f} "
            f"| {month['happened']:.3f} | {month['granted']:.2f} | {first} |"
        )


def _subject(name: str) -> str:
    """Return a subject of facts in words; one that was renamed since stands for itself."""
    words = SUBJECTS.get(name)
    return words.en.lower() if words else name.replace("_", " ")


PARTS: Mapping[str, Callable[[Path], Iterator[str]]] = MappingProxyType(
    {"service": service, "anchors": anchors, "judged": section}
)
"""What writes each part of the page, in the order of the page."""

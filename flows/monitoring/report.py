"""What a monitoring found: ``monitoring.html`` for a person, ``monitoring.json`` for a program.

Both hold shares and indices of populations, never a value of one person.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from features.catalogue import CATALOGUE
from flows.monitoring.drift import Drift
from scoring.psi import ALERT, WATCH, Level, Stability

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;color:#111827;background:#fff;max-width:62rem;
margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}
caption{text-align:left;font-weight:600;padding:.25rem 0}
td,th{border:1px solid #d1d5db;padding:.3rem .6rem;text-align:left}
td.number{text-align:right;font-variant-numeric:tabular-nums}
.alert{color:#991b1b;font-weight:600}.watch{color:#854d0e;font-weight:600}.stable{color:#166534}
"""
MEANING = {
    Level.STABLE: "Those assessed are like those the scorecard learnt from.",
    Level.TOO_FEW: "Too few were assessed to tell a change from chance.",
    Level.WATCH: "Something moved: look at it before the next training.",
    Level.ALERT: "The population changed: check the data, then consider training again.",
}


@dataclass(frozen=True)
class Monitoring:
    """One comparison of those assessed with those learnt from. Times are ISO UTC text."""

    run_id: str
    model_tag: str
    assessments: int
    subjects: int
    first_at: str | None
    last_at: str | None
    score: Stability
    items: tuple[Drift, ...]

    def at(self, level: Level) -> tuple[Drift, ...]:
        """Return the items at one level."""
        return tuple(drift for drift in self.items if drift.level is level)

    @property
    def level(self) -> Level:
        """The most serious level of the score and of the items."""
        found = {self.score.level, *(drift.level for drift in self.items)}
        order = (Level.ALERT, Level.WATCH, Level.TOO_FEW)
        return next((level for level in order if level in found), Level.STABLE)


def write(monitoring: Monitoring, folder: Path, evidently: str | None = None) -> Path:
    """Write both files and return the page; ``evidently`` names the page to link beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(_values(monitoring, evidently), indent=1, ensure_ascii=False) + "\n"
    (folder / "monitoring.json").write_text(text, encoding="utf-8")
    page = folder / "monitoring.html"
    page.write_text(_page(monitoring, evidently), encoding="utf-8")
    return page


def _values(monitoring: Monitoring, evidently: str | None) -> dict[str, object]:
    return {
        "run": monitoring.run_id,
        "model_tag": monitoring.model_tag,
        "assessments": monitoring.assessments,
        "subjects": monitoring.subjects,
        "first_at": monitoring.first_at,
        "last_at": monitoring.last_at,
        "level": monitoring.level.value,
        "thresholds": {"watch": WATCH, "alert": ALERT},
        "score": _indices(monitoring.score),
        "items": [
            {"item": drift.item, "importance_rank": drift.importance_rank}
            | _indices(drift.stability)
            for drift in monitoring.items
        ],
        "evidently": evidently,
    }


def _indices(found: Stability) -> dict[str, object]:
    return {
        "psi": round(found.psi, 6),
        "chance": round(found.chance, 6),
        "level": found.level.value,
        "missing_before": round(found.missing_before, 6),
        "missing_now": round(found.missing_now, 6),
    }


def _page(monitoring: Monitoring, evidently: str | None) -> str:
    level = monitoring.level
    link = f"<p><a href='{escape(evidently)}'>Evidently's report</a></p>" if evidently else ""
    moved = [d for d in monitoring.items if d.level is not Level.STABLE]
    stable = monitoring.at(Level.STABLE)
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width,initial-scale=1'>"
        f"<title>Monitoring: {level}</title><style>{STYLE}</style></head><body><main>"
        f"<h1>Monitoring: <span class='{_css(level)}'>{level}</span></h1><p>{MEANING[level]}</p>"
        f"<p>{monitoring.assessments:,} assessments of {monitoring.subjects:,} inputs by "
        f"{escape(monitoring.model_tag)}, from {monitoring.first_at} to {monitoring.last_at}, "
        "compared with the clients it learnt from. An index (PSI) of "
        f"{WATCH} or more is to be watched, {ALERT} or more is an alert, unless chance alone "
        "explains it with so few inputs.</p>"
        f"<p>Probability of default: PSI {monitoring.score.psi:.3f}, "
        f"<span class='{_css(monitoring.score.level)}'>{monitoring.score.level}</span>.</p>"
        f"{link}{_table('Items that moved', moved)}{_table('Stable items', stable)}"
        "</main></body></html>\n"
    )


def _table(caption: str, drifts: Sequence[Drift]) -> str:
    if not drifts:
        return f"<h2>{caption}</h2><p>None.</p>"
    names = ("Item", "Level", "PSI", "By chance", "Missing before", "Missing now", "Importance")
    header = "".join(f"<th scope='col'>{name}</th>" for name in names)
    rows = "".join(map(_row, drifts))
    return (
        f"<h2>{caption}</h2><div class='scroll' tabindex='0' role='region' aria-label='{caption}'>"
        f"<table><caption>{len(drifts)} items, largest index first</caption>"
        f"<thead><tr>{header}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(drift: Drift) -> str:
    found = drift.stability
    label = escape(CATALOGUE[drift.item].label.en)
    return (
        f"<tr><th scope='row'>{label}<br><small>{escape(drift.item)}</small></th>"
        f"<td class='{_css(drift.level)}'>{drift.level}</td>"
        f"<td class='number'>{found.psi:.3f}</td><td class='number'>{found.chance:.3f}</td>"
        f"<td class='number'>{found.missing_before:.1%}</td>"
        f"<td class='number'>{found.missing_now:.1%}</td>"
        f"<td class='number'>{drift.importance_rank}</td></tr>"
    )


def _css(level: Level) -> str:
    return level.value.replace(" ", "-")

"""The judged tables of the measurements: written from figures, between their marks."""

from __future__ import annotations

import json
from pathlib import Path

from flows.steps.documents import measured


def test_the_page_holds_what_its_figures_say() -> None:
    """The committed tables are those of the committed figures, so none was typed by hand."""
    text = measured.PAGE.read_text(encoding="utf-8")
    part = text.partition(measured.BEGIN)[2].partition(measured.END)[0]
    assert part.strip() == "\n".join(measured.section(measured.FIGURES)).strip()


def test_only_what_stands_between_the_marks_changes(tmp_path: Path) -> None:
    """Writing again replaces the tables and leaves the words around them."""
    page = tmp_path / "page.md"
    page.write_text(f"before\n{measured.BEGIN}\nstale\n{measured.END}\nafter\n", encoding="utf-8")
    months = {"months": [_month("2024-01"), _month("2024-02")], "auc_spread": 0.0}
    (tmp_path / "stability.json").write_text(json.dumps(months), encoding="utf-8")
    measured.write(page, tmp_path)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "stale" not in text
    assert "| 2024-02 | 40 | 0.800 (0.700 to 0.900) | 0.090 | 0.080 | 0.71 |" in text


def _month(name: str) -> dict[str, object]:
    return {
        "month": name,
        "clients": 40,
        "auc": 0.8,
        "auc_low": 0.7,
        "auc_high": 0.9,
        "said": 0.09,
        "happened": 0.08,
        "granted": 0.71,
        "first_reason": {"effort": 0.5},
    }

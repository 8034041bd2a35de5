"""The judged tables of the measurements: written from figures, between their marks."""

from __future__ import annotations

import json
from pathlib import Path

from flows.steps.documents import measured


def test_the_page_holds_what_its_figures_say() -> None:
    """The committed tables are those of the committed figures, so none was typed by hand."""
    assert not list(measured.stale())


def test_only_what_stands_between_the_marks_changes(tmp_path: Path) -> None:
    """Writing again replaces the tables and leaves the words around them."""
    page = tmp_path / measured.PAGE
    (tmp_path / measured.FIGURES).mkdir()
    page.write_text(f"before\n{measured.BEGIN}\nstale\n{measured.END}\nafter\n", encoding="utf-8")
    months = {"months": [_month("2024-01"), _month("2024-02")], "auc_spread": 0.0}
    stability = tmp_path / measured.FIGURES / "stability.json"
    stability.write_text(json.dumps(months), encoding="utf-8")
    assert list(measured.stale(tmp_path)) == [measured.PAGE]
    measured.write(tmp_path)
    assert not list(measured.stale(tmp_path))
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

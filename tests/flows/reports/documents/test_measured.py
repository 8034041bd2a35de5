"""The judged tables of the measurements: written from figures, between their marks."""

from __future__ import annotations

import json
from pathlib import Path

from flows.reports.documents import measured


def test_the_page_holds_what_its_figures_say() -> None:
    """The committed tables are those of the committed figures, so none was typed by hand."""
    assert not list(measured.stale())


def test_only_what_stands_between_the_marks_changes(tmp_path: Path) -> None:
    """Writing again replaces the tables and leaves the words around them."""
    page = tmp_path / measured.PAGE
    (tmp_path / measured.FIGURES).mkdir()
    begin, end = measured.marks("judged")
    page.write_text(f"before\n{begin}\nstale\n{end}\nafter\n", encoding="utf-8")
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


def test_the_service_is_set_beside_its_peers(tmp_path: Path) -> None:
    """Each load once, and how many times the peers' pace ours is at the same load."""
    rows = [_pace(measured.OURS, "/score, first asked", 30.0), _pace(measured.OURS, "/score", 60.0)]
    rows += [_pace(measured.CAREFUL, "/score", 40.0), _pace(measured.TYPICAL, "/score", 5.0)]
    (tmp_path / "service.json").write_text(json.dumps(rows), encoding="utf-8")
    lines = list(measured.service(tmp_path))
    assert f"| {measured.OURS} | /score | 16 | 60 | 1.0 | 2.0 | 0 | 9 |" in lines
    assert lines[-2:] == [
        "| /score, first asked | 16 | 0.75 | 6.0 |",
        "| /score | 16 | 1.50 | 12.0 |",
    ]


def test_the_page_keeps_a_place_for_each_part() -> None:
    """A mark that went would let tables be typed by hand unseen."""
    text = (measured.DOCS / measured.PAGE).read_text(encoding="utf-8")
    for part in measured.PARTS:
        begin, end = measured.marks(part)
        assert text.count(begin) == text.count(end) == 1
        assert text.index(begin) < text.index(end)


def _pace(form: str, load: str, per_second: float) -> dict[str, object]:
    numbers = {"per_second": per_second, "p50_ms": 1.0, "p99_ms": 2.0, "errors": 0, "cpu_us": 9.0}
    return {"form": form, "load": load, "callers": 16, **numbers}


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

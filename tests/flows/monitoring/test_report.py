"""The monitoring report says how serious it is, and shows populations only."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from flows.monitoring import evidently_report
from flows.monitoring.drift import Drift
from flows.monitoring.report import Monitoring, write
from scoring.psi import Level, Stability

STILL = Stability(psi=0.01, chance=0.02, bins=10, missing_before=0.0, missing_now=0.0)
MOVED = Stability(psi=0.40, chance=0.02, bins=10, missing_before=0.0, missing_now=0.5)
FEW = Stability(psi=0.40, chance=0.90, bins=10, missing_before=0.0, missing_now=0.0)


def monitoring(score: Stability, item: Stability) -> Monitoring:
    """Return what a run found about a score and one item."""
    return Monitoring(
        run_id="monitor-1",
        model_tag="scorecard:abc",
        assessments=12,
        subjects=10,
        first_at="2026-01-01T00:00:00.000000Z",
        last_at="2026-01-02T00:00:00.000000Z",
        score=score,
        items=(Drift("external_score_2", 1, item),),
    )


@pytest.mark.parametrize(
    ("score", "item", "level"),
    [
        (STILL, STILL, Level.STABLE),
        (STILL, MOVED, Level.ALERT),
        (MOVED, STILL, Level.ALERT),
        (FEW, STILL, Level.TOO_FEW),
    ],
)
def test_the_most_serious_level_counts(score: Stability, item: Stability, level: Level) -> None:
    """One alert is an alert; few clients are said to be few."""
    assert monitoring(score, item).level is level


def test_both_files_say_the_same(tmp_path: Path) -> None:
    """The page has words and the level, the JSON every index."""
    page = write(monitoring(STILL, MOVED), tmp_path, "evidently.html").read_text(encoding="utf-8")
    assert "<title>Monitoring: alert</title>" in page
    assert "External body's score no. 2" in page.replace("&#x27;", "'")
    assert "href='evidently.html'" in page
    values = json.loads((tmp_path / "monitoring.json").read_text(encoding="utf-8"))
    assert values["level"] == "alert"
    assert values["items"][0]["psi"] == 0.4
    assert values["items"][0]["missing_now"] == 0.5


def test_evidently_writes_one_page_that_needs_no_network(tmp_path: Path) -> None:
    """Numbers, a category and a column that is empty on one side."""
    draw = np.random.default_rng(1)
    before = pl.DataFrame(
        {
            "score": draw.normal(size=300),
            "kind": pl.Series(draw.choice(["a", "b"], 300), dtype=pl.Enum(["a", "b"])),
            "empty": [None] * 300,
        },
        schema_overrides={"empty": pl.Float64},
    )
    now = before.head(100).with_columns(pl.col("score") + 2, empty=pl.lit(1.0))
    page = evidently_report.write(tmp_path, before, now, ["kind", "score", "empty"])
    text = page.read_text(encoding="utf-8")
    assert "score" in text
    for fetched in ("src=http", 'src="http', "src='http", "<link"):
        assert fetched not in text

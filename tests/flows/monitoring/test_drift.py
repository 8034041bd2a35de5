"""Drift is measured against the training population of the scorecard that serves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from features.catalogue import CATALOGUE
from flows.monitoring.drift import (
    PopulationMissing,
    by_importance,
    item_drifts,
    population_of,
    score_drift,
)
from flows.operations.run_folder import population_file
from scoring.psi import Level
from tests.scoring import small_scorecard

SCORE, KIND = "external_score_2", "education"


def population(count: int, score: float, seed: int) -> pl.DataFrame:
    """Invented people: a probability, one number and one category."""
    draw = np.random.default_rng(seed)
    kinds = CATALOGUE[KIND].categories
    return pl.DataFrame(
        {
            "default_probability": draw.beta(1, 10, count),
            SCORE: draw.normal(score, 0.1, count),
            KIND: pl.Series(draw.choice(kinds[:3], count), dtype=pl.Enum(kinds)),
        }
    )


def run_of(runs: Path, name: str, model_tag: str, frame: pl.DataFrame) -> None:
    """Leave what a training run leaves."""
    folder = runs / name
    folder.mkdir(parents=True)
    frame.write_parquet(folder / population_file(model_tag))


def test_the_population_is_that_of_the_scorecard_that_serves(tmp_path: Path) -> None:
    """That of another run, or of the reference beside it, would compare with the wrong people."""
    mine, other = population(10, 0.5, 1), population(20, 0.5, 2)
    run_of(tmp_path, "20260101", "scorecard:mine", mine)
    run_of(tmp_path, "20260201", "scorecard:other", other)
    other.write_parquet(tmp_path / "20260101" / population_file("reference:beside"))
    assert population_of(tmp_path, "scorecard:mine").equals(mine)
    assert population_of(tmp_path, "reference:beside").equals(other)


def test_a_lost_population_is_said(tmp_path: Path) -> None:
    """The message names the scorecard and the two ways out."""
    with pytest.raises(PopulationMissing, match=r"scorecard:lost.*train again"):
        population_of(tmp_path, "scorecard:lost")


def test_what_moved_comes_first() -> None:
    """A number that fell is in alert, a category that did not is stable."""
    before, now = population(4000, 0.5, 1), population(1000, 0.3, 2)
    first, second = item_drifts(before, now, (KIND, SCORE))
    assert (first.item, first.level, first.importance_rank) == (SCORE, Level.ALERT, 2)
    assert (second.item, second.level) == (KIND, Level.STABLE)
    assert score_drift(before, now).level is Level.STABLE


def test_a_category_is_compared_by_its_names() -> None:
    """Everybody of one education is an alert."""
    before, now = population(4000, 0.5, 1), population(1000, 0.5, 2)
    now = now.with_columns(pl.lit(CATALOGUE[KIND].categories[0], now.schema[KIND]).alias(KIND))
    (found,) = item_drifts(before, now, (KIND,))
    assert found.level is Level.ALERT


def test_an_item_matters_by_how_far_it_moves_these_clients() -> None:
    """One with a wide curve, of which everybody is at the same place, moves nobody."""
    scorecard = small_scorecard.scorecard()
    draw = np.random.default_rng(3)
    spread = {SCORE: draw.uniform(0, 1, 500), "owns_realty": draw.integers(0, 2, 500) * 1.0}
    columns = {
        item: spread.get(item, np.full(500, np.nan))
        for item in scorecard.items
        if not CATALOGUE[item].categories
    }
    same = pl.Series(["Working"] * 500, dtype=pl.Enum(CATALOGUE["income_type"].categories))
    reference = pl.DataFrame({**columns, "income_type": same})
    order = by_importance(scorecard, reference)
    assert order[:2] == [SCORE, "owns_realty"]
    assert sorted(order) == sorted(scorecard.items)

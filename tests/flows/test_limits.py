"""Bad input and limits, through learning and scoring: what is strange is handled, and said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from features.build import build, history_features
from flows.learning.dataset import Labelled
from flows.learning.learned import learn_scorecard
from flows.learning.reference import learn_reference
from flows.learning.training import feature_table, judge_once, made, split_clients
from scoring.assess import EXTERNAL_SCORES, assess
from scoring.batch import assess_frame
from scoring.contract import ReferCause
from scoring.policy import policy
from scoring.scorecard import Scorecard, save
from tests import training_world as world
from tests.scoring import small_scorecard

TINY = replace(world.QUICK, sizes=(6, 12), folds=2, max_rounds=25)


def _scorecard(folder: Path, *without: str) -> Scorecard:
    """A scorecard learnt without these tables, from items of the small world's; loaded back."""
    table = feature_table(world.prepared(), world.SEED, without)
    names = [name for name in world.learned().names if name in table.names]
    train, test = (part.only(names) for part in split_clients(table, world.SEED))
    learned = learn_scorecard(train, TINY, world.COST, world.SEED)
    reference = learn_reference(train, TINY, world.COST, world.SEED)
    judged = judge_once(learned, test, world.COST)
    both = made(learned, reference, train, (judged, judged), table, world.prepared(), world.COST, 1)
    save(folder, both.grid.scorecard, golden=both.grid.golden)
    return Scorecard.load(folder)


def _client() -> tuple[dict[str, object], dict[str, float | None]]:
    application = world.prepared().scan("applications").head(1).collect().to_dicts()[0]
    history = history_features(world.prepared()).filter(
        pl.col("client_id") == application["client_id"]
    )
    return application, history.drop("client_id").to_dicts()[0]


def test_a_table_absent_in_training_is_ignored_in_scoring(tmp_path: Path) -> None:
    """Cards were not learnt from: what is held of them changes nothing."""
    card = _scorecard(tmp_path, "cards")
    application, history = _client()
    without = {name: value for name, value in history.items() if not name.startswith("cards_")}
    assert len(without) < len(history)
    assert assess(card, policy(), application, history).raw_score == (
        assess(card, policy(), application, without).raw_score
    )


def test_a_table_absent_in_scoring_counts_as_missing() -> None:
    """Learnt from bureau, scored without it: as a client whose bureau features are all null."""
    card = world.scorecard()
    application, history = _client()
    absent = {name: value for name, value in history.items() if not name.startswith("bureau_")}
    null = {name: None if name.startswith("bureau_") else v for name, v in history.items()}
    assert any(name.startswith("bureau_") for name in card.items)
    scored = assess(card, policy(), application, absent)
    assert scored.raw_score == assess(card, policy(), application, null).raw_score
    fewer = replace(world.prepared(), tables=world.prepared().tables - {"bureau"})
    features = build(fewer).filter(pl.col("client_id") == application["client_id"])
    forms = world.prepared().scan("applications").collect()
    batch = assess_frame(card, policy(), features, forms)
    assert batch["default_probability"][0] == pytest.approx(scored.default_probability, abs=1e-9)


def test_nothing_known_but_the_form_is_for_a_person() -> None:
    """No history, no external score, infinities and a category never seen: a finite REFER."""
    strange = small_scorecard.CLIENT | dict.fromkeys(EXTERNAL_SCORES) | {
        "employment_days": float("-inf"),
        "income_type": "Lighthouse keeper",
    }  # fmt: skip
    assessment = assess(small_scorecard.scorecard(), policy(), strange, None)
    assert 0 < assessment.default_probability < 1
    assert {ReferCause.THIN_FILE, ReferCause.NO_EXTERNAL_SCORE} <= set(assessment.refer_causes)
    assert "income_type" in assessment.unseen_categories


def test_inner_folds_without_defaults_still_learn() -> None:
    """Few defaults, one of them a fold's only one: the calibration stays finite."""
    data: Labelled = world.parts()[0].only(world.learned().names[:15])
    bad, good = np.flatnonzero(data.default == 1), np.flatnonzero(data.default == 0)
    few = data.take(np.concatenate((bad[:2], good[:300])))
    learned = learn_scorecard(few, TINY, world.COST, world.SEED)
    probability = learned.probability(data)
    assert np.isfinite(probability).all()
    assert 0 < learned.decided.cut_off.value < 1

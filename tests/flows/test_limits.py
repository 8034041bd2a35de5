"""Bad input and limits, through learning and scoring: what is strange is handled, and said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from features.build import build, history_features
from flows.steps.dataset import Labelled
from flows.steps.judging import Judged, figures
from flows.steps.learned import Learned, learn_scorecard
from flows.steps.training import (
    aggregates,
    describe,
    feature_table,
    golden,
    judge_once,
    split_clients,
)
from scoring.assess import EXTERNAL_SCORES, assess
from scoring.contract import ReferCause
from scoring.cut_off import CutOff
from scoring.policy import policy
from scoring.scorecard import Scorecard, save
from tests import training_world as world

TINY = replace(world.QUICK, folds=2, max_rounds=25, additive=(0.0, 0.3), most_features=40)


def _scorecard(folder: Path, *without: str) -> Scorecard:
    """A scorecard learnt without these tables."""
    table = feature_table(world.prepared(), without)
    train, test = split_clients(table, world.SEED)
    learned: Learned = learn_scorecard(train, TINY, world.COST, world.SEED)
    card = describe(
        learned,
        train,
        judge_once(learned, test, world.COST),
        tables=table.tables,
        fingerprint="small world",
        cost=world.COST,
        seed=world.SEED,
    )
    save(
        folder,
        booster=learned.booster,
        calibration=learned.decided.calibration,
        encoder=train.only(card.features).encoder,
        metadata=card,
        golden=golden(learned, train, world.SEED),
        others=aggregates(learned, train, table),
    )
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


def test_a_table_absent_in_scoring_counts_as_missing(tmp_path: Path) -> None:
    """Learnt from bureau, scored without it: as a client whose bureau features are all null."""
    card = _scorecard(tmp_path)
    application, history = _client()
    absent = {name: value for name, value in history.items() if not name.startswith("bureau_")}
    null = {name: None if name.startswith("bureau_") else v for name, v in history.items()}
    assert any(name.startswith("bureau_") for name in card.metadata.features)
    scored = assess(card, policy(), application, absent)
    assert scored.raw_score == assess(card, policy(), application, null).raw_score
    fewer = replace(world.prepared(), tables=world.prepared().tables - {"bureau"})
    features = build(fewer).filter(pl.col("client_id") == application["client_id"])
    missing = [name for name in card.metadata.features if name not in features.columns]
    row = features.with_columns(pl.lit(None, dtype=pl.Float64).alias(name) for name in missing)
    assert card.raw_score(card.encoder.matrix(row))[0] == pytest.approx(scored.raw_score, abs=1e-9)


def test_nothing_known_but_the_form_is_for_a_person() -> None:
    """No history, no external score, infinities and a category never seen: a finite REFER."""
    application, _ = _client()
    strange = application | dict.fromkeys(EXTERNAL_SCORES) | {
        "income_total": 0.0,
        "employment_days": float("-inf"),
        "employer_type": "Lighthouse",
    }  # fmt: skip
    assessment = assess(world.scorecard(), policy(), strange, None)
    assert 0 < assessment.default_probability < 1
    assert {ReferCause.THIN_FILE, ReferCause.NO_EXTERNAL_SCORE} <= set(assessment.refer_causes)
    assert "employer_type" in assessment.unseen_categories


def test_a_judged_fold_without_defaults_is_left_out_of_the_mean() -> None:
    """Its AUC is null, the others' mean and the pooled figures stand."""
    cut_off = CutOff(value=0.5, interval=(0.4, 0.6), grey_zone=(0.5, 0.5))
    probability = np.linspace(0.1, 0.9, 30)
    outcomes = [np.zeros(30), (np.arange(30) > 20).astype(float)]
    found = figures([Judged(d, probability, cut_off, 3) for d in outcomes], world.COST)
    assert found["auc_of_folds"] == [None, 1.0]
    assert found["auc_mean_of_folds"] == 1.0
    assert 0.5 < float(str(found["auc"])) < 1.0


def test_inner_folds_without_defaults_still_learn() -> None:
    """Few defaults, one of them a fold's only one: the calibration stays finite."""
    data: Labelled = world.parts()[0].only(world.learned().names[:15])
    bad, good = np.flatnonzero(data.default == 1), np.flatnonzero(data.default == 0)
    few = data.take(np.concatenate((bad[:2], good[:300])))
    learned = learn_scorecard(few, replace(TINY, folds=2), world.COST, world.SEED)
    probability = learned.probability(data)
    assert np.isfinite(probability).all()
    assert 0 < learned.decided.cut_off.value < 1

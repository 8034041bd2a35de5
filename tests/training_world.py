"""A small archive and a scorecard learnt from it in seconds, made once for all tests that ask."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

import portfolio
from features.prepare import Prepared, prepare
from flows.steps import training
from flows.steps.dataset import Labelled
from flows.steps.fairness import Fairness, judge_fairness, people
from flows.steps.learned import Learned, learn_scorecard
from flows.steps.recipe import SMALL_TREES, Recipe
from flows.steps.run_figures import Run
from flows.steps.training import Judgement, Table
from scoring.cost import CostOfError
from scoring.metadata import Metadata
from scoring.scorecard import Scorecard, save

CLIENTS = 1_500
SEED = 7
COST = CostOfError()
QUICK = Recipe(
    kinds=(SMALL_TREES,), seeds=1, folds=3, learning_rate=0.15, max_rounds=60, patience=10
)


@lru_cache(maxsize=1)
def _home() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="training-world-")


@lru_cache(maxsize=1)
def archive() -> Path:
    """A synthetic archive of 1,500 clients, all tables. Read it only."""
    path = Path(_home().name) / "portfolio.zip"
    portfolio.write(path, clients=CLIENTS, seed=SEED, fmt="zip")
    return path


@lru_cache(maxsize=1)
def prepared() -> Prepared:
    """The archive, prepared."""
    return prepare(archive(), Path(_home().name), report=lambda _line: None)


@lru_cache(maxsize=1)
def table() -> Table:
    """Its feature table."""
    return training.feature_table(prepared())


@lru_cache(maxsize=1)
def parts() -> tuple[Labelled, Labelled]:
    """The clients to learn from, and the test split."""
    return training.split_clients(table(), SEED)


@lru_cache(maxsize=1)
def learned() -> Learned:
    """What a quick recipe learns from them."""
    return learn_scorecard(parts()[0], QUICK, COST, SEED)


@lru_cache(maxsize=1)
def judgement() -> Judgement:
    """The test split, judged."""
    return training.judge_once(learned(), parts()[1], COST)


@lru_cache(maxsize=1)
def fairness() -> Fairness:
    """How the proposals fall on groups of people."""
    return judge_fairness(
        people(prepared(), parts()[1].client_ids),
        judgement().default,
        judgement().probability,
        learned().decided.cut_off.value,
        COST,
        today=date(2026, 11, 23),
    )


@lru_cache(maxsize=1)
def metadata() -> Metadata:
    """The identity card of what was learnt."""
    return training.describe(
        learned(),
        parts()[0],
        judgement(),
        tables=table().tables,
        fingerprint=prepared().fingerprint,
        cost=COST,
        seed=SEED,
    )


def run(warnings: Sequence[str] = ()) -> Run:
    """What the training made of them, as the report receives it."""
    return Run(
        learned(),
        metadata(),
        judgement(),
        *parts(),
        fairness(),
        QUICK,
        prepared().rows,
        "scorecard:test",
        "abc",
        warnings,
    )


def write_scorecard(folder: Path) -> str:
    """Write the scorecard into ``folder``; return its hash."""
    return save(
        folder,
        booster=learned().booster,
        calibration=learned().decided.calibration,
        encoder=parts()[0].only(metadata().features).encoder,
        metadata=metadata(),
        golden=training.golden(learned(), parts()[0], SEED),
        others=training.aggregates(learned(), parts()[0], table()),
    )


@lru_cache(maxsize=1)
def scorecard() -> Scorecard:
    """The scorecard, written and loaded back."""
    folder = Path(_home().name) / "scorecard"
    write_scorecard(folder)
    return Scorecard.load(folder)

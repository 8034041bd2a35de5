"""A small archive and a scorecard learnt from it in seconds, made once for all tests that ask."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

import portfolio
from features.raw.prepare import Prepared, prepare
from flows.learning import training
from flows.learning.alternatives import Frontier
from flows.learning.contested import contested
from flows.learning.dataset import Labelled
from flows.learning.fairness import Fairness, judge_fairness, people
from flows.learning.learned import Learned, learn_scorecard
from flows.learning.price import prices, scored_with
from flows.learning.recipe import Recipe
from flows.learning.reference import LearnedReference, learn_reference
from flows.learning.training import Judgement, Made, Table
from flows.reports.run_figures import Run
from scoring.cost import CostOfError
from scoring.metadata import Metadata
from scoring.policy import policy
from scoring.scorecard import Scorecard, save

CLIENTS = 1_500
SEED = 7
COST = CostOfError()
QUICK = Recipe(
    sizes=(12, 24), choosing_folds=2, folds=3, learning_rate=0.15, max_rounds=60, patience=10
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
    return training.feature_table(prepared(), SEED)


@lru_cache(maxsize=1)
def parts() -> tuple[Labelled, Labelled]:
    """The clients to learn from, and the test split."""
    return training.split_clients(table(), SEED)


@lru_cache(maxsize=1)
def learned() -> Learned:
    """What a quick recipe learns from them."""
    return learn_scorecard(parts()[0], QUICK, COST, SEED)


@lru_cache(maxsize=1)
def fairer() -> tuple[Learned, Frontier]:
    """The grid that serves groups as the policy asks, and the alternatives looked at."""
    return training.fairer(learned(), parts()[0], prepared(), policy(), COST, SEED)


@lru_cache(maxsize=1)
def reference() -> LearnedReference:
    """The reference trained beside it."""
    return learn_reference(parts()[0], QUICK, COST, SEED)


@lru_cache(maxsize=1)
def judgements() -> tuple[Judgement, Judgement]:
    """The test split, judged by both."""
    grid, other = fairer()[0], reference()
    return (
        training.judge_once(grid, parts()[1], COST),
        training.judge_once(other, parts()[1], COST),
    )


@lru_cache(maxsize=1)
def made() -> Made:
    """Both scorecards, as they are registered."""
    return training.made(
        fairer()[0], reference(), parts()[0], judgements(), table(), prepared(), COST, SEED
    )


@lru_cache(maxsize=1)
def fairness() -> Fairness:
    """How the proposals fall on groups of people."""
    test = parts()[1]
    return judge_fairness(
        people(prepared(), test.client_ids),
        training.verdicts(made().grid.scorecard, policy(), table(), prepared(), test),
        judgements()[0].default,
        judgements()[0].probability,
        policy().fairness,
        COST,
        today=date(2026, 11, 23),
    )


@lru_cache(maxsize=1)
def priced() -> dict[str, dict[str, float]]:
    """What each input that is not used would bring."""
    learn, test = parts()
    of_parts = (contested(prepared(), part.client_ids) for part in parts())
    scores = scored_with(learn, test, fairer()[0].names, *of_parts)
    return prices(test.default, scores, judgements()[0].figures["refused_share"], COST)


def metadata() -> Metadata:
    """The identity card of what was learnt."""
    return made().grid.scorecard.metadata


def run(warnings: Sequence[str] = ()) -> Run:
    """What the training made of them, as the report receives it."""
    return Run(
        made(),
        judgements(),
        *parts(),
        fairness(),
        fairer()[1],
        priced(),
        policy(),
        QUICK,
        prepared().rows,
        "scorecard:test",
        "abc",
        warnings,
    )


def write_scorecard(folder: Path) -> str:
    """Write the scorecard into ``folder``; return its hash."""
    others = training.aggregates(fairer()[0], parts()[0], table())
    return save(folder, made().grid.scorecard, golden=made().grid.golden, others=others)


@lru_cache(maxsize=1)
def scorecard() -> Scorecard:
    """The scorecard, written and loaded back."""
    folder = Path(_home().name) / "scorecard"
    write_scorecard(folder)
    return Scorecard.load(folder)

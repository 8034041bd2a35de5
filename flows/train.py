"""From an archive to a registered scorecard: ``python -m flows.train --data ARCHIVE``.

The flow shows the steps; what each does is a plain function of ``flows.steps``.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from features import errors
from features.prepare import Prepared, prepare
from flows import SETTINGS
from flows.steps import run_folder, run_report, training
from flows.steps.alone import AlreadyRunning, alone
from flows.steps.checking import ChecksFailed, check, check_features
from flows.steps.dataset import Labelled, warnings_about
from flows.steps.fairness import Fairness, judge_fairness, people
from flows.steps.learned import Learned, learn_scorecard
from flows.steps.measure import Meter, table
from flows.steps.recipe import COMPACT, RECIPE, Recipe
from flows.steps.register import register
from flows.steps.run_figures import Run
from flows.steps.training import Judgement, Table
from flows.terminal import say
from scoring.cost import CostOfError
from scoring.errors import ScoringError
from scoring.gate import WAIVER
from scoring.metadata import Metadata

SEED = 2018
COST = CostOfError()
BLOCKED_MEANS = (
    "The scorecard serves only while no other passed; "
    f"to promote it, sign {WAIVER} in the folder SCORING_HOME."
)
EXPECTED_ERRORS = (errors.DataError, ScoringError, ChecksFailed, AlreadyRunning)


@dataclass(frozen=True)
class Trained:
    """What a run leaves: its folder, the registered model, the figures of the test split."""

    folder: Path
    model_tag: str
    scorecard_hash: str
    metrics: dict[str, float]


def model_store(home: Path) -> Path:
    """Return the BentoML home: the environment's for the default home, else inside ``home``."""
    if home == SETTINGS.home:
        return Path(os.environ["BENTOML_HOME"])
    return home / "bentoml"


@task(cache_policy=NO_CACHE)
def prepare_tables(data: Path, home: Path) -> Prepared:
    """Raw archive to typed tables."""
    return prepare(data, home, report=say)


@task(cache_policy=NO_CACHE)
def check_tables(prepared: Prepared, folder: Path) -> tuple[str, ...]:
    """Refuse data that would teach something wrong; return the warnings."""
    return check(prepared, folder, say)


@task(cache_policy=NO_CACHE)
def build_features(prepared: Prepared, without: Sequence[str]) -> Table:
    """One row per client."""
    return training.feature_table(prepared, without)


@task(cache_policy=NO_CACHE)
def check_feature_table(features: Table, folder: Path) -> tuple[str, ...]:
    """Refuse features outside the domains the catalogue declares; return the warnings."""
    return check_features(features.features, folder, say)


@task(cache_policy=NO_CACHE)
def split_clients(features: Table, seed: int) -> tuple[Labelled, Labelled]:
    """Set the test split aside."""
    return training.split_clients(features, seed)


@task(cache_policy=NO_CACHE)
def learn(train_part: Labelled, recipe: Recipe, seed: int) -> Learned:
    """Choose features, rounds, calibration and cut-off; learn the booster."""
    return learn_scorecard(train_part, recipe, COST, seed)


@task(cache_policy=NO_CACHE)
def judge_once(learned: Learned, test_part: Labelled) -> Judgement:
    """Judge on the test split, which nothing has seen."""
    return training.judge_once(learned, test_part, COST)


@task(cache_policy=NO_CACHE)
def compare_groups(
    prepared: Prepared, learned: Learned, test_part: Labelled, judgement: Judgement, home: Path
) -> Fairness:
    """How the proposals fall on groups of people, and whether the release gate opens."""
    return judge_fairness(
        people(prepared, test_part.client_ids),
        judgement.default,
        judgement.probability,
        learned.decided.cut_off.value,
        COST,
        waiver=home / WAIVER,
        today=datetime.now(UTC).date(),
    )


def describe(
    prepared: Prepared,
    features: Table,
    train_part: Labelled,
    learned: Learned,
    judgement: Judgement,
    seed: int,
) -> Metadata:
    """Return the scorecard's identity card."""
    return training.describe(
        learned,
        train_part,
        judgement,
        tables=features.tables,
        fingerprint=prepared.fingerprint,
        cost=COST,
        seed=seed,
    )


@task(cache_policy=NO_CACHE)
def register_scorecard(
    learned: Learned,
    train_part: Labelled,
    features: Table,
    metadata: Metadata,
    fairness: Fairness,
    store: Path,
) -> tuple[str, str]:
    """Put the scorecard into the model store."""
    golden = training.golden(learned, train_part, metadata.seed)
    others = training.aggregates(learned, train_part, features)
    gate = "passed" if fairness.passed else "blocked"
    return register(learned, metadata, golden, others, store=store, gate=gate)


@task(cache_policy=NO_CACHE)
def write_report(folder: Path, made: Run, features: Table) -> None:
    """Write the report, and what later populations are compared with."""
    run_folder.write_reference(folder, made.learned, made.train, features.features)
    run_report.write(folder, made)


@flow(name="training")
def train(
    data: Path,
    home: Path = SETTINGS.home,
    without: tuple[str, ...] = (),
    seed: int = SEED,
    recipe: Recipe = RECIPE,
) -> Trained:
    """Train, judge and register a scorecard on ``data``; return what the run left.

    ``without`` names history tables to leave out. Raises one of ``EXPECTED_ERRORS`` when the data
    cannot make a scorecard; what serves is then untouched.
    """
    meter = Meter(say)
    with alone(home, "training"):
        folder = run_folder.new_run(home)
        with meter.step("prepare the tables"):
            prepared = prepare_tables(data, home)
        with meter.step("check the tables"):
            doubts = check_tables(prepared, folder)
        with meter.step("build the features"):
            features = build_features(prepared, without)
        with meter.step("check the features"):
            doubts += check_feature_table(features, folder)
        with meter.step("split the clients"):
            parts = split_clients(features, seed)
            doubts += (*features.warnings, *warnings_about(parts[0]))
        with meter.step("learn the scorecard"):
            learned = learn(parts[0], recipe, seed)
        with meter.step("judge it once"):
            judgement = judge_once(learned, parts[1])
        with meter.step("compare the groups"):
            fairness = compare_groups(prepared, learned, parts[1], judgement, home)
        with meter.step("register it"):
            card = describe(prepared, features, parts[0], learned, judgement, seed)
            names = register_scorecard(
                learned, parts[0], features, card, fairness, model_store(home)
            )
        with meter.step("write the report"):
            made = Run(
                learned, card, judgement, *parts, fairness, recipe, prepared.rows, *names, doubts
            )
            write_report(folder, made, features)
    conclude(folder, made, meter)
    return Trained(folder, *names, judgement.figures)


def conclude(folder: Path, made: Run, meter: Meter) -> None:
    """Write down what the run cost, and say its warnings."""
    run_report.add_costs(folder, meter.measures)
    for warning in made.warnings:
        say(f"warning: {warning}")
    if not made.fairness.passed:
        below = ", ".join(made.fairness.below_floor)
        say(f"warning: the fairness gate is blocked ({below}). {BLOCKED_MEANS}")
    say(table(meter.measures))


def main() -> int:
    """Read the command line and train; 0 when a scorecard was registered."""
    options = _parser().parse_args()
    data = options.data
    if data is None:
        from flows.steps.demo import synthetic_portfolio

        data = synthetic_portfolio(options.home)
    try:
        recipe = Recipe.read(options.recipe) if options.recipe else options.built_in
        trained = train(data, options.home.resolve(), tuple(options.without), options.seed, recipe)
    except EXPECTED_ERRORS as error:
        sys.stderr.write(f"\n{error}\n")
        return 1
    figures = trained.metrics
    say(
        f"\n{trained.model_tag} registered: AUC {figures['auc']:.4f}, expected cost "
        f"{figures['expected_cost']:.3f} on the test split. Report: {trained.folder}/report.html"
    )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m flows.train", description=__doc__)
    parser.add_argument("--data", type=Path, help="archive of the Kaggle layout (zip or folder)")
    parser.add_argument("--home", type=Path, default=SETTINGS.home, help="where all is written")
    parser.add_argument("--without", nargs="*", default=(), help="history tables to leave out")
    parser.add_argument("--seed", type=int, default=SEED, help="of every random choice")
    recipes = parser.add_mutually_exclusive_group()
    recipes.add_argument("--recipe", type=Path, help="file that flows.search wrote")
    recipes.add_argument(
        "--compact",
        action="store_const",
        dest="built_in",
        const=COMPACT,
        default=RECIPE,
        help=f"read at most {COMPACT.most_features} features",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())

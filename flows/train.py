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
from flows.steps.alternatives import Frontier
from flows.steps.checking import ChecksFailed, check, check_features
from flows.steps.contested import contested
from flows.steps.dataset import Labelled, warnings_about
from flows.steps.fairness import Fairness, Standing, judge_fairness, people
from flows.steps.learned import Learned, learn_scorecard
from flows.steps.measure import Meter, table
from flows.steps.price import prices, scored_with
from flows.steps.recipe import RECIPE, Recipe
from flows.steps.reference import LearnedReference, learn_reference
from flows.steps.register import REFERENCE, register
from flows.steps.run_figures import Run
from flows.steps.training import Judgement, Made, Table
from flows.terminal import say
from scoring.cost import CostOfError
from scoring.errors import ScoringError
from scoring.gate import UNCOMPUTED, WAIVER
from scoring.policy import Policy, policy

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
def build_features(prepared: Prepared, seed: int, without: Sequence[str]) -> Table:
    """One row per client."""
    return training.feature_table(prepared, seed, without)


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
    """Choose items, curves, calibration and cut-off."""
    return learn_scorecard(train_part, recipe, COST, seed)


@task(cache_policy=NO_CACHE)
def treat_more_alike(
    learned: Learned, train_part: Labelled, prepared: Prepared, policy: Policy, seed: int
) -> tuple[Learned, Frontier]:
    """Take the least discriminatory grid within the cost that the policy accepts."""
    return training.fairer(learned, train_part, prepared, policy, COST, seed)


@task(cache_policy=NO_CACHE)
def learn_beside(train_part: Labelled, recipe: Recipe, seed: int) -> LearnedReference:
    """Learn the reference on the same clients."""
    return learn_reference(train_part, recipe, COST, seed)


@task(cache_policy=NO_CACHE)
def judge_once(
    learned: Learned, reference: LearnedReference, test_part: Labelled
) -> tuple[Judgement, Judgement]:
    """Judge the grid and the reference on the test split, which nothing has seen."""
    return (
        training.judge_once(learned, test_part, COST),
        training.judge_once(reference, test_part, COST),
    )


@task(cache_policy=NO_CACHE)
def compare_groups(
    prepared: Prepared, verdicts: Sequence[str], test: Labelled, judgement: Judgement, home: Path
) -> Fairness:
    """How the proposals fall on groups of people, and whether the release gate opens."""
    return judge_fairness(
        people(prepared, test.client_ids),
        verdicts,
        judgement.default,
        judgement.probability,
        policy(SETTINGS.policy_file).fairness,
        COST,
        waiver=home / WAIVER,
        today=datetime.now(UTC).date(),
    )


@task(cache_policy=NO_CACHE)
def price_unused(
    prepared: Prepared, learned: Learned, train_part: Labelled, test: Labelled, judged: Judgement
) -> dict[str, dict[str, float]]:
    """What the inputs that policy refuses would have brought."""
    of_parts = (contested(prepared, part.client_ids) for part in (train_part, test))
    scores = scored_with(train_part, test, learned.names, *of_parts)
    return prices(test.default, scores, judged.figures["refused_share"], COST)


@task(cache_policy=NO_CACHE)
def register_scorecard(
    made: Made, train_part: Labelled, features: Table, fairness: Fairness, store: Path
) -> tuple[str, str]:
    """Put the grid into the model store, and the reference beside it."""
    others = training.aggregates(made.learned, train_part, features)
    names = register(made.grid, others, store=store, gate=fairness.gate)
    register(made.reference, {}, store=store, gate=UNCOMPUTED, name=REFERENCE)
    return names


@task(cache_policy=NO_CACHE)
def write_report(folder: Path, made: Run, features: Table) -> None:
    """Write the report, and what later populations are compared with."""
    run_folder.write_reference(folder, made.made.learned, made.train, features.features)
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
    meter, rules = Meter(say), policy(SETTINGS.policy_file)
    with alone(home, "training"):
        folder = run_folder.new_run(home)
        with meter.step("prepare the tables"):
            prepared = prepare_tables(data, home)
        with meter.step("check the tables"):
            doubts = check_tables(prepared, folder)
        with meter.step("build the features"):
            features = build_features(prepared, seed, without)
        with meter.step("check the features"):
            doubts += check_feature_table(features, folder)
        with meter.step("split the clients"):
            parts = split_clients(features, seed)
            doubts += (*features.warnings, *warnings_about(parts[0]))
        with meter.step("learn the grid"):
            learned = learn(parts[0], recipe, seed)
        with meter.step("treat groups more alike"):
            learned, frontier = treat_more_alike(learned, parts[0], prepared, rules, seed)
        with meter.step("learn the reference"):
            reference = learn_beside(parts[0], recipe, seed)
        with meter.step("judge both once"):
            judgements = judge_once(learned, reference, parts[1])
        with meter.step("compare the groups"):
            made = training.made(
                learned, reference, parts[0], judgements, features, prepared, COST, seed
            )
            verdicts = training.verdicts(made.grid.scorecard, rules, features, prepared, parts[1])
            fairness = compare_groups(prepared, verdicts, parts[1], judgements[0], home)
        with meter.step("price what is not used"):
            priced = price_unused(prepared, learned, *parts, judgements[0])
        with meter.step("register them"):
            names = register_scorecard(made, parts[0], features, fairness, model_store(home))
        with meter.step("write the report"):
            run = Run(
                made, judgements, *parts, fairness, frontier, priced, rules, recipe,
                prepared.rows, *names, doubts,
            )  # fmt: skip
            write_report(folder, run, features)
    conclude(folder, run, meter)
    return Trained(folder, *names, judgements[0].figures)


def conclude(folder: Path, made: Run, meter: Meter) -> None:
    """Write down what the run cost, and say its warnings."""
    run_report.add_costs(folder, meter.measures)
    for warning in made.warnings:
        say(f"warning: {warning}")
    if not made.fairness.passed:
        broken = ", ".join(made.fairness.named(Standing.BROKEN)) or "nothing could be compared"
        say(f"warning: the fairness gate is {made.fairness.gate} ({broken}). {BLOCKED_MEANS}")
    say(table(meter.measures))


def main() -> int:
    """Read the command line and train; 0 when a scorecard was registered."""
    options = _parser().parse_args()
    data = options.data
    if data is None:
        from flows.steps.demo import synthetic_portfolio

        data = synthetic_portfolio(options.home)
    try:
        recipe = Recipe.read(options.recipe) if options.recipe else RECIPE
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
    parser.add_argument("--recipe", type=Path, help="file that flows.search wrote")
    return parser


if __name__ == "__main__":
    sys.exit(main())

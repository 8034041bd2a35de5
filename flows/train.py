"""From an archive to a registered scorecard: ``python -m flows.train --data ARCHIVE``.

The flow shows the steps; what each does is a plain function of ``flows.learning``,
``flows.reports`` or ``flows.operations``.
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
from features.raw.prepare import Prepared, prepare
from flows import SETTINGS
from flows.learning import training
from flows.learning.alternatives import Frontier
from flows.learning.checking import ChecksFailed, check, check_features
from flows.learning.contested import contested
from flows.learning.dataset import Labelled, warnings_about
from flows.learning.fairness import Fairness, Standing, judge_fairness, people
from flows.learning.learned import Learned, learn_scorecard
from flows.learning.price import prices, scored_with
from flows.learning.recipe import RECIPE, Recipe
from flows.learning.reference import LearnedReference, learn_reference
from flows.learning.training import Judgeable, Judgement, Made, Table
from flows.operations import run_folder
from flows.operations.lock import AlreadyRunning, alone
from flows.operations.measure import Meter, table
from flows.operations.register import REFERENCE, register
from flows.operations.terminal import say
from flows.reports import run_report
from flows.reports.run_figures import Run
from scoring.cost import CostOfError
from scoring.errors import ScoringError
from scoring.gate import UNCOMPUTED, WAIVER
from scoring.policy import Policy, policy
from scoring.scorecard import Scorecard

SEED = 2018
COST = CostOfError()
BLOCKED_MEANS = (
    "The scorecard serves only while no other passed; "
    f"to promote it, sign {WAIVER} in the folder SCORING_HOME."
)
EXPECTED_ERRORS = (errors.DataError, ScoringError, ChecksFailed, AlreadyRunning)


Names = tuple[str, str]
"""A registered model's tag and its hash."""


@dataclass(frozen=True)
class Ready:
    """What learning starts from: checked tables and features, the clients in two parts."""

    prepared: Prepared
    features: Table
    train: Labelled
    test: Labelled
    """Set aside, judged once."""
    doubts: tuple[str, ...]
    """What to beware of in the data."""


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
    learned: Learned, ready: Ready, rules: Policy, seed: int
) -> tuple[Learned, Frontier]:
    """Take the least discriminatory grid within the cost that the policy accepts."""
    return training.fairer(learned, ready.train, ready.prepared, rules, COST, seed)


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


def identified(
    learned: Learned,
    reference: LearnedReference,
    judgements: tuple[Judgement, Judgement],
    ready: Ready,
    seed: int,
) -> Made:
    """Give both scorecards their identity cards."""
    train, table, prepared = ready.train, ready.features, ready.prepared
    return training.made(learned, reference, train, judgements, table, prepared, COST, seed)


@task(cache_policy=NO_CACHE)
def compare_groups(
    scorecard: Scorecard, ready: Ready, judgement: Judgement, rules: Policy, home: Path
) -> Fairness:
    """How the proposals fall on groups of people, and whether the release gate opens."""
    prepared, test = ready.prepared, ready.test
    return judge_fairness(
        people(prepared, test.client_ids),
        training.verdicts(scorecard, rules, ready.features, prepared, test),
        judgement.default,
        judgement.probability,
        rules.fairness,
        COST,
        waiver=home / WAIVER,
        today=datetime.now(UTC).date(),
    )


@task(cache_policy=NO_CACHE)
def price_unused(ready: Ready, learned: Learned, judged: Judgement) -> dict[str, dict[str, float]]:
    """What the inputs that policy refuses would have brought."""
    parts = ready.train, ready.test
    of_parts = (contested(ready.prepared, part.client_ids) for part in parts)
    scores = scored_with(*parts, learned.names, *of_parts)
    return prices(ready.test.default, scores, judged.figures["refused_share"], COST)


@task(cache_policy=NO_CACHE)
def register_both(made: Made, ready: Ready, gate: str, store: Path) -> tuple[Names, Names]:
    """Put the grid into the model store and the reference beside it; return tags and hashes.

    The reference never takes part in the gate: who serves it answers for how it treats groups.
    """

    def others(learned: Judgeable) -> dict[str, str]:
        return training.aggregates(learned, ready.train, ready.features)

    return (
        register(made.grid, others(made.learned), store=store, gate=gate),
        register(
            made.reference,
            others(made.learned_reference),
            store=store,
            gate=UNCOMPUTED,
            name=REFERENCE,
        ),
    )


@task(cache_policy=NO_CACHE)
def write_report(folder: Path, run: Run, ready: Ready, reference_tag: str) -> None:
    """Write the report, and what later populations are compared with."""
    for tag, learned in (
        (run.model_tag, run.made.learned),
        (reference_tag, run.made.learned_reference),
    ):
        run_folder.write_population(folder, tag, learned, ready.train, ready.features.features)
    run_report.write(folder, run)


def ready_to_learn(
    data: Path, home: Path, folder: Path, without: tuple[str, ...], seed: int, meter: Meter
) -> Ready:
    """Bring an archive to where learning starts, each step checked and measured."""
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
    return Ready(prepared, features, *parts, doubts)


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
        ready = ready_to_learn(data, home, folder, without, seed, meter)
        with meter.step("learn the grid"):
            learned = learn(ready.train, recipe, seed)
        with meter.step("treat groups more alike"):
            learned, frontier = treat_more_alike(learned, ready, rules, seed)
        with meter.step("learn the reference"):
            reference = learn_beside(ready.train, recipe, seed)
        with meter.step("judge both once"):
            judgements = judge_once(learned, reference, ready.test)
        with meter.step("compare the groups"):
            made = identified(learned, reference, judgements, ready, seed)
            fairness = compare_groups(made.grid.scorecard, ready, judgements[0], rules, home)
        with meter.step("price what is not used"):
            priced = price_unused(ready, learned, judgements[0])
        with meter.step("register them"):
            names, beside = register_both(made, ready, fairness.gate, model_store(home))
        with meter.step("write the report"):
            run = Run(
                made, judgements, ready.train, ready.test, fairness, frontier, priced, rules,
                recipe, ready.prepared.rows, *names, ready.doubts,
            )  # fmt: skip
            write_report(folder, run, ready, beside[0])
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
        from flows.operations.demo import synthetic_portfolio

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

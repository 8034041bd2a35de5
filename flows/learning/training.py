"""The plain functions behind the training flow, from the feature table to a judged scorecard."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.build import KEY, build
from features.catalogue import APPLICATIONS_TABLE, CATALOGUE
from features.definitions.estimated import TABLE as ESTIMATES
from features.raw.prepare import Prepared
from flows.learning import coverage
from flows.learning.alternatives import Frontier, search_alternatives
from flows.learning.alternatives import Grid as Effects
from flows.learning.dataset import Labelled, labelled
from flows.learning.decide import Decided
from flows.learning.estimating import can_estimate, learn_estimates, with_crossed_estimates
from flows.learning.fairness import people
from flows.learning.folds import Rows, split
from flows.learning.learned import Learned, flattened
from flows.learning.population import golden_rows, granted_population, ranges
from flows.learning.reference import LearnedReference
from scoring import metrics
from scoring.batch import assess_frame
from scoring.calibration import Calibration
from scoring.cost import CostOfError
from scoring.estimates import Estimates
from scoring.files import POPULATION
from scoring.grid import Grid
from scoring.metadata import Metadata
from scoring.policy import Policy
from scoring.population import CONTRACT, INCOME, population_of
from scoring.scorecard import Scorecard

Array = NDArray[np.float64]


class Judgeable(Protocol):
    """What can be judged: anything that learnt features, a cut-off, and gives probabilities."""

    @property
    def names(self) -> tuple[str, ...]:
        """Features it reads."""

    @property
    def decided(self) -> Decided:
        """Calibration and cut-off."""

    def probability(self, data: Labelled) -> Array:
        """Calibrated probabilities (n,)."""


@dataclass(frozen=True)
class Table:
    """The feature table of an archive, what it was made from, and what to beware of.

    Its estimates of external scores are crossed: none learnt from the row it stands in.
    ``estimates`` are those of a new client, learnt from all the rows; ``None`` where too few
    scores are known.
    """

    features: pl.DataFrame
    names: tuple[str, ...]
    tables: tuple[str, ...]
    warnings: tuple[str, ...]
    estimates: Estimates | None


@dataclass(frozen=True)
class Judgement:
    """The test split, scored once: outcomes and probabilities (n,), and the figures."""

    default: Array
    probability: Array
    figures: dict[str, float]


def feature_table(prepared: Prepared, seed: int, without: Collection[str] = ()) -> Table:
    """Build the features of the tables that are complete enough to learn from."""
    tables, warnings = coverage.tables_to_use(prepared, without)
    features = build(replace(prepared, tables=frozenset(tables)))
    names = [feature.name for feature in CATALOGUE.available(frozenset(tables))]
    estimates = None
    if can_estimate(features):
        estimates = learn_estimates(features, seed)
        features = with_crossed_estimates(features, seed)
        names += [feature.name for feature in CATALOGUE.of(ESTIMATES)]
    return Table(features, tuple(names), tables, (*prepared.warnings, *warnings), estimates)


def split_clients(table: Table, seed: int) -> tuple[Labelled, Labelled]:
    """Return the clients to learn from and those of the test split.

    Raises ``TrainingRefused`` when the labelled clients cannot teach a scorecard.
    """
    data = labelled(table.features, table.names)
    rows: tuple[Rows, Rows] = split(data.default, seed)
    return data.take(rows[0]), data.take(rows[1])


def fairer(
    learned: Learned,
    train: Labelled,
    prepared: Prepared,
    policy: Policy,
    cost: CostOfError,
    seed: int,
) -> tuple[Learned, Frontier]:
    """Flatten the curves that set groups apart, as far as the policy's tolerance of cost goes.

    Chosen on the learning clients, out of fold.
    """
    effects = learned.scored.effects
    assert effects is not None, "a grid's scores come with its effects"
    forms = forms_of(prepared, train.client_ids)
    frontier = search_alternatives(
        Effects(learned.names, effects, learned.grid.base),
        train.default,
        people(prepared, train.client_ids),
        policy.fairness,
        cost=cost,
        cut_off=learned.decided.cut_off.value,
        calibrate=Calibration.fit,
        grantable=np.array([not rules for rules in policy.hits_frame(forms)]),
        seed=seed,
    )
    return flattened(learned, frontier.chosen.flattened, train.default, cost, seed), frontier


def forms_of(prepared: Prepared, client_ids: NDArray[np.int64]) -> pl.DataFrame:
    """Return the applications of these clients, in their order."""
    wanted = pl.DataFrame({KEY: client_ids})
    applications = prepared.scan("applications").collect()
    return wanted.join(applications, on=KEY, how="left", maintain_order="left")


def judge_once(learned: Judgeable, test: Labelled, cost: CostOfError) -> Judgement:
    """Score the test split and compute its figures, with the cut-off chosen beforehand."""
    probability = learned.probability(test)
    cut_off = learned.decided.cut_off.value
    return Judgement(test.default, probability, figures(test.default, probability, cut_off, cost))


def figures(
    default: Array, probability: Array, cut_off: float, cost: CostOfError
) -> dict[str, float]:
    """Return the figures by which a scorecard is known."""
    refused = probability > cut_off
    low, high = metrics.auc_interval(default, probability)
    return {
        "auc": metrics.auc(default, probability),
        "auc_low": low,
        "auc_high": high,
        "gini": metrics.gini(default, probability),
        "ks": metrics.ks(default, probability),
        "expected_cost": cost.expected(default, refused),
        "accept_all_cost": cost.expected(default, np.zeros(len(default))),
        "refused_share": float(refused.mean()),
        "calibration_error": metrics.calibration_error(default, probability),
        "brier": metrics.brier(default, probability),
        "log_loss": metrics.log_loss(default, probability),
        "clients": float(len(default)),
        "defaults": float(default.sum()),
    }


@dataclass(frozen=True)
class Registrable:
    """A scorecard as it is registered: in memory, with rows of nobody that prove it later."""

    scorecard: Scorecard
    golden: NDArray[np.float32]


@dataclass(frozen=True)
class Made:
    """What a run made: the grid and the reference, as they were learnt and as they are kept."""

    learned: Learned
    learned_reference: LearnedReference
    grid: Registrable
    reference: Registrable


def made(
    learned: Learned,
    reference: LearnedReference,
    train: Labelled,
    judgements: tuple[Judgement, Judgement],
    table: Table,
    prepared: Prepared,
    cost: CostOfError,
    seed: int,
) -> Made:
    """Return both scorecards with their identity cards."""

    def kept(one: Learned | LearnedReference, judgement: Judgement) -> Registrable:
        model = one.grid if isinstance(one, Learned) else one.model
        chosen = train.only(one.names)
        decided = one.decided
        card = Metadata(
            kind="grid" if isinstance(model, Grid) else "reference",
            trees_share=1.0 if isinstance(model, Grid) else model.share,
            trained_at=datetime.now(UTC),
            seed=seed,
            data_fingerprint=prepared.fingerprint,
            feature_version=CATALOGUE.version,
            tables=table.tables,
            items=one.names,
            clients=len(train),
            cost=cost,
            cut_off=decided.cut_off,
            metrics=judgement.figures,
            ranges=ranges(chosen),
            granted=granted_population(model, chosen, decided.probability, decided.cut_off.value),
        )
        estimates = table.estimates if _reads_estimates(one.names) else None
        scorecard = Scorecard.of(model, decided.calibration, card, estimates)
        return Registrable(scorecard, golden_rows(chosen, seed))

    return Made(learned, reference, kept(learned, judgements[0]), kept(reference, judgements[1]))


def _reads_estimates(names: Sequence[str]) -> bool:
    return any(CATALOGUE[name].table == ESTIMATES for name in names)


def aggregates(learned: Judgeable, train: Labelled, table: Table) -> dict[str, str]:
    """Return the scorecard's further files: the reference population, by file name."""
    form = [feature.name for feature in CATALOGUE.of(APPLICATIONS_TABLE) if feature.raw]
    items = tuple(dict.fromkeys((*form, *learned.names)))
    said = pl.DataFrame({"client_id": train.client_ids, "said": learned.decided.probability})
    shown = dict.fromkeys(("client_id", "default", CONTRACT, INCOME, *items))
    clients = table.features.select(*shown).join(said, on="client_id")
    granted = clients["said"] <= learned.decided.cut_off.value
    population = population_of(clients, granted, items)
    return {POPULATION: population.model_dump_json() + "\n"}


def verdicts(
    scorecard: Scorecard, policy: Policy, table: Table, prepared: Prepared, test: Labelled
) -> list[str]:
    """Return what scorecard and policy propose for each client of the test split, in order."""
    wanted = pl.DataFrame({KEY: test.client_ids})
    rows = wanted.join(table.features, on=KEY, how="left", maintain_order="left")
    forms = forms_of(prepared, test.client_ids)
    return assess_frame(scorecard, policy, rows, forms)["verdict"].to_list()

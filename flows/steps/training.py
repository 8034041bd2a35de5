"""The plain functions behind the training flow, from the feature table to a judged scorecard."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.build import build
from features.catalogue import CATALOGUE
from features.prepare import Prepared
from flows.steps import coverage
from flows.steps.dataset import Labelled, labelled
from flows.steps.folds import Rows, split
from flows.steps.granted import golden_rows, granted_population, ranges
from flows.steps.learned import Learned
from scoring import metrics
from scoring.cost import CostOfError
from scoring.files import POPULATION
from scoring.metadata import Metadata
from scoring.population import CONTRACT, INCOME, population_of

Array = NDArray[np.float64]

SHOWN_ITEMS = 40
"""The strongest items whose spread is kept, beside those of the application form."""


@dataclass(frozen=True)
class Table:
    """The feature table of an archive, the tables it was made from, and what to beware of."""

    features: pl.DataFrame
    names: tuple[str, ...]
    tables: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Judgement:
    """The test split, scored once: outcomes and probabilities (n,), and the figures."""

    default: Array
    probability: Array
    figures: dict[str, float]


def feature_table(prepared: Prepared, without: Collection[str] = ()) -> Table:
    """Build the features of the tables that are complete enough to learn from."""
    tables, warnings = coverage.tables_to_use(prepared, without)
    features = build(replace(prepared, tables=frozenset(tables)))
    names = tuple(feature.name for feature in CATALOGUE.available(frozenset(tables)))
    return Table(features, names, tables, (*prepared.warnings, *warnings))


def split_clients(table: Table, seed: int) -> tuple[Labelled, Labelled]:
    """Return the clients to learn from and those of the test split.

    Raises ``TrainingRefused`` when the labelled clients cannot teach a scorecard.
    """
    data = labelled(table.features, table.names)
    rows: tuple[Rows, Rows] = split(data.default, seed)
    return data.take(rows[0]), data.take(rows[1])


def judge_once(learned: Learned, test: Labelled, cost: CostOfError) -> Judgement:
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


def describe(
    learned: Learned,
    train: Labelled,
    judgement: Judgement,
    *,
    tables: tuple[str, ...],
    fingerprint: str,
    cost: CostOfError,
    seed: int,
) -> Metadata:
    """Return the scorecard's identity card."""
    chosen = train.only(learned.names)
    decided = learned.decided
    return Metadata(
        trained_at=datetime.now(UTC),
        seed=seed,
        data_fingerprint=fingerprint,
        feature_version=CATALOGUE.version,
        tables=tables,
        features=learned.names,
        clients=len(train),
        cost=cost,
        cut_off=decided.cut_off,
        metrics=judgement.figures,
        ranges=ranges(chosen),
        granted=granted_population(
            learned.booster, chosen, decided.probability, decided.cut_off.value, seed
        ),
    )


def golden(learned: Learned, train: Labelled, seed: int) -> NDArray[np.float32]:
    """Return rows of nobody to prove at each loading that the booster scores as it did."""
    return golden_rows(train.only(learned.names), seed)


def aggregates(learned: Learned, train: Labelled, table: Table) -> dict[str, str]:
    """Return the scorecard's further files: the reference population, by file name."""
    gains = dict(zip(learned.names, learned.booster.feature_importance("gain"), strict=True))
    declared = [name for name in learned.names if CATALOGUE[name].table == "applications"]
    strongest = sorted(gains, key=lambda name: (-gains[name], name))[:SHOWN_ITEMS]
    items = tuple(dict.fromkeys((*declared, *strongest)))
    said = pl.DataFrame({"client_id": train.client_ids, "said": learned.decided.probability})
    shown = dict.fromkeys(("client_id", "default", CONTRACT, INCOME, *items))
    clients = table.features.select(*shown).join(said, on="client_id")
    granted = clients["said"] <= learned.decided.cut_off.value
    population = population_of(clients, granted, items)
    return {POPULATION: population.model_dump_json() + "\n"}

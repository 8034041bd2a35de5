"""The scorecard that serves: loaded from plain files, verified, then only read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Protocol, Self

import lightgbm
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from features.catalogue import CATALOGUE
from features.definitions.external_scores import NAMES
from features.encode import Encoder
from features.raw.tables import Language
from scoring import files
from scoring.calibration import Calibration
from scoring.errors import ModelRejected
from scoring.estimates import Estimates
from scoring.facts import FACTS
from scoring.grid import Grid, passing_through
from scoring.intake import Intake
from scoring.metadata import Metadata
from scoring.population import Population
from scoring.reasons import FactSheet
from scoring.reference import Reference

Array = NDArray[np.float64]
Matrix = NDArray[np.float32]

TOLERANCE = 1e-9


class Model(Protocol):
    """What scores: a ``Grid``, or the ``Reference`` trained beside it."""

    @property
    def base(self) -> float:
        """What is added to every client, log-odds."""

    def effects(self, matrix: Matrix) -> Array:
        """Return what each item adds for each client: (n, k), log-odds."""

    def raw_score(self, matrix: Matrix) -> Array:
        """Return the raw scores (n,), log-odds."""


class Golden(BaseModel):
    """Rows of nobody and what they scored in training; a value not known is ``None``.

    ``rows`` (g, k) are of the items, ``raw_scores`` (g,) their log-odds. ``forms`` (r, inputs) lead
    through every interval of every estimate, ``expected`` (r, 3) are the scores estimated; none
    where nothing is estimated, or in a scorecard of before they were kept.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: list[list[float | None]]
    raw_scores: list[float]
    forms: list[list[float | None]] = []
    expected: list[list[float]] = []

    @classmethod
    def of(cls, scorecard: Scorecard, rows: Matrix) -> Self:
        """Score ``rows`` (g, k), and what the estimates make of forms of their own."""
        scores, estimates = scorecard.raw_score(rows).tolist(), scorecard.estimates
        if estimates is None:
            return cls(rows=_plain(rows), raw_scores=scores)
        curves = [curve for grid in estimates.grids.values() for curve in grid.curves]
        forms = passing_through(curves, estimates.inputs)
        expected = estimates.expected(forms).tolist()
        return cls(rows=_plain(rows), raw_scores=scores, forms=_plain(forms), expected=expected)


@dataclass(frozen=True)
class Scorecard:
    """One verified scorecard in memory; it never changes and may serve many threads.

    A matrix is (n, k), float32, columns in the order of ``metadata.items``. ``encoder`` holds the
    items, then what their facts read beside them.
    """

    model: Model
    booster: lightgbm.Booster
    calibration: Calibration
    encoder: Encoder
    metadata: Metadata
    hashes: dict[str, str]
    estimates: Estimates | None = None
    population: Population | None = None

    @classmethod
    def of(
        cls,
        model: Grid | Reference,
        calibration: Calibration,
        metadata: Metadata,
        estimates: Estimates | None = None,
    ) -> Self:
        """Return a scorecard that was just learnt, before it is saved."""
        encoder = Encoder.of(read_by(metadata.items, estimates))
        booster = model.as_booster() if isinstance(model, Grid) else model.booster
        return cls(model, booster, calibration, encoder, metadata, {}, estimates)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Load the scorecard of ``folder``; ``ModelRejected`` unless it is the one registered.

        Hashes are verified before LightGBM sees the booster, then the golden rows are scored.
        """
        contents, hashes = files.read(Path(folder))
        run = json.loads(contents[files.RUN])
        card = json.loads(contents[files.SCORECARD])
        metadata = Metadata(trained_at=datetime.fromisoformat(run["trained_at"]), **card)
        booster = lightgbm.Booster(model_str=contents[files.BOOSTER])
        scorecard = cls(
            model=_model(metadata, contents, booster),
            booster=booster,
            calibration=Calibration.model_validate_json(contents[files.CALIBRATION]),
            encoder=Encoder.from_json(contents[files.ENCODER]),
            metadata=metadata,
            hashes=hashes,
            estimates=_estimates(contents),
            population=_population(contents),
        )
        scorecard._check(Golden.model_validate_json(contents[files.GOLDEN]))
        return scorecard

    @property
    def items(self) -> tuple[str, ...]:
        """Names of the items, in the order of the matrix."""
        return self.metadata.items

    @cached_property
    def scorecard_hash(self) -> str:
        """One hash for what this scorecard is."""
        return files.scorecard_hash(self.hashes)

    def matrix(self, values: Array) -> Matrix:
        """Return the items (..., k) among values (..., k + c), as the model reads them."""
        return self.intake.matrix(values)[:, : len(self.items)]

    def raw_score(self, matrix: Matrix) -> Array:
        """Raw scores (n,), log-odds before calibration."""
        return self.model.raw_score(matrix)

    def default_probability(self, raw: Array) -> Array:
        """Calibrated probabilities of default (n,) of raw scores (n,)."""
        return self.calibration.probability(raw)

    def contributions(self, values: Array) -> Array:
        """Contributions (k,) of one client's values (k + c,), from the granted population.

        What each item adds less its mean over the granted clients, so that
        ``metadata.granted.base`` plus their sum is the raw score.
        """
        contributions: Array = self.model.effects(self.matrix(values))[0] - self._granted_means
        return contributions

    @cached_property
    def intake(self) -> Intake:
        """What turns an application and a history into this scorecard's inputs."""
        return Intake(self.encoder, self.metadata.ranges, self.estimates)

    def facts(self, language: Language, currency: str = "") -> FactSheet:
        """Return what this scorecard can state in ``language``, made once."""
        sheet = self._sheets.get((language, currency))
        if sheet is None:
            sheet = self._sheets[language, currency] = FactSheet(self.metadata, language, currency)
        return sheet

    @cached_property
    def _sheets(self) -> dict[tuple[Language, str], FactSheet]:
        return {}

    @cached_property
    def _granted_means(self) -> Array:
        return np.asarray(self.metadata.granted.mean_effects)

    def _check(self, golden: Golden) -> None:
        if self.metadata.feature_version != CATALOGUE.version:
            msg = (
                "The scorecard was trained with other feature declarations than this code holds. "
                "Train again (make train), or serve it with the code it was trained with."
            )
            raise ModelRejected(msg)
        if tuple(self.booster.feature_name()) != self.items:
            msg = "The booster's features are not the items the scorecard declares. Train again."
            raise ModelRejected(msg)
        if self.encoder.names != read_by(self.items, self.estimates):
            msg = "The scorecard reads other values than its facts need. Train again."
            raise ModelRejected(msg)
        rows = np.asarray(golden.rows, dtype=np.float32)
        ways = [(self.raw_score(rows), np.asarray(golden.raw_scores))]
        if self.metadata.kind == "grid":  # the same numbers as trees
            by_trees = self.booster.predict(rows, raw_score=True, num_threads=1)
            ways.append((np.asarray(by_trees), np.asarray(golden.raw_scores)))
        if self.estimates is not None and golden.forms:
            forms = np.asarray(golden.forms, dtype=np.float32)
            ways.append((self.estimates.expected(forms), np.asarray(golden.expected)))
        for found, kept in ways:
            if not np.allclose(found, kept, rtol=0, atol=TOLERANCE):
                msg = (
                    "The golden rows do not score as they did in training. Restore or train again."
                )
                raise ModelRejected(msg)


def read_by(items: tuple[str, ...], estimates: Estimates | None) -> tuple[str, ...]:
    """Return the features that a scorecard of these items reads: they, then what else it needs.

    That is what facts say beside an item, and what estimates are made from.
    """
    told = [FACTS[item].companions for item in items if item in FACTS]
    beside = {name for names in told for name in names}
    if estimates is not None:
        beside |= {*estimates.inputs, *NAMES}
    beside -= set(items)
    return (*items, *sorted(name for name in beside if name in CATALOGUE))


def _plain(matrix: Matrix) -> list[list[float | None]]:
    return [[None if value != value else value for value in row] for row in matrix.tolist()]


def _model(metadata: Metadata, contents: dict[str, str], booster: lightgbm.Booster) -> Model:
    if files.GRID not in contents:
        msg = f"The scorecard has no {files.GRID}. Restore it or train again."
        raise ModelRejected(msg)
    grid = Grid.model_validate_json(contents[files.GRID])
    if metadata.kind == "reference":
        return Reference(booster, grid, metadata.trees_share)
    if grid.items != metadata.items:
        msg = "The curves are not of the items the scorecard declares. Train again."
        raise ModelRejected(msg)
    return grid


def _estimates(contents: dict[str, str]) -> Estimates | None:
    text = contents.get(files.ESTIMATES)
    return None if text is None else Estimates.model_validate_json(text)


def _population(contents: dict[str, str]) -> Population | None:
    text = contents.get(files.POPULATION)
    return None if text is None else Population.model_validate_json(text)


def save(
    folder: Path, scorecard: Scorecard, *, golden: Matrix, others: dict[str, str] | None = None
) -> str:
    """Write a scorecard as plain files with their manifest; return its hash.

    ``golden`` is a matrix (g, k) of rows that belong to nobody; their scores are kept to prove, at
    each loading, that curves, trees and estimates still score as they did. ``others`` are further
    files by name.
    """
    card = scorecard.metadata.model_dump(mode="json", exclude={"trained_at"})
    model, estimates = scorecard.model, scorecard.estimates
    assert isinstance(model, Grid | Reference), "no other model is written"
    grid = model if isinstance(model, Grid) else model.grid
    trained_at = scorecard.metadata.trained_at.isoformat()
    contents = {
        files.BOOSTER: scorecard.booster.model_to_string(),
        files.GRID: grid.model_dump_json(indent=1) + "\n",
        files.CALIBRATION: scorecard.calibration.model_dump_json() + "\n",
        files.ENCODER: scorecard.encoder.to_json() + "\n",
        files.SCORECARD: json.dumps(card, indent=1, ensure_ascii=False) + "\n",
        files.GOLDEN: Golden.of(scorecard, golden).model_dump_json() + "\n",
        files.RUN: json.dumps({"trained_at": trained_at}) + "\n",
        **({} if estimates is None else {files.ESTIMATES: estimates.model_dump_json() + "\n"}),
        **(others or {}),
    }
    return files.write(folder, contents)

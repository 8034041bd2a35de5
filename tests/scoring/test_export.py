"""The grid for other tools: a database and a spreadsheet find what the service finds."""

from __future__ import annotations

import csv
import io
import math

import duckdb
import numpy as np
import polars as pl
import pytest

from features.catalogue import CATALOGUE
from features.raw.tables import Language
from scoring.calibration import Calibration
from scoring.export import as_csv, as_sql
from scoring.grid import Curve, Grid, Matrix
from scoring.points import points_of
from tests.scoring import small_scorecard

CLIENTS = 24_000
PARITY = 1e-9
WORDS = {name: CATALOGUE[name].categories for name in small_scorecard.CURVES}
QUOTED = ("O'Brien & fils", 'the "other" one', "l'été", "")
"""Words that a careless statement would break on."""


def clients(grid: Grid, words: dict[str, tuple[str, ...]], seed: int = 3) -> Matrix:
    """Return made clients (CLIENTS, k): values on every edge, beside it, far away, and missing."""
    random = np.random.default_rng(seed)
    columns = []
    for curve in grid.curves:
        if words.get(curve.item):
            values = np.arange(len(words[curve.item]), dtype=np.float32)
        else:
            edges = np.array(curve.edges, dtype=np.float32)
            beside = [np.nextafter(edges, np.float32(way)) for way in (-np.inf, np.inf)]
            far = np.array([-1e9, -1.0, 0.0, 1.0, 1e9], dtype=np.float32)
            exact = np.array(curve.edges)  # not always a single: the service rounds it
            values = np.concatenate([edges, *beside, far, exact]).astype(np.float64)
        column = random.choice(values, CLIENTS)
        column[random.random(CLIENTS) < 0.15] = np.nan
        columns.append(column)
    return np.stack(columns, axis=1)


def scored_by_sql(
    grid: Grid,
    calibration: Calibration,
    words: dict[str, tuple[str, ...]],
    matrix: Matrix,
    kind: pl.DataType,
) -> tuple[np.ndarray, np.ndarray]:
    """Return raw scores (n,) and probabilities (n,) that a database computes of a table."""
    columns: dict[str, pl.Series] = {"client_id": pl.Series(range(len(matrix)))}
    for curve, column in zip(grid.curves, matrix.T, strict=True):
        if said := words.get(curve.item):
            texts = [None if math.isnan(code) else said[int(code)] for code in column]
            columns[curve.item] = pl.Series(texts, dtype=pl.String)
        else:
            columns[curve.item] = pl.Series(column).cast(kind).fill_nan(None)
    with duckdb.connect() as database:
        database.register("clients", pl.DataFrame(columns).to_arrow())
        statement = as_sql(grid, calibration, words)
        found = database.execute(f"{statement} ORDER BY client_id").fetchnumpy()
    return found["raw_score"].astype(float), found["default_probability"].astype(float)


@pytest.mark.parametrize("kind", [pl.Float32(), pl.Float64()], ids=["real", "double"])
def test_a_database_scores_like_the_service(kind: pl.DataType) -> None:
    """One SELECT over 24,000 clients gives the raw scores and probabilities of the service."""
    scorecard = small_scorecard.scorecard()
    grid = small_scorecard.grid()
    matrix = clients(grid, WORDS)
    raw, probability = scored_by_sql(grid, scorecard.calibration, WORDS, matrix, kind)
    expected = scorecard.raw_score(matrix.astype(np.float32))
    assert np.abs(raw - expected).max() <= PARITY
    assert np.abs(probability - scorecard.default_probability(expected)).max() <= PARITY
    assert len(np.unique(expected)) > 1_000


def test_words_with_quotes_are_scored_as_words() -> None:
    """A category that holds a quote neither breaks the statement nor meets another's points."""
    edges = (0.5, 1.5, 2.5)
    steps = (0.25, -0.5, 1.0, -2.0)
    grid = Grid(base=-1.5, curves=(small_scorecard.curve("occupation", edges, steps, 0.125),))
    words = {"occupation": QUOTED}
    matrix = clients(grid, words)
    calibration = Calibration(a=0.7, b=1.6, c=-0.2)
    raw, probability = scored_by_sql(grid, calibration, words, matrix, pl.Float64())
    assert np.abs(raw - grid.raw_score(matrix)).max() <= PARITY
    assert np.abs(probability - calibration.probability(grid.raw_score(matrix))).max() <= PARITY
    assert set(np.round(raw + 1.5, 9)) == {*steps, 0.125}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_table_holds_every_interval_once(language: Language) -> None:
    """Each curve's intervals follow one another without gap, and its clients are all counted."""
    counted = tuple(
        Curve(**{**one.model_dump(), "clients": counts, "defaults": tuple(c // 7 for c in counts)})
        for one in small_scorecard.grid().curves
        for counts in [tuple(range(100, 102 + len(one.effects) - 1))]
    )
    grid = Grid(base=0.0, curves=counted)
    rows = list(csv.DictReader(io.StringIO(as_csv(grid, WORDS, language))))
    assert len(rows) == sum(len(curve.effects) + 1 for curve in grid.curves)
    for curve in grid.curves:
        own = [row for row in rows if row["item"] == curve.item]
        assert {row["label"] for row in own} == {CATALOGUE[curve.item].label.in_(language)}
        ends = [row["up_to"] for row in own[:-1]]
        assert [float(end) for end in ends[:-1]] == list(curve.edges)
        assert [row["above"] for row in own[1:-1]] == ends[:-1]
        assert (own[0]["above"], ends[-1], own[-1]["above"], own[-1]["up_to"]) == ("", "", "", "")
        assert [float(row["effect"]) for row in own] == [*curve.effects, curve.unknown]
        assert all(
            float(row["points"]) == pytest.approx(points_of(float(row["effect"])), abs=0.05 + 1e-9)
            for row in own
        )
        assert sum(int(row["clients"]) for row in own) == sum(curve.clients)
        assert sum(int(row["defaults"]) for row in own) == sum(curve.defaults)
        assert all(row["interval"] for row in own)

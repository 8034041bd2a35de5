"""A grid and the LightGBM model of the same numbers, on curves that nobody would draw by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from features.catalogue import CATALOGUE
from scoring.grid import Curve, Grid, Matrix
from tests.scoring import small_scorecard as small

TOLERANCE = 1e-9
SMALLEST = 2.0**-60
"""LightGBM takes for zero what is below 1e-35: no item has such a value."""


def _numbers(low: float, high: float) -> st.SearchStrategy[float]:
    """Numbers that 32 bits hold exactly, as a matrix has them."""
    drawn = st.floats(low, high, width=32)
    return drawn.map(lambda value: 0.0 if abs(value) < SMALLEST else value)


@st.composite
def curves(draw: st.DrawFn, item: str) -> Curve:
    """A curve of any number of steps, its edges at any scale; often one on zero."""
    scale = draw(st.sampled_from([2.0**-14, 1.0, 2.0**20]))
    edges = draw(st.lists(_numbers(-8, 8), max_size=30, unique=True))
    effect = st.floats(-3, 3)
    steps = len(edges) + 1
    return Curve(
        item=item,
        edges=tuple(sorted(edge * scale for edge in edges)),
        effects=tuple(draw(st.lists(effect, min_size=steps, max_size=steps))),
        unknown=draw(effect),
        clients=(1,) * (steps + 1),
        defaults=(0,) * (steps + 1),
    )


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """A grid of one to four curves."""
    names = [f"item_{number}" for number in range(draw(st.integers(1, 4)))]
    drawn = tuple(draw(curves(name)) for name in names)
    return Grid(base=draw(st.floats(-3, 3)), curves=drawn)


def _telling_values(curve: Curve) -> Matrix:
    """Values (v,) where a curve may be read wrongly: its edges, either side of them, the ends."""
    edges = np.array(curve.edges, dtype=np.float32)
    sides = [np.nextafter(edges, np.float32(way)) for way in (-np.inf, np.inf)]
    others = np.array([0.0, -0.0, np.nan, -3e38, 3e38, 0.7], dtype=np.float32)
    values = np.concatenate([edges, *sides, others])
    return values[(values == 0) | ~(np.abs(values) < SMALLEST)]


def _rows(grid: Grid, seed: int) -> Matrix:
    """A matrix (r, k): every telling value of each item, among telling values of the others."""
    random = np.random.default_rng(seed)
    values = [_telling_values(curve) for curve in grid.curves]
    rows = sum(len(column) for column in values)
    matrix = np.stack([random.choice(column, rows) for column in values], axis=1)
    start = 0
    for place, column in enumerate(values):
        matrix[start : start + len(column), place] = column
        start += len(column)
    return matrix


def _flag(edge: float) -> Grid:
    return Grid(base=0.0, curves=(small.curve("flag", (edge,), (-1.0, 1.0), 0.5),))


def _long(steps: int) -> Grid:
    edges = tuple(float(edge) for edge in range(steps - 1))
    effects = tuple(np.sin(np.arange(steps)).tolist())
    return Grid(base=0.1, curves=(small.curve("long", edges, effects, -0.3),))


@settings(max_examples=60, deadline=None)
@given(grids(), st.integers(0, 2**32 - 1))
@example(small.grid(), 0)
@example(_flag(0.0), 0)
@example(_flag(0.5), 0)
@example(_long(300), 0)
@example(Grid(base=0.2, curves=(small.curve("flat", (), (0.4,), -0.4),)), 0)
def test_a_grid_scores_as_its_trees_do(grid: Grid, seed: int) -> None:
    """Both agree to 1e-9 on exact edges, beside them, at zero, far away and for what is missing."""
    rows = _rows(grid, seed)
    booster = grid.as_booster()
    by_trees = booster.predict(rows, raw_score=True, num_threads=1)
    np.testing.assert_allclose(grid.raw_score(rows), by_trees, rtol=0, atol=TOLERANCE)
    assert tuple(booster.feature_name()) == grid.items
    assert booster.num_trees() == len(grid.curves)


@settings(max_examples=40, deadline=None)
@given(grids(), st.integers(0, 2**32 - 1))
@example(small.grid(), 1)
def test_one_client_scores_as_among_many_to_the_last_bit(grid: Grid, seed: int) -> None:
    """Alone, the effects and the score are the very numbers of the batch."""
    rows = _rows(grid, seed)
    alone = [rows[place : place + 1] for place in range(len(rows))]
    np.testing.assert_array_equal(
        np.concatenate([grid.effects(row) for row in alone]), grid.effects(rows)
    )
    np.testing.assert_array_equal(
        np.concatenate([grid.raw_score(row) for row in alone]), grid.raw_score(rows)
    )


@settings(max_examples=40, deadline=None)
@given(grids(), st.integers(0, 2**32 - 1))
def test_an_items_effect_depends_on_its_own_value_alone(grid: Grid, seed: int) -> None:
    """Whatever the other items are, the effects of one item stay what its curve says."""
    rows = _rows(grid, seed)
    effects = grid.effects(rows)
    for place, curve in enumerate(grid.curves):
        expected = [curve.effect(float(value)) for value in rows[:, place]]
        np.testing.assert_array_equal(effects[:, place], expected)


def test_a_value_beyond_the_last_edge_is_held() -> None:
    """Ten times further is worth the same, on either side."""
    for curve in small.grid().curves:
        first, last = curve.edges[0], curve.edges[-1]
        assert curve.effect(last + 1.0) == curve.effect(last + 1e9) == curve.effects[-1]
        assert curve.effect(first) == curve.effect(first - 1e9) == curve.effects[0]


def test_infinities_are_taken_as_missing_before_the_grid() -> None:
    """The intake cuts them: an infinite amount is worth what "not known" is worth."""
    card = small.scorecard()
    values = np.full((3, len(card.encoder.names)), 0.3)
    values[0, :] = np.inf
    values[1, :] = -np.inf
    values[2, :] = np.nan
    scores = card.raw_score(card.matrix(values))
    unknown = small.BASE + sum(curve.unknown for curve in small.grid().curves)
    np.testing.assert_allclose(scores, unknown, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize(
    "wrong",
    [
        {"edges": (2.0, 1.0)},
        {"edges": (1.0, 1.0)},
        {"edges": (1.0,)},
        {"edges": (1.0, float("nan"))},
        {"edges": (1.0, float("inf"))},
        {"effects": (0.0, 0.1)},
        {"effects": (0.0, 0.1, float("nan"))},
        {"unknown": float("inf")},
        {"clients": (1, 1, 1)},
        {"defaults": (0, 0, 0, 0, 0)},
        {"label": "an unknown field"},
    ],
    ids=str,
)
def test_a_curve_that_cannot_be_read_is_refused(wrong: dict[str, object]) -> None:
    """Edges that do not rise, another number of effects or counts, and what is no number."""
    right: dict[str, object] = {
        "item": "x",
        "edges": (1.0, 2.0),
        "effects": (0.0, 0.1, 0.2),
        "unknown": 0.0,
        "clients": (1, 1, 1, 1),
        "defaults": (0, 0, 0, 0),
    }
    Curve.model_validate(right)
    with pytest.raises(ValidationError):
        Curve.model_validate(right | wrong)


def test_a_grid_is_the_same_after_a_file() -> None:
    """Not a digit is lost in JSON."""
    grid = small.grid()
    assert Grid.model_validate_json(grid.model_dump_json()) == grid


def test_an_item_flattened_to_nothing_leaves_the_grid() -> None:
    """What is left scores as before less its effect; half as strong, it adds half."""
    grid = small.grid()
    place = grid.items.index("credit_to_goods")
    rows = _rows(grid, 2)
    effect = grid.effects(rows)[:, place]
    without = grid.flattened({"credit_to_goods": 0.0})
    assert "credit_to_goods" not in without.items
    fewer = np.delete(rows, place, axis=1)
    expected = grid.raw_score(rows) - effect
    np.testing.assert_allclose(without.raw_score(fewer), expected, rtol=0, atol=TOLERANCE)
    half = grid.flattened({"credit_to_goods": 0.5})
    expected = grid.raw_score(rows) - effect / 2
    np.testing.assert_allclose(half.raw_score(rows), expected, rtol=0, atol=TOLERANCE)


def test_the_curves_are_monotone_where_a_direction_is_declared() -> None:
    """The small scorecard keeps to the catalogue, so that tests of directions mean something."""
    for curve in small.grid().curves:
        direction = CATALOGUE[curve.item].direction
        assert (direction * np.diff(curve.effects) >= 0).all(), curve.item


def test_curves_are_compared_by_their_numbers() -> None:
    """Having scored many at once changes nothing of what a curve is; another effect does."""
    used, other = small.grid(), small.grid()
    used.effects(small.golden())
    assert used == other
    assert hash(used) == hash(other)
    assert used.curves[0] != used.curves[1]
    dearer = other.curves[0].flattened(1.01)
    dearer.of(small.golden()[:, 0])
    assert used.curves[0] != dearer

"""The curves of a grid: what they find, what they never do, and whom they rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from features.encode import Encoder
from flows.learning.curves import TOLD, Design, Fitted, Intervals, cuts_of, fewest, fit, grid_of
from flows.learning.dataset import Labelled
from scoring.grid import Grid

Array = NDArray[np.float64]

CLIENTS = 20_000
PENALTY = 10.0


def described(
    columns: Mapping[str, Array],
    default: Array,
    directions: Mapping[str, int] | None = None,
    words: Mapping[str, Sequence[str]] | None = None,
) -> Labelled:
    """Invented clients: items by name, outcomes, what is declared of the items."""
    encoder = Encoder(tuple(columns), {k: tuple(v) for k, v in (words or {}).items()})
    return Labelled(
        client_ids=np.arange(len(default)),
        default=default,
        matrix=np.column_stack(list(columns.values())).astype(np.float32),
        encoder=encoder,
        directions=tuple((directions or {}).get(name, 0) for name in columns),
    )


def drawn(raw: Array, seed: int = 1) -> Array:
    """Outcomes of clients whose log-odds are ``raw``."""
    chance = 1 / (1 + np.exp(-raw))
    return (np.random.default_rng(seed).random(len(raw)) < chance).astype(np.float64)


def learnt(data: Labelled, penalty: float = PENALTY) -> Grid:
    """The grid that one convex problem gives."""
    cuts = cuts_of(data, TOLD.steps)
    design = Design.of(data, cuts)
    return grid_of(data, cuts, design, fit(design, data.default, penalty))


@pytest.fixture(scope="module")
def planted() -> tuple[Labelled, Array]:
    """Two rising and falling effects, a rare absence, a category; and the log-odds they make."""
    draw = np.random.default_rng(7)
    rises, falls = draw.uniform(0, 1, CLIENTS), draw.normal(0, 1, CLIENTS)
    absent = draw.random(CLIENTS) < 0.1
    sort = draw.choice(4, CLIENTS, p=[0.6, 0.3, 0.098, 0.002]).astype(float)
    raw = -1.5 + 2 * np.sqrt(rises) - np.where(absent, -0.8, np.tanh(falls))
    raw += np.array([0.0, 0.7, -0.7, 0.7])[sort.astype(int)]
    columns = {"rises": rises, "falls": np.where(absent, np.nan, falls), "sort": sort}
    directions = {"rises": 1, "falls": -1}
    return described(columns, drawn(raw), directions, {"sort": ("a", "b", "c", "d")}), raw


@pytest.fixture(scope="module")
def grid(planted: tuple[Labelled, Array]) -> Grid:
    """What is learnt from them."""
    return learnt(planted[0])


def test_planted_curves_are_found_again(planted: tuple[Labelled, Array], grid: Grid) -> None:
    """From outcomes alone, the log-odds that made them, for clients who were not learnt from."""
    data, raw = planted
    assert np.corrcoef(grid.raw_score(data.matrix), raw)[0, 1] > 0.97
    rises, falls, _ = grid.curves
    assert rises.effect(0.99) - rises.effect(0.01) == pytest.approx(1.8, abs=0.35)
    assert falls.effect(2.0) - falls.effect(-2.0) == pytest.approx(-1.9, abs=0.35)


def test_the_unknown_has_a_point_of_its_own(grid: Grid) -> None:
    """Who did not say has the effect of those who did not say, off the curve of the others."""
    falls = grid.curves[1]
    assert falls.unknown == pytest.approx(0.8, abs=0.25)
    assert falls.clients[-1] == pytest.approx(0.1 * CLIENTS, rel=0.1)


def test_a_rare_category_shares_the_effect_of_the_rare(grid: Grid) -> None:
    """Forty clients say nothing of their own: what is rare is told together, near no effect."""
    sort = grid.curves[2]
    met = [sort.effect(code) for code in range(4)]
    assert met[1] - met[0] == pytest.approx(0.7, abs=0.2)
    assert met[2] - met[0] == pytest.approx(-0.7, abs=0.2)
    cut = Intervals.of(
        np.repeat([0, 1, 2, 3, 4], [5000, 3000, 20, 20, 20]).astype(np.float32),
        category=True,
        least=100,
        steps=TOLD.steps,
    )
    assert cut.group[2] == cut.group[3] == cut.group[4]
    assert len({*cut.group.tolist()}) == 3


@pytest.mark.parametrize("direction", [1, -1])
@pytest.mark.parametrize("seed", range(4))
def test_a_direction_holds_exactly_whatever_the_clients_say(direction: int, seed: int) -> None:
    """Few clients, pure noise or the opposite of what was declared: no step goes the other way."""
    draw = np.random.default_rng(seed)
    x, y = draw.normal(0, 1, 600), draw.integers(0, 9, 600).astype(float)
    default = drawn(-1 - direction * (x + 0.3 * y), seed)
    data = described({"x": x, "y": y}, default, {"x": direction, "y": direction})
    cuts = cuts_of(data, TOLD.steps)
    design = Design.of(data, cuts)
    fitted = fit(design, default, 0.1)
    for place, cut in enumerate(cuts):
        steps = fitted.effects[design.item == place][: cut.groups]
        assert (direction * np.diff(steps) >= -1e-12).all()
    for curve in grid_of(data, cuts, design, fitted).curves:
        assert (direction * np.diff(curve.effects) >= 0).all()


@pytest.mark.parametrize("clients", [300, 5_000, 20_000])
def test_no_step_rests_on_a_handful_of_clients(clients: int) -> None:
    """Whatever the shape of the values, each interval has at least as many as is stated."""
    draw = np.random.default_rng(clients)
    columns = {
        "even": draw.uniform(0, 1, clients),
        "long tailed": np.exp(3 * draw.normal(0, 1, clients)),
        "mostly zero": np.where(draw.random(clients) < 0.9, 0.0, draw.uniform(0, 1, clients)),
        "few values": draw.choice([0.0, 1.0, 2.0, 50.0], clients, p=[0.7, 0.2, 0.095, 0.005]),
        "little known": np.where(draw.random(clients) < 0.8, np.nan, draw.uniform(0, 1, clients)),
    }
    data = described(columns, drawn(columns["even"] + columns["mostly zero"] - 1.5))
    least = fewest(clients)
    assert least >= 50
    for name, column, cut in zip(columns, data.matrix.T, cuts_of(data, TOLD.steps), strict=True):
        met = np.bincount(cut.places(column), minlength=cut.groups + 1)[:-1]
        assert len(met) == 1 or met.min() >= least, name
        assert len(met) <= TOLD.steps + 1, name
    for curve in learnt(data, 1.0).curves:
        assert len(curve.effects) == 1 or min(curve.clients[:-1]) >= least, curve.item


def test_a_value_that_many_share_is_a_step_of_its_own() -> None:
    """Most clients have no late payment: what zero says is not told with what one says."""
    column = np.repeat([0.0, 1.0, 2.0, 3.0], [8000, 700, 700, 600]).astype(np.float32)
    cut = Intervals.of(column, category=False, least=100, steps=TOLD.steps)
    assert cut.edges[0] == 0.5
    late = np.where(column > 0, 1.0, 0.0)
    grid = learnt(described({"late": column.astype(float)}, drawn(-2 + 2 * late)))
    (curve,) = grid.curves
    assert curve.effect(1.0) - curve.effect(0.0) > 1.2


def test_an_absence_that_is_met_too_rarely_adds_nothing() -> None:
    """Ten clients who did not say are no evidence of what not saying means."""
    draw = np.random.default_rng(2)
    x = draw.uniform(0, 1, 4000)
    x[:10] = np.nan
    default = np.where(np.isnan(x), 1.0, drawn(3 * np.nan_to_num(x) - 2))
    (curve,) = learnt(described({"x": x}, default)).curves
    assert curve.unknown == 0.0
    assert curve.clients[-1] == 10


def test_neighbours_that_say_the_same_are_one_level() -> None:
    """A threshold in the middle of even values is told in few levels, and noise adds nothing."""
    draw = np.random.default_rng(3)
    x, noise = draw.uniform(0, 1, CLIENTS), draw.uniform(0, 1, CLIENTS)
    data = described({"x": x, "noise": noise}, np.where(x > 0.5, 0.4, 0.1))
    found = {curve.item: curve for curve in learnt(data, penalty=1e-3).curves}
    assert len(found["x"].effects) <= 3
    assert found["x"].effect(0.9) - found["x"].effect(0.1) == pytest.approx(1.79, abs=0.05)
    assert np.ptp(found["noise"].effects) < 0.01


def test_the_kept_grid_scores_as_what_was_fitted(planted: tuple[Labelled, Array]) -> None:
    """Putting neighbours together moves no client by more than the levels allow."""
    data = planted[0]
    cuts = cuts_of(data, TOLD.steps)
    design = Design.of(data, cuts)
    fitted: Fitted = fit(design, data.default, PENALTY)
    exact = design.met @ fitted.effects + fitted.base
    kept = grid_of(data, cuts, design, fitted).raw_score(data.matrix)
    assert np.abs(exact - kept).max() < 0.02


def test_a_heavier_penalty_believes_less() -> None:
    """Of few clients, curves are flatter the more is asked of them."""
    draw = np.random.default_rng(4)
    x = draw.uniform(0, 1, 800)
    data = described({"x": x}, drawn(4 * x - 2))
    spreads = [np.ptp(learnt(data, penalty).curves[0].effects) for penalty in (1, 30, 1000)]
    assert spreads == sorted(spreads, reverse=True)

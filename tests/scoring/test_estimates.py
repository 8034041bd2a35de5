"""What an external score usually is: bounded, directed, the same alone as among many, not told."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from features.build import with_estimates
from features.definitions.estimated import EXPECTED
from features.definitions.external_scores import NAMES
from features.encode import Encoder
from flows.learning.estimating import TELLS_AGE, learn_estimates, with_crossed_estimates
from scoring.errors import TooFewClients
from scoring.estimates import Estimates, expected_columns
from scoring.scorecard import Scorecard
from tests import training_world as world
from tests.scoring import clients
from tests.scoring import small_scorecard as small
from tests.scoring.clients import Form

NARROW = ("client_id", "default", *NAMES, "income_total", "amount_credit")
"""Enough of the form to learn estimates from in a moment."""
FEW = 1_150
"""Clients, of whom each third leaves enough who know the rarest score."""


@cache
def narrow() -> pl.DataFrame:
    """These columns of the first clients of the small portfolio."""
    return world.table().features.select(NARROW).head(FEW)


@cache
def crossed() -> np.ndarray:
    """The crossed estimates (n, 3) of these clients."""
    return _crossed(narrow())


def _crossed(features: pl.DataFrame) -> np.ndarray:
    return with_crossed_estimates(features, world.SEED).select(EXPECTED).to_numpy()


def _turned(row: int, name: str) -> pl.DataFrame:
    """Return the same clients, a known score of one of them turned round."""
    other = pl.when(pl.int_range(pl.len()) == row).then(1 - pl.col(name)).otherwise(name)
    return narrow().with_columns(other.alias(name))


def _learned() -> Estimates:
    estimates = clients.whole().estimates
    assert estimates is not None
    return estimates


def _expected(card: Scorecard, forms: list[Form]) -> np.ndarray:
    """Return the expected scores (n, 3) as a service makes them of these forms."""
    assert card.estimates is not None
    values = card.intake.many(forms, [None] * len(forms))
    places = [card.encoder.names.index(name) for name in card.estimates.inputs]
    return card.estimates.expected(card.intake.matrix(values[:, places]))


def _all(change: dict[str, Any]) -> list[Form]:
    return [form | change for form in clients.forms()]


def test_they_lie_between_none_and_one() -> None:
    """For every client, and for forms on which nothing or nothing sensible stands."""
    absurd: list[dict[str, Any]] = [
        {},
        dict.fromkeys(NAMES),
        {"income_total": 0.0, "amount_credit": 1e300},
        {"income_total": 1e300, "annuity": 0.0, "goods_price": 0.0},
    ]
    for change in absurd:
        expected = _expected(clients.whole(), _all(change))
        assert ((expected >= 0) & (expected <= 1)).all()
    nothing = _expected(clients.whole(), [{}])
    assert ((nothing > 0) & (nothing < 1)).all()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.none() | st.floats(), min_size=3, max_size=3), st.none() | st.floats(0, 1e300))
@example([0.0, 1.0, None], 0.0)
def test_no_value_leads_beyond_their_bounds(scores: list[float | None], income: float) -> None:
    """Any number, infinite or none at all, in any of the fields that an estimate reads."""
    form = dict(zip((*NAMES, "income_total"), (*scores, income), strict=True))
    expected = _expected(clients.estimating(), [small.CLIENT | form])
    assert ((expected >= 0) & (expected <= 1)).all()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("more", [1e-6, 0.1, 1.0])
def test_a_better_known_score_never_lowers_an_estimate(name: str, more: float) -> None:
    """Every client who knows it: each of the three estimates stays or rises, and some rise."""
    known = [form for form in clients.forms() if form[name] is not None]
    better = [form | {name: min(1.0, form[name] + more)} for form in known]
    moved = _expected(clients.whole(), better) - _expected(clients.whole(), known)
    assert (moved >= 0).all()
    if more == 1.0:
        others = [place for place, one in enumerate(NAMES) if one != name]
        assert (moved[:, others] > 0).any()


@pytest.mark.parametrize("times", [1.000001, 1.1, 2.0, 100.0])
def test_a_larger_income_never_lowers_an_estimate(times: float) -> None:
    """Every client, and all three estimates."""
    richer = [form | {"income_total": form["income_total"] * times} for form in clients.forms()]
    moved = _expected(clients.whole(), richer) - _expected(clients.whole(), list(clients.forms()))
    assert (moved >= 0).all()
    if times > 1.5:
        assert (moved > 0).any()


def test_an_estimate_does_not_read_the_score_it_stands_for() -> None:
    """Nor anything made of it: another value of the score leaves its own estimate as it is."""
    for place, name in enumerate(NAMES):
        low, high = (_expected(clients.whole(), _all({name: score})) for score in (0.1, 0.9))
        np.testing.assert_array_equal(low[:, place], high[:, place])


def test_nothing_that_the_policy_on_inputs_denies_moves_them() -> None:
    """Another age, gender or family status: the very same estimates."""
    plain = _expected(clients.whole(), list(clients.forms()))
    for change in ({"birth_days": -24_000}, {"gender": "M"}, {"family_status": "Widow"}):
        np.testing.assert_array_equal(_expected(clients.whole(), _all(change)), plain)


def test_what_tells_age_is_not_read() -> None:
    """Items that go with age would bring back under another name what the policy refuses."""
    assert not set(_learned().inputs) & TELLS_AGE
    assert set(_learned().grids) == set(NAMES)


def test_one_client_is_estimated_as_among_many() -> None:
    """To the last bit, as columns, as one row and as the batch adds them to a table."""
    estimates = _learned()
    matrix = Encoder.of(estimates.inputs).matrix(world.table().features)
    together = estimates.expected(matrix)
    alone = np.concatenate([estimates.expected(row[np.newaxis]) for row in matrix])
    np.testing.assert_array_equal(alone, together)
    added = estimates.added_to(world.table().features)
    np.testing.assert_array_equal(added.select(EXPECTED).to_numpy(), together)


def test_a_table_is_completed_where_scores_are_missing_and_only_there() -> None:
    """Filled scores are the client's own where they are known, the estimates where not."""
    added = _learned().added_to(world.table().features)
    for name, expected in zip(NAMES, EXPECTED, strict=True):
        filled = pl.coalesce(name, expected)
        assert added.select((pl.col(f"{name}_filled") == filled).all()).item()
        assert added[f"{name}_filled"].null_count() == 0
    mean = pl.mean_horizontal(*(f"{name}_filled" for name in NAMES))
    gap = added.select((pl.col("external_score_filled_mean") - mean).abs().max()).item()
    assert gap < 1e-12


def test_they_are_stored_as_text() -> None:
    """Read back, they give the same estimates to the last bit."""
    estimates = _learned()
    matrix = Encoder.of(estimates.inputs).matrix(world.table().features)
    back = Estimates.model_validate_json(estimates.model_dump_json())
    np.testing.assert_array_equal(back.expected(matrix), estimates.expected(matrix))


@pytest.mark.parametrize("place", range(3))
def test_a_crossed_estimate_is_not_learnt_from_its_own_row(place: int) -> None:
    """A client's known score turned round moves what others are estimated, never its own."""
    name = NAMES[place]
    row = narrow().select((pl.col(name) - pl.col(name).median()).abs().arg_max()).item()
    changed = _crossed(_turned(row, name))
    assert changed[row, place] == crossed()[row, place]
    assert (changed[:, place] != crossed()[:, place]).any()


def test_an_estimate_learnt_with_the_row_would_follow_it() -> None:
    """What crossing avoids: learnt from all rows, the same change moves the client's own."""
    name = NAMES[1]
    row = narrow().select((pl.col(name) - pl.col(name).median()).abs().arg_max()).item()
    before, after = (
        learn_estimates(one, world.SEED).added_to(one)[EXPECTED[1]][row]
        for one in (narrow(), _turned(row, name))
    )
    assert before != after


def test_no_outcome_takes_part() -> None:
    """Every default turned round, or none known: the same crossed estimates to the last bit."""
    for outcome in (1 - pl.col("default"), pl.lit(None, pl.Float64)):
        changed = _crossed(narrow().with_columns(default=outcome))
        np.testing.assert_array_equal(changed, crossed())


def test_estimates_come_nearer_than_the_mean() -> None:
    """On rows they did not learn from, they tell more of a known score than its average does."""
    for place, name in enumerate(NAMES):
        score = narrow()[name].to_numpy()
        known = ~np.isnan(score)
        error = np.mean((score[known] - crossed()[known, place]) ** 2)
        assert error < np.var(score[known])


def test_crossed_estimates_make_the_columns_that_a_service_makes() -> None:
    """Whatever is expected, the features made from it are the same: training reads what serves."""
    made = with_crossed_estimates(narrow(), world.SEED)
    assert made.equals(with_estimates(expected_columns(narrow(), crossed())))


def test_too_few_known_scores_teach_no_estimate() -> None:
    """Under three hundred clients with the score, learning refuses."""
    few = narrow().filter(pl.col(NAMES[0]).is_not_null()).head(299)
    with pytest.raises(TooFewClients):
        learn_estimates(few, world.SEED)

"""A better request never looks worse: each feature moves its declared way, or not at all."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.catalogue import CATALOGUE
from features.engine.namespace import RAISES_RISK, Namespace
from features.engine.scalars import Scalars

INCOME = ("income_total",)
LOAN = ("amount_credit", "annuity", "goods_price")
SCORES = ("external_score_1", "external_score_2", "external_score_3")
MOVED = frozenset((*INCOME, *LOAN, *SCORES))
MOVING = [
    feature
    for table in ("applications", "client", "estimates")
    for feature in CATALOGUE.of(table)
    if feature.reads() & MOVED
]
BESIDE = sorted({name for feature in MOVING for name in feature.reads()} - MOVED)
"""What those features read and the client's request does not change."""

AMOUNTS = st.floats(1.0, 1e8)
SCORED = st.one_of(st.none(), st.floats(0.0, 1.0))


def _beside(name: str) -> st.SearchStrategy[float | None]:
    if name.endswith("_days"):
        return st.one_of(st.none(), st.integers(-30_000, 0).map(float))
    if name == "bureau_debt_open_sum" or name.startswith(("bureau_open_debt", "cards_balance")):
        return st.one_of(st.none(), st.floats(-1e7, 1e8))  # a client may be owed something
    if name.endswith(("_share", "_expected")):
        return SCORED
    return st.one_of(st.none(), st.just(0.0), st.floats(0.01, 1e8))


ROWS = st.fixed_dictionaries(
    {
        **dict.fromkeys((*INCOME, *LOAN), AMOUNTS),
        **dict.fromkeys(SCORES, SCORED),
        **{name: _beside(name) for name in BESIDE},
    }
)
Row = dict[str, float | None]


@given(ROWS, st.floats(1.0, 100.0))
def test_more_income_never_looks_riskier(row: Row, times: float) -> None:
    """All else equal, a higher income moves no feature towards more risk."""
    _assert_not_riskier(row, row | {"income_total": _times(row["income_total"], times)})


@given(ROWS, st.integers(1, 10))
def test_a_smaller_amount_over_the_same_term_never_looks_riskier(row: Row, halvings: int) -> None:
    """Amount, instalment and price halved together (exactly) move nothing towards more risk."""
    smaller = {name: _times(row[name], 0.5**halvings) for name in LOAN}
    _assert_not_riskier(row, row | smaller)


@pytest.mark.parametrize("score", SCORES)
@given(row=ROWS, share=st.floats(0.0, 1.0))
def test_a_better_external_score_never_looks_riskier(score: str, row: Row, share: float) -> None:
    """A known score that rises moves no feature towards more risk."""
    known = row[score]
    if known is not None:
        _assert_not_riskier(row, row | {score: known + share * (1.0 - known)})


def test_the_request_moves_features_of_every_kind() -> None:
    """Income, amount and scores are each read by several features, else nothing was checked."""
    for names in (INCOME, LOAN, SCORES):
        assert sum(bool(feature.reads() & set(names)) for feature in MOVING) > 5


def _times(value: float | None, times: float) -> float:
    return cast(float, value) * times


def _assert_not_riskier(before: Mapping[str, float | None], after: Row) -> None:
    one, other = (cast(Namespace, Scalars(row)) for row in (before, after))
    for feature in MOVING:
        old, new = feature.formula(one).value, feature.formula(other).value
        assert _known(old) == _known(new), feature.name
        if not _known(old) or math.isclose(old, new, rel_tol=1e-12):
            continue
        assert feature.direction, f"{feature.name} moves and declares no direction"
        assert (new > old) != (feature.direction == RAISES_RISK), feature.name


def _known(value: float | None) -> bool:
    return value is not None and math.isfinite(value)

"""What no scorecard may do, to any client of the portfolio: directions, absurd inputs, denials.

Held by the grid that a training gives, by the reference trained beside it, and by a grid of every
item there is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from features.catalogue import CATALOGUE
from scoring.assess import EXTERNAL_SCORES, Assessment, assess_many
from scoring.contract import Verdict
from scoring.grid import Floats, Grid
from scoring.policy import policy
from scoring.scorecard import Scorecard
from tests import training_world as world
from tests.scoring import clients
from tests.scoring.clients import Form

TOLERANCE = 1e-9
ASKED = ("amount_credit", "annuity", "goods_price")

SCORECARDS: dict[str, Callable[[], Scorecard]] = {
    "grid": world.scorecard,
    "reference": lambda: world.made().reference.scorecard,
    "every item": clients.whole,
}
GRIDS = ("grid", "every item")
every_scorecard = pytest.mark.parametrize("name", SCORECARDS)
every_grid = pytest.mark.parametrize("name", GRIDS)


def _assessed(
    card: Scorecard, forms: Sequence[Form], of: Sequence[int] | None = None
) -> list[Assessment]:
    """Assess these forms with the pasts of the clients numbered ``of``, all by default."""
    pasts = clients.pasts() if of is None else [clients.pasts()[place] for place in of]
    return assess_many(card, policy(), forms, pasts)


def _earning(times: float) -> Callable[[Form], Form]:
    return lambda form: {"income_total": form["income_total"] * times}


def _asking(times: float) -> Callable[[Form], Form]:
    """The same credit over the same term, only smaller."""
    return lambda form: {name: form[name] * times for name in ASKED if form[name] is not None}


def _scored(score: str, more: float) -> Callable[[Form], Form]:
    """A known score that is better; nothing is promised of one that was not known."""
    return lambda form: {} if form[score] is None else {score: min(1.0, form[score] + more)}


BETTER: dict[str, Callable[[Form], Form]] = {
    **{f"income times {times}": _earning(times) for times in (1.000001, 1.05, 1.5, 10.0)},
    **{f"amount times {times}": _asking(times) for times in (0.999999, 0.95, 0.6, 0.25)},
    **{
        f"{score} better by {more}": _scored(score, more)
        for score in EXTERNAL_SCORES
        for more in (1e-6, 0.1, 1.0)
    },
}
"""What may only speak for a client, from a hair to the extreme."""


@every_scorecard
def test_what_is_better_never_raises_the_risk(name: str) -> None:
    """More income, a smaller amount over the same term, a better external score: for everyone."""
    card = SCORECARDS[name]()
    before = _raw(card, clients.forms(), range(len(clients.forms())))
    lowered = set()
    for move, change in BETTER.items():
        changes = [change(form) for form in clients.forms()]
        of = [place for place, one in enumerate(changes) if one]
        moved = _raw(card, [clients.forms()[place] | changes[place] for place in of], of)
        moved -= before[of]
        raised = np.flatnonzero(moved > TOLERANCE)
        assert not raised.size, f"{move} raises {raised.size} clients, by {moved.max()} at most"
        if (moved < -TOLERANCE).any():
            lowered.add(move.split()[0])
    assert lowered & set(EXTERNAL_SCORES)
    if name != "grid":  # of the few items a small training chooses, none may rest on the amount
        assert lowered == {"income", "amount", *EXTERNAL_SCORES}


def _raw(card: Scorecard, forms: Sequence[Form], of: Sequence[int]) -> Floats:
    """Return the raw scores (n,) of these forms with the pasts of the clients numbered ``of``."""
    values = card.intake.many(forms, [clients.pasts()[place] for place in of])
    return card.raw_score(card.matrix(values))


@every_scorecard
def test_an_absurd_income_or_instalment_is_never_granted(name: str) -> None:
    """Of all the granted, nobody with an income of one, or an instalment of 1.5 times it."""
    card = SCORECARDS[name]()
    granted = _of(card, Verdict.GRANT)
    forms = [clients.forms()[place] for place in granted]
    absurd = [
        [form | {"income_total": 1.0} for form in forms],
        [form | {"annuity": 1.5 * form["income_total"]} for form in forms],
    ]
    for changed in absurd:
        verdicts = {one.verdict for one in _assessed(card, changed, granted)}
        assert verdicts == {Verdict.DECLINE}


DATES = ("employment_days", "registration_days", "identity_document_days", "phone_change_days")
IMPLAUSIBLE: tuple[Form, ...] = (
    {"children_count": 30},
    {"children_count": 30, "family_members_count": 32.0},
    {"family_members_count": 60.0},
    {"income_total": 1e9},
    {"goods_price": 1e9},
    {"goods_price": 1.0},
    {"car_age_years": 130.0},
    *({name: days} for name in DATES for days in (-40_000, 3)),
)


@every_scorecard
def test_nothing_implausible_launders_a_refusal(name: str) -> None:
    """Whoever is declined stays declined with any figure that nobody can have."""
    card = SCORECARDS[name]()
    declined = _of(card, Verdict.DECLINE)
    for absurd in IMPLAUSIBLE:
        forms = [clients.forms()[place] | absurd for place in declined]
        verdicts = {one.verdict for one in _assessed(card, forms, declined)}
        assert verdicts == {Verdict.DECLINE}, absurd


def _of(card: Scorecard, verdict: Verdict) -> list[int]:
    """Return the numbers of the clients who are given this verdict; there are many."""
    found = _assessed(card, clients.forms())
    places = [place for place, one in enumerate(found) if one.verdict is verdict]
    assert len(places) > 100
    return places


@every_scorecard
@pytest.mark.parametrize(
    ("item", "value"),
    [("gender", "F"), ("gender", "M"), ("family_status", "Widow"), ("birth_days", -9_000),
     ("birth_days", -24_000), ("client_id", 1), ("application_weekday", "SUNDAY"),
     ("accompanied_by", "Family")],
)  # fmt: skip
def test_what_the_policy_on_inputs_denies_never_moves_a_score(
    name: str, item: str, value: object
) -> None:
    """Another gender, age, family status, weekday or number: exactly the same score."""
    card = SCORECARDS[name]()
    some = range(0, len(clients.forms()), 10)
    forms = [clients.forms()[place] for place in some]
    before = [one.raw_score for one in _assessed(card, forms, some)]
    after = [one.raw_score for one in _assessed(card, [f | {item: value} for f in forms], some)]
    assert after == before


@every_grid
def test_each_declared_direction_holds_along_the_whole_curve(name: str) -> None:
    """An item of declared direction moves the risk that way from each interval to the next."""
    grid = SCORECARDS[name]().model
    assert isinstance(grid, Grid)
    directed = [one for one in grid.curves if CATALOGUE[one.item].direction]
    assert len(directed) > 5
    for curve in directed:
        steps = CATALOGUE[curve.item].direction * np.diff(curve.effects)
        assert (steps >= -TOLERANCE).all(), curve.item


def test_each_declared_direction_holds_in_the_reference() -> None:
    """A feature of declared direction, moved alone over its range, moves the risk that way."""
    card = world.made().reference.scorecard
    rows = world.parts()[1].only(card.items).matrix[:20]
    used = np.flatnonzero(card.booster.feature_importance("split"))
    directed = [place for place in used if CATALOGUE[card.items[place]].direction]
    assert directed
    for place in directed:
        known = rows[:, place][~np.isnan(rows[:, place])]
        if known.size < 2:
            continue
        values = np.quantile(known.astype(np.float64), np.linspace(0, 1, 9))
        moved = np.repeat(rows, len(values), axis=0)
        moved[:, place] = np.tile(values, len(rows))
        scores = card.raw_score(moved).reshape(len(rows), len(values))
        steps = CATALOGUE[card.items[place]].direction * np.diff(scores, axis=1)
        assert (steps >= -TOLERANCE).all(), card.items[place]

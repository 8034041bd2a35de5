"""What a simulation says moved, and on what it is computed."""

from __future__ import annotations

import pytest

from api.questions.simulation import LEAST_MOVE, moved
from features.raw.tables import Language
from scoring.assess import Assessment, assess, explain
from scoring.policy import policy
from scoring.scorecard import Scorecard
from storage.snapshots import Snapshot
from tests.scoring import small_scorecard as small

HELD = Snapshot.of(small.CLIENT, small.PAST)
CHANGED = {**small.CLIENT, "amount_credit": 230_000.0, "annuity": 11_000.0}


@pytest.mark.parametrize("held", [HELD, Snapshot.of(small.CLIENT)])
def test_a_changed_application_keeps_the_history_held(held: Snapshot) -> None:
    """The snapshot is the one made from the application and the history by name, to the bit."""
    assert held.with_application(CHANGED) == Snapshot.of(CHANGED, held.history)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_moved_is_what_two_explanations_tell_apart(
    scorecard: Scorecard, language: Language
) -> None:
    """Every item whose contribution moved, no other, the most first, in an explanation's words."""
    before, after = _assessed(scorecard, HELD), _assessed(scorecard, HELD.with_application(CHANGED))
    was = {line.item: line for line in explain(scorecard, before, language, "EUR").items}
    now = {line.item: line for line in explain(scorecard, after, language, "EUR").items}
    moves = {item: abs(now[item].contribution - was[item].contribution) for item in now}
    expected = sorted(
        (item for item in moves if moves[item] >= LEAST_MOVE), key=lambda item: -moves[item]
    )
    found = moved(scorecard, before, after, language, "EUR")
    assert 1 < len(found) < len(moves)
    assert [one.item for one in found] == expected
    for one in found:
        earlier, later = was[one.item], now[one.item]
        assert (one.before, one.before_text) == (earlier.contribution, earlier.value_text)
        assert (one.after, one.after_text) == (later.contribution, later.value_text)


def _assessed(scorecard: Scorecard, snapshot: Snapshot) -> Assessment:
    return assess(scorecard, policy(None), snapshot.application, snapshot.history)


@pytest.fixture(scope="module")
def scorecard() -> Scorecard:
    """The scorecard of twelve items."""
    return small.scorecard()

"""The fairness report and its gate."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from flows.learning.fairness import Fairness, GroupFigures, Standing, judge_fairness, people
from scoring.cost import CostOfError
from scoring.gate import BLOCKED, PASSED, UNCOMPUTED
from scoring.policy import FairnessDemands
from tests import training_world as world

TODAY = date(2026, 11, 23)
FLOOR = 0.8


def _demands(measure: str = "granted_ratio", **limit: float) -> FairnessDemands:
    bound = {"measure": measure, **(limit or {"floor": FLOOR})}
    words = {"reason": {"fr": "Pour l'essai.", "en": "For the test."}}
    return FairnessDemands.model_validate({"bounds": {"gender": bound | words}, "tolerance": 0.01})


def _judged(
    verdicts: dict[str, list[str]],
    demands: FairnessDemands | None = None,
    defaults: dict[str, list[int]] | None = None,
    said: float = 0.1,
    **waiver: Any,
) -> Fairness:
    """Judge genders with these verdicts; without outcomes, the tenth client of each defaults."""
    proposed = [word for words in verdicts.values() for word in words]
    gender = [name for name, words in verdicts.items() for _ in words]
    outcome = defaults or {
        n: [int(i % 10 == 9) for i in range(len(v))] for n, v in verdicts.items()
    }
    return judge_fairness(
        pl.DataFrame({"gender": gender}),
        proposed,
        np.array([value for values in outcome.values() for value in values], dtype=np.float64),
        np.full(len(proposed), said),
        demands or _demands(),
        CostOfError(),
        today=TODAY,
        **waiver,
    )


def _words(granted: int, referred: int, declined: int) -> list[str]:
    """Verdicts in an order that has nothing to do with who defaults."""
    words = ["GRANT"] * granted + ["REFER"] * referred + ["DECLINE"] * declined
    return [words[place] for place in np.random.default_rng(3).permutation(len(words))]


def _figures(found: Fairness, name: str) -> GroupFigures:
    return next(group for group in found.groups if group.group == name)


def test_groups_served_alike_pass() -> None:
    """Ratios above the floor, each within its interval."""
    found = _judged({"F": _words(750, 0, 250), "M": _words(700, 0, 300)})
    assert found.gate == PASSED
    men = _figures(found, "M").granted_ratio
    assert men.value == pytest.approx(0.70 / 0.75)
    assert men.interval is not None
    assert men.interval[0] < men.value < men.interval[1]


def test_a_group_far_below_the_floor_blocks_the_release() -> None:
    """It is named, so that somebody can look."""
    found = _judged({"F": _words(800, 0, 200), "M": _words(560, 0, 440)})
    assert found.gate == BLOCKED
    assert found.named(Standing.BROKEN) == ("gender: M",)
    assert found.as_json()["broken_groups"] == ("gender: M",)


def test_a_shortfall_that_chance_explains_is_named_and_does_not_block() -> None:
    """The same ratio of few clients says less: their interval reaches the floor."""
    found = _judged({"F": _words(80, 0, 20), "M": _words(60, 0, 40)})
    assert found.gate == PASSED
    assert found.named(Standing.DOUBTFUL) == ("gender: M",)


def test_who_is_referred_is_not_granted() -> None:
    """A probability below the cut-off grants nothing when a rule sends it to a person."""
    found = _judged({"F": _words(800, 0, 200), "M": _words(500, 300, 200)})
    assert found.gate == BLOCKED
    assert _figures(found, "M").referred_share == pytest.approx(0.3)
    assert _figures(found, "M").selection.value == pytest.approx(0.5)


def test_good_clients_are_compared_with_good_clients() -> None:
    """A riskier group whose good clients are granted alike meets this measure, not the other."""
    verdicts = {"F": ["GRANT"] * 900 + ["DECLINE"] * 100, "M": ["GRANT"] * 600 + ["DECLINE"] * 400}
    defaults = {"F": [0] * 900 + [1] * 100, "M": [0] * 600 + [1] * 400}
    assert _judged(verdicts, _demands("granted_ratio", floor=0.8), defaults).gate == BLOCKED
    found = _judged(verdicts, _demands("granted_good_ratio", floor=0.8), defaults)
    assert found.gate == PASSED
    assert _figures(found, "M").granted_good_ratio.value == 1.0
    assert _figures(found, "M").refused_good_share == 0.0


@pytest.mark.parametrize(
    ("said", "gate", "standing"),
    [
        (0.1, PASSED, Standing.MET),
        (0.16, BLOCKED, Standing.BROKEN),
        (0.03, BLOCKED, Standing.BROKEN),
    ],
)
def test_a_probability_must_mean_the_same_in_each_group(
    said: float, gate: str, standing: Standing
) -> None:
    """Said too high or too low beyond the ceiling blocks alike."""
    verdicts = {"F": _words(800, 0, 200), "M": _words(800, 0, 200)}
    found = _judged(verdicts, _demands("calibration_gap", ceiling=0.02), said=said)
    assert found.gate == gate
    assert {finding.standing for finding in found.findings} == {standing}
    assert _figures(found, "M").calibration_gap.value == pytest.approx(said - 0.1)


@pytest.mark.parametrize(
    "verdicts",
    [{"F": ["DECLINE"] * 500, "M": ["REFER"] * 500},
     {"F": ["GRANT"] * 49, "M": ["GRANT"] * 49},
     {"F": ["GRANT"] * 900, "M": ["GRANT"] * 49}],
    ids=["nobody granted", "groups too small", "one group left"],
)  # fmt: skip
def test_what_cannot_be_computed_does_not_pass(verdicts: dict[str, list[str]]) -> None:
    """No figure is no proof."""
    found = _judged(verdicts)
    assert found.gate == UNCOMPUTED
    assert not found.passed


def test_no_demand_is_no_pass() -> None:
    """A policy that asks nothing of an attribute has judged nothing."""
    nothing = FairnessDemands(bounds={}, tolerance=0.01)
    assert _judged({"F": _words(80, 0, 20), "M": _words(80, 0, 20)}, nothing).gate == UNCOMPUTED


@pytest.mark.parametrize(
    "men", [_words(500, 0, 500), ["GRANT"] * 10], ids=["blocked", "uncomputed"]
)
@pytest.mark.parametrize(
    ("until", "signed_by", "passes"),
    [("2026-12-31", "Risk committee", True), ("2026-11-22", "Risk committee", False),
     ("2026-12-31", " ", False)],
)  # fmt: skip
def test_only_a_signed_waiver_in_force_opens_the_gate(
    tmp_path: Path, men: list[str], until: str, signed_by: str, passes: bool
) -> None:
    """Who, why and until when; an expired or unsigned one does not count."""
    path = tmp_path / "waiver.json"
    path.write_text(json.dumps({"signed_by": signed_by, "reason": "Under study", "until": until}))
    assert _judged({"F": _words(800, 0, 200), "M": men}, waiver=path).passed is passes


def test_small_groups_are_not_shown() -> None:
    """Ten people of another gender are nobody's business."""
    found = _judged({"F": _words(70, 0, 30), "M": _words(70, 0, 30), "X": _words(7, 0, 3)})
    assert {group.group for group in found.groups} == {"F", "M"}


def test_a_share_of_nobody_is_not_zero() -> None:
    """Without a client in default, the share of them granted and the ranking are unknown."""
    verdicts = {"F": _words(80, 0, 20), "M": _words(80, 0, 20)}
    found = _judged(verdicts, defaults={"F": [0] * 100, "M": [0] * 90 + [1] * 10})
    women = _figures(found, "F")
    assert (women.granted_default_share, women.auc) == (None, None)
    assert women.refused_good_share == pytest.approx(0.2)
    json.dumps(found.as_json(), allow_nan=False)


def test_a_verdict_of_another_name_is_refused() -> None:
    """Misspelt, it would count as nobody granted."""
    with pytest.raises(ValueError, match="granted"):
        _judged({"F": ["granted"] * 100, "M": ["GRANT"] * 100})


def test_people_are_read_in_the_order_of_the_clients() -> None:
    """Each client keeps their own attributes, though they come from another table."""
    ids = world.parts()[1].client_ids[::-1].copy()
    who = people(world.prepared(), ids)
    raw = world.prepared().scan("applications").collect()
    expected = dict(zip(raw["client_id"], raw["gender"].cast(pl.String), strict=True))
    assert who["gender"].to_list() == [expected[client] for client in ids]
    assert who["age_band"].null_count() == 0

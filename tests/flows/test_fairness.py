"""The fairness report and its gate."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from flows.steps.fairness import FLOOR, Fairness, judge_fairness, people
from scoring.cost import CostOfError
from tests import training_world as world

TODAY = date(2026, 11, 23)
CLIENTS = 2_000
RANDOM = np.random.default_rng(4)
DEFAULT = (RANDOM.random(CLIENTS) < 0.1).astype(float)


def _judged(selected: dict[str, float], waiver: Path | None = None) -> Fairness:
    """Judge two genders of a thousand, granted at these rates."""
    who = pl.DataFrame(
        {
            "gender": ["F"] * 1_000 + ["M"] * 1_000,
            "age_band": ["30-39"] * CLIENTS,
            "family_status": ["Married"] * (CLIENTS - 10) + ["Widow"] * 10,
        }
    )
    probability = np.full(CLIENTS, 0.5)
    for start, rate in zip((0, 1_000), selected.values(), strict=True):
        probability[start : start + round(1_000 * rate)] = 0.01
    return judge_fairness(
        who, DEFAULT, probability, 0.09, CostOfError(), waiver=waiver, today=TODAY
    )


def test_groups_served_alike_pass() -> None:
    """Ratios above the floor, each within its interval."""
    found = _judged({"F": 0.75, "M": 0.70})
    assert found.passed
    assert {g.group: round(g.ratio, 3) for g in found.groups} == {"F": 1.0, "M": 0.933}
    for group in found.groups:
        low, high = group.selection_interval
        assert low < group.selection_rate < high


def test_a_group_below_the_floor_blocks_the_release() -> None:
    """It is named, so that somebody can look."""
    found = _judged({"F": 0.80, "M": 0.80 * FLOOR - 0.02})
    assert not found.passed
    assert found.below_floor == ("gender: M",)


@pytest.mark.parametrize(
    ("until", "signed_by", "passes"),
    [("2026-12-31", "Risk committee", True), ("2026-11-22", "Risk committee", False),
     ("2026-12-31", " ", False)],
)  # fmt: skip
def test_only_a_signed_waiver_in_force_opens_the_gate(
    tmp_path: Path, until: str, signed_by: str, passes: bool
) -> None:
    """Who, why and until when; an expired or unsigned one does not count."""
    path = tmp_path / "waiver.json"
    path.write_text(json.dumps({"signed_by": signed_by, "reason": "Under study", "until": until}))
    assert _judged({"F": 0.8, "M": 0.5}, path).passed is passes


def test_small_groups_are_not_shown() -> None:
    """Ten widows are nobody's business, and an attribute with one group left says nothing."""
    shown = {(g.attribute, g.group) for g in _judged({"F": 0.7, "M": 0.7}).groups}
    assert shown == {("gender", "F"), ("gender", "M")}


def test_people_are_read_in_the_order_of_the_clients() -> None:
    """Each client keeps their own attributes, though they come from another table."""
    ids = world.parts()[1].client_ids[::-1].copy()
    who = people(world.prepared(), ids)
    raw = world.prepared().scan("applications").collect()
    expected = dict(zip(raw["client_id"], raw["gender"].cast(pl.String), strict=True))
    assert who["gender"].to_list() == [expected[client] for client in ids]
    assert who["age_band"].null_count() == 0

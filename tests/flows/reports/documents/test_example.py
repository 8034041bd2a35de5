"""The case the documents show: invented, explained to the last digit, and true."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from flows.reports.documents.example import example_of, synthetic_example
from scoring.policy import policy
from tests import training_world as world

MOMENT = datetime(2026, 11, 24, tzinfo=UTC)


@lru_cache(maxsize=1)
def example() -> dict[str, Any]:
    """A case of the synthetic test archive."""
    return example_of(world.scorecard(), policy(), world.prepared(), MOMENT)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_contributions_add_up(language: str) -> None:
    """Base, the facts told and the rest make the raw score."""
    said = example()["words"][language]
    told = sum(reason["contribution"] for reason in (*said["weighs"], *said["favours"]))
    total = said["base"] + told + said["others"]
    assert total == pytest.approx(example()["raw_score"], abs=1e-9)


def test_the_case_is_worth_showing() -> None:
    """It is not granted, by the grid alone, and its facts stand with a comparison."""
    assert example()["verdict"] in {"DECLINE", "REFER"}
    assert example()["decided_by"] == "scorecard"
    for said in example()["words"].values():
        assert said["weighs"]
        assert all(reason["sentence"].endswith(".") for reason in said["weighs"])
        assert all(reason["comparison"] for reason in said["weighs"])


def test_the_levers_shown_are_granted() -> None:
    """What the documents offer this client lies below the cut-off."""
    levers = example()["words"]["fr"]["levers"]
    assert all(lever["default_probability"] < example()["cut_off"] for lever in levers)
    assert [one["default_probability"] for one in example()["words"]["en"]["levers"]] == [
        one["default_probability"] for one in levers
    ]


def test_nobody_of_another_archive_is_shown(tmp_path: Path) -> None:
    """Without the demo's own archive in the home there is no example."""
    run = {"model_tag": "scorecard:x"}
    assert synthetic_example(tmp_path, tmp_path, run, world.prepared()) is None

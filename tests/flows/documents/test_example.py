"""The case the slides show: invented, explained to the last digit, and true."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from flows.steps.documents.example import example_of, synthetic_example
from tests import training_world as world


@lru_cache(maxsize=1)
def example() -> dict[str, Any]:
    """A case of the synthetic test archive."""
    return example_of(world.scorecard(), world.prepared())


def test_the_contributions_add_up() -> None:
    """Base, groups shown and the rest make the raw score."""
    shown = sum(group["contribution"] for group in example()["groups"])
    total = example()["base"] + shown + example()["others"]
    assert total == pytest.approx(example()["raw_score"], abs=1e-9)


def test_the_case_is_worth_showing() -> None:
    """It is not simply granted, its reasons are in words, its levers lower the risk."""
    assert example()["verdict"] in {"DECLINE", "REFER"}
    assert example()["weighs"]
    assert all(reason["sentence"].endswith(".") for reason in example()["weighs"])
    for lever in example()["levers"]:
        assert lever["default_probability"] < example()["default_probability"]


def test_nobody_of_another_archive_is_shown(tmp_path: Path) -> None:
    """Without the demo's own archive in the home there is no example."""
    assert (
        synthetic_example(tmp_path, tmp_path, {"model_tag": "scorecard:x"}, world.prepared())
        is None
    )

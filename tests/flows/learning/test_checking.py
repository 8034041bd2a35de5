"""The checks stop a training only once their report is written."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from features.build import build
from features.errors import SingleClass
from features.raw.prepare import Prepared, prepare
from flows.learning.checking import ChecksFailed, check, check_features
from tests.world import world, write_archive


def silently(_line: str) -> None:
    """Ignore progress."""


def prepared_with(tmp_path: Path, **columns: str) -> Prepared:
    """The world prepared with some columns of application_train set to one value."""
    raw = world()
    values = {name: pl.lit(value) for name, value in columns.items()}
    raw["application_train"] = raw["application_train"].with_columns(**values)
    return prepare(write_archive(raw, tmp_path / "w.zip"), tmp_path, report=silently)


def test_a_critical_failure_leaves_both_reports(tmp_path: Path) -> None:
    """A person and a program can read why nothing was trained."""
    folder = tmp_path / "run"
    with pytest.raises(ChecksFailed, match="external_score_1"):
        check(prepared_with(tmp_path, EXT_SOURCE_1="2"), folder, silently)
    assert "refused" in (folder / "checks.html").read_text(encoding="utf-8")
    assert json.loads((folder / "checks.json").read_text(encoding="utf-8"))["success"] is False


def test_a_single_outcome_stops_the_training(tmp_path: Path) -> None:
    """Every table is right, and still nothing can be learnt."""
    with pytest.raises(SingleClass):
        check(prepared_with(tmp_path, TARGET="0"), tmp_path / "run", silently)
    assert (tmp_path / "run" / "checks.html").exists()


def test_a_feature_out_of_its_domain_stops_the_training(
    tmp_path: Path, prepared_world: Prepared
) -> None:
    """The feature table has reports of its own."""
    frame = build(prepared_world).with_columns(owns_realty=pl.lit(7.0))
    with pytest.raises(ChecksFailed, match="owns_realty"):
        check_features(frame, tmp_path, silently)
    assert (tmp_path / "feature_checks.html").exists()
    assert (tmp_path / "feature_checks.json").exists()

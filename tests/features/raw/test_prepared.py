"""What was prepared can be opened, and says when it cannot be learnt from."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from features.errors import MissingFile, SingleClass
from features.raw.prepare import Prepared, open_prepared, prepare, require_two_classes
from tests.world import world, write_archive


def test_a_folder_without_manifest_is_not_prepared_data(tmp_path: Path) -> None:
    """The error says which command makes one."""
    with pytest.raises(MissingFile, match="python -m"):
        open_prepared(tmp_path)


def test_both_outcomes_are_enough(prepared_world: Prepared) -> None:
    """The six clients show both."""
    require_two_classes(prepared_world)


def test_a_single_outcome_cannot_be_learnt(tmp_path: Path) -> None:
    """Preparing works, since scoring such clients is possible; training asks first."""
    raw = world()
    raw["application_train"] = raw["application_train"].with_columns(TARGET=pl.lit("0"))
    archive = write_archive(raw, tmp_path / "w.zip")
    prepared = prepare(archive, tmp_path, report=lambda _line: None)
    with pytest.raises(SingleClass, match="TARGET"):
        require_two_classes(prepared)

"""The report of the checks can be read offline, by anybody, and shows no client."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from expectations.checks import CheckResult, check
from expectations.report import write
from features.raw.prepare import prepare
from tests.world import world, write_archive

CANARY = "31.4159265"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> list[CheckResult]:
    """The checks of a world where an external score is impossible."""
    folder = tmp_path_factory.mktemp("spoilt")
    raw = world()
    raw["application_train"] = raw["application_train"].with_columns(EXT_SOURCE_1=pl.lit(CANARY))
    archive = write_archive(raw, folder / "w.zip")
    prepared = prepare(archive, folder, report=lambda _line: None)
    return check(prepared, report=lambda _line: None)


def test_both_files_say_what_failed(results: list[CheckResult], tmp_path: Path) -> None:
    """The page has the sentence and its reason, the JSON the same figures."""
    page = write(results, tmp_path / "run").read_text(encoding="utf-8")
    assert "refused, 1 critical" in page
    assert "external_score_1 is between 0 and 1: 4 rows do not" in page
    values = json.loads((tmp_path / "run" / "checks.json").read_text(encoding="utf-8"))
    assert values["success"] is False
    critical = [f for f in values["tables"][0]["failures"] if f["severity"] == "critical"]
    assert [(f["column"], f["unexpected_count"]) for f in critical] == [("external_score_1", 4)]


def test_no_file_holds_a_value_or_an_address(results: list[CheckResult], tmp_path: Path) -> None:
    """Neither the impossible score, nor a client's number, nor anything to fetch."""
    write(results, tmp_path)
    for file in tmp_path.iterdir():
        text = file.read_text(encoding="utf-8")
        assert CANARY not in text
        assert "10000" not in text
        assert "://" not in text
    assert "<script" not in (tmp_path / "checks.html").read_text(encoding="utf-8")


def test_the_page_is_accessible(results: list[CheckResult], tmp_path: Path) -> None:
    """Language, title, captions and header cells are there for a screen reader."""
    page = write(results, tmp_path).read_text(encoding="utf-8")
    for part in (
        "<html lang='en'>",
        "<title>",
        "<caption>",
        "scope='col'",
        "scope='row'",
        "<main>",
    ):
        assert part in page

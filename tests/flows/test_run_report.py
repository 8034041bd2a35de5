"""What a run leaves for people and programs."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import polars as pl
import pytest

from flows.steps import run_folder, run_report
from flows.steps.measure import SAMPLE_EVERY_S, Measure, Meter, table
from tests import training_world as world


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run whose report is written."""
    folder = run_folder.new_run(tmp_path_factory.mktemp("home"))
    run_report.write(folder, world.run(["a <strange> warning"]))
    run_report.add_costs(folder, [Measure("learn", 1.5, 200.0)])
    return folder


def test_every_chart_has_its_words_and_numbers(folder: Path) -> None:
    """Each figure: a labelled picture, a caption sentence, a table. Nothing is fetched."""
    page = (folder / "report.html").read_text()
    figures = re.findall(r"<figure>.*?</figure>", page, re.DOTALL)
    assert len(figures) == 6
    for figure in figures:
        assert re.search(r"<svg role='img' aria-label='[^']+'", figure)
        assert re.search(r"<figcaption>[^<]{20,}\.</figcaption>", figure)
        assert "<table>" in figure
    assert "nan" not in re.sub(r"[a-z]+nan[a-z]+", "", page.lower().replace("finance", ""))
    assert "http" not in page
    assert "&lt;strange&gt;" in page


def test_programs_read_the_same_figures(folder: Path) -> None:
    """run.json holds identity, figures, warnings and the cost of each step."""
    run = json.loads((folder / "run.json").read_text())
    assert run["metrics"] == world.judgement().figures
    assert run["steps"] == [{"step": "learn", "seconds": 1.5, "peak_mb": 200.0}]
    assert run["warnings"] == ["a <strange> warning"]
    assert f"{run['metrics']['auc']:.4f}" in (folder / "report.html").read_text()


def test_the_documents_find_what_they_quote(folder: Path) -> None:
    """Bands, counts and contributions are of the whole scorecard, and of groups of people only."""
    run = json.loads((folder / "run.json").read_text())
    assert sum(run["feature_counts"]["by_table"].values()) == run["features"]
    assert sum(group["features"] for group in run["groups"]) == run["features"]
    assert sum(group["gain_share"] for group in run["groups"]) == pytest.approx(1.0)
    assert all(band["clients"] >= 20 for band in run["bands"])
    assert all(band["low"] <= band["happened"] <= band["high"] for band in run["bands"])
    assert sum(group["clients"] for group in run["calibration"]) == run["metrics"]["clients"]
    strongest = [group["mean_contribution"] for group in run["groups"]]
    assert strongest == sorted(strongest, reverse=True)
    assert strongest[0] > 0
    assert run["recipe"]["folds"] == world.QUICK.folds
    assert run["chosen"]["rounds"] == list(world.learned().scored.rounds)


def test_groups_of_people_are_in_the_report(folder: Path) -> None:
    """Each group's rates for the reader, and the gate's verdict for programs."""
    run = json.loads((folder / "run.json").read_text())
    assert run["fairness"]["passed"] is world.fairness().passed
    page = (folder / "report.html").read_text()
    for group in world.fairness().groups:
        assert f"{group.selection_rate:.1%}" in page
    assert "The gate is" in page or "Waived by" in page


def test_the_reference_has_features_and_probability_but_no_identifier(tmp_path: Path) -> None:
    """One row per training client, for the monitoring to compare with."""
    path = run_folder.write_reference(
        tmp_path, world.learned(), world.parts()[0], world.table().features
    )
    reference = pl.read_parquet(path)
    assert reference.height == len(world.parts()[0])
    assert "client_id" not in reference.columns
    assert set(world.learned().names) < set(reference.columns)
    assert reference["default_probability"].is_between(0, 1).all()


def test_the_meter_sees_memory_that_is_given_back() -> None:
    """A step's peak counts what it held for a moment; a later step's does not."""
    meter = Meter(lambda _line: None)
    with meter.step("heavy"):
        held = bytearray(300 * 2**20)
        held[:: 2**12] = b"x" * len(held[:: 2**12])
        time.sleep(4 * SAMPLE_EVERY_S)  # a busy machine still looks once
        del held
    with meter.step("light"):
        pass
    heavy, light = meter.measures
    assert heavy.peak_mb > light.peak_mb + 200
    assert "heavy" in table(meter.measures)

"""What a run leaves for people and programs."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from markupsafe import escape

from features.catalogue import CATALOGUE
from flows.learning.training import Judgeable
from flows.operations import run_folder
from flows.operations.measure import SAMPLE_EVERY_S, Measure, Meter, table
from flows.reports import run_report
from tests import training_world as world


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run whose report is written."""
    folder = run_folder.new_run(tmp_path_factory.mktemp("home"))
    run_report.write(folder, world.run(["a <strange> warning"]))
    run_report.add_costs(folder, [Measure("learn", 1.5, 200.0)])
    return folder


@pytest.fixture(scope="module")
def report(folder: Path) -> str:
    """The page."""
    return (folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def run(folder: Path) -> dict[str, Any]:
    """The figures, as programs read them."""
    return json.loads((folder / "run.json").read_text(encoding="utf-8"))


def test_every_picture_has_its_words_and_numbers(report: str) -> None:
    """Each figure is a labelled picture, a caption sentence and a table, and nothing is fetched."""
    figures = re.findall(r"<figure>.*?</figure>", report, re.DOTALL)
    assert len(figures) >= 8 + len(world.metadata().items)
    for figure in figures:
        assert re.search(r'<svg role="img" aria-label="[^"]+"', figure)
        assert re.search(r"<figcaption>[^<]{20,}[.)]\s*</figcaption>", figure)
        assert "<tbody>" in figure
    names = re.findall(r'\bid="([^"]+)"', report)
    assert len(names) == len(set(names))
    assert not re.search(r"(?:src|href)=\"(?!#)|url\((?!#)|@import|http", report)
    assert not re.search(r">\s*(?:nan|None|inf)\b", report)


def test_what_is_written_is_never_markup(report: str) -> None:
    """Words that hold marks of HTML are shown as they are."""
    assert "a &lt;strange&gt; warning" in report
    assert "<strange>" not in report


def test_the_grid_and_its_reference_stand_side_by_side(report: str, run: dict[str, Any]) -> None:
    """Both AUCs on the same clients, and their difference with its interval, from run.json."""
    price = run["price_of_transparency"]
    row = re.search(r"<th scope=\"row\">AUC</th>(.*?)</tr>", report)
    assert row is not None
    assert f"<td>{run['metrics']['auc']:.4f}</td>" in row[1]
    assert f"<td>{run['reference']['metrics']['auc']:.4f}</td>" in row[1]
    ends = [price["auc"] + way * 1.959964 * price["auc_error"] for way in (-1, 1)]
    said = " to ".join(f"{end:+.4f}".replace("-", "\u2212") for end in ends)
    assert said in report


def test_every_item_is_shown_with_all_its_intervals(report: str, run: dict[str, Any]) -> None:
    """A reader finds each item under its label, one line for each interval and one for unknown."""
    for item in run["items"]:
        label = CATALOGUE[str(item["item"])].label.en
        found = re.search(
            rf"<h3>{re.escape(escape(label))}</h3>"
            r".*?<tbody>(.*?)</tbody>", report, re.DOTALL,
        )  # fmt: skip
        assert found is not None, label
        assert found[1].count("<tr>") == len(item["curve"]["effects"]) + 1


def test_few_clients_are_not_counted_in_public(report: str) -> None:
    """No interval of fewer than twenty clients says how many, or how many defaulted."""
    page = report[report.index("<h2>Every item</h2>") :]
    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", page)
    counts = [re.findall(r"<td>(.*?)</td>", row)[1:] for row in rows]
    assert counts
    for clients, defaults in counts:
        assert (clients == "under 20" and not defaults) or int(clients.replace(",", "")) >= 20


def test_programs_read_the_same_figures(run: dict[str, Any]) -> None:
    """run.json holds the judged figures, the warnings and the cost of each step."""
    grid, reference = world.judgements()
    assert run["metrics"] == grid.figures
    assert run["reference"]["metrics"] == reference.figures
    assert run["steps"] == [{"step": "learn", "seconds": 1.5, "peak_mb": 200.0}]
    assert run["warnings"] == ["a <strange> warning"]


def test_the_documents_find_what_they_quote(run: dict[str, Any]) -> None:
    """Bands, counts and contributions are of the whole grid, and of groups of people only."""
    assert sum(run["feature_counts"]["by_table"].values()) == run["item_count"]
    assert len(run["items"]) == run["item_count"]
    assert all(band["clients"] >= 20 for band in run["bands"])
    assert all(band["low"] <= band["happened"] <= band["high"] for band in run["bands"])
    assert sum(group["clients"] for group in run["calibration"]) == run["metrics"]["clients"]
    strongest = [item["mean_contribution"] for item in run["items"]]
    assert strongest == sorted(strongest, reverse=True)
    assert strongest[0] > 0


def test_groups_of_people_are_in_the_report(report: str, run: dict[str, Any]) -> None:
    """Each group's share granted, how it stands, and the gate's verdict are read on the page."""
    assert run["fairness"]["passed"] is world.fairness().passed
    assert f"The gate is <strong>{world.fairness().gate}</strong>" in report
    for group in world.fairness().groups:
        assert f"{100 * group.selection.value:.1f}\u202f%" in report
    for standing in {finding.standing for finding in world.fairness().findings}:
        assert f"Findings: {standing}" in report


def test_the_grid_on_paper_lies_beside_the_report(folder: Path) -> None:
    """The run's folder holds the page to print and the exports."""
    for name in ("scorecard.html", "grid-fr.csv", "grid-en.csv", "grid.sql"):
        assert (folder / name).stat().st_size > 0


@pytest.mark.parametrize("learned", [world.learned, world.reference])
def test_a_population_has_features_and_probability_but_no_identifier(
    tmp_path: Path, learned: Callable[[], Judgeable]
) -> None:
    """One row per training client, for the monitoring of the grid or the reference."""
    train = world.parts()[0]
    path = run_folder.write_population(
        tmp_path, "scorecard:abc", learned(), train, world.table().features
    )
    population = pl.read_parquet(path)
    assert population.columns == ["default_probability", "default", *learned().names]
    assert np.array_equal(population["default"], train.default)
    assert np.array_equal(population["default_probability"], learned().decided.probability)


def test_a_population_of_many_is_spread_evenly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No more clients are kept than an index needs; their outcomes are their own."""
    monkeypatch.setattr(run_folder, "MOST_CLIENTS", 100)
    train = world.parts()[0]
    path = run_folder.write_population(
        tmp_path, "scorecard:abc", world.learned(), train, world.table().features
    )
    kept = pl.read_parquet(path)["default"]
    assert np.array_equal(kept, train.default[:: len(train) // 100])


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

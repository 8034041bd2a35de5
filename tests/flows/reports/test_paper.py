"""The grid on paper: who adds up the printed points finds what the service finds."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from features.raw.categories import category_words
from flows.reports import paper
from flows.settings import ROOT
from scoring.points import points_of
from tests import training_world as world
from tests.scoring import small_scorecard

CLIENTS = 150


@pytest.fixture(scope="module")
def page() -> ElementTree.Element:
    """What a reader has of a grid learnt from the synthetic portfolio: well-formed."""
    text = paper.page(world.scorecard(), "scorecard:test")
    main = text[text.index("<main>") : text.index("</main>") + len("</main>")]
    return ElementTree.fromstring(main.replace("<br>", "<br/>").replace("&nbsp;", "\u00a0"))


def text_of(element: ElementTree.Element) -> str:
    """Return all the text of an element."""
    return "".join(element.itertext()).strip()


def printed(page: ElementTree.Element) -> dict[str, list[list[str]]]:
    """Return the cells of every item's table: French, English, end, points, clients, defaults."""
    return {
        section.find("h3").get("id"): [
            [text_of(cell) for cell in row] for row in section.iterfind(".//tbody/tr")
        ]
        for section in page.iterfind(".//section")
    }


def number(text: str) -> float:
    """Return a number as a French page writes it."""
    return float(re.sub(r"[\s\u202f%]", "", text).replace(",", ".").replace("\u2212", "-"))


def points_for(rows: list[list[str]], value: float, words: tuple[str, ...]) -> float:
    """Return the points a reader finds for a value among the printed lines of its item."""
    if math.isnan(value):
        return number(rows[-1][3])
    if words:
        said = category_words(words[int(value)], "fr")
        return next(number(row[3]) for row in rows if said in row[0])
    ends = [float(row[2]) if row[2] else math.inf for row in rows[:-1]]
    return next(number(row[3]) for row, end in zip(rows, ends, strict=False) if value <= end)


def test_a_score_added_up_by_hand_is_the_service_s(page: ElementTree.Element) -> None:
    """From the page alone: base, points, total, probability; off by the rounding it admits."""
    scorecard, rows = world.scorecard(), printed(page)
    matrix = world.parts()[1].only(scorecard.items).matrix[:CLIENTS]
    words = paper.categories(scorecard)
    (base,) = re.findall(r"base : (\S+) points", text_of(page))
    totals = np.array([
        number(base)
        + sum(
            points_for(rows[item], float(value), words[item])
            for item, value in zip(scorecard.items, client, strict=True)
        )
        for client in matrix
    ])  # fmt: skip
    raw = scorecard.raw_score(matrix)
    exact = np.array([paper.OFFSET + points_of(score) for score in raw])
    assert np.abs(totals - exact).max() <= paper.most_rounding(paper.grid_of(scorecard)) + 1e-9
    table = [
        (float(text_of(row[0])), number(text_of(row[1])) / 100)
        for row in page.find("div/table").iterfind("tbody/tr")
    ]
    at, probability = zip(*table, strict=True)
    said = np.interp(totals, at, probability)
    assert np.abs(said - scorecard.default_probability(raw)).max() < 0.02


def test_the_cut_off_is_told_as_a_total(page: ElementTree.Element) -> None:
    """The total printed for the cut-off has the cut-off's probability."""
    scorecard = world.scorecard()
    found = re.search(r"soit un total de (\S+) points", text_of(page))
    assert found is not None
    meant = paper.meaning(number(found[1]), scorecard.calibration)
    assert meant.probability == pytest.approx(scorecard.metadata.cut_off.value, rel=5e-3)


def test_every_interval_is_printed_once_in_both_languages(page: ElementTree.Element) -> None:
    """Each item has its picture, all its intervals, and its words in French and in English."""
    grid, rows = paper.grid_of(world.scorecard()), printed(page)
    assert set(rows) == set(grid.items)
    for curve in grid.curves:
        own = rows[curve.item]
        assert len(own) == len(curve.effects) + 1
        assert all(french and english for french, english, *_ in own)
    for section in page.iterfind(".//section"):
        assert section.find(".//svg").get("aria-label")
        assert {part.get("lang") for part in section.iterfind(".//h3/span")} == {"fr", "en"}


def test_few_clients_are_not_counted_on_paper(page: ElementTree.Element) -> None:
    """An interval shows how many clients and defaults stand behind it from twenty clients on."""
    grid, rows = paper.grid_of(world.scorecard()), printed(page)
    shown = [
        (row[4:], clients, defaults)
        for curve in grid.curves
        for row, clients, defaults in zip(
            rows[curve.item], curve.clients, curve.defaults, strict=True
        )
    ]
    assert any(clients < 20 for _, clients, _ in shown)
    for (said, bad), clients, defaults in shown:
        if clients < 20:
            assert (said, bad) == ("<\u00a020", "")
        else:
            assert (number(said), number(bad)) == (clients, defaults)


def test_the_page_is_whole(page: ElementTree.Element) -> None:
    """Nothing is fetched, no name stands twice, no value is missing."""
    assert not {element.tag for element in page.iter()} & {"link", "script", "img", "iframe"}
    names = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(names) == len(set(names))
    assert not re.search(r"\b(nan|None|inf)\b|<built-in", text_of(page))


def test_the_other_language_may_come_first() -> None:
    """English readers find English first and decimal points."""
    text = paper.page(small_scorecard.scorecard(), "scorecard:small", "en")
    assert '<html lang="en">' in text
    assert text.index("Compute a score") < text.index("Calculer une note")


def test_the_command_prints_the_grid_of_a_run(tmp_path: Path) -> None:
    """The command finds the scorecard that a run registered and writes its page."""
    store = tmp_path / "home" / "bentoml" / "models" / "scorecard" / "one"
    small_scorecard.write(store)
    run = tmp_path / "home" / "runs" / "first"
    run.mkdir(parents=True)
    (run / "run.json").write_text(json.dumps({"model_tag": "scorecard:one"}), encoding="utf-8")
    out = tmp_path / "paper" / "scorecard.html"
    command = [sys.executable, "-m", "flows.paper", "--home", tmp_path / "home", "--out", out]
    done = subprocess.run([*command, "--run", "last"], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "scorecard:one" in out.read_text(encoding="utf-8")
    wrong = subprocess.run(
        [*command, "--run", tmp_path], cwd=ROOT, capture_output=True, check=False
    )
    assert wrong.returncode == 1
    assert b"run.json" in wrong.stderr
    assert b"Traceback" not in wrong.stderr

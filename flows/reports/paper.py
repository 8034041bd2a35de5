"""The grid on paper: every item with its points, and how to add them up without a computer.

Points are on the scale of ``scoring.points``: a client starts from the base, adds the points of
each item, and reads the probability of default off a table, which stands for the calibration.
Printed points are rounded to a tenth; ``most_rounding`` bounds what that does to a total. Beside
the page (``scorecard.html``) stand the same numbers for other tools: the grid as CSV in each
language, and one SQL statement.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from scipy.optimize import brentq

from features.catalogue import CATALOGUE
from features.definitions.estimated import TABLE as ESTIMATED
from features.raw.tables import Language, Words
from flows.reports import figures
from flows.reports.documents.formats import Formats
from flows.reports.pages import environment
from scoring.calibration import Calibration
from scoring.export import as_csv, as_sql, rows_of
from scoring.facts import FACTS, SUBJECTS, Fact
from scoring.grid import Curve, Grid
from scoring.metadata import Value
from scoring.points import (
    ANCHOR_ODDS,
    ANCHOR_POINTS,
    POINTS_TO_DOUBLE_ODDS,
    points,
    points_of,
    risk_band,
)
from scoring.population import SMALLEST_GROUP
from scoring.scorecard import Scorecard

PAGE = "scorecard.html"
SQL = "grid.sql"
CSV: Mapping[Language, str] = {"fr": "grid-fr.csv", "en": "grid-en.csv"}
OFFSET = ANCHOR_POINTS - POINTS_TO_DOUBLE_ODDS * math.log2(ANCHOR_ODDS)
"""Points of even odds: what the scale adds to ``points_of`` a raw score."""
STEPS = (5, 10, 20, 50, 100)
MOST_TOTALS = 50
"""Lines of the table that turns a total into a probability."""
_PLACEHOLDER = re.compile(r"\{\w+\}")
_DIRECTIONS: Mapping[int, Words] = {
    1: Words("plus il est élevé, moins il vaut de points", "the higher, the fewer points"),
    -1: Words("plus il est élevé, plus il vaut de points", "the higher, the more points"),
    0: Words("sans sens déclaré", "no direction declared"),
}


@dataclass(frozen=True, slots=True)
class Interval:
    """One line of an item: its values in words, its exact end, its points, who is behind it.

    Counts of fewer than ``SMALLEST_GROUP`` clients are ``None``: not shown.
    """

    words: Words
    up_to: str
    points: float
    clients: int | None
    defaults: int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One item as it is printed."""

    item: str
    label: Words
    subject: Words
    direction: Words
    unit: str
    usual: Words
    usual_points: float
    sentences: tuple[Words, ...]
    """What is said of it, an ellipsis for the client's own figures."""
    picture: str
    intervals: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """What a total of points means."""

    points: float
    probability: float
    scaled: int
    """Points of that probability: the total after calibration."""
    band: str


def write(
    folder: Path, scorecard: Scorecard, model_tag: str, *, language: Language = "fr"
) -> tuple[Path, ...]:
    """Write the page and the exports of a grid into ``folder``; return what was written.

    Raises ``ValueError`` for a scorecard that is no grid.
    """
    grid, words = grid_of(scorecard), categories(scorecard)
    contents = {
        PAGE: page(scorecard, model_tag, language),
        **{name: as_csv(grid, words, spoken) for spoken, name in CSV.items()},
        SQL: as_sql(grid, scorecard.calibration, words),
    }
    for name, text in contents.items():
        (folder / name).write_text(text, encoding="utf-8")
    return tuple(folder / name for name in contents)


def grid_of(scorecard: Scorecard) -> Grid:
    """Return the curves of a scorecard. Raises ``ValueError`` when it has none."""
    if not isinstance(scorecard.model, Grid):
        msg = "Only a grid can be printed; this scorecard is the reference trained beside it."
        raise ValueError(msg)
    return scorecard.model


def categories(scorecard: Scorecard) -> dict[str, tuple[str, ...]]:
    """Return the declared words of each category item, by code."""
    return {name: CATALOGUE[name].categories for name in scorecard.items}


def page(scorecard: Scorecard, model_tag: str, language: Language = "fr") -> str:
    """Return the grid as one page, ``language`` first and the other under it."""
    grid = grid_of(scorecard)
    cut_off = scorecard.metadata.cut_off
    sheets = list(sheets_of(grid, scorecard.metadata.granted.typical, language))
    template = environment(language).get_template("scorecard.html.j2")
    return template.render(
        model_tag=model_tag,
        card=scorecard.metadata,
        scorecard_hash=scorecard.scorecard_hash if scorecard.hashes else None,
        fr=Formats("fr"),
        en=Formats("en"),
        languages=(language, "en" if language == "fr" else "fr"),
        sheets=sheets,
        subjects=[(word, list(held)) for word, held in groupby(sheets, lambda s: s.subject)],
        base=base_points(grid),
        most_rounding=most_rounding(grid),
        double=POINTS_TO_DOUBLE_ODDS,
        anchor=(ANCHOR_POINTS, ANCHOR_ODDS),
        smallest=SMALLEST_GROUP,
        totals=list(totals(grid, scorecard.calibration)),
        limits=[total_at(p, scorecard.calibration) for p in (cut_off.value, *cut_off.grey_zone)],
        example=example(sheets, grid, scorecard.calibration),
        estimates=list(_estimates(scorecard)),
        files=(*CSV.values(), SQL),
    )


def base_points(grid: Grid) -> float:
    """Return the points every client starts from, rounded as they are printed."""
    return round(OFFSET + points_of(grid.base), 1)


def most_rounding(grid: Grid) -> float:
    """Return by how many points, at most, the rounding of printed points moves a total."""
    return 0.05 * (len(grid.curves) + 1)


def meaning(total: float, calibration: Calibration) -> Total:
    """Return what a total of points means, calibrated."""
    raw = (OFFSET - total) * math.log(2.0) / POINTS_TO_DOUBLE_ODDS
    probability = float(calibration.probability(np.array([raw]))[0])
    return Total(total, probability, points(probability), risk_band(probability))


def total_at(probability: float, calibration: Calibration) -> float:
    """Return the total of points at which a client has this probability."""
    return float(brentq(lambda at: meaning(at, calibration).probability - probability, -2e3, 3e3))


def totals(grid: Grid, calibration: Calibration) -> Iterator[Total]:
    """Yield the totals that clients can reach, evenly apart, the riskiest first."""
    worth = [[points_of(effect) for effect in (*c.effects, c.unknown)] for c in grid.curves]
    base = base_points(grid)
    low = base + sum(min(one) for one in worth)
    high = base + sum(max(one) for one in worth)
    step = next((s for s in STEPS if (high - low) / s <= MOST_TOTALS), STEPS[-1])
    for place in range(math.floor(low / step), math.ceil(high / step) + 1):
        yield meaning(place * step, calibration)


def example(sheets: list[Sheet], grid: Grid, calibration: Calibration) -> Total:
    """Return the total of a client of usual values everywhere, added up as on paper."""
    return meaning(round(base_points(grid) + sum(s.usual_points for s in sheets), 1), calibration)


def sheets_of(grid: Grid, typical: Mapping[str, Value], language: Language) -> Iterator[Sheet]:
    """Yield every item of the grid, subject by subject in the order facts list them."""
    subjects = list(SUBJECTS)
    order = sorted(grid.curves, key=lambda c: (subjects.index(FACTS[c.item].subject), c.item))
    for curve in order:
        yield _sheet(curve, typical[curve.item], language)


def _sheet(curve: Curve, usual: Value, language: Language) -> Sheet:
    feature, fact = CATALOGUE[curve.item], FACTS[curve.item]
    words, label = feature.categories, feature.label
    coded = float(words.index(usual)) if isinstance(usual, str) else usual
    effect = curve.unknown if coded is None else curve.effect(coded)
    picture = figures.item_curve(
        curve, fact.form, label.in_(language), language, categories=words, usual=usual
    )
    return Sheet(
        item=curve.item,
        label=label,
        subject=SUBJECTS[fact.subject],
        direction=_DIRECTIONS[feature.direction],
        unit=feature.unit,
        usual=Words(fact.figure(usual, "fr"), fact.figure(usual, "en")),
        usual_points=round(points_of(effect), 1) + 0.0,
        sentences=tuple(_sentences(fact)),
        picture=picture,
        intervals=tuple(_intervals(curve, words)),
    )


def _sentences(fact: Fact) -> Iterator[Words]:
    """Yield what can be said of an item: its figure, nothing of it, and that it is not known."""
    for words in (fact.known, fact.none, fact.unknown):
        if words is not None:
            yield Words(*(_PLACEHOLDER.sub("…", said) for said in words))


def _intervals(curve: Curve, words: tuple[str, ...]) -> Iterator[Interval]:
    both = zip(rows_of(curve, words, "fr"), rows_of(curve, words, "en"), strict=True)
    for french, english in both:
        said, _, up_to, _, worth, clients, defaults = french
        shown = clients >= SMALLEST_GROUP
        yield Interval(
            words=Words(said, english[0]),
            up_to="" if up_to is None or words else f"{up_to:.6g}",
            points=worth + 0.0,  # never a minus before nothing
            clients=clients if shown else None,
            defaults=defaults if shown else None,
        )


@dataclass(frozen=True, slots=True)
class EstimateSheet:
    """The small grid of an external score that is not known: log-odds, added up like points."""

    label: Words
    base: float
    inputs: tuple[tuple[Words, tuple[tuple[Words, str, float], ...]], ...]
    """By input of the form: intervals in words, their exact ends, what each adds."""


def _estimates(scorecard: Scorecard) -> Iterator[EstimateSheet]:
    """Yield the estimates that some item of the grid reads; none when no item does."""
    reads = any(CATALOGUE[name].table == ESTIMATED for name in scorecard.items)
    if scorecard.estimates is None or not reads:
        return
    for name, grid in scorecard.estimates.grids.items():
        inputs = tuple((CATALOGUE[curve.item].label, tuple(_added(curve))) for curve in grid.curves)
        yield EstimateSheet(CATALOGUE[f"{name}_expected"].label, grid.base, inputs)


def _added(curve: Curve) -> Iterator[tuple[Words, str, float]]:
    words = CATALOGUE[curve.item].categories
    both = zip(rows_of(curve, words, "fr"), rows_of(curve, words, "en"), strict=True)
    for french, english in both:
        end = "" if french[2] is None or words else f"{french[2]:.6g}"
        yield Words(french[0], english[0]), end, french[3]

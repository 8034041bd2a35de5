"""The grid for other tools: a table in points, and one SQL statement that scores like the service.

Both are written from the curves themselves. The statement adds the effects in the grid's own
order, so that a database of IEEE doubles finds the same raw score to the last bits.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from features.catalogue import CATALOGUE
from features.raw.tables import Language
from scoring.calibration import Calibration
from scoring.facts import FACTS, Form, figure
from scoring.grid import Curve, Grid
from scoring.points import points_of

COLUMNS = ("item", "label", "interval", "above", "up_to", "effect", "points", "clients", "defaults")
Categories = Mapping[str, Sequence[str]]
"""Declared words of each category item, by code."""
_UNKNOWN: dict[Language, str] = {"fr": "non connu", "en": "not known"}


def as_csv(grid: Grid, categories: Categories, language: Language) -> str:
    """Return every interval of every item as CSV: bounds, effect (log-odds), points, who is behind.

    Points are rounded to a tenth; the effect is exact.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for curve in grid.curves:
        label = CATALOGUE[curve.item].label.in_(language)
        for row in rows_of(curve, categories.get(curve.item, ()), language):
            writer.writerow((curve.item, label, *row))
    return text.getvalue()


Row = tuple[str, float | None, float | None, float, float, int, int]
"""Interval in words, its edges (``None`` for open), effect, points, clients, defaults."""


def rows_of(curve: Curve, words: Sequence[str], language: Language) -> Iterator[Row]:
    """Yield the intervals of one curve, the unknown last."""
    counts = list(zip(curve.clients, curve.defaults, strict=True))
    for place, (low, high) in enumerate(curve.intervals):
        said = _interval(curve, place, words, language)
        effect = curve.effects[place]
        above = None if place == 0 else low
        up_to = None if place == len(curve.edges) else high
        yield said, above, up_to, effect, round(points_of(effect), 1) + 0.0, *counts[place]
    unknown = curve.unknown
    yield _UNKNOWN[language], None, None, unknown, round(points_of(unknown), 1) + 0.0, *counts[-1]


def _interval(curve: Curve, place: int, words: Sequence[str], language: Language) -> str:
    if words:
        return ", ".join(
            figure(words[code], "word", language) for code in _codes(curve, place, words)
        )
    form: Form = FACTS[curve.item].form if curve.item in FACTS else "times"
    if form == "flag":
        return figure(float(place), form, language)
    edges = [figure(edge, form, language) for edge in curve.edges]
    if not edges:
        return {"fr": "connu", "en": "known"}[language]
    if place == 0:
        return {"fr": "jusqu'à ", "en": "up to "}[language] + edges[0]
    if place == len(edges):
        return {"fr": "au-delà de ", "en": "above "}[language] + edges[-1]
    return {"fr": "de {} à {}", "en": "{} to {}"}[language].format(edges[place - 1], edges[place])


def _codes(curve: Curve, place: int, words: Sequence[str]) -> list[int]:
    low, high = list(curve.intervals)[place]
    return [code for code in range(len(words)) if low < code <= high]


def as_sql(
    grid: Grid, calibration: Calibration, categories: Categories, table: str = "clients"
) -> str:
    """Return one SELECT over ``table``, which holds ``client_id`` and a column for each item.

    Categories are their words, other items numbers, NULL what is not known. It gives client_id,
    raw_score (log-odds) and default_probability, for any database with ``exp`` and ``ln``. The
    service reads numbers in single precision, so a number is on the side of an edge on which its
    nearest single lies; the statement says so itself, whatever the precision of the columns.
    """
    terms = "\n    + ".join(_case(curve, categories.get(curve.item, ())) for curve in grid.curves)
    low, high = "ln(1.0 + exp(-raw_score))", "ln(1.0 + exp(raw_score))"
    a, b, c = calibration.a, calibration.b, calibration.c
    odds = f"{a!r} * -{low} + {b!r} * {high} + {c!r}"
    return (
        f"SELECT client_id, raw_score, 1.0 / (1.0 + exp(-({odds}))) AS default_probability\n"
        f"FROM (\n  SELECT client_id, {_double(grid.base)}\n    + {terms}\n  AS raw_score\n"
        f"  FROM {table}\n) AS scored\n"
    )


def _case(curve: Curve, words: Sequence[str]) -> str:
    name = f'"{curve.item}"'
    if words:
        quoted = (word.replace("'", "''") for word in words)
        cases = (
            f"WHEN {name} = '{word}' THEN {_double(curve.effect(code))}"
            for code, word in enumerate(quoted)
        )
        return f"CASE {' '.join(cases)} ELSE {_double(curve.unknown)} END"
    steps = (
        f"WHEN {name} {_up_to(edge)} THEN {_double(effect)}"
        for edge, effect in zip(curve.edges, curve.effects[:-1], strict=True)
    )
    unknown, last = _double(curve.unknown), _double(curve.effects[-1])
    return f"CASE WHEN {name} IS NULL THEN {unknown} {' '.join(steps)} ELSE {last} END"


def _up_to(edge: float) -> str:
    """Return the condition that a number's nearest single does not exceed ``edge``.

    Numbers between the last single up to the edge and the next one are rounded to the nearer;
    the one halfway goes to the single whose last bit is even.
    """
    below = np.float32(edge)
    if float(below) > edge:
        below = np.nextafter(below, np.float32(-np.inf))
    above = np.nextafter(below, np.float32(np.inf))
    halfway = (float(below) + float(above)) / 2
    return f"{'<=' if np.float32(halfway) == below else '<'} {_double(halfway)}"


def _double(value: float) -> str:
    """Return a number as SQL writes a double: without an exponent it would be a decimal."""
    text = repr(float(value))
    return text if "e" in text else f"{text}e0"

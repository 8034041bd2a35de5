"""Charts as a pair: an SVG picture and the same numbers in a table, with a caption sentence.

Nothing is fetched: the page works offline and prints in black and white.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 560, 320
LEFT, RIGHT, TOP, BOTTOM = 62, 16, 14, 46
COLOURS = ("#1d4ed8", "#b45309", "#4b5563")
DASHES = ("", "6 4", "2 3")
TABLE_ROWS = 21
MOST_STEPS = 6


Numbers = Sequence[float] | NDArray[np.float64]


@dataclass(frozen=True)
class Wording:
    """The few words a chart adds to its own, and the decimal mark of its language."""

    item: str
    line: str
    numbers: str
    decimal: str

    def number(self, value: float, digits: int = 3) -> str:
        """Return ``value`` with that many significant digits."""
        text = f"{value:.0f}" if abs(value) >= 10**digits else f"{value:.{digits}g}"
        return text.replace(".", self.decimal)


ENGLISH = Wording("Item", "Line", "Numbers", ".")
FRENCH = Wording("Élément", "Courbe", "Les chiffres", ",")


@dataclass(frozen=True)
class Series:
    """A named line of points; ``dots`` marks each point."""

    name: str
    x: Numbers
    y: Numbers
    dots: bool = False


@dataclass(frozen=True)
class Figure:
    """A chart of lines: a title, one sentence that says what to see, named axes."""

    title: str
    caption: str
    x_label: str
    y_label: str
    series: tuple[Series, ...]
    mark: tuple[str, float] | None = None
    """A named vertical line."""
    words: Wording = ENGLISH

    def picture(self) -> str:
        """Return the picture alone, for a page that says the numbers elsewhere."""
        return _lines(self)

    def html(self) -> str:
        """Return the figure element: picture, caption, numbers in a table."""
        return figure(self.title, self.caption, self.picture(), _series_table(self), self.words)


@dataclass(frozen=True)
class Bars:
    """A chart of horizontal bars, one per label, from zero."""

    title: str
    caption: str
    value_label: str
    rows: tuple[tuple[str, float], ...]
    words: Wording = ENGLISH

    def picture(self) -> str:
        """Return the picture alone, for a page that says the numbers elsewhere."""
        return _bars(self)

    def html(self) -> str:
        """Return the figure element: picture, caption, numbers in a table."""
        body = "".join(
            f"<tr><th scope='row'>{escape(name)}</th><td>{self.words.number(value, 4)}</td></tr>"
            for name, value in self.rows
        )
        head = (
            f"<tr><th scope='col'>{self.words.item}</th>"
            f"<th scope='col'>{escape(self.value_label)}</th></tr>"
        )
        return figure(self.title, self.caption, self.picture(), head + body, self.words)


def figure(title: str, caption: str, picture: str, table: str, words: Wording) -> str:
    """Return a figure element: a picture, one sentence, and the same numbers in a table."""
    return (
        f"<figure><h3>{escape(title)}</h3><div class='scroll' tabindex='0'>{picture}</div>"
        f"<figcaption>{escape(caption)}</figcaption>"
        f"<details><summary>{words.numbers}</summary>"
        f"<div class='scroll' tabindex='0'><table>{table}</table></div></details></figure>"
    )


def _lines(figure: Figure) -> str:
    xs = [value for series in figure.series for value in series.x]
    ys = [value for series in figure.series for value in series.y]
    frame = _Frame(min(0.0, *xs), max(xs), min(0.0, *ys), max(ys), figure.words)
    parts = [frame.axes(figure.x_label, figure.y_label)]
    for place, series in enumerate(figure.series):
        points = " ".join(
            f"{frame.x(a):.1f},{frame.y(b):.1f}" for a, b in zip(series.x, series.y, strict=True)
        )
        colour, dash = COLOURS[place % len(COLOURS)], DASHES[place % len(DASHES)]
        parts.append(
            f"<polyline points='{points}' fill='none' stroke='{colour}' stroke-width='2' "
            f"stroke-dasharray='{dash}'/>"
        )
        if series.dots:
            parts += (
                f"<circle cx='{frame.x(a):.1f}' cy='{frame.y(b):.1f}' r='3.5' fill='{colour}'/>"
                for a, b in zip(series.x, series.y, strict=True)
            )
        parts.append(_key(place, series.name, colour, dash))
    if figure.mark:
        name, at = figure.mark
        parts.append(
            f"<line x1='{frame.x(at):.1f}' x2='{frame.x(at):.1f}' y1='{TOP}' "
            f"y2='{HEIGHT - BOTTOM}' stroke='#111827' stroke-dasharray='3 3'/>"
            f"<text x='{frame.x(at) + 5:.1f}' y='{TOP + 12}'>{escape(name)}</text>"
        )
    return svg(figure.title, "".join(parts), HEIGHT)


@dataclass(frozen=True)
class _Frame:
    """Where values fall on the picture."""

    x_low: float
    x_high: float
    y_low: float
    y_high: float
    words: Wording

    def x(self, value: float) -> float:
        span = (self.x_high - self.x_low) or 1.0
        return LEFT + (value - self.x_low) / span * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        span = (self.y_high - self.y_low) or 1.0
        return HEIGHT - BOTTOM - (value - self.y_low) / span * (HEIGHT - TOP - BOTTOM)

    def axes(self, x_label: str, y_label: str) -> str:
        parts = [
            f"<text x='{self.x(across):.1f}' y='{HEIGHT - BOTTOM + 16}' "
            f"text-anchor='middle'>{self.words.number(across)}</text>"
            for across in ticks(self.x_low, self.x_high)
        ]
        parts += (
            f"<line x1='{LEFT}' x2='{WIDTH - RIGHT}' y1='{self.y(up):.1f}' "
            f"y2='{self.y(up):.1f}' stroke='#e5e7eb'/>"
            f"<text x='{LEFT - 6}' y='{self.y(up) + 4:.1f}' text-anchor='end'>"
            f"{self.words.number(up)}</text>"
            for up in ticks(self.y_low, self.y_high)
        )
        middle = (HEIGHT - BOTTOM + TOP) / 2
        parts.append(
            f"<text x='{(WIDTH + LEFT) / 2:.0f}' y='{HEIGHT - 8}' text-anchor='middle'>"
            f"{escape(x_label)}</text><text x='14' y='{middle:.0f}' text-anchor='middle' "
            f"transform='rotate(-90 14 {middle:.0f})'>{escape(y_label)}</text>"
        )
        return "".join(parts)


def ticks(low: float, high: float) -> tuple[float, ...]:
    """Return at most seven round values from ``low`` to ``high``, 1, 2 or 5 times ten^k apart."""
    span = high - low
    if span <= 0:
        return (low,)
    size = 10.0 ** math.floor(math.log10(span / MOST_STEPS))
    step = next(s * size for s in (1, 2, 5, 10) if span / (s * size) <= MOST_STEPS)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(round(count * step, 12) for count in range(first, last + 1))


def _key(place: int, name: str, colour: str, dash: str) -> str:
    y = HEIGHT - BOTTOM - 12 - 18 * place
    x = WIDTH - RIGHT - 190
    return (
        f"<line x1='{x}' x2='{x + 26}' y1='{y}' y2='{y}' stroke='{colour}' stroke-width='2' "
        f"stroke-dasharray='{dash}'/><text x='{x + 32}' y='{y + 4}'>{escape(name)}</text>"
    )


def _bars(bars: Bars) -> str:
    step, start, room = 22, 280, WIDTH - 280 - RIGHT - 60
    largest = max((abs(value) for _, value in bars.rows), default=0.0) or 1.0
    parts = []
    for place, (name, value) in enumerate(bars.rows):
        y, length = 8 + place * step, abs(value) / largest * room
        parts.append(
            f"<text x='{start - 8}' y='{y + 13}' text-anchor='end'>{escape(name[:46])}</text>"
            f"<rect x='{start}' y='{y}' width='{length:.1f}' height='16' fill='{COLOURS[0]}'/>"
            f"<text x='{start + length + 6:.1f}' y='{y + 13}'>{bars.words.number(value)}</text>"
        )
    return svg(bars.title, "".join(parts), 16 + step * len(bars.rows))


def svg(title: str, body: str, height: int) -> str:
    """Return a picture of the common width, with its title for who cannot see it."""
    return (
        f"<svg role='img' aria-label='{escape(title, quote=True)}' viewBox='0 0 {WIDTH} {height}' "
        f"width='{WIDTH}' height='{height}' font-size='11' font-family='sans-serif' "
        f"fill='#111827'>{body}</svg>"
    )


def _series_table(figure: Figure) -> str:
    rows = [
        f"<tr><th scope='col'>{figure.words.line}</th>"
        f"<th scope='col'>{escape(figure.x_label)}</th>"
        f"<th scope='col'>{escape(figure.y_label)}</th></tr>"
    ]
    for series in figure.series:
        every = max(1, -(-len(series.x) // TABLE_ROWS))
        rows += (
            f"<tr><th scope='row'>{escape(series.name)}</th>"
            f"<td>{figure.words.number(a, 4)}</td><td>{figure.words.number(b, 4)}</td></tr>"
            for a, b in list(zip(series.x, series.y, strict=True))[::every]
        )
    return "".join(rows)

"""Default rates by band or category, with their intervals, of several archives side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from flows.steps.charts import (
    COLOURS,
    FRENCH,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    Wording,
    figure,
    svg,
)

BOTTOM, BOTTOM_TURNED = 58, 92
SHAPES = ("circle", "square", "diamond")
STEPS = (0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25)
"""Heights of one of the four steps of the axis."""
LEVELS = 4
LONGEST, UPRIGHT = 17, 7

Rate = Mapping[str, Any]
"""``clients``, ``rate``, and the ends of its interval, ``low`` and ``high``."""


@dataclass(frozen=True)
class Rates:
    """One archive's rates, one a category; ``None`` where it has too few clients."""

    name: str
    rates: tuple[Rate | None, ...]


@dataclass(frozen=True)
class RateChart:
    """A chart of rates: a title, one sentence that says what to see, named categories."""

    title: str
    caption: str
    axis: str
    categories: tuple[str, ...]
    series: tuple[Rates, ...]
    words: Wording = FRENCH

    def html(self) -> str:
        """Return the figure element: picture, caption, numbers in a table."""
        return figure(self.title, self.caption, self.picture(), self._table(), self.words)

    def picture(self) -> str:
        """Return the picture alone."""
        highest = max((r["high"] for s in self.series for r in s.rates if r), default=0.0)
        step = next((step for step in STEPS if LEVELS * step >= highest), STEPS[-1])
        top = LEVELS * step
        parts = [self._axes(top)]
        for place, series in enumerate(self.series):
            parts += (
                self._mark(place, at, rate, top)
                for at, rate in enumerate(series.rates)
                if rate is not None
            )
            parts.append(_key(place, series.name))
        return svg(self.title, "".join(parts), HEIGHT)

    @property
    def _turned(self) -> bool:
        """Whether the categories are too long to be written upright."""
        return any(len(name) > UPRIGHT for name in self.categories)

    @property
    def _bottom(self) -> int:
        return BOTTOM_TURNED if self._turned else BOTTOM

    def _y(self, rate: float, top: float) -> float:
        return HEIGHT - self._bottom - rate / top * (HEIGHT - TOP - self._bottom)

    def _x(self, at: int, place: int) -> float:
        room = (WIDTH - LEFT - RIGHT) / len(self.categories)
        shift = (place - (len(self.series) - 1) / 2) * min(12, room / 4)
        return LEFT + (at + 0.5) * room + shift

    def _mark(self, place: int, at: int, rate: Rate, top: float) -> str:
        x, colour = self._x(at, place), COLOURS[place % len(COLOURS)]
        low, high = self._y(rate["low"], top), self._y(min(rate["high"], top), top)
        return (
            f"<line x1='{x:.1f}' x2='{x:.1f}' y1='{low:.1f}' y2='{high:.1f}' "
            f"stroke='{colour}' stroke-width='1.5'/>"
            f"{_shape(place, x, self._y(rate['rate'], top), colour)}"
        )

    def _axes(self, top: float) -> str:
        parts = []
        for step in range(LEVELS + 1):
            level = top * step / LEVELS
            y = self._y(level, top)
            parts.append(
                f"<line x1='{LEFT}' x2='{WIDTH - RIGHT}' y1='{y:.1f}' y2='{y:.1f}' "
                f"stroke='#e5e7eb'/><text x='{LEFT - 6}' y='{y + 4:.1f}' text-anchor='end'>"
                f"{self.words.number(100 * level)} %</text>"
            )
        turn = self._turned
        for at, name in enumerate(self.categories):
            x, y = (
                LEFT + (at + 0.5) * (WIDTH - LEFT - RIGHT) / len(self.categories),
                HEIGHT - BOTTOM,
            )
            way = "text-anchor='middle'"
            if turn:
                way = f"text-anchor='end' transform='rotate(-28 {x:.1f} {y + 14})'"
            parts.append(f"<text x='{x:.1f}' y='{y + 14}' {way}>{escape(_cut(name))}</text>")
        if not turn:
            parts.append(
                f"<text x='{(WIDTH + LEFT) / 2:.0f}' y='{HEIGHT - 22}' text-anchor='middle'>"
                f"{escape(self.axis)}</text>"
            )
        return "".join(parts)

    def _table(self) -> str:
        head = "".join(
            f"<th scope='col'>{escape(s.name)} : clients</th><th scope='col'>{escape(s.name)} : "
            "taux de défaut (intervalle à 95 %)</th>"
            for s in self.series
        )
        rows = "".join(
            f"<tr><th scope='row'>{escape(name)}</th>"
            + "".join(self._cells(series.rates[at]) for series in self.series)
            + "</tr>"
            for at, name in enumerate(self.categories)
        )
        return f"<tr><th scope='col'>{escape(self.axis)}</th>{head}</tr>{rows}"

    def _cells(self, rate: Rate | None) -> str:
        if rate is None:
            return "<td>moins de 20</td><td>—</td>"
        low, said, high = (f"{100 * rate[key]:.1f}" for key in ("low", "rate", "high"))
        words = f"{said} % ({low} à {high})".replace(".", self.words.decimal)
        clients = f"{rate['clients']:,}".replace(",", "\u202f")
        return f"<td>{clients}</td><td>{words}</td>"


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def _shape(place: int, x: float, y: float, colour: str) -> str:
    kind = SHAPES[place % len(SHAPES)]
    if kind == "circle":
        return f"<circle cx='{x:.1f}' cy='{y:.1f}' r='4' fill='{colour}'/>"
    turn = f" transform='rotate(45 {x:.1f} {y:.1f})'" if kind == "diamond" else ""
    return f"<rect x='{x - 3.5:.1f}' y='{y - 3.5:.1f}' width='7' height='7' fill='{colour}'{turn}/>"


def _key(place: int, name: str) -> str:
    x, y = LEFT + 8 + 165 * place, HEIGHT - 6
    colour = COLOURS[place % len(COLOURS)]
    return f"{_shape(place, x, y - 4, colour)}<text x='{x + 9}' y='{y}'>{escape(name)}</text>"

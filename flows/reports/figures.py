"""Pictures of reports and documents: matplotlib's, as SVG text to put inside a page.

Each picture is drawn from the figures it is given and nothing else, and the same figures give the
same text. It carries its title for who cannot see it (``role="img"``, ``aria-label``); the page
adds a caption sentence and the numbers in a table (``docs/templates/base.html.j2``). Lines differ
by their dashes and marks, not by colour alone: a page printed in black and white can be read.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Literal

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter, ScalarFormatter
from sklearn.calibration import CalibrationDisplay
from sklearn.metrics import RocCurveDisplay

from features.raw.tables import Language
from scoring.facts import Form, figure
from scoring.grid import Curve
from scoring.points import points_of

WIDTH, HEIGHT = 4.6, 2.9
"""Inches of a picture; 9 points of text stay readable on a phone."""
COLOURS = ("#1d4ed8", "#b45309", "#374151", "#0f766e")
DASHES = ("-", "--", ":", "-.")
MARKS = ("o", "s", "^", "D")
GREY = "#6b7280"
MOST_EDGES = 40
"""Characters of edges that are written under a curve."""
SETTINGS: Mapping[str, object] = MappingProxyType(
    {
        "svg.fonttype": "none",  # text stays text: it can be searched, and the page stays small
        "font.family": "sans-serif",
        "font.size": 9,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": "#e5e7eb",
        "legend.frameon": False,
        "axes.unicode_minus": True,
    }
)
Scale = Literal["number", "percent"]
Numbers = Sequence[float]

_HEAD = re.compile(r"^.*?<svg[^>]*viewBox=\"([^\"]+)\"[^>]*>", re.DOTALL)
_NOISE = re.compile(r"<metadata>.*?</metadata>|<style[^>]*>.*?</style>|<!--.*?-->", re.DOTALL)
_GROUP = re.compile(r"<g id=\"[^\"]*\"")
_FONT = re.compile(r"font-family: [^;\"]*")
_WORDS: dict[str, dict[Language, str]] = {
    "chance": {"fr": "au hasard", "en": "by chance"},
    "perfect": {"fr": "accord parfait", "en": "perfect agreement"},
    "false": {"fr": "Part des bons clients au-dessus", "en": "Share of good clients above"},
    "true": {"fr": "Part des défauts au-dessus", "en": "Share of defaults above"},
    "said": {"fr": "Probabilité annoncée", "en": "Probability said"},
    "happened": {"fr": "Taux de défaut observé", "en": "Default rate observed"},
    "points": {"fr": "Points", "en": "Points"},
    "unknown": {"fr": "non connu", "en": "not known"},
    "usual": {"fr": "habituel", "en": "usual"},
    "groups": {"fr": "groupes égaux de clients", "en": "equal groups of clients"},
    "chosen": {"fr": "retenue", "en": "chosen"},
    "accepted": {"fr": "coût accepté", "en": "cost accepted"},
    "found": {"fr": "variantes", "en": "alternatives"},
}


@dataclass(frozen=True, slots=True)
class Chart:
    """What a picture says beside its numbers: title, axes, language, and how numbers are written.

    Shares are given as shares of 1 and written as percentages.
    """

    title: str
    x_label: str
    y_label: str
    language: Language
    x: Scale = "number"
    y: Scale = "number"


@dataclass(frozen=True, slots=True)
class Line:
    """A named line of points; ``dots`` marks each point."""

    name: str
    x: Numbers
    y: Numbers
    dots: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A named value, and the ends of its interval when it has one."""

    name: str
    value: float
    interval: tuple[float, float] | None = None


def line_chart(chart: Chart, lines: Sequence[Line], mark: tuple[str, float] | None = None) -> str:
    """Return lines on common axes; ``mark`` is a named vertical line."""
    with drawn_as(chart.title):
        drawing, axes = _axes(chart)
        for place, line in enumerate(lines):
            axes.plot(
                line.x, line.y, label=line.name, color=COLOURS[place % 4],
                linestyle=DASHES[place % 4], marker=MARKS[place % 4] if line.dots else "",
            )  # fmt: skip
        if mark is not None:
            name, at = mark
            axes.axvline(at, color="black", linewidth=1, linestyle=(0, (2, 2)), label=name)
        if len(lines) > 1 or mark is not None:
            axes.legend()
        return svg(drawing, chart.title)


def bar_chart(chart: Chart, bars: Sequence[Bar]) -> str:
    """Return horizontal bars from zero, the first on top, with their intervals as whiskers."""
    with drawn_as(chart.title):
        drawing, axes = _axes(chart, height=0.7 + 0.24 * len(bars))
        values = [bar.value for bar in bars]
        axes.barh(range(len(bars)), values, height=0.7, color=COLOURS[0])
        for place, bar in enumerate(bars):
            if bar.interval is not None:
                axes.plot(bar.interval, (place, place), color="black", linewidth=1, marker="|")
        axes.set_yticks(range(len(bars)), [bar.name for bar in bars])
        axes.axvline(0.0, color="black", linewidth=0.8)
        axes.invert_yaxis()
        axes.grid(visible=False, axis="y")
        return svg(drawing, chart.title)


def item_curve(
    curve: Curve,
    form: Form,
    title: str,
    language: Language,
    *,
    categories: Sequence[str] = (),
    usual: float | str | None = None,
) -> str:
    """Return what an item is worth, interval by interval, in points: up is less risk.

    Intervals are drawn equally wide, so that each is seen; the edges between them are written
    under the axis (categories by their number). A bar of its own says what it is worth that the
    item is not known. ``usual`` is the granted clients' usual value, or category.
    """
    chart = Chart(title, "", _WORDS["points"][language], language)
    worth = [points_of(effect) for effect in curve.effects]
    with drawn_as(title):
        drawing, axes = _axes(chart, width=3.6, height=1.6, layout=None)
        drawing.subplots_adjust(left=0.15, right=0.98, bottom=0.14, top=0.96)
        axes.stairs(worth, range(len(worth) + 1), fill=True, color="#bfdbfe", baseline=0.0)
        axes.stairs(worth, range(len(worth) + 1), baseline=None, color=COLOURS[0], linewidth=1.6)
        aside = len(worth) + 0.5
        axes.bar([aside + 0.5], [points_of(curve.unknown)], 0.8, color="white", edgecolor=GREY,
                 hatch="////")  # fmt: skip
        axes.axhline(0.0, color="black", linewidth=0.8)
        ticks = {place + 0.5: str(place + 1) for place in range(len(worth))}
        if not categories:
            ticks = _edges(curve, form, language)
        ticks[aside + 0.5] = _WORDS["unknown"][language]
        axes.set_xticks(list(ticks), list(ticks.values()), fontsize=7)
        axes.grid(visible=False, axis="x")
        place = _place_of(curve, categories, usual)
        if place is not None:
            axes.plot([place + 0.5], [worth[place]], color="black", marker="v", linestyle="")
        return svg(drawing, title)


def frontier(
    chart: Chart,
    costs: Numbers,
    served: Numbers,
    chosen: tuple[float, float],
    most: float | None = None,
) -> str:
    """Return alternatives by cost (x) and by how alike groups are served (y), the chosen ringed.

    ``most`` is the largest cost that the policy accepts.
    """
    with drawn_as(chart.title):
        drawing, axes = _axes(chart)
        words = {name: said[chart.language] for name, said in _WORDS.items()}
        axes.plot(costs, served, color=COLOURS[0], marker="o", linestyle=":", label=words["found"])
        axes.plot(*([value] for value in chosen), color="black", marker="o", markersize=12,
                  markerfacecolor="none", linestyle="", label=words["chosen"])  # fmt: skip
        if most is not None:
            axes.axvline(most, color=COLOURS[1], linestyle="--", label=words["accepted"])
        axes.legend()
        return svg(drawing, chart.title)


def roc_chart(
    title: str, curves: Sequence[tuple[str, Numbers, Numbers]], language: Language
) -> str:
    """Return ROC curves, each a name, false positive rates and true positive rates."""
    chart = Chart(title, _WORDS["false"][language], _WORDS["true"][language], language,
                  "percent", "percent")  # fmt: skip
    with drawn_as(title):
        drawing, axes = _axes(chart, height=3.4)
        for place, (name, false_positive, true_positive) in enumerate(curves):
            style = {"color": COLOURS[place % 4], "linestyle": DASHES[place % 4], "label": name}
            rates = np.asarray(false_positive), np.asarray(true_positive)
            display = RocCurveDisplay(fpr=rates[0], tpr=rates[1])
            display.plot(ax=axes, curve_kwargs=style)
        axes.plot((0, 1), (0, 1), color=GREY, linestyle=":", label=_WORDS["chance"][language])
        axes.set(xlabel=chart.x_label, ylabel=chart.y_label)
        axes.legend(loc="lower right")
        return svg(drawing, title)


def calibration_chart(title: str, said: Numbers, happened: Numbers, language: Language) -> str:
    """Return the default rate observed of groups of clients, by the probability said."""
    chart = Chart(title, _WORDS["said"][language], _WORDS["happened"][language], language,
                  "percent", "percent")  # fmt: skip
    with drawn_as(title):
        drawing, axes = _axes(chart, height=3.4)
        top = 1.05 * max(*said, *happened)
        words = {name: word[language] for name, word in _WORDS.items()}
        display = CalibrationDisplay(list(happened), list(said), list(said))
        display.plot(ax=axes, ref_line=False, color=COLOURS[0], marker="o", name=words["groups"])
        axes.plot((0, top), (0, top), color=GREY, linestyle=":", label=words["perfect"])
        axes.set(xlabel=chart.x_label, ylabel=chart.y_label, xlim=(0, top), ylim=(0, top))
        axes.legend(loc="upper left")
        return svg(drawing, title)


def drawn_as(title: str) -> AbstractContextManager[None]:
    """Return the context to draw any matplotlib figure in, before ``svg`` writes it."""
    settings: Any = {**SETTINGS, "svg.hashsalt": title}  # ids of one page's pictures differ
    context: AbstractContextManager[None] = mpl.rc_context(settings)
    return context


def svg(drawing: Figure, title: str) -> str:
    """Return the drawing as one element of a page: no prolog, no address, no name used twice."""
    written = io.StringIO()
    drawing.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    text = written.getvalue()
    found = _HEAD.match(text)
    if found is None:
        msg = "matplotlib wrote a picture without a viewBox"
        raise ValueError(msg)
    body = _GROUP.sub("<g", _NOISE.sub("", text[found.end() :])).replace("xlink:href", "href")
    body = _FONT.sub("font-family: sans-serif", body)
    width, height = found[1].split()[2:]
    head = (
        f'<svg role="img" aria-label="{escape(title)}" viewBox="{found[1]}" width="{width}pt" '
        f'height="{height}pt" style="stroke-linejoin:round">'
    )
    return re.sub(r"\s*\n\s*", "\n", head + body).strip()


class _Plain(ScalarFormatter):
    """Numbers as the language writes them, never in powers of ten."""

    def __init__(self, language: Language) -> None:
        super().__init__(useOffset=False)
        self.set_scientific(False)
        self.language = language

    def __call__(self, x: float, pos: int | None = None) -> str:
        return _written(super().__call__(x, pos), self.language)


class _Percent(PercentFormatter):
    """Shares as percentages, as the language writes them."""

    def __init__(self, language: Language) -> None:
        super().__init__(xmax=1.0, symbol="\u00a0%" if language == "fr" else "%")
        self.language = language

    def __call__(self, x: float, pos: int | None = None) -> str:
        return _written(super().__call__(x, pos), self.language)


def _written(text: str, language: Language) -> str:
    return text.replace(".", ",") if language == "fr" else text


def _axes(
    chart: Chart,
    width: float = WIDTH,
    height: float = HEIGHT,
    layout: Literal["constrained"] | None = "constrained",
) -> tuple[Figure, Axes]:
    drawing = Figure(figsize=(width, height), layout=layout)
    axes = drawing.add_subplot()
    axes.set(xlabel=chart.x_label, ylabel=chart.y_label)
    _write_numbers(axes.xaxis, chart.x, chart.language)
    _write_numbers(axes.yaxis, chart.y, chart.language)
    return drawing, axes


def _write_numbers(axis: Axis, scale: Scale, language: Language) -> None:
    axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(_Percent(language) if scale == "percent" else _Plain(language))


def _edges(curve: Curve, form: Form, language: Language) -> dict[float, str]:
    """Return where edges stand, and as many of them in words as there is room for."""
    words = [figure(edge, form, language) for edge in curve.edges]
    words = words[: max(1, len(words) - 2)]  # the last ones would meet "not known"
    room = max(1, MOST_EDGES // max(map(len, words), default=1))
    every = max(1, -(-len(words) // room))
    return {
        float(place + 1): word for place, word in enumerate(words) if place % every == every // 2
    }


def _place_of(curve: Curve, categories: Sequence[str], usual: float | str | None) -> int | None:
    if usual is None:
        return None
    value = float(categories.index(usual)) if isinstance(usual, str) else float(usual)
    bounds = (float("-inf"), *curve.edges, float("inf"))
    return next(place for place, (low, high) in enumerate(pairwise(bounds)) if low < value <= high)

"""Default rates by band or category, with their intervals, of several archives side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from flows.reports.documents.formats import Formats
from flows.reports.figures import COLOURS, HEIGHT, MARKS, WIDTH, drawn_as, svg

LONGEST, UPRIGHT = 17, 7
"""Letters of a category that are written; above the second, names stand aslant."""
APART = 0.16
"""Distance between the marks of two archives, in categories."""
FR = Formats("fr")

Rate = Mapping[str, Any]
"""``clients``, ``rate``, and the ends of its interval, ``low`` and ``high``."""


@dataclass(frozen=True)
class Rates:
    """One archive's rates, one a category; ``None`` where it has too few clients."""

    name: str
    rates: tuple[Rate | None, ...]


def rate_chart(title: str, axis: str, categories: Sequence[str], series: Sequence[Rates]) -> str:
    """Return the picture: a mark for each known rate, its interval as a whisker.

    Archives differ by the shape of their marks, not by colour alone.
    """
    with drawn_as(title):
        drawing = Figure(figsize=(WIDTH, HEIGHT), layout="constrained")
        axes = drawing.add_subplot()
        for place, archive in enumerate(series):
            shift = APART * (place - (len(series) - 1) / 2)
            known = [(at + shift, rate) for at, rate in enumerate(archive.rates) if rate]
            said = [rate["rate"] for _, rate in known]
            axes.errorbar(
                [at for at, _ in known], said,
                yerr=[[r["rate"] - r["low"] for _, r in known],
                      [r["high"] - r["rate"] for _, r in known]],
                linestyle="", marker=MARKS[place % 4], color=COLOURS[place % 4],
                markersize=4, linewidth=1, label=archive.name,
            )  # fmt: skip
        names = [_cut(name) for name in categories]
        aslant = max(map(len, names)) > UPRIGHT
        axes.set_xticks(
            range(len(names)), names, fontsize=7,
            rotation=30 if aslant else 0, ha="right" if aslant else "center",
        )  # fmt: skip
        axes.set_ylim(bottom=0.0)
        axes.yaxis.set_major_formatter(PercentFormatter(xmax=1.0, decimals=0, symbol="\u00a0%"))
        axes.set(xlabel=axis, ylabel="Taux de défaut")
        axes.grid(visible=False, axis="x")
        axes.legend(fontsize=7)
        return svg(drawing, title)


def rate_table(
    axis: str, categories: Sequence[str], series: Sequence[Rates]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return the same numbers as a heading and rows of text."""
    head = [axis]
    for archive in series:
        head += [f"{archive.name} : clients", f"{archive.name} : défauts (intervalle à 95 %)"]
    rows = tuple(
        (name, *(cell for archive in series for cell in _cells(archive.rates[at])))
        for at, name in enumerate(categories)
    )
    return tuple(head), rows


def _cells(rate: Rate | None) -> tuple[str, str]:
    if rate is None:
        return "moins de 20", "—"
    interval = FR.between((100 * rate["low"], 100 * rate["high"]), 1)
    return FR.whole(rate["clients"]), f"{FR.percent(rate['rate'])} ({interval})"


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"

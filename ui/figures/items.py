"""Every item of the calculation: signed bars from a centre line, and the table that says all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from scoring.contract import ItemContribution
from ui.figures.reasons import SHAPES, side_of
from ui.format import Format
from ui.rendering import Table, render
from ui.words import Words

MOST_BARS = 20
"""Items with a bar of their own; the lighter ones are one bar, and lines of the table."""
MOST_NAMED = 3


class Bar(NamedTuple):
    """One bar from the centre line: places in percent of the width of its side."""

    label: str
    side: str
    colour: str
    start: float
    width: float


def item_bars(items: Sequence[ItemContribution], form: Format) -> Markup:
    """Draw what each item adds, the strongest first; ``items`` are in that order."""
    return render(
        "item_bars.html",
        form,
        caption=_caption(items, form.words),
        numbers=_numbers(items, form),
        shapes=SHAPES,
        bars=_bars(items, form.words),
    )


def weight(items: Sequence[ItemContribution]) -> float:
    """Return the sum of the items' absolute contributions, never zero."""
    return sum(abs(line.contribution) for line in items) or 1.0


def _caption(items: Sequence[ItemContribution], words: Words) -> str:
    said = []
    for side in SHAPES:
        named = [
            line.label for line in items if line.contribution and side_of(line.contribution) == side
        ]
        if named:
            listed = ", ".join(named[:MOST_NAMED])
            said.append(words(f"items.caption.{side}", list=listed))
    return " ".join(said) or words("items.caption.none")


def _bars(items: Sequence[ItemContribution], words: Words) -> list[Bar]:
    """Draw the strongest items, then all others added up as one bar."""
    first = [line for line in items[:MOST_BARS] if line.contribution]
    later = items[len(first) :]
    rest = sum(line.contribution for line in later)
    most = max([abs(rest), *(abs(line.contribution) for line in first)]) or 1.0
    bars = [_bar(line.label, line.contribution / most) for line in first]
    if later:
        bars.append(_bar(words.count("items.rest", len(later)), rest / most, "others"))
    return bars


def _bar(label: str, share: float, colour: str = "") -> Bar:
    """Place the bar of a share of the longest; the words are on the other side of the line."""
    side = side_of(share)
    width = 100 * min(max(abs(share), 0.01), 1)
    return Bar(label, side, colour or side, 0.0 if side == "weighs" else 100 - width, width)


def _numbers(items: Sequence[ItemContribution], form: Format) -> Table:
    words, whole = form.words, weight(items)
    columns = ("item", "side", "value", "usual", "weight")
    rows = [
        (
            line.label,
            words(f"reasons.{side_of(line.contribution)}") if line.contribution else "–",
            line.value_text,
            line.usual_text,
            _share(abs(line.contribution) / whole, form) if line.contribution else "–",
        )
        for line in items
    ]
    return Table(
        words.count("items.table", len(rows)),
        tuple(words(f"reasons.column.{column}") for column in columns),
        rows,
    )


def _share(share: float, form: Format) -> str:
    """Write a share to the tenth of a percent: most items are light."""
    return form.percent(share, 1 if share < 0.1 else 0)

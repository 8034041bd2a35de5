"""Every item of the calculation: signed bars from a centre line, and the table that says all."""

from __future__ import annotations

from collections.abc import Sequence

from scoring.contract import ItemContribution
from ui.figures.figure import figure
from ui.figures.reasons import SHAPES, side_of
from ui.format import Format
from ui.markup import TableData, element, hidden_shape, text
from ui.words import Words

MOST_BARS = 20
"""Items with a bar of their own; the lighter ones are one bar, and lines of the table."""
MOST_NAMED = 3


def item_bars(items: Sequence[ItemContribution], form: Format) -> str:
    """Draw what each item adds, the strongest first; ``items`` are in that order."""
    words = form.words
    numbers = _numbers(items, form)
    return figure("item-bars", _caption(items, words), _drawing(items, form), numbers, words)


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


def _drawing(items: Sequence[ItemContribution], form: Format) -> str:
    """Draw the strongest items, then all others added up as one bar."""
    words = form.words
    first = [line for line in items[:MOST_BARS] if line.contribution]
    later = items[len(first) :]
    rest = sum(line.contribution for line in later)
    most = max([abs(rest), *(abs(line.contribution) for line in first)]) or 1.0
    rows = [_row(line.label, line.contribution / most) for line in first]
    if later:
        label = words.count("items.rest", len(later))
        rows.append(_row(label, rest / most, "others"))
    head = element("div", *(_heading(side, words) for side in ("favours", "weighs")), class_="ends")
    return element("div", head, *rows, class_="rows")


def _heading(side: str, words: Words) -> str:
    return text("span", f"{SHAPES[side]} {words(f'reasons.{side}')}", class_=f"side {side}")


def _row(label: str, share: float, colour: str = "") -> str:
    """Write one row: the words on one side of the centre line, the bar on the other."""
    side = side_of(share)
    width = 100 * min(max(abs(share), 0.01), 1)
    start = 0.0 if side == "weighs" else 100 - width
    bar = (
        '<svg width="100%" height="14" aria-hidden="true" focusable="false">'
        f'<rect class="{colour or side}" x="{start:.2f}%" y="0" width="{width:.2f}%" height="14"/>'
        "</svg>"
    )
    said = element("div", hidden_shape(SHAPES[side]), text("span", label), class_="words")
    return element("div", said, element("div", bar, class_="bar"), class_=f"item-row {side}")


def _numbers(items: Sequence[ItemContribution], form: Format) -> TableData:
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
    return TableData(
        words.count("items.table", len(rows)),
        tuple(words(f"reasons.column.{column}") for column in columns),
        rows,
    )


def _share(share: float, form: Format) -> str:
    """Write a share to the tenth of a percent: most items are light."""
    return form.percent(share, 1 if share < 0.1 else 0)

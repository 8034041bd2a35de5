"""What every figure has: a caption sentence, a label for those who do not see it, a table."""

from __future__ import annotations

from html import escape

from ui.markup import TableData, details, element, scrolling, text
from ui.words import Words


def figure(name: str, caption: str, drawing: str, numbers: TableData, words: Words) -> str:
    """Write a figure; ``drawing`` is safe HTML or SVG that the caption and the table say in full.

    The drawing is one image for a screen reader: its label is the caption, its numbers the table.
    """
    return element(
        "figure",
        text("figcaption", caption, id=f"{name}-caption"),
        f'<div class="drawing {escape(name)}" role="img" aria-label="{escape(caption)}">'
        f"{drawing}</div>",
        details(words("figures.open"), scrolling(numbers)),
        class_="figure",
    )

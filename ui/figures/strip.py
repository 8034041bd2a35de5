"""A quantile strip: how an item is spread in a group of clients, and where this case is."""

from __future__ import annotations

from scoring.contract import Standing
from ui.figures.figure import figure
from ui.format import Format
from ui.markup import TableData, element, text

QUARTILES = (0.25, 0.5, 0.75)
EDGE = 0.05
"""The strip goes from this quantile to the opposite one: extremes would flatten the rest."""


def quantile_strip(standing: Standing, group: str, form: Format) -> str:
    """Draw one item; ``group`` is the key of the group's words."""
    words = form.words
    value = form.value(standing.value, standing.unit, standing.feature)
    if standing.share_below is None:
        caption = words("strip.unknown", label=standing.label)
    else:
        share = form.percent(standing.share_below)
        group_words = words(f"compare.of.{group}")
        caption = words(
            "strip.caption", label=standing.label, value=value, share=share, group=group_words
        )
    name = f"strip-{standing.feature.replace('_', '-')}"
    drawing = element("div", _drawing(standing, value), class_="quantile-strip")
    return figure(name, caption, drawing, _numbers(standing, value, form), words)


def at_quantile(standing: Standing, share: float) -> float:
    """Return the group's value below which ``share`` of it lies."""
    place = share * (len(standing.quantiles) - 1)
    low = int(place)
    high = min(low + 1, len(standing.quantiles) - 1)
    return standing.quantiles[low] + (place - low) * (
        standing.quantiles[high] - standing.quantiles[low]
    )


def _numbers(standing: Standing, value: str, form: Format) -> TableData:
    words = form.words

    def written(number: float) -> str:
        return form.value(number, standing.unit, standing.feature)

    rows = [(words("strip.client"), value)]
    if standing.share_below is not None:
        rows.append((words("strip.below"), form.percent(standing.share_below)))
    rows += [
        (words(f"strip.quartile.{number}"), written(at_quantile(standing, share)))
        for number, share in enumerate(QUARTILES, start=1)
    ]
    rows.append((words("strip.missing"), form.percent(standing.missing_share)))
    return TableData(standing.label, (words("table.measure"), words("table.value")), rows)


def _drawing(standing: Standing, value: str) -> str:
    start, stop = at_quantile(standing, EDGE), at_quantile(standing, 1 - EDGE)

    def place(number: float) -> float:
        return 50.0 if stop == start else min(max(100 * (number - start) / (stop - start), 0), 100)

    low, middle, high = (place(at_quantile(standing, share)) for share in QUARTILES)
    half = max(high - low, 0.5)
    parts = [
        '<rect class="track" x="0" y="6" width="100%" height="16"/>',
        f'<rect class="half" x="{low:.2f}%" y="6" width="{half:.2f}%" height="16"/>',
        f'<line class="middle" x1="{middle:.2f}%" x2="{middle:.2f}%" y1="2" y2="26"/>',
    ]
    if isinstance(standing.value, int | float):
        at = place(float(standing.value))
        anchor = "start" if at < 25 else "end" if at > 75 else "middle"
        parts += [
            f'<svg x="{at:.2f}%" y="26" overflow="visible">'
            '<path class="mark" d="M0 0 L8 13 L-8 13 Z"/></svg>',
            text("text", value, x=f"{at:.2f}%", y="56", text_anchor=anchor, class_="mark-label"),
        ]
    height = "62" if len(parts) > 3 else "30"
    return element(
        "svg", *parts, width="100%", height=height, aria_hidden="true", focusable="false"
    )

"""A quantile strip: how an item is spread in a group of clients, and where this case is."""

from __future__ import annotations

from markupsafe import Markup

from scoring.contract import Standing
from ui.format import Format
from ui.rendering import Table, render

QUARTILES = (0.25, 0.5, 0.75)
EDGE = 0.05
"""The strip goes from this quantile to the opposite one: extremes would flatten the rest."""


def quantile_strip(standing: Standing, group: str, form: Format) -> Markup:
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
    low, middle, high = (_place(standing, at_quantile(standing, share)) for share in QUARTILES)
    number = standing.value if isinstance(standing.value, int | float) else None
    return render(
        "strip.html",
        form,
        name=f"strip-{standing.feature.replace('_', '-')}",
        caption=caption,
        numbers=_numbers(standing, value, form),
        low=low,
        middle=middle,
        high=high,
        at=None if number is None else _place(standing, number),
        value=value,
    )


def at_quantile(standing: Standing, share: float) -> float:
    """Return the group's value below which ``share`` of it lies."""
    place = share * (len(standing.quantiles) - 1)
    low = int(place)
    high = min(low + 1, len(standing.quantiles) - 1)
    return standing.quantiles[low] + (place - low) * (
        standing.quantiles[high] - standing.quantiles[low]
    )


def _numbers(standing: Standing, value: str, form: Format) -> Table:
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
    return Table(standing.label, (words("table.measure"), words("table.value")), rows)


def _place(standing: Standing, number: float) -> float:
    """Return where a value is on the strip, in percent of its length."""
    start, stop = at_quantile(standing, EDGE), at_quantile(standing, 1 - EDGE)
    return 50.0 if stop == start else min(max(100 * (number - start) / (stop - start), 0), 100)

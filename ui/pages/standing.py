"""The Se situer tab: where the client stands in a group of clients, item by item."""

from __future__ import annotations

from collections import Counter

from markupsafe import Markup

from scoring.contract import CompareResponse, Standing
from ui.figures.strip import quantile_strip
from ui.format import Format
from ui.reading import protected
from ui.rendering import element, render

SHOWN_FIRST = 6
MOST_SHOWN = 24
OF_A_KIND = 2
"""Items whose names begin alike that are shown before the others."""


def standing_page(answer: CompareResponse, form: Format) -> Markup:
    """Write the group, then one strip an item; the later ones open on request."""
    kept = _varied([s for s in answer.standings if not protected(s.feature)])
    strips = [quantile_strip(standing, answer.group, form) for standing in kept]
    group = form.words.html(
        "compare.group",
        clients=form.number(answer.clients),
        share=form.percent(answer.default_rate, 1),
    )
    first, later = strips[:SHOWN_FIRST], strips[SHOWN_FIRST:]
    return render("standing.html", form, answer=answer, group=group, first=first, later=later)


def _varied(standings: list[Standing]) -> list[Standing]:
    """Put at most ``OF_A_KIND`` items of a kind first: six ways to say one thing help nobody."""
    seen: Counter[str] = Counter()
    first: list[Standing] = []
    later: list[Standing] = []
    for standing in standings:
        kind = standing.feature.partition("_")[0]
        seen[kind] += 1
        (first if seen[kind] <= OF_A_KIND else later).append(standing)
    return [*first, *later][:MOST_SHOWN]


def no_such_group(form: Format) -> Markup:
    """Say that the group is too small to be shown, or not kept."""
    words = form.words
    return element("notice", "info", words("compare.none.title"), words("compare.none"))

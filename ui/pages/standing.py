"""The Se situer tab: where the client stands in a group of clients, item by item."""

from __future__ import annotations

from collections import Counter

from scoring.contract import CompareResponse, Standing
from ui.figures.strip import quantile_strip
from ui.format import Format
from ui.markup import details, element, notice, text
from ui.reading import protected

SHOWN_FIRST = 6
MOST_SHOWN = 24
OF_A_KIND = 2
"""Items whose names begin alike that are shown before the others."""


def standing_page(answer: CompareResponse, form: Format) -> str:
    """Write the group, then one strip an item; the later ones open on request."""
    words = form.words
    kept = _varied([s for s in answer.standings if not protected(s.feature)])
    group = element(
        "p",
        words.html(
            "compare.group",
            clients=form.number(answer.clients),
            share=form.percent(answer.default_rate, 1),
        ),
    )
    what = text("p", words(f"compare.means.{answer.group}"), class_="aside")
    key = text("p", words("strip.key"), class_="aside")
    strips = "".join(_strip(standing, answer, form) for standing in kept[:SHOWN_FIRST])
    rest = "".join(_strip(standing, answer, form) for standing in kept[SHOWN_FIRST:])
    more = details(words.count("compare.more", len(kept) - SHOWN_FIRST), rest) if rest else ""
    return element("section", group, what, key, strips, more, class_="part standings")


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


def _strip(standing: Standing, answer: CompareResponse, form: Format) -> str:
    return quantile_strip(standing, answer.group, form)


def no_such_group(form: Format) -> str:
    """Say that the group is too small to be shown, or not kept."""
    words = form.words
    return notice("info", words("compare.none.title"), words("compare.none"))

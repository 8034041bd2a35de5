"""The Se situer tab: where the client stands in a group of clients, one strip an item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Literal

import gradio as gr
from markupsafe import Markup

from scoring.contract import CompareRequest, CompareResponse, Standing
from ui.components import QUIET, part
from ui.context import Context
from ui.errors import Conflict, ServiceError
from ui.format import Format
from ui.open_case import OpenCase
from ui.pages import failure, welcome
from ui.reading import protected
from ui.rendering import Table, element, render
from ui.words import Language, Words, words_in

Group = Literal["granted", "all", "similar"]
GROUPS: tuple[Group, ...] = ("granted", "all", "similar")
SHOWN_FIRST = 6
MOST_SHOWN = 24
OF_A_KIND = 2
"""Items whose names begin alike that are shown before the others."""
QUARTILES = (0.25, 0.5, 0.75)
EDGE = 0.05
"""The strip goes from this quantile to the opposite one: extremes would flatten the rest."""


def comparison_tab(context: Context, language: Language, case: gr.State, tab: gr.Tab) -> None:
    """Lay out the tab; it asks the service when it is opened, and when the group changes."""
    words = words_in(language)
    with gr.Column(elem_id="compare"):
        part("compare-title", element("title", words("compare.title")))
        group = gr.Radio(
            group_choices(words), value=GROUPS[0], label=words("compare.with"), elem_id="group"
        )
    result = part("compared", welcome(words))
    shown = gr.State(None)

    def on_need(
        opened: OpenCase | None,
        asked: Group,
        already: tuple[str, str] | None,
        request: gr.Request,
    ) -> Iterator[tuple[object, object]]:
        """Compare, unless this comparison is on the screen already."""
        if opened is None:
            yield welcome(words), None
            return
        wanted = (opened.assessment_id, asked)
        if wanted == already or asked not in GROUPS:
            yield gr.skip(), gr.skip()
            return
        yield element("loading", words("simulate.loading")), None
        yield compare(context, opened, asked, dict(request.cookies), language), wanted

    for event in (tab.select, group.input):
        event(on_need, [case, group, shown], [result, shown], **QUIET)
    case.change(lambda: (welcome(words), None), None, [result, shown], **QUIET)


def group_choices(words: Words) -> list[tuple[str, Group]]:
    """Return the groups one can be compared with, in words."""
    return [(words(f"compare.{group}"), group) for group in GROUPS]


def compare(
    context: Context, opened: OpenCase, group: Group, cookies: dict[str, str], language: Language
) -> str:
    """Return the page of a comparison, or what stops it."""
    form = context.format_in(language)
    asked = {"client_id": opened.client_id, "with": group, "language": language}
    try:
        request = CompareRequest.model_validate(asked)
        answer = context.ask(cookies, lambda scoring: scoring.compare(request))
    except Conflict:
        return no_such_group(form)
    except ServiceError as error:
        return failure(error, str(opened.client_id), form.words)
    return comparison_page(answer, form)


def comparison_page(answer: CompareResponse, form: Format) -> Markup:
    """Write the group, then one strip an item; the later ones open on request."""
    kept = _varied([s for s in answer.standings if not protected(s.feature)])
    strips = [quantile_strip(standing, answer.group, form) for standing in kept]
    group = form.words.html(
        "compare.group",
        clients=form.number(answer.clients),
        share=form.percent(answer.default_rate, 1),
    )
    first, later = strips[:SHOWN_FIRST], strips[SHOWN_FIRST:]
    return render("comparison.html", form, answer=answer, group=group, first=first, later=later)


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

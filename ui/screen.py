"""The layout of the advisor's screen in one language: components and what connects them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import gradio as gr
from gradio.components import Component

from ui.case import Shown, nothing_open, open_case
from ui.cases import cases
from ui.comparison import comparison_tab
from ui.components import QUIET, part
from ui.context import Context
from ui.decision.recourse import connect_levers
from ui.decision.tab import decision_tab
from ui.letter import letter_tab
from ui.pages import header, welcome
from ui.rights.page import rights_tab
from ui.simulation import simulation_tab
from ui.words import Language, Words, words_in

SIMULATION = "simulation"

KEEP_ADDRESS = """(typed) => {
  const digits = (typed || "").replace(/\\s/g, "");
  const address = /^\\d+$/.test(digits) ? `?case=${digits}` : location.pathname;
  history.replaceState(null, "", address);
}"""
"""A reload, a new sign-in or the other language opens the same case again."""


def screen(context: Context, language: Language) -> gr.Blocks:
    """Lay out the screen and connect it to the service."""
    words = words_in(language)
    with gr.Blocks(title=words("title"), analytics_enabled=False) as blocks:
        top = part("top", header(words, None))
        search = _search(words)
        problem, line, case = part("problem"), part("case"), gr.State(None)
        with gr.Tabs(overflow_behavior="wrap") as tabs:
            with gr.Tab(words("tab.decision")):
                place, listed = gr.Column(), part("cases")
            with gr.Tab(words("tab.simulate"), id=SIMULATION):
                sliders = simulation_tab(context, language, case)
            with gr.Tab(words("tab.compare")) as compared:
                comparison_tab(context, language, case, compared)
            with gr.Tab(words("tab.dossier")):
                rights_tab(language, case)
                dossier = part("dossier", welcome(words))
            with gr.Tab(words("tab.letter")):
                letter = letter_tab(language, case)
        with place:
            tab = decision_tab(context, language, case, letter)
        connect_levers(tab.levers, tabs, SIMULATION, sliders)
        parts = [top, problem, line, tab.verdict, tab.decision, tab.beside, dossier, case]
        _connect(context, language, blocks, search, parts)
        _list_cases(context, language, blocks, listed)
    return blocks


class Search(NamedTuple):
    """The field and the button that open a case."""

    number: gr.Textbox
    button: gr.Button


def _search(words: Words) -> Search:
    with gr.Row(elem_id="search-row"):
        return Search(
            gr.Textbox(
                label=words("search.label"),
                placeholder=words("search.hint"),
                max_lines=1,
                max_length=40,
                elem_id="case-number",
            ),
            gr.Button(words("search.submit"), variant="primary", elem_id="open-case"),
        )


def _list_cases(context: Context, language: Language, blocks: gr.Blocks, listed: gr.HTML) -> None:
    def on_arrival(request: gr.Request) -> str:
        """List cases to choose from, unless the address names one."""
        if request.query_params.get("case"):
            return ""
        return cases(context, dict(request.query_params), dict(request.cookies), language)

    blocks.load(on_arrival, None, listed, **QUIET)


def _connect(
    context: Context,
    language: Language,
    blocks: gr.Blocks,
    search: Search,
    parts: Sequence[Component],
) -> None:
    """Connect arriving on the page, and opening a case by key or by button."""

    def on_open(typed: str, request: gr.Request) -> Iterator[Shown]:
        yield from open_case(context, typed, dict(request.cookies), language)

    def on_arrival(request: gr.Request) -> Iterator[tuple[object, ...]]:
        """Say who is signed in, and open the address's case; touch nothing else meanwhile."""
        asked = str(request.query_params.get("case", ""))[:40]
        if asked:
            for shown in on_open(asked, request):
                yield (asked, *shown)
            return
        top = nothing_open(context, dict(request.cookies), language).header
        yield (gr.skip(), top, *(gr.skip() for _ in parts[1:]))

    blocks.load(on_arrival, None, [search.number, *parts], **QUIET)
    for event in (search.button.click, search.number.submit):
        event(None, search.number, None, js=KEEP_ADDRESS, api_visibility="private")
        event(on_open, search.number, list(parts), trigger_mode="always_last", **QUIET)

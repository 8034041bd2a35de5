"""The layout of the advisor's screen in one language: components and what connects them."""

from __future__ import annotations

from collections.abc import Iterator

import gradio as gr

from ui.case import Shown, nothing_open, open_case
from ui.desk import Desk
from ui.pages.frame import header
from ui.pages.notices import welcome
from ui.words import Language, words_in

AT_ONCE = 8
"""Cases opened at the same time; more wait their turn."""

KEEP_ADDRESS = """(typed) => {
  const digits = (typed || "").replace(/\\s/g, "");
  const address = /^\\d+$/.test(digits) ? `?case=${digits}` : location.pathname;
  history.replaceState(null, "", address);
}"""
"""A reload, a new sign-in or the other language opens the same case again."""


def screen(desk: Desk, language: Language) -> gr.Blocks:
    """Lay out the screen and connect it to the service."""
    words = words_in(language)
    with gr.Blocks(title=words("title"), analytics_enabled=False) as blocks:
        top = _part("top", header(words, None))
        with gr.Row(elem_id="search-row"):
            number = gr.Textbox(
                label=words("search.label"),
                placeholder=words("search.hint"),
                max_lines=1,
                max_length=40,
                elem_id="case-number",
            )
            opened = gr.Button(words("search.submit"), variant="primary", elem_id="open-case")
        problem, case = _part("problem"), _part("case")
        first = welcome(words)
        with gr.Tabs():
            with gr.Tab(words("tab.decision")):
                verdict, decision = _part("verdict", first), _part("decision")
            with gr.Tab(words("tab.dossier")):
                dossier = _part("dossier", first)
        parts = [top, problem, case, verdict, decision, dossier]
        _connect(desk, language, blocks, number, opened, parts)
    return blocks


def _part(name: str, first: str = "") -> gr.HTML:
    return gr.HTML(first, elem_id=name, js_on_load=None, apply_default_css=False)


def _connect(
    desk: Desk,
    language: Language,
    blocks: gr.Blocks,
    number: gr.Textbox,
    opened: gr.Button,
    parts: list[gr.HTML],
) -> None:
    """Connect arriving on the page, and opening a case by key or by button."""

    def on_open(typed: str, request: gr.Request) -> Iterator[Shown]:
        yield from open_case(desk, typed, dict(request.cookies), language)

    def on_arrival(request: gr.Request) -> Iterator[tuple[object, ...]]:
        """Say who is signed in, and open the address's case; touch nothing else meanwhile."""
        asked = str(request.query_params.get("case", ""))[:40]
        if asked:
            for shown in on_open(asked, request):
                yield (asked, *shown)
            return
        top = nothing_open(desk, dict(request.cookies), language).header
        yield (gr.skip(), top, *(gr.skip() for _ in parts[1:]))

    quiet = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": AT_ONCE}
    blocks.load(on_arrival, None, [number, *parts], **quiet)
    for event in (opened.click, number.submit):
        event(None, number, None, js=KEEP_ADDRESS, api_visibility="private")
        event(on_open, number, parts, trigger_mode="always_last", **quiet)

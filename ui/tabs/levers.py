"""The levers beside the decision, and the way from them to the Simuler tab."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import gradio as gr

from ui.desk import Desk
from ui.opened import OpenCase
from ui.pages.levers import levers_loading
from ui.tabs.parts import QUIET, part
from ui.turning import look_for_levers
from ui.words import Language, words_in


class Levers(NamedTuple):
    """The place of the levers, the first one's values, its button, and words for the letter."""

    html: gr.HTML
    tried: gr.State
    said: gr.State
    button: gr.Button


def levers(desk: Desk, language: Language, case: gr.State) -> Levers:
    """Lay out the levers; they are looked for once the case is on the screen."""
    words = words_in(language)
    html, tried, said = part("levers"), gr.State(None), gr.State(())
    button = gr.Button(words("levers.try"), visible=False, elem_id="levers-try")

    def on_case(opened: OpenCase | None, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        if opened is None:
            yield "", None, (), gr.update(visible=False)
            return
        yield levers_loading(desk.format_in(language)), None, (), gr.update(visible=False)
        found = look_for_levers(desk, opened, dict(request.cookies), language)
        yield *found, gr.update(visible=found.tried is not None)

    case.change(on_case, case, [html, tried, said, button], trigger_mode="always_last", **QUIET)
    return Levers(html, tried, said, button)


def connect_levers(found: Levers, tabs: gr.Tabs, simulation: str, sliders: list[gr.Slider]) -> None:
    """Let the button open the simulation with the first lever's values."""

    def on_try(tried: tuple[float | None, ...] | None) -> tuple[Any, ...]:
        values = (gr.skip() if value is None else value for value in tried or [None] * len(sliders))
        return (gr.update(selected=simulation), *values)

    found.button.click(on_try, found.tried, [tabs, *sliders], **QUIET)

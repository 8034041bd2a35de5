"""The Simuler tab: a slider and a number for what the client can change, and what it does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from ui.desk import Desk
from ui.opened import CHANGEABLE, OpenCase
from ui.pages.notices import welcome
from ui.rendering import element
from ui.simulating import simulate, slider_range
from ui.tabs.parts import QUIET, part
from ui.words import Language, words_in


def simulation_tab(desk: Desk, language: Language, case: gr.State) -> list[gr.Slider]:
    """Lay out the tab and connect it to the service; return its sliders."""
    words = words_in(language)
    title = element("title", words("simulate.title")) + element("paragraph", words("simulate.how"))
    with gr.Column(elem_id="simulate"):
        part("simulate-title", title)
        sliders = [
            gr.Slider(0, 1, 0, label=words(f"simulate.{name}"), elem_id=f"try-{name}", buttons=[])
            for name in CHANGEABLE
        ]
        with gr.Row(elem_id="simulate-actions"):
            submit = gr.Button(words("simulate.submit"), variant="primary", elem_id="simulate-go")
            reset = gr.Button(words("simulate.reset"), elem_id="simulate-reset")
    result = part("simulated", welcome(words))

    def on_case(opened: OpenCase | None) -> tuple[Any, ...]:
        """Put the client's own values on the sliders."""
        if opened is None:
            return (*(gr.skip() for _ in sliders), welcome(words))
        return (*(_slider(value) for value in opened.held), "")

    def on_submit(
        opened: OpenCase | None,
        amount: float,
        annuity: float,
        goods: float,
        income: float,
        request: gr.Request,
    ) -> Iterator[str]:
        """Say that it is being calculated, then what comes out."""
        if opened is None:
            yield welcome(words)
            return
        yield element("loading", words("simulate.loading"))
        tried = (amount, annuity, goods, income)
        yield simulate(desk, opened, tried, dict(request.cookies), language)

    case.change(on_case, case, [*sliders, result], **QUIET)
    submit.click(on_submit, [case, *sliders], result, trigger_mode="once", **QUIET)
    reset.click(on_case, case, [*sliders, result], **QUIET)
    return sliders


def _slider(value: float | None) -> Any:
    """Set a slider around the client's value; hide it when there is none."""
    if not value:
        return gr.update(visible=False)
    least, most, step = slider_range(value)
    return gr.update(visible=True, minimum=least, maximum=most, step=step, value=value)

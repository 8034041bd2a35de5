"""What would turn the proposal: levers as ranges with their conditions, and the way to try one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

import gradio as gr
from markupsafe import Markup

from scoring.contract import RecourseResponse, Verdict
from ui.components import QUIET, part
from ui.context import Context
from ui.errors import ServiceError
from ui.figures.risk import risk_alone
from ui.format import Format
from ui.open_case import CHANGEABLE, OpenCase
from ui.rendering import render
from ui.words import Language, words_in

MOST_LEVERS = 3


class Levers(NamedTuple):
    """The place of the levers, the first one's values, its button, and words for the letter."""

    html: gr.HTML
    tried: gr.State
    said: gr.State
    button: gr.Button


def levers(context: Context, language: Language, case: gr.State) -> Levers:
    """Lay out the levers; they are looked for once the case is on the screen."""
    words = words_in(language)
    html, tried, said = part("levers"), gr.State(None), gr.State(())
    button = gr.Button(words("levers.try"), visible=False, elem_id="levers-try")

    def on_case(opened: OpenCase | None, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        if opened is None:
            yield "", None, (), gr.update(visible=False)
            return
        yield levers_loading(context.format_in(language)), None, (), gr.update(visible=False)
        found = look_for_levers(context, opened, dict(request.cookies), language)
        yield *found, gr.update(visible=found.tried is not None)

    case.change(on_case, case, [html, tried, said, button], trigger_mode="always_last", **QUIET)
    return Levers(html, tried, said, button)


def connect_levers(found: Levers, tabs: gr.Tabs, simulation: str, sliders: list[gr.Slider]) -> None:
    """Let the button open the simulation with the first lever's values."""

    def on_try(tried: tuple[float | None, ...] | None) -> tuple[Any, ...]:
        values = (gr.skip() if value is None else value for value in tried or [None] * len(sliders))
        return (gr.update(selected=simulation), *values)

    found.button.click(on_try, found.tried, [tabs, *sliders], **QUIET)


class Turning(NamedTuple):
    """The levers as HTML, the values the first gives to the simulation, words for the letter."""

    html: str
    tried: tuple[float | None, ...] | None
    said: tuple[str, ...] = ()


def look_for_levers(
    context: Context, opened: OpenCase, cookies: dict[str, str], language: Language
) -> Turning:
    """Ask the service; a failure is said in place and hides nothing else."""
    form = context.format_in(language)
    try:
        answer = context.ask(cookies, lambda scoring: scoring.recourse(opened.client_id, language))
    except ServiceError:
        return Turning(levers_unknown(form), None)
    tried = None
    if answer.levers:
        changes = answer.levers[0].first.changes.model_dump(exclude_none=True)
        held = zip(CHANGEABLE, opened.held, strict=True)
        tried = tuple(changes.get(name, value) for name, value in held)
    return Turning(recourse_page(answer, form), tried, turning_sentences(answer, form))


def recourse_page(answer: RecourseResponse, form: Format) -> Markup:
    """Write the service's sentences: levers, largest amount, room left, what time would do."""
    return render(
        "recourse.html",
        form,
        answer=answer,
        title="levers.title.granted" if answer.verdict is Verdict.GRANT else "levers.title",
        levers=answer.levers[:MOST_LEVERS],
        risk=partial(risk_alone, form=form),
    )


def turning_sentences(answer: RecourseResponse, form: Format) -> tuple[str, ...]:
    """Write for the letter what would turn a proposal that is no approval; nothing otherwise."""
    if answer.verdict is Verdict.GRANT or not answer.levers:
        return ()
    said = [lever.sentence for lever in answer.levers[:MOST_LEVERS]]
    if answer.largest is not None:
        said.append(answer.largest.sentence)
    if answer.holds_until is not None:
        said.append(form.words("levers.until", date=form.date(answer.holds_until)))
    return tuple(said)


def levers_unknown(form: Format) -> Markup:
    """Say that the levers could not be looked for; the rest of the page stands."""
    return render("recourse_waiting.html", form, loading=False)


def levers_loading(form: Format) -> Markup:
    """Say that the levers are being looked for."""
    return render("recourse_waiting.html", form, loading=True)

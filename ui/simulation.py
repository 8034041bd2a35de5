"""The Simuler tab: trying other terms, and what they change. Without commitment."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import gradio as gr
from markupsafe import Markup

from scoring.contract import Moved, Side, SimulateResponse
from ui.components import QUIET, part
from ui.context import Context
from ui.errors import ServiceError
from ui.figures.risk import Risk
from ui.format import Format
from ui.open_case import CHANGEABLE, OpenCase
from ui.pages import failure, problem, welcome
from ui.reading import protected
from ui.rendering import Table, element, render
from ui.words import Language, Words, words_in

WIDEST = 0.9
"""How far a value may be moved each way, as a share of it."""
MOST_MOVED = 6


def simulation_tab(context: Context, language: Language, case: gr.State) -> list[gr.Slider]:
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
        yield simulate(context, opened, tried, dict(request.cookies), language)

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


class Range(NamedTuple):
    """The values a slider offers: commercial steps with the client's own value among them."""

    least: float
    most: float
    step: float


def slider_range(value: float) -> Range:
    """Return the range around a value: steps of one, two or five hundredths of its size."""
    rough = value / 100
    power = 10.0 ** math.floor(math.log10(rough)) if rough > 0 else 1.0
    step = next(power * leap for leap in (1, 2, 5, 10) if power * leap >= rough)
    steps = math.floor(WIDEST * value / step)
    return Range(round(value - steps * step, 2), round(value + steps * step, 2), step)


def simulate(
    context: Context,
    opened: OpenCase,
    tried: Sequence[float | None],
    cookies: dict[str, str],
    language: Language,
) -> str:
    """Return the page of a simulation, or what stops it."""
    form = context.format_in(language)
    changes = changes_of(opened, tried)
    if not changes:
        return problem(form.words("simulate.none"))
    try:
        answer = context.ask(
            cookies, lambda scoring: scoring.simulate(opened.client_id, changes, language)
        )
    except ServiceError as error:
        return failure(error, str(opened.client_id), form.words)
    return simulation_page(answer, form)


def changes_of(opened: OpenCase, tried: Sequence[float | None]) -> dict[str, float]:
    """Keep the items whose value is not the client's own."""
    return {
        name: float(value)
        for name, held, value in zip(CHANGEABLE, opened.held, tried, strict=True)
        if held is not None and value and not math.isclose(held, value, abs_tol=0.005)
    }


def simulation_page(answer: SimulateResponse, form: Format) -> Markup:
    """Write what the change does to the proposal, the numbers and the reasons."""
    words = form.words
    turned = answer.before.verdict != answer.after.verdict
    sentence = words(
        f"simulate.result.{'turned' if turned else 'same'}",
        after=_verdict(answer.after, words),
        instead=words(f"verdict.{answer.before.verdict.value}.instead"),
    )
    sides, moved = _sides_table(answer, form), _moved(answer.moved, form)
    return render(
        "simulation.html", form, answer=answer, sentence=sentence, sides=sides, moved=moved
    )


def _verdict(side: Side, words: Words) -> str:
    title = words(f"verdict.{side.verdict.value}.title")
    return title[:1].lower() + title[1:]


def _sides_table(answer: SimulateResponse, form: Format) -> Table:
    words = form.words
    columns = tuple(words(key) for key in ("table.measure", "simulate.before", "simulate.after"))
    rows = [
        (
            words(f"simulate.{name}"),
            *(_written(side, name, answer, form) for side in _sides(answer)),
        )
        for name in ("amount_credit", "annuity", "effort_rate", "risk", "verdict", "decided_by")
    ]
    return Table(words("simulate.caption"), columns, rows)


def _sides(answer: SimulateResponse) -> tuple[Side, Side]:
    return answer.before, answer.after


def _written(side: Side, name: str, answer: SimulateResponse, form: Format) -> str:
    if name == "verdict":
        return form.words(f"verdict.{side.verdict.value}.title")
    if name == "decided_by":
        return form.words(f"simulate.decided_by.{side.decided_by}")
    if name == "risk":
        return _risk(side, answer, form)
    if name == "effort_rate":
        return form.value(side.effort_rate, "ratio")
    return form.value(getattr(side, name), "amount")


def _risk(side: Side, answer: SimulateResponse, form: Format) -> str:
    """Count both sides out of the same number, so that they can be compared."""
    both = (s.default_probability for s in _sides(answer))
    of = 100 if len({Risk.of_probability(p, answer.cut_off).risk for p in both}) > 1 else 1_000
    risk = round(side.default_probability * of)
    return form.words("simulate.risk.of", risk=form.number(risk), of=form.number(of))


def _moved(moved: list[Moved], form: Format) -> Table | None:
    """Return the items whose part in the calculation moved, with their figures on both sides."""
    words = form.words
    shown = [one for one in moved if not protected(one.item)][:MOST_MOVED]
    columns = ("reasons.column.item", "simulate.before", "simulate.after", "simulate.moved.to")
    rows = [
        (
            one.label,
            one.before_text,
            one.after_text,
            words(f"simulate.moved.{'better' if one.after < one.before else 'worse'}"),
        )
        for one in shown
    ]
    return (
        Table(words("simulate.moved.caption"), tuple(map(words, columns)), rows) if rows else None
    )

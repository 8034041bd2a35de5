"""The Décision tab: the answer about the case, and the advisor's signature."""

from __future__ import annotations

from typing import Any, NamedTuple

import gradio as gr

from scoring.contract import Decided
from ui.components import QUIET, part
from ui.context import Context
from ui.decision.recourse import Levers, levers
from ui.decision.signing import Signature, choices, nothing_signed, sign
from ui.open_case import OpenCase
from ui.pages import welcome
from ui.rendering import element
from ui.words import Language, Words, words_in


class DecisionTab(NamedTuple):
    """The places that opening a case fills, and the levers, which follow by themselves."""

    verdict: gr.HTML
    decision: gr.HTML
    beside: gr.HTML
    levers: Levers


class Form(NamedTuple):
    """The components of the signature."""

    choice: gr.Radio
    motive: gr.Textbox
    problem: gr.HTML
    submit: gr.Button
    recorded: gr.HTML


def decision_tab(
    context: Context, language: Language, case: gr.State, letter: gr.HTML
) -> DecisionTab:
    """Lay out the tab; ``letter`` is filled once a decision is recorded."""
    words = words_in(language)
    verdict = part("verdict", welcome(words))
    with gr.Row(elem_id="decision-columns"):
        with gr.Column(elem_id="decision-main"):
            decision = part("decision")
        with gr.Column(elem_id="decision-side"):
            form = _form(words)
            found = levers(context, language, case)
            beside = part("beside")
    _connect(context, language, case, form, found.said, letter)
    return DecisionTab(verdict, decision, beside, found)


def _form(words: Words) -> Form:
    with gr.Column(elem_id="sign"):
        part("sign-title", element("title", words("sign.title"), 3))
        return Form(
            gr.Radio([], label=words("sign.question"), elem_id="sign-choice"),
            gr.Textbox(
                label=words("sign.motive"),
                info=words("sign.motive.hint"),
                lines=2,
                max_length=2000,
                elem_id="sign-motive",
            ),
            part("sign-problem"),
            gr.Button(words("sign.submit"), variant="primary", elem_id="sign-submit"),
            part("signed"),
        )


def _connect(
    context: Context,
    language: Language,
    case: gr.State,
    form: Form,
    turning: gr.State,
    letter: gr.HTML,
) -> None:
    words, standing = words_in(language), gr.State(None)
    said = [form.problem, form.recorded, letter, standing]

    def on_case(opened: OpenCase | None) -> tuple[Any, ...]:
        """Empty the form for another case."""
        offered = [] if opened is None else choices(opened.verdict, words)
        return (gr.update(choices=offered, value=None), "", *nothing_signed(opened, words))

    def on_submit(
        opened: OpenCase | None,
        in_force: str | None,
        decision: Decided | None,
        motive: str,
        levers_said: tuple[str, ...],
        request: gr.Request,
    ) -> tuple[Any, ...]:
        """Record the decision; when it cannot be, say why and keep what was typed."""
        if opened is None:
            return nothing_signed(None, words)
        cookies = dict(request.cookies)
        signature = Signature(decision, motive, in_force)
        result = sign(context, opened, signature, levers_said, cookies, language)
        if isinstance(result, str):
            return (result, gr.skip(), gr.skip(), gr.skip())
        return result

    case.change(on_case, case, [form.choice, form.motive, *said], **QUIET)
    form.submit.click(
        on_submit,
        [case, standing, form.choice, form.motive, turning],
        said,
        trigger_mode="once",
        **QUIET,
    )

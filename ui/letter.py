"""The Courrier et export tab: the client's letter, and the client's own data as files."""

from __future__ import annotations

from collections.abc import Sequence

import gradio as gr
from markupsafe import Markup

from scoring.contract import DecisionResponse
from ui.components import QUIET, part
from ui.format import Format
from ui.open_case import OpenCase, Told
from ui.pages import welcome
from ui.rendering import element, render
from ui.words import Language, Words, words_in

MOST_REASONS = 4
"""More would not be read; the whole calculation can be asked for."""


def letter_tab(language: Language, case: gr.State) -> gr.HTML:
    """Lay out the tab; return the place of the letter, which the decision fills."""
    words = words_in(language)
    letter = part("letter", welcome(words))
    exports = part("exports")
    case.change(lambda opened: exports_of(opened, words), case, exports, **QUIET)
    return letter


def letter_waiting(words: Words) -> Markup:
    """Say that the letter comes after the decision."""
    return element("notice", "info", words("letter.title"), words("letter.waiting"))


def letter(
    opened: OpenCase, decision: DecisionResponse, levers: Sequence[str], form: Format
) -> Markup:
    """Write the client's letter: outcome, who decided, why, what would change it, data, rights."""
    granted = decision.decision == "GRANT"
    return render(
        "letter.html",
        form,
        opened=opened,
        decision=decision,
        day=form.date(decision.decided_at.astimezone()),
        amount=form.money(opened.held[0] or 0),
        granted=granted,
        reasons=_reasons(opened, granted=granted),
        levers=() if granted else levers,
    )


def _reasons(opened: OpenCase, *, granted: bool) -> Sequence[Told]:
    """Return the reasons that carry the outcome: what weighs, unless the credit is granted.

    What the policy says comes first when one of its rules decided; four reasons at most in all.
    """
    if granted:
        return opened.favours
    ruled = [Told(sentence, "") for sentence in opened.ruled]
    return [*ruled, *opened.weighs][:MOST_REASONS]


def exports_of(opened: OpenCase | None, words: Words) -> str:
    """Offer the open case's own data as files; nothing when none is open."""
    return "" if opened is None else render("exports.html", words, client_id=opened.client_id)

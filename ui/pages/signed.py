"""What follows a decision: its record on the screen, and the letter to the client."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from scoring.contract import DecisionResponse
from ui.format import Format
from ui.opened import OpenCase, Told
from ui.rendering import element, render
from ui.words import Words

MOST_REASONS = 4
"""More would not be read; the whole calculation can be asked for."""


def recorded(decision: DecisionResponse, form: Format) -> Markup:
    """Say what was recorded, by whom, when."""
    words = form.words
    said = [words("sign.by", name=decision.decided_by, moment=form.moment(decision.decided_at))]
    if decision.is_override:
        said.append(words("sign.override"))
    if decision.motive:
        said.append(words("sign.said", motive=decision.motive))
    said += [words("sign.reference", id=decision.decision_id), words("sign.revise")]
    return render("recorded.html", form, decision=decision, sentences=said)


def unsaved(sentence: str) -> Markup:
    """Say next to the form what stops the decision from being recorded."""
    return element("problem", sentence)


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


def exports(client_id: int, words: Words) -> Markup:
    """Offer the client's own data as files."""
    return render("exports.html", words, client_id=client_id)

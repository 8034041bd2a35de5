"""Signing a decision: what the advisor chose, checked, sent once, and said back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from scoring.contract import LEAST_MOTIVE, Decided, DecisionResponse, Verdict
from ui.context import Context
from ui.errors import Conflict, ServiceError
from ui.format import Format
from ui.letter import letter, letter_waiting
from ui.open_case import OpenCase
from ui.pages import failure, problem, welcome
from ui.rendering import render
from ui.words import Language, Words

DECISIONS: tuple[Decided, ...] = ("GRANT", "DECLINE", "REVIEW")
FOLLOWS: dict[Verdict, Decided] = {Verdict.GRANT: "GRANT", Verdict.DECLINE: "DECLINE"}


class Signed(NamedTuple):
    """What the form shows after an attempt; ``standing`` is the id of the decision in force."""

    problem: str
    recorded: str
    letter: str
    standing: str | None


class Signature(NamedTuple):
    """What the advisor chose and wrote; ``standing`` is the decision it would replace."""

    decision: Decided | None
    motive: str
    standing: str | None


def choices(verdict: Verdict, words: Words) -> list[tuple[str, Decided]]:
    """Return the decisions an advisor can sign; the one that follows the proposal says so."""
    return [
        (
            words("sign.follows", decision=words(f"sign.{decision}"))
            if FOLLOWS.get(verdict) == decision
            else words(f"sign.{decision}"),
            decision,
        )
        for decision in DECISIONS
    ]


def nothing_signed(opened: OpenCase | None, words: Words) -> Signed:
    """Return an empty form; the letter waits for the decision."""
    waiting = letter_waiting(words) if opened is not None else welcome(words)
    return Signed("", "", waiting, None)


def sign(
    context: Context,
    opened: OpenCase,
    signature: Signature,
    levers_said: Sequence[str],
    cookies: dict[str, str],
    language: Language,
) -> Signed | str:
    """Record the decision; a string is what stops it, everything typed being kept.

    ``levers_said`` is what would turn the proposal, for the letter of who is not granted.
    """
    form = context.format_in(language)
    words, decision, motive = form.words, signature.decision, signature.motive.strip()
    if decision not in DECISIONS:
        return problem(words("sign.none"))
    departs = decision != FOLLOWS.get(opened.verdict, decision)
    if len(motive) < LEAST_MOTIVE and (departs or motive):
        return problem(words("sign.motive.missing"))
    try:
        answer = context.ask(
            cookies,
            lambda scoring: scoring.decide(
                opened.assessment_id, decision, motive or None, revises=signature.standing
            ),
        )
    except Conflict:
        return problem(words("sign.conflict"))
    except ServiceError as error:
        return problem(words("sign.unsaved")) + failure(error, str(opened.client_id), words)
    return Signed(
        "", recorded(answer, form), letter(opened, answer, levers_said, form), answer.decision_id
    )


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

"""Signing a decision, and the letter that follows it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from stand_in import DECLINED, GRANTED, NOW, RULED, dossier, explanation, levers

from scoring.contract import Decided, DecisionResponse, RecourseRequest, Verdict
from ui.decision.recourse import turning_sentences
from ui.decision.signing import choices, recorded
from ui.format import Format
from ui.letter import letter
from ui.open_case import open_case_of
from ui.reading import as_shown
from ui.words import words_in

FRENCH = Format(words_in("fr"))
OPENED = open_case_of(as_shown(explanation(DECLINED, "fr")), dossier(DECLINED, "fr"))


def signed(decision: Decided, motive: str | None = None) -> DecisionResponse:
    """Return a recorded decision on the invented client."""
    return DecisionResponse(
        decision_id="dec_000000000000000000000001",
        assessment_id=OPENED.assessment_id,
        client_id=DECLINED,
        decided_at=NOW,
        decided_by="Claire Martin",
        role="advisor",
        decision=decision,
        verdict=Verdict.DECLINE,
        is_override=decision != "DECLINE",
        motive=motive,
        revises=None,
    )


def seen(html: str) -> str:
    """Return what is read, with ordinary spaces."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


@pytest.mark.parametrize(
    ("verdict", "following"),
    [(Verdict.GRANT, ["GRANT"]), (Verdict.DECLINE, ["DECLINE"]), (Verdict.REFER, [])],
)
def test_the_choice_that_follows_the_proposal_says_so(
    verdict: Verdict, following: list[str]
) -> None:
    """After a study the decision is the advisor's own: nothing is suggested."""
    offered = choices(verdict, words_in("fr"))
    assert [decision for label, decision in offered if "suit la proposition" in label] == following
    assert [decision for _, decision in offered] == ["GRANT", "DECLINE", "REVIEW"]


def test_an_override_is_said_with_its_motive() -> None:
    """Who departs from the proposal sees it written, escaped."""
    said = recorded(signed("GRANT", "Un garant <b>solide</b> s'engage."), FRENCH)
    assert "s'écarte de la proposition" in seen(said)
    assert "<b>" not in said


def test_a_refusal_letter_gives_at_most_four_specific_reasons_and_the_rights() -> None:
    """Outcome, who decided, why, the data used, the calculation and the rights."""
    said = seen(letter(OPENED, signed("DECLINE"), (), FRENCH))
    assert "135 000 €" in said
    assert "Claire Martin" in said
    told = [seen(f"{one.sentence} {one.comparison}") for one in OPENED.weighs]
    assert sum(fact in said for fact in told) == len(told) <= 4
    for needed in ("bureau de crédit", "calcul automatisé", "un nouvel examen", "faire corriger"):
        assert needed in said


def test_a_refusal_by_the_policy_gives_its_rule_first() -> None:
    """The client is told what decided; four reasons at most in all."""
    ruled = open_case_of(as_shown(explanation(RULED, "fr")), dossier(RULED, "fr"))
    written = letter(ruled, signed("DECLINE"), (), FRENCH)
    listed = re.search(r"<h4>Les raisons principales</h4>\s*<ul>(.*?)</ul>", written, re.DOTALL)
    assert listed is not None
    told = re.findall(r"<li>(.*?)</li>", listed[1], re.DOTALL)
    assert len(told) == 4
    assert seen(told[0]).startswith("La mensualité prend plus de 60 %")


def test_no_letter_speaks_of_age() -> None:
    """A protected characteristic given by the service stays out of the letter."""
    assert "votre âge" not in seen(letter(OPENED, signed("GRANT"), (), FRENCH)).lower()


def test_the_letter_names_the_levers_unless_the_credit_is_granted() -> None:
    """With their conditions; a grant needs none, and a case without any says nothing."""
    answer = levers(RecourseRequest(client_id=DECLINED, language="fr"))
    turning = turning_sentences(answer, FRENCH)
    lever = "Un crédit de 90 000 à 98 000 sur 31 mois, mensualité de 2 920 à 3 180."
    for decision, expected in (("DECLINE", True), ("REVIEW", True), ("GRANT", False)):
        assert (lever in seen(letter(OPENED, signed(decision), turning, FRENCH))) is expected
    assert "pourrait changer" not in seen(letter(OPENED, signed("DECLINE"), (), FRENCH))
    already = levers(RecourseRequest(client_id=GRANTED, language="fr"))
    assert turning_sentences(already, FRENCH) == ()

"""What an advisor is warned of beside an answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from features.catalogue import CATALOGUE
from features.raw.tables import APPLICATIONS, Language
from scoring.assessment import Assessment
from scoring.cautions import cautions
from scoring.contract import DecidedBy, ReferCause, Verdict
from scoring.policy import policy

SURE = Assessment(
    raw_score=-3.0, default_probability=0.05, cut_off=0.09, grey_zone=(0.085, 0.095),
    verdict=Verdict.GRANT, decided_by=DecidedBy.SCORECARD, rules=(), refer_causes=(), points=600,
    risk_band="B", values=None, out_of_range=(), unseen_categories=(),
)  # fmt: skip


def said(
    assessment: Assessment, application: dict[str, object], language: Language = "fr"
) -> list[str]:
    """Return what is said, rules first as the service gives them, with plain spaces."""
    rules = policy().sentences(assessment.rules, application, language, "€")
    found = (*rules, *cautions(assessment, application, language))
    return [sentence.replace("\u202f", " ").replace("\xa0", " ") for sentence in found]


def test_a_sure_answer_has_no_caution() -> None:
    """Nothing is said where nothing lowers confidence."""
    assert said(SURE, {}) == []


def test_a_rule_is_said_with_the_clients_figure_before_anything_else() -> None:
    """The figure and the limit stand in one sentence, the cause of doubt after it."""
    application: dict[str, object] = {"income_total": 100_000.0, "annuity": 75_000.0}
    declined = replace(
        SURE, rules=("EFFORT_MAXIMUM",), refer_causes=(ReferCause.POLICY, ReferCause.THIN_FILE)
    )
    first, second = said(declined, application)
    assert first == "La mensualité prend 75 % du revenu déclaré, au-delà du plafond de 60 %."
    assert second.startswith("Aucun crédit passé n'est connu")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "fr",
            " : valeur au-delà de celles connues ; le calcul la retient comme la dernière connue.",
        ),
        ("en", ": value beyond those known; the calculation takes it as the last known one."),
    ],
)
def test_a_value_beyond_what_was_learnt_is_said_to_be_held(language: Language, words: str) -> None:
    """An advisor knows that a larger figure would change nothing more."""
    beyond = replace(SURE, out_of_range=("income_total",))
    label = APPLICATIONS["income_total"].label.in_(language)
    assert said(beyond, {"income_total": 1e8}, language) == [label + words]


def test_an_item_that_is_computed_has_its_own_label() -> None:
    """What lies beyond may be a ratio, which no form holds."""
    (sentence,) = said(replace(SURE, out_of_range=("instalment_to_income",)), {})
    assert sentence.startswith(CATALOGUE["instalment_to_income"].label.fr)


@pytest.mark.parametrize("written", ["laborers", " Laborer", "Labourers"])
def test_a_misspelt_word_is_met_with_the_one_that_was_meant(written: str) -> None:
    """Whoever sends applications sees which spelling is declared."""
    unseen = replace(SURE, unseen_categories=("occupation",))
    (sentence,) = said(unseen, {"occupation": written})
    assert "prise pour absente" in sentence
    assert "« Laborers »" in sentence


def test_a_word_like_no_other_is_not_guessed_nor_repeated() -> None:
    """What a caller typed is not sent back, and nothing is put in its place."""
    unseen = replace(SURE, unseen_categories=("occupation",))
    (sentence,) = said(unseen, {"occupation": "Astronaut"})
    assert sentence == "Profession : réponse non reconnue, prise pour absente."


def test_a_declared_word_that_must_not_count_is_not_called_unknown() -> None:
    """An answer left aside on purpose is said to be unused, not misspelt."""
    unseen = replace(SURE, unseen_categories=("income_type",))
    (sentence,) = said(unseen, {"income_type": "Maternity leave"})
    assert "n'utilise pas" in sentence

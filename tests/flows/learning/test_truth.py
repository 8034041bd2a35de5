"""The truth table: it says what the service says, and a sentence that is not true is counted."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from features.raw.prepare import Prepared
from features.raw.tables import Words
from flows.learning import truth
from scoring.assess import assess, explain
from scoring.facts import FACTS
from scoring.history import History
from scoring.policy import policy
from tests.scoring import small_scorecard as small

VALUES: dict[str, Any] = {
    **small.CLIENT,
    **small.PAST,
    "instalment_to_income": small.CLIENT["annuity"] / small.CLIENT["income_total"],  # type: ignore[operator]
}


def test_the_table_counts_every_client_known_and_as_a_newcomer(prepared_world: Prepared) -> None:
    """Six clients are explained twice in two languages, and no sentence is false."""
    tally = truth.tell(small.scorecard(), prepared_world)
    found = tally.figures()
    assert (found["clients"], found["newcomers"], found["sentences_false"]) == (6, 6, 0)
    assert tally.sentences >= 2 * 2 * 6
    assert tally.newcomers_told_a_history == 0
    assert found["others_share_median"] <= found["others_share_p95"] < 1
    assert truth.tell(small.scorecard(), prepared_world, clients=2).clients == 2


@pytest.mark.parametrize("past", [small.PAST, None])
def test_clients_read_together_are_told_what_each_is_told_alone(past: Any) -> None:
    """The reasons that are checked are those that the service gives, to the last digit."""
    card = small.scorecard()
    history = None if past is None else History.of(past)
    (together,) = truth.explanations(card, [small.CLIENT], [history])
    alone = assess(card, policy(), small.CLIENT, past)
    for language, told in zip(truth.LANGUAGES, together, strict=True):
        why = explain(card, alone, language)
        assert (told.weighs, told.favours) == (why.weighs, why.favours)
        assert told.others == why.others


@pytest.mark.parametrize(
    ("item", "language", "sentence"),
    [
        ("instalment_to_income", "en", "The instalment takes 22% of the declared monthly income."),
        ("instalment_to_income", "fr", "La mensualité prend 20\u00a0% du revenu mensuel déclaré."),
        ("external_score_1", "en", "Score no. 1 from an external body is not known."),
        ("owns_realty", "en", "No home of one's own is declared."),
        ("employment_days", "en", "Current job begun on the day of the application."),
        ("employment_days", "en", "Current job held for 4\u00a0years and 2\u00a0months."),
        ("income_type", "en", "Declared source of income: Retirement."),
    ],
)
def test_a_sentence_that_is_not_so_does_not_hold(item: str, language: Any, sentence: str) -> None:
    """A wrong figure, a wrong word, a wrong absence and a wrong zero are each seen."""
    fact = FACTS[item]
    told = fact.sentence(VALUES, language)
    assert told is not None
    assert truth.holds(told, fact, VALUES, language)
    assert not truth.holds(sentence, fact, VALUES, language)


def test_a_share_must_be_that_of_its_two_counts() -> None:
    """Two counts that do not make the share said beside them are false, though each is known."""
    fact = FACTS["children_to_family"]
    values = {"children_count": 3.0, "family_members_count": 8.0, fact.item: 0.6}
    told = fact.sentence(values, "en")
    assert told is not None
    assert "3 of 8 (60%)" in told
    assert not truth.holds(told, fact, values, "en")


def test_a_day_ahead_is_not_so_long_ago() -> None:
    """What lies ahead of the application is not told as past."""
    fact = FACTS["phone_change_days"]
    assert truth.holds("Last change of phone: 12\u00a0days ago.", fact, {fact.item: -12.0}, "en")
    assert not truth.holds("Last change of phone: 12\u00a0days ago.", fact, {fact.item: 12.0}, "en")


def test_days_before_are_not_days_after() -> None:
    """A closing before its planned end is told as that, to the month."""
    fact = FACTS["bureau_closed_late_days_mean"]
    told = "Closing on average, all credits elsewhere: 11\u00a0months {} the planned end."
    assert truth.holds(told.format("before"), fact, {fact.item: -330.0}, "en")
    assert not truth.holds(told.format("after"), fact, {fact.item: -330.0}, "en")
    assert not truth.holds(told.format("before"), fact, {fact.item: 330.0}, "en")
    assert not truth.holds(told.format("before"), fact, {fact.item: -300.0}, "en")


def test_other_words_than_those_of_the_fact_do_not_hold() -> None:
    """A sentence of another fact is not true for having a figure that is."""
    fact = FACTS["instalment_to_income"]
    other = dataclasses.replace(fact, known=Words("Le crédit prend {value}.", "It takes {value}."))
    told = other.sentence(VALUES, "en")
    assert told is not None
    assert not truth.holds(told, fact, VALUES, "en")

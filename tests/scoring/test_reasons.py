"""Reasons are facts that hold for the client, and add up to the score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from features.catalogue import APPLICATIONS_TABLE, CATALOGUE
from features.client_row import client_row
from features.policy import policy as inputs
from scoring.assess import Explanation, assess, explain
from scoring.contract import Reason
from scoring.facts import FACTS, figure
from scoring.policy import policy
from scoring.reasons import LEAST_CONTRIBUTION, MOST_REASONS
from tests.scoring import small_scorecard as small

Form = dict[str, Any]
Past = Mapping[str, float | None] | None
TOLERANCE = 1e-9
ON_THE_FORM = ("external_score_1", "external_score_2", "employment_days", "income_type",
               "owns_realty")  # fmt: skip


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """Applications in which every item that the small scorecard reads may be missing."""
    return small.CLIENT | {
        "amount_credit": draw(st.floats(10_000, 3e6)),
        "annuity": draw(st.none() | st.floats(1_000, 200_000)),
        "goods_price": draw(st.none() | st.floats(10_000, 3e6)),
        "income_total": draw(st.floats(10_000, 2e6)),
        "external_score_1": draw(st.none() | st.floats(0, 1)),
        "external_score_2": draw(st.none() | st.floats(0, 1)),
        "employment_days": draw(st.none() | st.integers(-9_000, 0)),
        "income_type": draw(st.none() | st.sampled_from(CATALOGUE["income_type"].categories)),
        "owns_realty": draw(st.none() | st.integers(0, 1)),
    }


@st.composite
def pasts(draw: st.DrawFn) -> Past:
    """Stored pasts whose counts agree with each other; nothing known, for some."""
    credits = draw(st.none() | st.integers(1, 6))
    loans = draw(st.none() | st.integers(1, 4))
    due = draw(st.integers(0, 12)) if loans else None
    late = draw(st.integers(0, due)) if due is not None else None
    still_open = draw(st.integers(0, credits)) if credits else None
    numbers: dict[str, float | None] = {
        "bureau_credits_count": credits,
        "bureau_credits_open_count": still_open,
        "bureau_debt_open_sum": draw(st.floats(0, 2e6)) if still_open else None,
        "instalments_loans_count": loans,
        "instalments_fallen_due_365_days_count": due,
        "instalments_late_365_days_count": late,
        "instalments_late_365_days_share": late / due if due and late is not None else None,
        "instalments_last_late_days": draw(st.none() | st.integers(-2_000, -1)) if loans else None,
    }
    return {name: None if value is None else float(value) for name, value in numbers.items()}


def _why(form: Form, past: Past, language: str = "en") -> Explanation:
    card = small.scorecard()
    assessment = assess(card, policy(), form, past)
    return explain(card, assessment, "fr" if language == "fr" else "en")


def _told(why: Explanation) -> list[Reason]:
    return [*why.weighs, *why.favours]


def _values(form: Form, past: Past) -> dict[str, float | str | None]:
    """What the sentences may rest on, by the other way to a client's row."""
    return client_row(form, past, small.scorecard().encoder.names)


@settings(max_examples=80, deadline=None)
@given(forms(), pasts())
@example(small.CLIENT, small.PAST)
def test_base_and_contributions_are_the_raw_score(form: Form, past: Past) -> None:
    """So do the reasons shown with the figure of all that is not shown."""
    why = _why(form, past)
    assert why.base + why.contributions.sum() == pytest.approx(why.raw_score, abs=TOLERANCE)
    shown = sum(reason.contribution for reason in _told(why))
    assert why.base + shown + why.others == pytest.approx(why.raw_score, abs=TOLERANCE)
    lines = {line.item: line.contribution for line in why.items}
    assert sum(lines.values()) == pytest.approx(why.contributions.sum(), abs=TOLERANCE)
    assert list(lines) == sorted(lines, key=lambda item: -abs(lines[item]))


@settings(max_examples=80, deadline=None)
@given(forms(), pasts())
@example(small.CLIENT | {"annuity": 24_100.0}, small.PAST)
def test_a_reason_differs_from_the_usual_as_it_is_read(form: Form, past: Past) -> None:
    """No reason shows the same figure for the client and for the granted clients."""
    for reason in _told(_why(form, past)):
        assert reason.value_text != reason.usual_text
        assert reason.usual_text == figure(
            small.TYPICAL[reason.item], FACTS[reason.item].form, "en"
        )


@settings(max_examples=80, deadline=None)
@given(forms(), pasts(), st.sampled_from(["fr", "en"]))
@example(small.CLIENT | {"external_score_2": 0.1, "income_type": "Pensioner"}, small.PAST, "en")
def test_the_usual_figure_is_said_as_what_it_is(form: Form, past: Past, language: str) -> None:
    """Median of a number, most frequent word: only a word is what is so most often."""
    for reason in _told(_why(form, past, language)):
        usual, of_a_word = small.TYPICAL[reason.item], reason.unit in {"word", "flag"}
        often = ("le plus souvent" if language == "fr" else "most often") in reason.comparison
        assert often == (usual is not None and of_a_word)
        ordinary = ("d'ordinaire" if language == "fr" else "usually") in reason.comparison
        assert ordinary == (usual is not None and not of_a_word)
        if ordinary and reason.value is None:  # "none is known" names no figure: which one is it?
            assert reason.label in reason.comparison


@settings(max_examples=80, deadline=None)
@given(forms(), pasts())
@example(small.CLIENT, small.PAST)
def test_a_sentence_follows_from_the_clients_own_values(form: Form, past: Past) -> None:
    """Computed another way, the client's row gives the very sentence and figure told."""
    values = _values(form, past)
    for language in ("fr", "en"):
        for reason in _told(_why(form, past, language)):
            fact = FACTS[reason.item]
            spoken = "fr" if language == "fr" else "en"
            assert reason.sentence == fact.sentence(values, spoken)
            assert reason.value_text == fact.figure(values[reason.item], spoken)


@settings(max_examples=80, deadline=None)
@given(forms(), pasts())
@example(small.CLIENT | {"annuity": 22_800.0}, small.PAST)
def test_a_directed_item_is_told_on_its_own_side_only(form: Form, past: Past) -> None:
    """A figure safer than the usual one is never told as a weight, nor a riskier one in favour."""
    for reason in _told(_why(form, past)):
        direction = CATALOGUE[reason.item].direction
        usual = small.TYPICAL[reason.item]
        if direction and isinstance(reason.value, float) and isinstance(usual, float):
            assert (reason.value - usual) * direction * reason.contribution > 0


@settings(max_examples=80, deadline=None)
@given(forms(), pasts())
@example(small.CLIENT | {"external_score_1": 0.1, "external_score_2": 0.1}, small.PAST)
def test_items_of_one_subject_are_told_once_together(form: Form, past: Past) -> None:
    """A subject stands on one side, with the sum of its items, which the strongest tells."""
    assume(form["annuity"] is not None)  # else two subjects say that it is not known
    why = _why(form, past)
    contributions = dict(zip(small.CURVES, why.contributions.tolist(), strict=True))
    subjects = [reason.subject for reason in _told(why)]
    assert len(subjects) == len(set(subjects))
    for reason in _told(why):
        items = [item for item in small.CURVES if FACTS[item].subject == reason.subject]
        total = sum(contributions[item] for item in items)
        assert reason.contribution == pytest.approx(total, abs=TOLERANCE)
        assert contributions[reason.item] * total > 0


@settings(max_examples=80, deadline=None)
@given(forms(), pasts())
@example(small.CLIENT | {"annuity": None}, None)
def test_no_sentence_is_told_twice(form: Form, past: Past) -> None:
    """Subjects that come to the same words are one reason, on one side."""
    sentences = [reason.sentence for reason in _told(_why(form, past))]
    assert len(sentences) == len(set(sentences))


def test_subjects_that_say_the_same_are_told_with_their_sum() -> None:
    """Without an instalment, effort and term are both unknown for one cause, told once."""
    why = _why(small.CLIENT | {"annuity": None}, small.PAST)
    (told,) = (
        one for one in _told(why) if one.sentence == "The instalment requested is not known."
    )
    contributions = dict(zip(small.CURVES, why.contributions.tolist(), strict=True))
    alike = [item for item in small.CURVES if FACTS[item].subject in {"effort", "amount"}]
    assert told.item == "instalment_to_income"
    assert told.contribution == pytest.approx(sum(contributions[item] for item in alike))


@settings(max_examples=80, deadline=None)
@given(forms(), pasts())
@example(small.CLIENT | {"owns_realty": 0, "annuity": 24_000.0}, small.PAST)
def test_reasons_are_few_strong_and_in_order(form: Form, past: Past) -> None:
    """At most four a side, above noise, the strongest first, each on the side of its sign."""
    why = _why(form, past)
    for side, sign in ((why.weighs, 1), (why.favours, -1)):
        strengths = [reason.contribution * sign for reason in side]
        assert len(strengths) <= MOST_REASONS
        assert strengths == sorted(strengths, reverse=True)
        assert all(strength >= LEAST_CONTRIBUTION for strength in strengths)


@settings(max_examples=60, deadline=None)
@given(forms(), pasts())
@example(small.CLIENT | {"external_score_2": 0.1, "employment_days": -10}, small.PAST)
def test_changing_the_fact_moves_the_reason(form: Form, past: Past) -> None:
    """Set to the usual value, an item of the form is a reason no more, and no other item moves."""
    why = _why(form, past)
    for reason in _told(why):
        if reason.item not in ON_THE_FORM:
            continue
        usual = small.TYPICAL[reason.item]
        after = _why(form | {reason.item: usual}, past)
        assert reason.item not in {one.item for one in _told(after)}
        place = list(small.CURVES).index(reason.item)
        moved = after.contributions - why.contributions
        assert moved[place] * reason.contribution <= 0
        assert not np.delete(moved, place).any()


@pytest.mark.parametrize("item", sorted(n for n, v in small.CLIENT.items() if isinstance(v, float)))
@pytest.mark.parametrize("share", [-1e-7, 1e-7])
def test_reasons_hold_under_negligible_changes(item: str, share: float) -> None:
    """A ten-millionth more or less changes neither what is said nor its weight."""
    value = small.CLIENT[item]
    assert isinstance(value, float)
    before = _told(_why(small.CLIENT, small.PAST))
    after = _told(_why(small.CLIENT | {item: value * (1 + share)}, small.PAST))
    assert before
    assert [(one.sentence, one.contribution) for one in before] == [
        (one.sentence, one.contribution) for one in after
    ]


@settings(max_examples=80, deadline=None)
@given(forms(), st.sampled_from([None, {}, dict.fromkeys(small.PAST)]))
@example(small.CLIENT, None)
def test_a_new_applicant_reads_of_the_form_or_of_true_absences(form: Form, past: Past) -> None:
    """With nothing stored, no sentence states anything about a past that is not known."""
    for reason in _told(_why(form, past)):
        if CATALOGUE[reason.item].table == APPLICATIONS_TABLE:
            continue
        assert reason.value is None
        held = [one.words.en for one in FACTS[reason.item].absences if one.holds({})]
        assert reason.sentence == held[0]


@settings(max_examples=40, deadline=None)
@given(forms(), pasts())
def test_both_languages_tell_the_same(form: Form, past: Past) -> None:
    """The same items with the same weights, in other words."""
    french, english = _told(_why(form, past, "fr")), _told(_why(form, past, "en"))
    assume(french)
    assert [(r.item, r.contribution) for r in french] == [(r.item, r.contribution) for r in english]
    assert all(
        a.sentence != b.sentence and a.comparison != b.comparison
        for a, b in zip(french, english, strict=True)
    )


def _columns(name: str) -> set[str]:
    """Every column and feature that a feature rests on, through those it reads."""
    found, ahead = {name}, [name]
    while ahead:
        one = ahead.pop()
        read = CATALOGUE[one].reads() if one in CATALOGUE else frozenset()
        ahead += read - found
        found |= read
    return found


def test_protected_attributes_carry_no_fact() -> None:
    """No sentence is about, or computed from, what the policy on inputs denies."""
    for fact in FACTS.values():
        for name in {fact.item, *fact.companions}:
            assert not _columns(name) & set(inputs().denied), name

"""What would turn the verdict, on a small scorecard whose curves one can read."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from features.raw.tables import Language
from scoring import recourse_words as words
from scoring.assess import Assessment, assess
from scoring.contract import ReferCause, Verdict
from scoring.contract.simulation import Changes
from scoring.facts import FACTS
from scoring.offers import (
    LEAST_SHARE,
    LEVERS,
    MOST_TIMES,
    Offer,
    larger_credit,
    lower_income,
    rounded,
    rungs,
    shorter_term,
)
from scoring.policy import policy
from scoring.recourse import DAYS_HELD, MONTHS_AHEAD, Range, Recourse, recourse
from tests.scoring import small_scorecard as small

Form = dict[str, Any]
NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
ORDER = [Verdict.GRANT, Verdict.REFER, Verdict.DECLINE]
MOST_WORDS = 25
DAYS = ("birth_days", "employment_days", "registration_days", "identity_document_days",
        "phone_change_days")  # fmt: skip


def _scores() -> st.SearchStrategy[float | None]:
    return st.none() | st.floats(0.05, 0.95)


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """Applications around the small client: request, income, scores and job as they may be."""
    amount = draw(st.floats(50_000, 2_000_000))
    goods = draw(st.none() | st.floats(0.75, 1.5))
    return {
        **small.CLIENT,
        "amount_credit": round(amount, 1),
        "annuity": round(amount / draw(st.floats(7, 50)), 1),
        "goods_price": None if goods is None else round(amount * goods, 1),
        "income_total": draw(st.floats(40_000, 600_000)),
        "external_score_1": draw(_scores()),
        "external_score_2": draw(_scores()),
        "employment_days": draw(st.none() | st.integers(-8_000, 0)),
        "birth_days": draw(st.integers(-27_200, -9_000)),
    }


def _found(form: Form, past: dict[str, float | None] | None = small.PAST) -> Recourse:
    return recourse(small.scorecard(), policy(), form, past, NOW)


def _assessed(form: Form, **changes: object) -> Assessment:
    return assess(small.scorecard(), policy(), {**form, **changes}, small.PAST)


def _is_granted(form: Form, offer: Offer) -> bool:
    return _assessed(form, **offer.changes).verdict is Verdict.GRANT


def _asked(form: Form) -> Offer:
    asked = Offer.of(form)
    assert asked is not None
    return asked


def _ranges(found: Recourse) -> list[Range]:
    return [*found.levers, *found.even_if]


GOOD = {**small.CLIENT, "external_score_2": 0.9}
NO_GOODS = {**small.CLIENT, "goods_price": None}
UNAFFORDABLE = {
    **small.CLIENT,
    "external_score_1": 0.9,
    "external_score_2": 0.9,
    "amount_credit": 1_400_000.0,
    "annuity": 95_000.0,
    "goods_price": 1_500_000.0,
}
HOPELESS = {**small.CLIENT, "external_score_1": 0.1, "external_score_2": 0.1}
YOUNG_IN_THE_JOB = {
    **small.CLIENT,
    "external_score_1": 0.1,
    "external_score_2": 0.3,
    "income_total": 400_000.0,
    "amount_credit": 300_000.0,
    "annuity": 30_000.0,
    "goods_price": 400_000.0,
    "employment_days": -600,
}
"""Asks so little that no lever helps; refused for what time mends."""


@settings(max_examples=25, deadline=None)
@given(forms())
@example(small.CLIENT)
@example(NO_GOODS)
@example(UNAFFORDABLE)
def test_all_inside_a_range_is_granted_and_one_step_outside_is_not(form: Form) -> None:
    """Each step told is granted when scored alone; those before it and the next one are not."""
    for one in _found(form).levers:
        steps = LEVERS[one.lever](_asked(form))
        first, last = steps.index(one.first.offer), steps.index(one.last.offer)
        verdicts = [_is_granted(form, offer) for offer in steps[: last + 2]]
        assert verdicts == [False] * first + [True] * one.steps + [False] * (not one.capped)
        assert one.capped == (last == len(steps) - 1)


@settings(max_examples=25, deadline=None)
@given(forms())
@example(small.CLIENT)
@example(GOOD)
def test_what_is_said_gives_the_verdict_said_when_sent_back(form: Form) -> None:
    """The end points, sent as the changes of a simulation, are granted at the risk said."""
    found = _found(form)
    ends = [end for one in _ranges(found) for end in (one.first, one.last)]
    ends += [] if found.largest is None else [found.largest.end]
    for end in ends:
        sent = Changes.model_validate_json(Changes(**end.offer.changes).model_dump_json())
        again = _assessed(form, **sent.model_dump(exclude_none=True))
        assert again.verdict is Verdict.GRANT
        assert again.default_probability == end.default_probability


@settings(max_examples=25, deadline=None)
@given(forms())
@example(small.CLIENT)
def test_what_is_read_is_what_was_scored(form: Form) -> None:
    """Each amount that a lever moves stands in its sentence with all its digits."""
    asked = _asked(form)
    for one in _found(form).levers:
        read = {float(n.replace(",", "")) for n in re.findall(r"\d[\d,]*", words.lever(one, "en"))}
        for offer in (one.first.offer, one.last.offer):
            moved = {offer.amount, offer.instalment} - {asked.amount, asked.instalment}
            if one.lever.startswith("smaller_credit") and offer.goods_price is not None:
                moved.add(offer.goods_price)
            assert moved <= read


@settings(max_examples=25, deadline=None)
@given(forms())
@example(small.CLIENT)
@example(UNAFFORDABLE)
def test_the_largest_amount_denies_nothing_that_a_lever_grants(form: Form) -> None:
    """No range over the same term holds a larger amount, and no refused request a larger one."""
    found, asked = _found(form), _asked(form)
    same_term = [one for one in found.levers
                 if one.lever in {"smaller_credit", "larger_down_payment"}]  # fmt: skip
    if found.verdict is Verdict.GRANT:
        assert found.largest is not None
        assert found.largest.end.offer.amount >= asked.amount
        assert found.largest.end.offer.amount <= MOST_TIMES * asked.amount
    elif same_term:
        assert found.largest is not None
        assert found.largest.end in [one.first for one in same_term]
        assert found.largest.end.offer.amount == max(one.first.offer.amount for one in same_term)
    else:
        assert found.largest is None


@settings(max_examples=20, deadline=None)
@given(forms(), st.floats(0.7, 0.95))
@example(GOOD, 0.9)
def test_a_granted_request_is_told_how_far_it_could_move(form: Form, score: float) -> None:
    """Up to the limit told each step is granted, and the next one is not unless it was the last."""
    form |= {"external_score_1": 0.85, "external_score_2": score}
    found, asked = _found(form), _asked(form)
    families = {
        "larger_credit": larger_credit(asked),
        "shorter_term": shorter_term(asked),
        "lower_income": lower_income(asked, form["income_total"]),
    }
    if found.verdict is not Verdict.GRANT:
        assert not found.even_if
        return
    told = {one.lever: one for one in found.even_if}
    for name, steps in families.items():
        granted = [_is_granted(form, offer) for offer in steps]
        room = granted.index(False) if False in granted else len(granted)
        assert (name in told) == (room > 0)
        if room:
            assert told[name].last.offer == steps[room - 1]
            assert told[name].capped == (room == len(steps))


@settings(max_examples=60, deadline=None)
@given(forms(), st.floats(1.0, 6.0))
def test_more_income_never_worsens_the_verdict(form: Form, times: float) -> None:
    """A larger declared income neither raises the risk nor turns a grant into a refusal."""
    before = _assessed(form)
    after = _assessed(form, income_total=form["income_total"] * times)
    assert after.default_probability <= before.default_probability
    assert ORDER.index(after.verdict) <= ORDER.index(before.verdict)


@settings(max_examples=20, deadline=None)
@given(forms())
def test_the_same_case_is_told_the_same(form: Form) -> None:
    """Nothing depends on the order of a dictionary or on what was asked before."""
    again = dict(reversed(list(form.items())))
    assert _found(form) == _found(again)


@settings(max_examples=25, deadline=None)
@given(forms())
@example(small.CLIENT)
@example(GOOD)
@example({**GOOD, "goods_price": None})
def test_every_sentence_is_short_and_whole(form: Form) -> None:
    """At most 25 words in both languages, figures in, from a capital to a point."""
    found = _found(form)
    for language in ("fr", "en"):
        for sentence in _sentences(found, language):
            assert len(sentence.split(" ")) <= MOST_WORDS, sentence
            assert re.fullmatch(r"[A-ZÀ-Ý][^{}_]*\.", sentence), sentence
            assert not re.search(r"\b(None|nan|inf)\b| ,| \.", sentence), sentence


def _sentences(found: Recourse, language: Language) -> list[str]:
    said = [words.whole(found, language)]
    said += [words.lever(one, language, "EUR") for one in found.levers]
    said += [words.even_if(one, language, "EUR") for one in found.even_if]
    said += [] if found.largest is None else [words.largest(found.largest, language, "EUR")]
    if found.with_time is not None:
        said.append(words.with_time(found.with_time, language))
        said += [words.easing(one, language) for one in found.with_time.easing]
    return said


def _on_day(form: Form, days: int) -> Form:
    return form | {name: form[name] - days for name in DAYS if form.get(name) is not None}


def _all_hold(found: Recourse, form: Form, days: int) -> bool:
    offers = [end.offer for one in _ranges(found) for end in (one.first, one.last)]
    offers += [] if found.largest is None else [found.largest.end.offer]
    return all(_is_granted(_on_day(form, days), offer) for offer in offers)


@settings(max_examples=10, deadline=None)
@given(st.integers(-26_990, -26_900))
@example(-14_600)
def test_ranges_hold_until_the_day_that_is_told(birth_days: int) -> None:
    """Every end is granted on each day up to it, and on the day after one is not, or 30 passed."""
    form = GOOD | {"birth_days": birth_days}
    found = _found(form)
    assert found.verdict is Verdict.GRANT
    assert found.holds_until is not None
    days = (found.holds_until - NOW.date()).days
    assert 0 <= days <= DAYS_HELD
    assert all(_all_hold(found, form, day) for day in range(days + 1))
    assert days == DAYS_HELD or not _all_hold(found, form, days + 1)


def test_an_age_limit_ahead_shortens_what_is_promised() -> None:
    """Who comes near the age at which a person must look is not promised thirty days."""
    held = {_found(GOOD | {"birth_days": -26_990 + shift}).holds_until for shift in range(0, 90, 6)}
    assert date(2026, 12, 23) in held
    assert any(until is not None and until < date(2026, 12, 23) for until in held)


def test_time_is_read_off_the_clients_own_records() -> None:
    """The first month told is granted when its counts of days are moved on, no earlier one is."""
    form = YOUNG_IN_THE_JOB
    past = small.PAST | {"instalments_last_late_days": -100.0}
    found = recourse(small.scorecard(), policy(), form, past, NOW)
    assert not found.levers
    assert found.with_time is not None
    month = found.with_time.granted_in_months
    assert month is not None

    def verdict(months: int) -> Verdict:
        days = round(months * 30.4375)
        later = past | {"instalments_last_late_days": -100.0 - months * 30.4375}
        return assess(small.scorecard(), policy(), _on_day(form, days), later).verdict

    assert [verdict(number) is Verdict.GRANT for number in range(month + 1)] == [
        *[False] * month,
        True,
    ]
    assert all(one.months <= month for one in found.with_time.easing)
    assert f"{month}\xa0months" in words.with_time(found.with_time, "en")


@settings(max_examples=20, deadline=None)
@given(forms())
@example(HOPELESS)
def test_time_names_only_counts_since_something(form: Form) -> None:
    """No window, share or amount is moved, and what eases does so within two years."""
    found = _found(form)
    if found.verdict is Verdict.GRANT or found.levers:
        assert found.with_time is None
    for one in found.with_time.easing if found.with_time else ():
        assert FACTS[one.item].form in {"since_days", "since_months"}
        assert 1 <= one.months <= MONTHS_AHEAD


def test_time_says_nothing_where_nothing_counts_it() -> None:
    """Without a job's date or a late instalment there is nothing that time would ease."""
    past = small.PAST | {"instalments_last_late_days": None}
    assert _found(HOPELESS | {"employment_days": None}, past).with_time is None


def test_what_no_change_of_the_request_removes_is_said() -> None:
    """No past, no external score, a household without an adult: no lever, and the cause by name."""
    good = GOOD | {"external_score_1": 0.9}
    thin = _found(good, None)
    assert (thin.levers, thin.beyond_reach) == ((), (ReferCause.THIN_FILE,))
    unscored = _found(good | {"external_score_1": None, "external_score_2": None})
    assert ReferCause.NO_EXTERNAL_SCORE in unscored.beyond_reach
    children = _found(good | {"children_count": 3, "family_members_count": 3.0})
    assert (children.levers, children.beyond_reach) == ((), ())
    assert children.rules_beyond_reach == ("NO_ADULT",)
    for found in (thin, unscored, children):
        assert found.largest is None
        assert found.holds_until is None
        assert "does not depend on it" in words.whole(found, "en")


def test_what_another_request_would_escape_is_no_cause_beyond_reach() -> None:
    """An amount beyond all limits is met by no smaller one: the risk alone is what refuses."""
    form = HOPELESS | {"amount_credit": 4_600_000.0, "goods_price": 4_500_000.0}
    now = _assessed(form)
    assert ReferCause.OUT_OF_RANGE in now.refer_causes
    assert "AMOUNT_MAXIMUM" in now.rules
    found = _found(form)
    assert (found.levers, found.beyond_reach, found.rules_beyond_reach) == ((), (), ())
    assert "No change tried" in words.whole(found, "en")


def test_a_refusal_for_affordability_has_levers_like_any_other() -> None:
    """An instalment beyond the policy's ceiling is turned by a longer term or a smaller credit."""
    now = _assessed(UNAFFORDABLE)
    assert "EFFORT_MAXIMUM" in now.rules
    found = _found(UNAFFORDABLE)
    assert {"smaller_credit", "longer_term"} <= {one.lever for one in found.levers}
    assert found.rules_beyond_reach == ()


def test_the_least_change_comes_first() -> None:
    """Levers are told from the nearest to what was asked."""
    found, asked = _found(UNAFFORDABLE), _asked(UNAFFORDABLE)
    distances = [asked.distance(one.first.offer) for one in found.levers]
    assert len(distances) > 1
    assert distances == sorted(distances)


def test_nothing_is_offered_while_proposals_are_suspended() -> None:
    """The stop switch leaves no lever, no amount and no date, and is said."""
    found = _found(small.CLIENT)
    assert found.levers
    stopped = found.stopped()
    assert stopped.verdict is Verdict.REFER
    assert (stopped.levers, stopped.largest, stopped.holds_until) == ((), None, None)
    assert stopped.beyond_reach == (ReferCause.STOPPED,)


def test_an_application_without_a_request_has_no_lever() -> None:
    """Without an instalment there is nothing to move, and nothing is promised."""
    found = _found(small.CLIENT | {"annuity": None})
    assert (found.levers, found.largest, found.even_if) == ((), None, ())


@given(st.floats(50, 5e6))
def test_steps_are_commercial_and_close(amount: float) -> None:
    """Whole amounts of three figures, at most 2.6 % apart, that a person reads as they are."""
    steps = rungs(LEAST_SHARE * amount, MOST_TIMES * amount)
    assert all(rounded(step) == step for step in steps)
    assert all(a < b for a, b in pairwise(steps))
    large = [step for step in steps if step >= 100]
    assert all(b / a < 1.026 for a, b in pairwise(large))


def test_an_offer_knows_its_term_and_its_down_payment() -> None:
    """The term is amount over instalment; the client pays what the credit leaves of the goods."""
    offer = Offer(90_000, 3_000, 100_000)
    assert (offer.term_months, offer.down_payment) == (30, 10_000)
    assert Offer(110_000, 3_000, 100_000).down_payment == 0
    assert Offer(90_000, 3_000).down_payment is None
    assert offer.scaled(45_000) == Offer(45_000, 1_500, 50_000)


@pytest.mark.parametrize("days", [0, DAYS_HELD])
def test_the_promise_never_exceeds_thirty_days(days: int) -> None:
    """The last day told is in UTC, between today and thirty days ahead."""
    found = _found(small.CLIENT)
    assert found.holds_until is not None
    assert found.holds_until <= NOW.date() + timedelta(days=DAYS_HELD)
    assert _all_hold(found, small.CLIENT, days)

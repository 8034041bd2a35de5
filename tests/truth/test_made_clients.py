"""Sentences of clients that nobody is: any values, missing, zero or extreme."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from features.catalogue import CATALOGUE
from features.raw.tables import Language
from flows.learning.truth import holds
from scoring.facts import FACTS, Fact
from tests.truth.reading import NUMBER, TOKENS, figures, span

SPAN = re.compile(TOKENS["S"])
SPANS = {"since_days", "since_months", "ahead_days", "after_days"}
"""Said in days, or in years and months; 12 years of another form are one figure."""
NUMBER_OR_UNIT = re.compile(rf"{NUMBER}(\u00a0(day|month|year)s?)?")
A_MONTH = 31
LANGUAGES: tuple[Language, ...] = ("fr", "en")
NUMBERS = (
    st.none()
    | st.sampled_from([0.0, 1.0, -1.0, 2.0, 0.5, 1e-9, 1e12, -1e12, 365_243.0])
    | st.floats(-1e7, 1e7)
    | st.integers(-20_000, 1_000).map(float)
    | st.floats(0, 1)
)


def _figures_of(fact: Fact) -> st.SearchStrategy[Any]:
    """Return the values that a feature can have: its words, 0 or 1, or any number."""
    feature = CATALOGUE[fact.item]
    if feature.categories:
        return st.none() | st.sampled_from(feature.categories)
    return st.none() | st.sampled_from([0.0, 1.0]) if fact.form == "flag" else NUMBERS


@st.composite
def told(draw: st.DrawFn) -> tuple[Fact, dict[str, Any]]:
    """Return a fact and values of all that it reads."""
    fact = FACTS[draw(st.sampled_from(sorted(FACTS)))]
    values = {name: draw(NUMBERS) for name in sorted(fact.companions)}
    values[fact.item] = draw(_figures_of(fact))
    if fact.form == "percent" and len(fact.reads) == 2:  # a share is that of its two counts
        among = draw(st.integers(1, 500))
        some = draw(st.integers(0, among))
        values |= dict(zip(fact.reads.values(), (float(some), float(among)), strict=True))
        values[fact.item] = draw(st.sampled_from([None, some / among]))
    return fact, values


@settings(max_examples=3_000, deadline=None)
@given(told())
def test_no_sentence_says_more_than_the_values(case: tuple[Fact, dict[str, Any]]) -> None:
    """Read back from its words, every sentence claims what the values are."""
    fact, values = case
    for language in LANGUAGES:
        sentence = fact.sentence(values, language)
        assert sentence is None or holds(sentence, fact, values, language), (sentence, values)


@settings(max_examples=1_500, deadline=None)
@given(told())
def test_both_languages_say_the_same_figures(case: tuple[Fact, dict[str, Any]]) -> None:
    """A figure is said in both languages or in none, and it is the same."""
    fact, values = case
    french, english = (fact.sentence(values, language) for language in LANGUAGES)
    assert (french is None) == (english is None)
    if french is not None and english is not None:
        assert figures(french, "fr") == figures(english, "en")


EDGES = st.sampled_from([2_000, 200, 20, 2]).flatmap(
    lambda parts: st.integers(1, 4_000).map(lambda count: count / parts)
)
"""Where a figure of one, two or three digits after the point is rounded up or down."""


@settings(max_examples=1_500, deadline=None)
@given(told(), EDGES, st.sampled_from([-1e-7, 1e-7]))
@example((FACTS["instalment_to_income"], {"instalment_to_income": 0.0}), 0.05, 1e-7)
@example((FACTS["implied_term_months"], {"implied_term_months": 0.0}), 9.95, -1e-7)
@example((FACTS["car_age_years"], {"car_age_years": 0.0}), 12.5, 1e-7)
def test_a_negligible_change_leaves_what_is_said(
    case: tuple[Fact, dict[str, Any]], value: float, share: float
) -> None:
    """A ten-millionth more or less changes no word, and one figure by one written digit at most."""
    fact, values = case
    if fact.form in {"flag", "word"}:
        return
    value = -value if fact.form in {"since_days", "since_months"} else value
    before = fact.sentence(values | {fact.item: value}, "en")
    after = fact.sentence(values | {fact.item: value * (1 + share)}, "en")
    if before is None or after is None or before == after:
        assert before == after
        return
    assert figures(before, "en") != figures(after, "en"), "a figure is written in one way"
    if fact.form in SPANS:
        found, moved = SPAN.search(before), SPAN.search(after)
        assert found is not None
        assert moved is not None
        assert abs(sum(span(found[0])) - sum(span(moved[0]))) / 2 <= A_MONTH
        assert SPAN.sub("", before) == SPAN.sub("", after)
        return
    assert NUMBER_OR_UNIT.sub("", before) == NUMBER_OR_UNIT.sub("", after)
    pairs = zip(figures(before, "en"), figures(after, "en"), strict=True)
    assert sum(one != other for one, other in pairs) <= 1

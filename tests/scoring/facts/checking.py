"""What every fact must hold to, whatever the client's values: shared by the tests of the facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from string import Formatter

from hypothesis import strategies as st

from features.catalogue import CATALOGUE
from features.policy import policy
from features.raw.tables import Words
from scoring.facts.declare import Fact, Values
from scoring.facts.figures import Form, Value
from scoring.facts.subjects import SUBJECTS

MOST_WORDS = 20
CURRENCY = "EUR"
NEVER_SAID = re.compile(r"\b(None|nan|NaN|inf)\b|[{}_]")
WORD = re.compile(r"\w[\w'’.,%-]*")
"""What a reader counts as one word: figures, their units and ``d'un`` are one each."""

_RANGES: dict[Form, st.SearchStrategy[float]] = {
    "amount": st.floats(-1e6, 1e8),
    "percent": st.floats(0, 3) | st.fractions(0, 1, max_denominator=40).map(float),
    "times": st.floats(0, 200),
    "count": st.integers(0, 400).map(float),
    "score": st.floats(0, 1),
    "years": st.floats(0, 80),
    "months": st.floats(0, 400),
    "days": st.floats(-15_000, 15_000) | st.integers(-40, 40).map(float),
    "since_days": st.floats(-25_000, 0) | st.integers(-400, 0).map(float),
    "since_months": st.integers(-96, 0).map(float),
    "ahead_days": st.floats(0, 15_000) | st.integers(0, 400).map(float),
    "after_days": st.floats(-15_000, 15_000) | st.integers(-40, 40).map(float),
    "flag": st.sampled_from([0.0, 1.0]),
}
"""The numbers that an item said in a form may hold."""


def values_of(fact: Fact) -> st.SearchStrategy[Values]:
    """Values of one client: the item, and all that its sentences read beside it."""
    read = {name: st.none() | st.integers(0, 40).map(float) for name in sorted(fact.companions)}
    for name in read:
        if name in CATALOGUE and CATALOGUE[name].categories:
            read[name] = st.none() | st.sampled_from(CATALOGUE[name].categories)
    return st.fixed_dictionaries(read | {fact.item: _item(fact)})


def _item(fact: Fact) -> st.SearchStrategy[Value]:
    if fact.form == "word":
        return st.none() | st.sampled_from(CATALOGUE[fact.item].categories)
    return st.none() | st.just(0.0) | _RANGES[fact.form]


def declared_words(fact: Fact) -> Iterator[Words]:
    """Yield every pair of sentences that the fact declares."""
    yield fact.known
    yield fact.unknown
    if fact.none is not None:
        yield fact.none
    yield from (absence.words for absence in fact.absences)


def placeholders(sentence: str) -> set[str]:
    """Return the names that ``sentence`` leaves to be filled."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def check_declaration(fact: Fact) -> None:
    """Both languages leave the same places, each is declared, and only ``known`` leaves any.

    A figure is said wherever there is one: only a yes and a no do without.
    """
    for words in declared_words(fact):
        assert words.fr != words.en
        assert placeholders(words.fr) == placeholders(words.en), words
        assert words is fact.known or not placeholders(words.fr), words
    needed = set() if fact.form == "flag" else {"value"}
    assert placeholders(fact.known.fr) == needed | set(fact.reads), fact.item
    assert set(fact.forms) <= set(fact.reads), fact.item
    assert fact.subject in SUBJECTS, fact.item
    if fact.form == "flag":
        assert fact.none is not None, fact.item


def check_said(fact: Fact, values: Values) -> None:
    """What is said of the values is the sentence they choose, whole and short, in both languages.

    Nothing is said only when a figure needed beside the item is missing.
    """
    value = values[fact.item]
    beside = [values[feature] for feature in fact.reads.values()]
    for language in ("fr", "en"):
        said = fact.sentence(values, language, CURRENCY)
        if value is None:
            held = [absence.words for absence in fact.absences if absence.holds(values)]
            assert said == [*held, fact.unknown][0].in_(language)
        elif value == 0 and fact.none is not None:
            assert said == fact.none.in_(language)
        elif None in beside:
            assert said is None
            continue
        assert said is not None
        check_sentence(said)


def check_sentence(sentence: str) -> None:
    """A sentence is at most twenty words, from a capital to a point, and speaks no code."""
    assert sentence[0].isupper(), sentence
    assert sentence.endswith("."), sentence
    assert not NEVER_SAID.search(sentence), sentence
    assert len(WORD.findall(sentence)) <= MOST_WORDS, sentence


def not_in_the_catalogue(facts: Iterable[Fact]) -> set[str]:
    """Return the items and companions of ``facts`` that are no feature of the product."""
    names = {name for fact in facts for name in {fact.item} | fact.companions}
    return {name for name in names if name not in CATALOGUE}


def protected(facts: Iterable[Fact]) -> set[str]:
    """Return the items of ``facts`` that are, or read, what the policy never lets in."""
    return {
        fact.item
        for fact in facts
        if not policy().allows(fact.item)
        or not all(map(policy().allows, CATALOGUE[fact.item].reads()))
    }

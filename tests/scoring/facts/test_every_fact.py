"""What holds for every fact, whatever it is about and whatever the client's values."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.facts import FACTS, MODULES, Fact
from tests.scoring.facts.checking import (
    check_declaration,
    check_said,
    not_in_the_catalogue,
    protected,
    values_of,
)

EVERY = tuple(FACTS.values())


@pytest.mark.parametrize("fact", EVERY, ids=lambda fact: fact.item)
def test_both_languages_declare_the_same(fact: Fact) -> None:
    """The two languages of a fact leave the same places for the same figures."""
    check_declaration(fact)


@pytest.mark.parametrize("fact", EVERY, ids=lambda fact: fact.item)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_what_is_said_follows_from_the_values(fact: Fact, data: st.DataObject) -> None:
    """Known, zero and missing values each choose their sentence, short and whole."""
    check_said(fact, data.draw(values_of(fact)))


def test_facts_are_about_features_that_may_be_read() -> None:
    """Each item exists, and neither is nor reads a protected attribute."""
    assert not not_in_the_catalogue(EVERY)
    assert not protected(EVERY)


def test_each_item_is_stated_once() -> None:
    """No module states an item that another one states: the last would silently be told."""
    declared = [fact.item for module in MODULES for fact in module.FACTS]
    assert sorted(declared) == sorted(FACTS)

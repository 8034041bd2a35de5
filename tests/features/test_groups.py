"""Groups have words a client can be given."""

import re

import pytest

from features.catalogue import CATALOGUE
from features.groups import GROUPS, Group

FORBIDDEN = re.compile(
    r"\b(SHAP|feature|log-odds|class|parce que|à cause|because|mauvais|bad|faute|fault)\b", re.I
)


@pytest.mark.parametrize("group", GROUPS.values(), ids=lambda group: group.name)
def test_a_group_has_plain_sentences_both_ways_in_both_languages(group: Group) -> None:
    """Each sentence is one of at most twenty words, without blame, cause or jargon."""
    for words in (group.weighs, group.favours):
        for sentence in words:
            assert len(sentence.split()) <= 20, sentence
            assert sentence.endswith(".")
            assert sentence.count(".") == 1
            assert not FORBIDDEN.search(sentence)
    sentences = {*group.weighs, *group.favours}
    assert len(sentences) == 4
    assert group.label.fr
    assert group.label.en


def test_every_group_has_features_and_no_group_is_too_large_to_mean_something() -> None:
    """A group that nothing feeds would never be said; there are about thirty of them."""
    used = {feature.group for feature in CATALOGUE}
    assert used == set(GROUPS)
    assert 25 <= len(GROUPS) <= 35

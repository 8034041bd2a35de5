"""The deny-list holds: what the scorecard must not know, it does not read."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from features.catalogue import CATALOGUE
from features.engine.groups import GROUPS
from features.engine.namespace import POLARS
from features.policy import FILE, policy, read
from features.raw.tables import APPLICATIONS, Words


def test_no_feature_reads_a_denied_column() -> None:
    """No formula, raw or derived, looks at a protected attribute or a proxy of one."""
    denied = set(policy().all_denied)
    readers = {
        feature.name: sorted(feature.reads() & denied)
        for feature in CATALOGUE
        if feature.reads() & denied
    }
    assert readers == {}


def test_no_derived_column_reads_a_denied_column() -> None:
    """The columns derived before the aggregates obey the same list."""
    for columns in CATALOGUE.derived_columns.values():
        for name, formula in columns:
            reads = set(formula(POLARS).meta.root_names())
            assert not reads & set(policy().all_denied), name


def test_no_name_or_word_speaks_of_a_protected_attribute() -> None:
    """Neither a feature's name nor its label nor its group's holds a denied word."""
    denied = set(policy().denied_words)
    texts = [feature.name.replace("_", " ") for feature in CATALOGUE]
    texts += [feature.label.en for feature in CATALOGUE]
    texts += [group.label.en for group in GROUPS.values()]
    for text in texts:
        assert not denied & set(re.findall(r"[a-z]+", text.lower())), text


def test_denied_categories_are_not_offered() -> None:
    """A category that reveals a protected attribute is not among a feature's categories."""
    assert policy().denied_categories
    for column, categories in policy().denied_categories.items():
        assert not set(categories) & set(CATALOGUE[column].categories)


def test_the_policy_names_real_columns() -> None:
    """A misspelt entry would deny nothing: each one is a column of the form."""
    form = set(APPLICATIONS.by_name)
    assert set(policy().denied) | set(policy().denied_categories) <= form
    assert set(policy().denied_groups) <= {column.group for column in APPLICATIONS.columns}
    assert set(policy().documented) <= form - set(policy().all_denied)


def test_every_reason_can_be_shown_to_a_client() -> None:
    """Each is a sentence in both languages, and sends to no other entry and to no column's code."""
    codes = {name for name in APPLICATIONS.by_name if "_" in name}
    for words in _reasons():
        assert words.fr != words.en
        for text in words:
            assert text[0].isupper()
            assert text.endswith(".")
            assert not codes & set(re.findall(r"\w+", text))


def _reasons() -> Iterator[Words]:
    found = policy()
    yield from found.all_denied.values()
    yield from found.documented.values()
    for categories in found.denied_categories.values():
        yield from categories.values()


@pytest.mark.parametrize("words", [{"en": "Alone."}, {"fr": "Un.", "en": "One.", "de": "Eins."}])
def test_a_reason_in_other_languages_is_refused(words: dict[str, str], tmp_path: Path) -> None:
    """A reason that lacks a language, or has one that nobody shows, is seen when it is read."""
    text = json.loads(FILE.read_text(encoding="utf-8"))
    text["denied"]["gender"] = words
    changed = tmp_path / "policy.json"
    changed.write_text(json.dumps(text), encoding="utf-8")
    with pytest.raises(TypeError):
        read(changed)


def test_what_is_documented_is_used() -> None:
    """Sensitive inputs that are kept on purpose are really inputs, else the file misleads."""
    assert all(name in CATALOGUE for name in policy().documented)

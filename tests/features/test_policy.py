"""The deny-list holds: what the scorecard must not know, it does not read."""

import re

from features.catalogue import CATALOGUE
from features.groups import GROUPS
from features.namespace import POLARS
from features.policy import policy
from features.tables import APPLICATIONS


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


def test_what_is_documented_is_used() -> None:
    """Sensitive inputs that are kept on purpose are really inputs, else the file misleads."""
    assert all(name in CATALOGUE for name in policy().documented)

"""The catalogue as a whole: every feature is said, grouped, computable, and allowed."""

import pytest

from features import catalogue as catalogue_module
from features.catalogue import CATALOGUE, CLIENT, Catalogue
from features.declare import Declarations
from features.groups import GROUPS
from features.tables import TABLES

UNITS = {
    "amount", "category", "count", "days", "flag", "hour", "index", "months", "rating", "ratio",
    "score", "share", "years",
}  # fmt: skip
HISTORIES = [name for name in TABLES if name != "applications"]


def test_there_are_between_600_and_800_features_over_all_the_tables() -> None:
    """The catalogue covers every raw table and keeps to the size that was agreed."""
    assert 600 <= len(CATALOGUE) <= 800
    assert {feature.table for feature in CATALOGUE} == {*TABLES, CLIENT}


def test_a_feature_is_worded_grouped_and_measured() -> None:
    """A feature has a label in both languages, a description, a known group and a known unit."""
    for feature in CATALOGUE:
        assert all(feature.label), feature.name
        assert feature.label.fr != feature.label.en, feature.name
        assert len(feature.description) > len("As received."), feature.name
        assert feature.group in GROUPS, feature.name
        assert feature.unit in UNITS, feature.name
        assert (feature.unit == "category") == bool(feature.categories), feature.name


def test_no_two_features_share_a_label() -> None:
    """What is said of a feature cannot be mistaken for another one."""
    for language in ("fr", "en"):
        labels = [feature.label.in_(language) for feature in CATALOGUE]
        twice = sorted({label for label in labels if labels.count(label) > 1})
        assert twice == []


def test_features_of_an_absent_table_are_left_out() -> None:
    """With applications alone, nothing that reads a history remains."""
    names = {feature.name for feature in CATALOGUE.available({"applications"})}
    assert "instalment_to_income" in names
    assert "external_debt_to_income" not in names
    assert not any(CATALOGUE[name].table in HISTORIES for name in names)


def test_a_client_feature_comes_with_the_tables_it_reads() -> None:
    """External debt to income needs the bureau and nothing more."""
    names = {feature.name for feature in CATALOGUE.available({"applications", "bureau"})}
    assert "external_debt_to_income" in names
    assert "credit_to_previous_mean" not in names


def test_the_version_is_short_and_stable() -> None:
    """The version names the code that decides values: the same code, the same version."""
    again = Catalogue([module.DECLARED for module in catalogue_module.MODULES])
    assert CATALOGUE.version == again.version
    assert len(CATALOGUE.version) == 12


def test_a_name_declared_twice_is_refused() -> None:
    """Two modules cannot both declare the same column."""
    with pytest.raises(ValueError, match="declared twice in the catalogue"):
        Catalogue([catalogue_module.pos.DECLARED, catalogue_module.pos.DECLARED])


def test_an_unknown_group_is_refused() -> None:
    """A feature cannot name a group that has no sentence."""
    declared = Declarations("applications")
    with pytest.raises(ValueError, match="unknown group 'luck'"):

        @declared.feature(group="luck", unit="ratio", label=("Chance", "Luck"))
        def luck(x):  # type: ignore[no-untyped-def]
            """Nothing."""
            return x.col("annuity")

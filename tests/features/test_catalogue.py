"""The catalogue as a whole: every feature is said, grouped, computable, and allowed."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from features import catalogue as catalogue_module
from features.catalogue import CATALOGUE, CLIENT, Catalogue, code_of
from features.definitions.estimated import TABLE as ESTIMATES
from features.engine.declare import Declarations
from features.engine.grain import Grain
from features.engine.groups import GROUPS
from features.engine.namespace import Expr, Formula, Namespace
from features.raw.tables import TABLES

UNITS = {
    "amount", "category", "count", "days", "flag", "hour", "index", "months", "rating", "ratio",
    "score", "share", "years",
}  # fmt: skip
HISTORIES = [name for name in TABLES if name != "applications"]


def test_there_are_between_600_and_800_features_over_all_the_tables() -> None:
    """The catalogue covers every raw table and keeps to the size that was agreed."""
    assert 600 <= len(CATALOGUE) <= 800
    assert {feature.table for feature in CATALOGUE} == {*TABLES, CLIENT, ESTIMATES}


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


def test_the_version_is_short_and_the_same_in_every_process() -> None:
    """The version names what decides values: the same code, the same version."""
    command = "from features.catalogue import CATALOGUE; print(CATALOGUE.version)"
    elsewhere = subprocess.run(
        [sys.executable, "-c", command], check=True, capture_output=True, text=True
    )
    assert elsewhere.stdout.strip() == CATALOGUE.version
    assert len(CATALOGUE.version) == 12


def _version(formula: Formula, column: Formula, label: str, unit: str, grain: Grain) -> str:
    declared = Declarations("instalments", prefix="instalments", grain=grain)
    declared.column(column)
    words = {"group": "loan", "unit": unit, "label": (label, label)}
    declared.feature(**words)(formula)  # type: ignore[arg-type]
    return Catalogue([declared]).version


def value(x: Namespace) -> Expr:
    """A feature."""
    return x.col("derived").sum()


def derived(x: Namespace) -> Expr:
    """A column derived before it."""
    return x.col("amount_due") + 1.0


GRAIN = Grain(("client_id", "number"), {"amount_due": lambda x: x.col("amount_due").max()})
PLAIN = _version(value, derived, "Un mot", "amount", GRAIN)


def test_another_word_is_the_same_version() -> None:
    """A label, a unit's word or a docstring decides no value: scorecards stay usable."""

    def reworded(x: Namespace) -> Expr:
        """Say it otherwise."""
        return x.col("derived").sum()

    reworded.__name__ = "value"
    assert _version(reworded, derived, "Un autre mot", "count", GRAIN) == PLAIN


def test_another_formula_column_or_grain_is_another_version() -> None:
    """Whatever can change a value changes the version, however small."""

    def halved(x: Namespace) -> Expr:
        return x.col("derived").sum() * 0.5

    def moved(x: Namespace) -> Expr:
        return x.col("amount_due") + 2.0

    halved.__name__, moved.__name__ = "value", "derived"
    last = Grain(GRAIN.keys, {"amount_due": lambda x: x.col("amount_due").min()})
    finer = Grain((*GRAIN.keys, "version"), GRAIN.columns)
    changed = {
        _version(halved, derived, "Un mot", "amount", GRAIN),
        _version(value, moved, "Un mot", "amount", GRAIN),
        _version(value, derived, "Un mot", "amount", last),
        _version(value, derived, "Un mot", "amount", finer),
    }
    assert len(changed) == 4
    assert PLAIN not in changed


def test_the_vocabulary_of_the_form_is_part_of_the_version(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A category or a kind that changes gives other values from the same form."""
    table = TABLES["cards"]
    first, *others = table.columns
    for changed in (replace(first, kind="number"), replace(first, categories=("a",))):
        tables = {**TABLES, "cards": replace(table, columns=(changed, *others))}
        monkeypatch.setattr(catalogue_module, "TABLES", tables)
        assert _version(value, derived, "Un mot", "amount", GRAIN) != PLAIN


def test_the_engines_code_counts_and_its_docstrings_do_not(tmp_path: Path) -> None:
    """A docstring may be reworded; a changed line of the engine is another version."""
    file = tmp_path / "engine.py"
    written = []
    for words, number in (("One.", 1), ("Reworded.", 1), ("One.", 2)):
        file.write_text(f'"""{words}"""\n\ndef one():\n    """{words}"""\n    return {number}\n')
        written.append(code_of(file))
    assert written[0] == written[1] != written[2]


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

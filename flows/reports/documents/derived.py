"""What several documents say of the same figures: put together once, so that they agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from features.engine.groups import GROUPS
from features.raw.tables import APPLICATIONS, FILES, Language
from flows.reports.documents.words import WORDS
from scoring.measures import Computation
from scoring.policy import Rule

Values = Mapping[str, Any]

EXTRACTS: dict[str, dict[Language, str]] = {
    "core": {"fr": "l'extrait avec historiques", "en": "the extract with histories"},
    "applications": {"fr": "les demandes seules", "en": "applications alone"},
}
"""Genuine data judged, by the name its figures carry."""
COLON: dict[Language, str] = {"fr": " : ", "en": ": "}
COLUMNS: dict[Language, str] = {"fr": "colonnes", "en": "columns"}
MOST_NAMED = 5
"""Columns of one reason that are named one by one."""
TEST: dict[Language, str] = {"fr": "les clients de test", "en": "the test clients"}


def derived(figures: Values, language: Language) -> dict[str, object]:
    """Return what a template may name beside the figures themselves.

    ``chosen_size``: items the one-standard-error rule keeps.
    ``judged``: (name, judge's figures, anchor, targets) of each extract that was judged.
    ``prices_of_transparency``: (name, both AUCs and the paired difference), the test split first.
    ``judged_prices``: (name, price of each unused input) of each extract.
    ``warnings``: the run's own, in the language of the document.
    ``rules_said``: the policy's rules, each said of its own example.
    ``never_read``, ``kept_with_care``: (what, why), in words, as the policy on inputs has them.
    """
    anchors = figures["anchors"]
    judged = [
        (said[language], found, anchors["simple_features"][key], anchors["targets"][key])
        for key, said in EXTRACTS.items()
        if (found := figures[f"judge_{key}"])
    ]
    return {
        "chosen_size": chosen_size(figures["run"]["sizes"]),
        "judged": judged,
        "judged_prices": [(name, found["prices"]) for name, found, _, _ in judged],
        "prices_of_transparency": [
            _of_the_run(figures["run"], TEST[language]),
            *(_of_the_judge(name, found) for name, found, _, _ in judged if "reference" in found),
        ],
        "rules_said": [rule_said(rule, language) for rule in figures["run"]["policy"]["rules"]],
        "never_read": never_read(figures["run"]["inputs"], language),
        "kept_with_care": _by_reason(figures["run"]["inputs"]["documented"], language),
        "warnings": [warned(line, language) for line in figures["run"]["warnings"]],
        "synthetic": figures["example"] is not None,
        "group": _group(language),
    }


def chosen_size(sizes: Sequence[Values]) -> int:
    """Return the fewest items whose loss is within one standard error of the best."""
    return min(int(s["items"]) for s in sizes if s["excess"] <= s["standard_error"])


def rule_said(rule: Values, language: Language) -> Values:
    """Return a rule of the policy as a reader meets it: code, kind, effect, sentence, basis.

    The sentence is the one said of the rule's own example, so that its limit stands in it.
    Raises ``ValidationError`` for what is no rule of this version of the product.
    """
    found = Rule.model_validate(rule)
    measured = Computation(found.measures).one(found.examples.hit)
    return {
        "code": found.code,
        "kind": WORDS[language][found.kind],
        "effect": WORDS[language][found.effect.value],
        "sentence": found.sentence(measured, language),
        "basis": found.basis,
    }


def warned(line: str, language: Language) -> str:
    """Return a warning of the run, which speaks English: in French, that a table is left out."""
    table, colon, _ = line.partition(":")
    if language == "en" or not colon or table not in FILES:
        return line
    return f"Table « {WORDS[language][table]} » : trop peu de clients y sont, laissée de côté."


def never_read(inputs: Values, language: Language) -> list[tuple[str, str]]:
    """Return what the policy on inputs refuses and why, each reason once.

    ``inputs`` is that of ``run.json``: reasons in both languages, by column and by category.
    """
    of_categories = [
        (f"{_label(column, language)}{COLON[language]}{WORDS[language][category]}", why[language])
        for column, categories in inputs["denied_categories"].items()
        for category, why in categories.items()
    ]
    return _by_reason(inputs["denied"], language) + of_categories


def _by_reason(reasons: Mapping[str, Values], language: Language) -> list[tuple[str, str]]:
    """Return (columns in words, reason), the columns of one reason together."""
    columns: dict[str, list[str]] = {}
    for column, why in reasons.items():
        columns.setdefault(why[language], []).append(column)
    return [(_listed(held, language), why) for why, held in columns.items()]


def _listed(columns: Sequence[str], language: Language) -> str:
    """Return labels of columns; a long list of one group is said by the group's."""
    groups = {APPLICATIONS.by_name[column].group for column in columns}
    if len(columns) > MOST_NAMED and len(groups) == 1:
        group = GROUPS[groups.pop()].label.in_(language)
        return f"{group} ({len(columns)} {COLUMNS[language]})"
    return ", ".join(_label(column, language) for column in columns)


def _label(column: str, language: Language) -> str:
    return APPLICATIONS.by_name[column].label.in_(language)


def _of_the_run(run: Values, name: str) -> tuple[str, Values]:
    return name, {
        "grid_auc": run["metrics"]["auc"],
        "reference_auc": run["reference"]["metrics"]["auc"],
        "price": run["price_of_transparency"],
    }


def _of_the_judge(name: str, found: Values) -> tuple[str, Values]:
    return name, {
        "grid_auc": found["grid"]["auc"],
        "reference_auc": found["reference"]["auc"],
        "price": found["differences"]["reference"],
    }


def _group(language: Language) -> Callable[[str], str]:
    """Return what says a group of people, ``attribute: group``, in words."""

    def said(name: str) -> str:
        return COLON[language].join(WORDS[language][part] for part in name.split(": "))

    return said

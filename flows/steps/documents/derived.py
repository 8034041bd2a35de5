"""What several documents say of the same figures: put together once, so that they agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from features.tables import Language
from flows.steps.documents.words import WORDS

Values = Mapping[str, Any]

EXTRACTS: dict[str, dict[Language, str]] = {
    "core": {"fr": "l'extrait complet", "en": "the core extract"},
    "applications": {"fr": "les demandes seules", "en": "applications alone"},
}
"""Genuine data judged, by the name its figures carry."""
TEST: dict[Language, str] = {"fr": "les clients de test", "en": "the test clients"}


def derived(figures: Values, language: Language) -> dict[str, object]:
    """Return what a template may name beside the figures themselves.

    ``chosen_size``: items the one-standard-error rule keeps.
    ``judged``: (name, judge's figures, anchor, targets) of each extract that was judged.
    ``prices_of_transparency``: (name, both AUCs and the paired difference), the test split first.
    ``judged_prices``: (name, price of each unused input) of each extract.
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
        "synthetic": figures["example"] is not None,
        "group": _group(language),
    }


def chosen_size(sizes: Sequence[Values]) -> int:
    """Return the fewest items whose loss is within one standard error of the best."""
    return min(int(s["items"]) for s in sizes if s["excess"] <= s["standard_error"])


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
    colon = " : " if language == "fr" else ": "

    def said(name: str) -> str:
        return colon.join(WORDS[language][part] for part in name.split(": "))

    return said

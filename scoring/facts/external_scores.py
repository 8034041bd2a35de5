"""Facts of what external bodies say: the three scores, and what stands in for an unknown one."""

from __future__ import annotations

from scoring.facts.declare import Fact, absence, fact


def _external_score(number: int) -> Fact:
    return fact(
        f"external_score_{number}",
        "external_scores",
        "score",
        known=(
            f"Note n° {number} d'un organisme extérieur : {{value}} (sur 1).",
            f"Score no. {number} from an external body: {{value}} (out of 1).",
        ),
        unknown=(
            f"La note n° {number} d'un organisme extérieur n'est pas connue.",
            f"Score no. {number} from an external body is not known.",
        ),
    )


def _filled_score(number: int) -> Fact:
    own = f"external_score_{number}"
    return fact(
        f"{own}_filled",
        "external_scores",
        "score",
        known=(
            f"Note n° {number} d'un organisme extérieur : {{value}} (sur 1).",
            f"Score no. {number} from an external body: {{value}} (out of 1).",
        ),
        instead=(
            absence(
                own,
                "unknown",
                f"Note extérieure n° {number} non connue ; d'ordinaire {{value}} (sur 1) dans des "
                "dossiers comparables.",
                f"External score no. {number} is not known; usually {{value}} (out of 1) in "
                "comparable cases.",
            ),
        ),
        unknown=(
            f"La note n° {number} d'un organisme extérieur n'est pas connue.",
            f"Score no. {number} from an external body is not known.",
        ),
    )


def _expected_score(number: int) -> Fact:
    return fact(
        f"external_score_{number}_expected",
        "comparable_cases",
        "score",
        known=(
            f"Des dossiers comparables ont d'ordinaire une note extérieure n° {number} de "
            "{value} (sur 1).",
            f"Comparable cases usually have an external score no. {number} of {{value}} "
            "(out of 1).",
        ),
        unknown=(
            f"La note extérieure n° {number} de dossiers comparables n'est pas estimée.",
            f"The external score no. {number} of comparable cases is not estimated.",
        ),
    )


def _external_scores(statistic: str, fr: str, en: str) -> Fact:
    return fact(
        f"external_score_{statistic}",
        "external_scores",
        "score",
        known=(f"{fr} : {{value}} (sur 1).", f"{en}: {{value}} (out of 1)."),
        unknown=(
            "Aucune note d'un organisme extérieur n'est connue.",
            "No score from an external body is known.",
        ),
    )


FACTS: tuple[Fact, ...] = (
    _external_score(1),
    _external_score(2),
    _external_score(3),
    _external_scores(
        "mean",
        "Moyenne des notes d'organismes extérieurs connues",
        "Average of the known scores from external bodies",
    ),
    _external_scores(
        "min",
        "Plus basse des notes d'organismes extérieurs connues",
        "Lowest of the known scores from external bodies",
    ),
    _external_scores(
        "max",
        "Plus haute des notes d'organismes extérieurs connues",
        "Highest of the known scores from external bodies",
    ),
    *(_filled_score(number) for number in (1, 2, 3)),
    *(_expected_score(number) for number in (1, 2, 3)),
    _external_scores(
        "filled_mean",
        "Moyenne des trois notes extérieures, les inconnues prises de dossiers comparables",
        "Average of the three external scores, unknown ones taken from comparable cases",
    ),
    fact(
        "external_score_missing_count",
        "external_scores",
        "count",
        known=(
            "Notes d'organismes extérieurs non connues : {value} sur 3.",
            "Scores from external bodies that are not known: {value} of 3.",
        ),
        none=(
            "Les trois notes d'organismes extérieurs sont connues.",
            "All three scores from external bodies are known.",
        ),
        unknown=(
            "Le nombre de notes d'organismes extérieurs n'est pas connu.",
            "The number of scores from external bodies is not known.",
        ),
    ),
)

"""The stand-in's explanations: facts of an invented client, and the items they come from."""

from __future__ import annotations

from dataclasses import dataclass

from scoring.contract import ItemContribution, Reason, Value

ATTACK = "<img src=x onerror=alert(1)> ${7*7} {{7*7}}"


def two(language: str, french: str, english: str) -> str:
    """Return the words of the language."""
    return french if language == "fr" else english


@dataclass(frozen=True)
class Invented:
    """One item in both languages, French first; without sentence it is no reason."""

    item: str
    subject: str
    label: tuple[str, str]
    contribution: float
    value: Value
    usual: Value
    unit: str
    value_text: tuple[str, str]
    usual_text: tuple[str, str]
    sentence: tuple[str, str] | None = None


INVENTED = (
    Invented(
        "instalment_to_income", "effort",
        ("Taux d'effort (mensualité sur revenu mensuel)", "Effort rate (instalment over income)"),
        0.82, 0.41, 0.24, "percent", ("41\u00a0%", "41%"), ("24\u00a0%", "24%"),
        (
            "La mensualité prend 41\u00a0% du revenu mensuel déclaré.",
            "The instalment takes 41% of the declared monthly income.",
        ),
    ),
    Invented(
        "external_score_2", "external_scores",
        ("Note d'un organisme extérieur n° 2", "External body's score no. 2"),
        0.44, 0.2112, 0.5655, "score", ("0,21", "0.21"), ("0,57", "0.57"),
        (
            "Note n° 2 d'un organisme extérieur : 0,21 (sur 1).",
            "Score no. 2 from an external body: 0.21 (out of 1).",
        ),
    ),
    Invented(
        "instalments_late_365_days_count", "payments",
        ("Échéances réglées en retard sur 12 mois", "Instalments paid late over 12 months"),
        0.31, 6.0, 0.0, "count", ("6", "6"), ("0", "0"),
        (
            "Échéances réglées en retard sur 12 mois : 6 sur 32.",
            "Instalments paid late over 12 months: 6 of 32.",
        ),
    ),
    Invented(
        "employment_days", "employment", ("Ancienneté dans l'emploi", "Time in current job"),
        0.17, -152.0, -1460.0, "since_days", ("5\u00a0mois", "5\u00a0months"),
        ("4\u00a0ans", "4\u00a0years"),
        ("Emploi actuel occupé depuis 5\u00a0mois.", "Current job held for 5\u00a0months."),
    ),
    Invented(
        "bureau_debt_sum", "other_debt",
        ("Montant encore dû sur les crédits extérieurs", "Amount still owed on external credits"),
        -0.36, 12_000.0, 45_200.0, "amount", ("12\u202f000", "12,000"), ("45\u202f200", "45,200"),
        (
            "Montant encore dû dans d'autres établissements : 12\u202f000.",
            "Amount still owed to other lenders: 12,000.",
        ),
    ),
    Invented(
        "birth_days", "household", ("Âge", "Age"),
        -0.2, -14_000.0, -16_000.0, "since_days", ("38\u00a0ans", "38\u00a0years"),
        ("43\u00a0ans", "43\u00a0years"), ("Votre âge : 38\u00a0ans.", "Your age: 38\u00a0years."),
    ),
    Invented(
        "education", "education", ("Niveau d'études", "Education level"),
        -0.11, "Higher education", "Secondary / secondary special", "word",
        ("Enseignement supérieur", "Higher education"), ("Enseignement secondaire", "Secondary"),
        (
            "Niveau d'études déclaré : Enseignement supérieur.",
            "Declared education level: Higher education.",
        ),
    ),
    Invented(
        "car_age_years", "assets", ("Âge de la voiture", "Age of the car"),
        -0.06, None, 9.0, "years", ("non connu", "not known"), ("9\u00a0ans", "9\u00a0years"),
        ("Aucune voiture n'est déclarée.", "No car is declared."),
    ),
    Invented(
        "region_rating", "region", ("Évaluation de la région", "Rating of the region"),
        0.06, 3.0, 2.0, "count", ("3", "3"), ("2", "2"),
    ),
    Invented(
        "owns_realty", "housing", ("Propriété d'un logement", "Owning a home"),
        0.02, 0.0, 1.0, "flag", ("non", "no"), ("oui", "yes"),
    ),
    *(
        Invented(
            f"quiet_{number}", "building", (f"Élément discret {number}", f"Quiet item {number}"),
            0.0, 1.0, 1.0, "count", ("1", "1"), ("1", "1"),
        )
        for number in range(20)
    ),
)  # fmt: skip


def reasons(language: str, *, hostile: bool) -> tuple[list[Reason], list[Reason]]:
    """Return what weighs and what is in favour, the strongest first."""
    every = [_reason(one, language) for one in INVENTED if one.sentence is not None]
    if hostile:
        every[0] = every[0].model_copy(update={"sentence": ATTACK, "comparison": ATTACK})
    weighs = [reason for reason in every if reason.contribution > 0]
    return weighs, [reason for reason in every if reason.contribution < 0]


def items(language: str) -> list[ItemContribution]:
    """Return every item, the strongest first."""
    ordered = sorted(INVENTED, key=lambda one: -abs(one.contribution))
    return [ItemContribution(**_figured(one, language)) for one in ordered]


def _reason(one: Invented, language: str) -> Reason:
    assert one.sentence is not None, "the caller looked"
    figured = _figured(one, language)
    usual = figured["usual_text"]
    most = one.unit in {"word", "flag"}  # else a median, which is no mode
    french = "le plus souvent" if most else "d'ordinaire"
    comparison = two(
        language,
        f"Chez les clients acceptés, {french} : {usual}.",
        f"For accepted clients, {'most often' if most else 'usually'}: {usual}.",
    )
    return Reason(
        subject=one.subject,
        subject_label=one.subject,
        sentence=two(language, *one.sentence),
        comparison=comparison,
        **figured,
    )


def _figured(one: Invented, language: str) -> dict[str, object]:
    return {
        "item": one.item,
        "label": two(language, *one.label),
        "contribution": one.contribution,
        "value": one.value,
        "usual": one.usual,
        "unit": one.unit,
        "value_text": two(language, *one.value_text),
        "usual_text": two(language, *one.usual_text),
    }

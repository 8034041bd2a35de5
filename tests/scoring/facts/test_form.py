"""What is said of the form: external scores, the situation, and what came with it."""

from __future__ import annotations

import pytest

from features.definitions import application as form
from features.raw.tables import APPLICATIONS
from scoring.facts import FACTS


@pytest.mark.parametrize(
    ("item", "value", "fr", "en"),
    [
        (
            "external_score_2",
            0.56,
            "Note n° 2 d'un organisme extérieur : 0,56 (sur 1).",
            "Score no. 2 from an external body: 0.56 (out of 1).",
        ),
        (
            "employment_days",
            -1699.0,
            "Emploi actuel occupé depuis 4\xa0ans et 8\xa0mois.",
            "Current job held for 4\xa0years and 8\xa0months.",
        ),
        (
            "employment_days",
            None,
            "Aucune date d'embauche dans un emploi actuel n'est connue.",
            "No start date of a current job is known.",
        ),
        (
            "phone_change_days",
            0.0,
            "Dernier changement de téléphone : le jour de la demande.",
            "Last change of phone: on the day of the application.",
        ),
        (
            "occupation",
            "Drivers",
            "Profession déclarée : Conduite.",
            "Declared occupation: Drivers.",
        ),
        (
            "has_email",
            0.0,
            "La demande n'indique pas d'adresse électronique.",
            "The application does not give an email address.",
        ),
        (
            "home_city_differs_work",
            1.0,
            "La ville du domicile n'est pas celle du travail.",
            "The city of the home is not that of the workplace.",
        ),
        (
            "bureau_requests_week_count",
            2.0,
            "Consultations du bureau de crédit la dernière semaine, hors dernier jour : 2.",
            "Credit bureau enquiries in the last week, last day left out: 2.",
        ),
    ],
)
def test_sentences_read_as_a_person_would_say_them(
    item: str, value: float | str | None, fr: str, en: str
) -> None:
    """Figures, units and periods stand in the sentence as each language writes them."""
    fact = FACTS[item]
    assert fact.sentence({item: value}, "fr") == fr
    assert fact.sentence({item: value}, "en") == en


@pytest.mark.parametrize(
    ("item", "total"),
    [
        ("contacts_count", len(form.PHONES)),
        ("documents_count", len(form.DOCUMENTS)),
        ("address_mismatch_count", len(form.MISMATCHES)),
    ],
)
def test_totals_are_those_of_the_form(item: str, total: int) -> None:
    """A count said out of a total is said out of the columns that are counted."""
    assert f"{{value}} sur {total}." in FACTS[item].known.fr
    assert f"{{value}} of {total}." in FACTS[item].known.en


def test_a_refused_category_is_not_said_to_be_unknown() -> None:
    """A source of income that policy leaves out may be known: the sentence leaves room for it."""
    assert set(APPLICATIONS["income_type"].categories) > set(
        next(f for f in form.DECLARED.features if f.name == "income_type").categories
    )
    said = FACTS["income_type"].sentence({"income_type": None}, "en")
    assert said == "The source of income is not known, or not taken into account."


def test_no_car_is_said_rather_than_an_age_not_known() -> None:
    """The age of a car that is not there is not a gap in the file."""
    age = FACTS["car_age_years"]
    assert age.sentence({"car_age_years": None, "owns_car": 0.0}, "en") == "No car is declared."
    said = age.sentence({"car_age_years": None, "owns_car": 1.0}, "en")
    assert said == "Age of the car: not known."

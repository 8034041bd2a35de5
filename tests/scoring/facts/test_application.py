"""What is said of the form: external scores, situation, contact details and documents."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features import application as form
from features.tables import APPLICATIONS
from scoring.facts.application import FACTS
from scoring.facts.declare import Fact
from tests.scoring.facts.checking import (
    check_declaration,
    check_said,
    not_in_the_catalogue,
    protected,
    values_of,
)

BY_ITEM = {fact.item: fact for fact in FACTS}


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.item)
def test_both_languages_declare_the_same(fact: Fact) -> None:
    """The two languages of a fact leave the same places for the same figures."""
    check_declaration(fact)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.item)
@settings(max_examples=30)
@given(data=st.data())
def test_what_is_said_follows_from_the_values(fact: Fact, data: st.DataObject) -> None:
    """Known, zero and missing values each choose their sentence, short and whole."""
    check_said(fact, data.draw(values_of(fact)))


def test_facts_are_about_features_that_may_be_read() -> None:
    """Each item is stated once, exists, and neither is nor reads a protected attribute."""
    assert len(BY_ITEM) == len(FACTS)
    assert not not_in_the_catalogue(FACTS)
    assert not protected(FACTS)


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
    fact = BY_ITEM[item]
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
    assert f"{{value}} sur {total}." in BY_ITEM[item].known.fr
    assert f"{{value}} of {total}." in BY_ITEM[item].known.en


def test_a_refused_category_is_not_said_to_be_unknown() -> None:
    """A source of income that policy leaves out may be known: the sentence leaves room for it."""
    assert set(APPLICATIONS["income_type"].categories) > set(
        next(f for f in form.DECLARED.features if f.name == "income_type").categories
    )
    said = BY_ITEM["income_type"].sentence({"income_type": None}, "en")
    assert said == "The source of income is not known, or not taken into account."


def test_no_car_is_said_rather_than_an_age_not_known() -> None:
    """The age of a car that is not there is not a gap in the file."""
    age = BY_ITEM["car_age_years"]
    assert age.sentence({"car_age_years": None, "owns_car": 0.0}, "en") == "No car is declared."
    said = age.sentence({"car_age_years": None, "owns_car": 1.0}, "en")
    assert said == "Age of the car: not known."

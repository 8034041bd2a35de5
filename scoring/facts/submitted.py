"""Facts of what came with the form: contacts, documents, addresses, credit bureau enquiries."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.facts.declare import Fact, fact
from scoring.facts.shapes import column


def _given(item: str, fr: str, no_fr: str, en: str) -> Fact:
    """Declare whether a means of contact came with the application."""
    return column(
        item,
        "contact",
        "flag",
        (f"La demande indique {fr}.", f"The application gives {en}."),
        (f"La demande n'indique pas {no_fr}.", f"The application does not give {en}."),
    )


def _document(number: int) -> Fact:
    return column(
        f"document_{number}",
        "documents",
        "flag",
        (f"La pièce n° {number} a été fournie.", f"Document no. {number} was given."),
        (f"La pièce n° {number} n'a pas été fournie.", f"Document no. {number} was not given."),
    )


def _addresses() -> Iterator[Fact]:
    """Declare the six comparisons of addresses: two areas, three pairs of places."""
    for area, area_fr, area_en in (("region", "région", "region"), ("city", "ville", "city")):
        for item, one_fr, other_fr, one_en, other_en in (
            (
                "registered_{}_differs_home",
                "d'inscription",
                "du domicile",
                "registration",
                "the home",
            ),
            (
                "registered_{}_differs_work",
                "d'inscription",
                "du travail",
                "registration",
                "the workplace",
            ),
            ("home_{}_differs_work", "du domicile", "du travail", "the home", "the workplace"),
        ):
            yield column(
                item.format(area),
                "address",
                "flag",
                (
                    f"La {area_fr} {one_fr} n'est pas celle {other_fr}.",
                    f"The {area_en} of {one_en} is not that of {other_en}.",
                ),
                (
                    f"La {area_fr} {one_fr} est celle {other_fr}.",
                    f"The {area_en} of {one_en} is that of {other_en}.",
                ),
            )


def _enquiries(window: str, fr: str, en: str) -> Fact:
    """Declare the enquiries of a window; each raw one leaves the shorter ones out, and says so."""
    return fact(
        f"bureau_requests_{window}count",
        "bureau_requests",
        "count",
        known=(
            f"Consultations du bureau de crédit {fr} : {{value}}.",
            f"Credit bureau enquiries {en}: {{value}}.",
        ),
        none=(
            f"Aucune consultation du bureau de crédit {fr}.",
            f"No credit bureau enquiry {en}.",
        ),
        unknown=(
            "Le nombre de consultations du bureau de crédit n'est pas connu.",
            "The number of credit bureau enquiries is not known.",
        ),
    )


FACTS: tuple[Fact, ...] = (
    _given(
        "has_employer_phone",
        "un téléphone professionnel",
        "de téléphone professionnel",
        "an employer phone",
    ),
    _given(
        "has_work_phone",
        "un téléphone fixe au travail",
        "de téléphone fixe au travail",
        "a landline at work",
    ),
    _given(
        "has_home_phone",
        "un téléphone fixe au domicile",
        "de téléphone fixe au domicile",
        "a landline at home",
    ),
    _given("has_email", "une adresse électronique", "d'adresse électronique", "an email address"),
    column(
        "mobile_reachable",
        "contact",
        "flag",
        ("Le téléphone mobile a pu être joint.", "The mobile phone could be reached."),
        ("Le téléphone mobile n'a pas pu être joint.", "The mobile phone could not be reached."),
    ),
    fact(
        "contacts_count",
        "contact",
        "count",
        known=(
            "Moyens de contact fournis, hors mobile : {value} sur 4.",
            "Means of contact given, besides the mobile phone: {value} of 4.",
        ),
        none=(
            "Aucun moyen de contact n'est fourni, hors mobile.",
            "No means of contact is given, besides the mobile phone.",
        ),
        unknown=(
            "Le nombre de moyens de contact n'est pas connu.",
            "The number of means of contact is not known.",
        ),
    ),
    fact(
        "documents_count",
        "documents",
        "count",
        known=(
            "Pièces facultatives fournies : {value} sur 20.",
            "Optional documents given: {value} of 20.",
        ),
        none=("Aucune pièce facultative n'est fournie.", "No optional document is given."),
        unknown=(
            "Le nombre de pièces fournies n'est pas connu.",
            "The number of documents given is not known.",
        ),
    ),
    *map(_document, (3, 5, 6, 8, 16, 18)),
    fact(
        "missing_items_count",
        "documents",
        "count",
        known=(
            "Informations principales du dossier non connues : {value}.",
            "Main items of information that are not known: {value}.",
        ),
        none=(
            "Toutes les informations principales du dossier sont connues.",
            "All main items of information are known.",
        ),
        unknown=(
            "Le nombre d'informations manquantes n'est pas connu.",
            "The number of missing items of information is not known.",
        ),
    ),
    *_addresses(),
    fact(
        "address_mismatch_count",
        "address",
        "count",
        known=(
            "Comparaisons d'adresses qui diffèrent : {value} sur 6.",
            "Comparisons of addresses that differ: {value} of 6.",
        ),
        none=(
            "Les six comparaisons d'adresses concordent.",
            "All six comparisons of addresses agree.",
        ),
        unknown=(
            "Les comparaisons d'adresses ne sont pas connues.",
            "The comparisons of addresses are not known.",
        ),
    ),
    _enquiries(
        "day_", "le dernier jour, hors dernière heure", "in the last day, last hour left out"
    ),
    _enquiries(
        "week_", "la dernière semaine, hors dernier jour", "in the last week, last day left out"
    ),
    _enquiries(
        "month_", "le dernier mois, hors dernière semaine", "in the last month, last week left out"
    ),
    _enquiries(
        "quarter_",
        "le dernier trimestre, hors dernier mois",
        "in the last quarter, last month left out",
    ),
    _enquiries(
        "year_",
        "la dernière année, hors dernier trimestre",
        "in the last year, last quarter left out",
    ),
    _enquiries("", "sur un an", "over one year"),
    _enquiries("recent_", "sur un mois", "over one month"),
)

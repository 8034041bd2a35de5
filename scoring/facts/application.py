"""Facts of the form: what external bodies say, the client's situation, what came with the file."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.facts import request
from scoring.facts.declare import Fact, absence, fact
from scoring.facts.request import NO_HOUSEHOLD
from scoring.facts.shapes import column, since


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


EXTERNAL_SCORES = (
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

SITUATION = (
    fact(
        "employment_days",
        "employment",
        "since_days",
        known=("Emploi actuel occupé depuis {value}.", "Current job held for {value}."),
        none=(
            "Emploi actuel commencé le jour de la demande.",
            "Current job begun on the day of the application.",
        ),
        unknown=(
            "Aucune date d'embauche dans un emploi actuel n'est connue.",
            "No start date of a current job is known.",
        ),
    ),
    fact(
        "without_current_job",
        "employment",
        "flag",
        known=(
            "Aucune date d'embauche dans un emploi actuel n'est connue.",
            "No start date of a current job is known.",
        ),
        none=(
            "La date d'embauche dans l'emploi actuel est connue.",
            "The start date of the current job is known.",
        ),
        unknown=(
            "La présence d'un emploi actuel n'est pas connue.",
            "Whether there is a current job is not known.",
        ),
    ),
    fact(
        "income_type",
        "employment",
        "word",
        known=("Source de revenu déclarée : {value}.", "Declared source of income: {value}."),
        # One category is refused by policy and taken as missing: it may well be known.
        unknown=(
            "La source de revenu n'est pas connue, ou n'est pas prise en compte.",
            "The source of income is not known, or not taken into account.",
        ),
    ),
    column(
        "occupation",
        "occupation",
        "word",
        ("Profession déclarée : {value}.", "Declared occupation: {value}."),
    ),
    column(
        "employer_type",
        "occupation",
        "word",
        ("Secteur de l'employeur déclaré : {value}.", "Declared sector of the employer: {value}."),
    ),
    column(
        "education",
        "education",
        "word",
        ("Niveau d'études déclaré : {value}.", "Declared education level: {value}."),
    ),
    column(
        "children_count",
        "household",
        "count",
        ("Enfants à charge déclarés : {value}.", "Declared dependent children: {value}."),
        ("Aucun enfant à charge n'est déclaré.", "No dependent child is declared."),
    ),
    column(
        "family_members_count",
        "household",
        "count",
        (
            "Personnes déclarées dans le foyer : {value}.",
            "Declared people in the household: {value}.",
        ),
    ),
    fact(
        "children_to_family",
        "household",
        "percent",
        known=(
            "Enfants parmi les personnes du foyer : {children} sur {people} ({value}).",
            "Children among the people in the household: {children} of {people} ({value}).",
        ),
        none=("Aucun enfant à charge n'est déclaré.", "No dependent child is declared."),
        unknown=(
            "La part d'enfants dans le foyer n'est pas connue.",
            "The share of children in the household is not known.",
        ),
        absences=(NO_HOUSEHOLD,),
        reads={"children": "children_count", "people": "family_members_count"},
    ),
    column(
        "housing_type",
        "housing",
        "word",
        ("Type de logement déclaré : {value}.", "Declared type of housing: {value}."),
    ),
    column(
        "owns_realty",
        "housing",
        "flag",
        ("La propriété d'un logement est déclarée.", "Owning a home is declared."),
        ("Aucune propriété d'un logement n'est déclarée.", "Owning a home is not declared."),
    ),
    column(
        "owns_car",
        "assets",
        "flag",
        ("Une voiture est déclarée.", "A car is declared."),
        ("Aucune voiture n'est déclarée.", "No car is declared."),
    ),
    column(
        "car_age_years",
        "assets",
        "years",
        ("Âge déclaré de la voiture : {value}.", "Declared age of the car: {value}."),
        None,
        absence("owns_car", "zero", "Aucune voiture n'est déclarée.", "No car is declared."),
    ),
    since(
        "registration_days",
        "stability",
        (
            "Dernière modification de l'inscription administrative",
            "Last change of the official registration",
        ),
    ),
    since(
        "identity_document_days",
        "stability",
        ("Dernier changement de pièce d'identité", "Last change of identity document"),
    ),
    since(
        "phone_change_days",
        "stability",
        ("Dernier changement de téléphone", "Last change of phone"),
    ),
    since(
        "latest_change_days",
        "stability",
        (
            "Dernier changement d'inscription, de pièce d'identité ou de téléphone",
            "Last change of registration, identity document or phone",
        ),
    ),
)


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


FILE = (
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

FACTS: tuple[Fact, ...] = (*EXTERNAL_SCORES, *request.FACTS, *SITUATION, *FILE)
"""The facts of the form and of what is asked, in the order a grid lists them."""

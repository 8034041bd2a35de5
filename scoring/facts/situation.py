"""Facts of the client's situation as declared: work, household, home, goods, recent changes."""

from __future__ import annotations

from scoring.facts.declare import Fact, absence, fact
from scoring.facts.shapes import column, since
from scoring.facts.subjects import NO_HOUSEHOLD

FACTS: tuple[Fact, ...] = (
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
        ("Un logement en propriété est déclaré.", "A home of one's own is declared."),
        ("Aucun logement en propriété n'est déclaré.", "No home of one's own is declared."),
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

"""The application itself: what the client asks for and declares, and what follows from it.

Every column of the form is a feature unless the policy denies it or it says nothing new. The
derived ones put amounts in proportion: to the income, to the goods, to the time worked or lived.
They are recomputed for each request, so that a simulation changes them too.
"""

from __future__ import annotations

from features.declare import RAISES_RISK, Declarations, Direction, Expr, Namespace
from features.policy import policy
from features.tables import APPLICATIONS

APPLICATION = Declarations("applications")
feature = APPLICATION.feature

DIRECTIONS: dict[str, Direction] = {
    "amount_credit": RAISES_RISK,
    "region_rating": RAISES_RISK,
    "region_city_rating": RAISES_RISK,
    "circle_default_30_count": RAISES_RISK,
    "circle_default_60_count": RAISES_RISK,
}
"""What is known beforehand about a raw column: it holds for the model, and a test checks it."""

ACTIONABLE = ("amount_credit", "annuity", "goods_price", "income_total")
"""What a client can change: the amount, the term through the instalment, the down payment
through the price of the goods, the income once proven."""

RARE_DOCUMENTS = tuple(f"document_{n}" for n in (2, 4, 7, 10, 12, 17, 19, 20, 21))
SAYS_NOTHING_NEW = {
    "has_mobile": "given by every client",
    **dict.fromkeys(RARE_DOCUMENTS, "given by fewer than one client in a thousand"),
    **{
        column.name: "differs from the building's average by rounding"
        for column in APPLICATIONS.columns
        if column.group == "building"
        and column.name.endswith(("_mode", "_median"))
        and column.name != "total_area_mode"
    },
    **dict.fromkeys(("external_score_1", "external_score_2", "external_score_3"), "own module"),
}
"""Raw columns that are not features of this module, each with the reason."""

RAW = tuple(
    column
    for column in APPLICATIONS.columns
    if column.kind not in {"id", "target"}
    and policy().allows(column.name)
    and column.name not in SAYS_NOTHING_NEW
)
for _column in RAW:
    APPLICATION.as_it_is(
        _column,
        direction=DIRECTIONS.get(_column.name, 0),
        actionable=_column.name in ACTIONABLE,
        denied_categories=policy().categories_denied_in(_column.name),
    )


@feature(
    group="affordability",
    unit="ratio",
    direction=RAISES_RISK,
    actionable=True,
    label=("Mensualité rapportée au revenu", "Instalment to income"),
)
def instalment_to_income(x: Namespace) -> Expr:
    """Annuity divided by total income; missing when the income is zero or missing."""
    return x.col("annuity") / x.col("income_total")


@feature(
    group="affordability",
    unit="ratio",
    direction=RAISES_RISK,
    actionable=True,
    label=("Crédit rapporté au revenu", "Credit to income"),
)
def credit_to_income(x: Namespace) -> Expr:
    """Credit amount divided by total income."""
    return x.col("amount_credit") / x.col("income_total")


@feature(
    group="affordability",
    unit="ratio",
    actionable=True,
    label=("Prix du bien rapporté au revenu", "Price of the goods to income"),
)
def goods_to_income(x: Namespace) -> Expr:
    """Price of the goods divided by total income."""
    return x.col("goods_price") / x.col("income_total")


@feature(
    group="affordability",
    unit="amount",
    label=("Revenu une fois la mensualité ôtée", "Income less the instalment"),
)
def income_less_instalment(x: Namespace) -> Expr:
    """Total income minus the annuity, both as declared."""
    return x.col("income_total") - x.col("annuity")


@feature(
    group="affordability",
    unit="amount",
    label=("Revenu par personne du foyer", "Income per person in the household"),
)
def income_per_person(x: Namespace) -> Expr:
    """Total income divided by the number of people in the household."""
    return x.col("income_total") / x.col("family_members_count")


@feature(
    group="affordability",
    unit="ratio",
    direction=RAISES_RISK,
    label=(
        "Mensualité rapportée au revenu par personne",
        "Instalment to income per person",
    ),
)
def instalment_to_income_per_person(x: Namespace) -> Expr:
    """Annuity times the household's size, divided by total income."""
    return x.col("annuity") * x.col("family_members_count") / x.col("income_total")


@feature(
    group="affordability",
    unit="amount",
    label=("Crédit par personne du foyer", "Credit per person in the household"),
)
def credit_per_person(x: Namespace) -> Expr:
    """Credit amount divided by the number of people in the household."""
    return x.col("amount_credit") / x.col("family_members_count")


@feature(
    group="loan",
    unit="months",
    label=("Durée implicite du crédit", "Implied term of the credit"),
)
def implied_term_months(x: Namespace) -> Expr:
    """Credit amount divided by the annuity: months needed without interest."""
    return x.col("amount_credit") / x.col("annuity")


@feature(
    group="loan",
    unit="ratio",
    label=("Mensualité rapportée au prix du bien", "Instalment to price of the goods"),
)
def instalment_to_goods(x: Namespace) -> Expr:
    """Annuity divided by the price of the goods."""
    return x.col("annuity") / x.col("goods_price")


@feature(
    group="loan",
    unit="ratio",
    direction=RAISES_RISK,
    actionable=True,
    label=("Crédit rapporté au prix du bien", "Credit to price of the goods"),
)
def credit_to_goods(x: Namespace) -> Expr:
    """Credit amount divided by the price of the goods; above one, fees or insurance are added."""
    return x.col("amount_credit") / x.col("goods_price")


@feature(
    group="loan",
    unit="amount",
    direction=RAISES_RISK,
    actionable=True,
    label=("Crédit au-delà du prix du bien", "Credit beyond the price of the goods"),
)
def credit_beyond_goods(x: Namespace) -> Expr:
    """Credit amount minus the price of the goods; negative when there is a down payment."""
    return x.col("amount_credit") - x.col("goods_price")


@feature(
    group="loan",
    unit="share",
    direction=RAISES_RISK,
    label=("Frais ajoutés rapportés à la mensualité", "Added fees relative to the instalment"),
)
def credit_beyond_goods_to_instalment(x: Namespace) -> Expr:
    """Credit beyond the price of the goods, in number of instalments."""
    return (x.col("amount_credit") - x.col("goods_price")) / x.col("annuity")


@feature(
    group="employment",
    unit="ratio",
    label=("Part de la vie passée dans l'emploi actuel", "Share of life spent in the current job"),
)
def employment_to_age(x: Namespace) -> Expr:
    """Days in the current job divided by days lived."""
    return x.col("employment_days") / x.col("birth_days")


@feature(
    group="employment",
    unit="years",
    label=("Âge à l'embauche", "Age when hired"),
)
def age_when_hired_years(x: Namespace) -> Expr:
    """Age in years when the current job began."""
    return (x.col("employment_days") - x.col("birth_days")) / 365.25


@feature(
    group="employment",
    unit="flag",
    label=("Sans emploi en cours", "No current job"),
)
def without_current_job(x: Namespace) -> Expr:
    """1 when no current job is declared (retired people included), 0 otherwise."""
    return x.col("employment_days").is_null().cast(x.Float64)


@feature(
    group="income",
    unit="amount",
    label=("Revenu rapporté à l'âge", "Income relative to age"),
)
def income_per_year_of_age(x: Namespace) -> Expr:
    """Total income divided by age in years."""
    return x.col("income_total") * -365.25 / x.col("birth_days")


@feature(
    group="income",
    unit="amount",
    label=("Revenu rapporté à l'ancienneté", "Income relative to time in job"),
)
def income_per_year_in_job(x: Namespace) -> Expr:
    """Total income divided by years in the current job."""
    return x.col("income_total") * -365.25 / x.col("employment_days")


@feature(
    group="loan",
    unit="amount",
    label=("Crédit rapporté à l'ancienneté", "Credit relative to time in job"),
)
def credit_per_year_in_job(x: Namespace) -> Expr:
    """Credit amount divided by years in the current job."""
    return x.col("amount_credit") * -365.25 / x.col("employment_days")


@feature(
    group="loan",
    unit="ratio",
    label=("Mensualité rapportée à l'âge", "Instalment relative to age"),
)
def instalment_per_year_of_age(x: Namespace) -> Expr:
    """Annuity divided by age in years."""
    return x.col("annuity") * -365.25 / x.col("birth_days")


@feature(
    group="age",
    unit="years",
    label=("Âge prévu à la fin du crédit", "Age when the credit ends"),
)
def age_at_end_years(x: Namespace) -> Expr:
    """Age in years plus the implied term of the credit."""
    return x.col("birth_days") / -365.25 + x.col("amount_credit") / x.col("annuity") / 12.0


@feature(
    group="stability",
    unit="ratio",
    label=("Ancienneté de l'inscription rapportée à l'âge", "Registration age relative to age"),
)
def registration_to_age(x: Namespace) -> Expr:
    """Days since the registration changed divided by days lived."""
    return x.col("registration_days") / x.col("birth_days")


@feature(
    group="stability",
    unit="ratio",
    label=("Ancienneté des papiers rapportée à l'âge", "Identity papers' age relative to age"),
)
def identity_document_to_age(x: Namespace) -> Expr:
    """Days since the identity document changed divided by days lived."""
    return x.col("identity_document_days") / x.col("birth_days")


@feature(
    group="stability",
    unit="years",
    label=("Âge au dernier changement de papiers", "Age when the papers last changed"),
)
def age_at_identity_document_years(x: Namespace) -> Expr:
    """Age in years when the identity document last changed."""
    return (x.col("identity_document_days") - x.col("birth_days")) / 365.25


@feature(
    group="stability",
    unit="ratio",
    label=("Ancienneté du téléphone rapportée à l'âge", "Phone number's age relative to age"),
)
def phone_change_to_age(x: Namespace) -> Expr:
    """Days since the phone changed divided by days lived."""
    return x.col("phone_change_days") / x.col("birth_days")


@feature(
    group="stability",
    unit="ratio",
    label=(
        "Ancienneté du téléphone rapportée à l'emploi",
        "Phone number's age relative to time in job",
    ),
)
def phone_change_to_employment(x: Namespace) -> Expr:
    """Days since the phone changed divided by days in the current job."""
    return x.col("phone_change_days") / x.col("employment_days")


@feature(
    group="stability",
    unit="days",
    label=("Changement le plus récent", "Most recent change"),
)
def latest_change_days(x: Namespace) -> Expr:
    """The latest of the changes of registration, identity document and phone, in days (<= 0)."""
    return x.max_horizontal(
        x.col("registration_days"), x.col("identity_document_days"), x.col("phone_change_days")
    )


@feature(
    group="assets",
    unit="ratio",
    label=("Âge de la voiture rapporté à l'âge", "Car's age relative to age"),
)
def car_age_to_age(x: Namespace) -> Expr:
    """Age of the car divided by the age of the client."""
    return x.col("car_age_years") * -365.25 / x.col("birth_days")


@feature(
    group="assets",
    unit="ratio",
    label=("Âge de la voiture rapporté à l'ancienneté", "Car's age relative to time in job"),
)
def car_age_to_employment(x: Namespace) -> Expr:
    """Age of the car divided by the years in the current job."""
    return x.col("car_age_years") * -365.25 / x.col("employment_days")


@feature(
    group="household",
    unit="ratio",
    label=("Part d'enfants dans le foyer", "Share of children in the household"),
)
def children_to_family(x: Namespace) -> Expr:
    """Children divided by people in the household."""
    return x.col("children_count") / x.col("family_members_count")


def _total(x: Namespace, names: tuple[str, ...]) -> Expr:
    return x.sum_horizontal(*[x.col(name) for name in names])


DOCUMENTS = tuple(f"document_{n}" for n in range(2, 22))
PHONES = ("has_employer_phone", "has_work_phone", "has_home_phone", "has_email")
MISMATCHES = tuple(column.name for column in APPLICATIONS.columns if column.group == "address")
REQUESTS = tuple(c.name for c in APPLICATIONS.columns if c.group == "bureau_requests")
BUILDING = tuple(c.name for c in RAW if c.group == "building" and c.kind == "number")


@feature(
    group="documents",
    unit="count",
    label=("Nombre de pièces fournies", "Documents given"),
)
def documents_count(x: Namespace) -> Expr:
    """How many of the twenty optional documents were given."""
    return _total(x, DOCUMENTS)


@feature(
    group="contact",
    unit="count",
    label=("Nombre de moyens de contact", "Means of contact given"),
)
def contacts_count(x: Namespace) -> Expr:
    """How many means of contact were given besides the mobile phone."""
    return _total(x, PHONES)


@feature(
    group="address",
    unit="count",
    label=("Nombre d'adresses discordantes", "Addresses that disagree"),
)
def address_mismatch_count(x: Namespace) -> Expr:
    """How many of the six comparisons of addresses disagree."""
    return _total(x, MISMATCHES)


@feature(
    group="building",
    unit="count",
    label=("Informations manquantes sur l'immeuble", "Missing items about the building"),
)
def building_missing_count(x: Namespace) -> Expr:
    """How many measures of the building are missing."""
    return x.sum_horizontal(*[x.col(name).is_null().cast(x.Float64) for name in BUILDING])


@feature(
    group="building",
    unit="index",
    label=("Immeuble : moyenne des mesures", "Building: average of its measures"),
)
def building_mean(x: Namespace) -> Expr:
    """Mean of the building's measures that are known."""
    return x.mean_horizontal(*[x.col(name) for name in BUILDING])


@feature(
    group="bureau_requests",
    unit="count",
    label=(
        "Consultations du bureau de crédit : total sur un an",
        "Credit bureau enquiries: total over a year",
    ),
)
def bureau_requests_count(x: Namespace) -> Expr:
    """Requests to the credit bureau over a year, all windows added (they do not overlap)."""
    known = x.col(REQUESTS[0]).is_not_null()
    return x.when(known).then(_total(x, REQUESTS))


@feature(
    group="bureau_requests",
    unit="count",
    label=(
        "Consultations du bureau de crédit : dernier mois",
        "Credit bureau enquiries: last month",
    ),
)
def bureau_requests_recent_count(x: Namespace) -> Expr:
    """Requests to the credit bureau in the last month, the shorter windows included."""
    known = x.col(REQUESTS[0]).is_not_null()
    return x.when(known).then(_total(x, REQUESTS[:4]))


@feature(
    group="social_circle",
    unit="share",
    label=("Part de défauts dans l'entourage (30 jours)", "Default share in the circle (30 days)"),
)
def circle_default_30_share(x: Namespace) -> Expr:
    """Defaults seen in the social circle divided by the people observed there, at 30 days."""
    return x.col("circle_default_30_count") / x.col("circle_observed_30_count")


@feature(
    group="social_circle",
    unit="share",
    label=("Part de défauts dans l'entourage (60 jours)", "Default share in the circle (60 days)"),
)
def circle_default_60_share(x: Namespace) -> Expr:
    """Defaults seen in the social circle divided by the people observed there, at 60 days."""
    return x.col("circle_default_60_count") / x.col("circle_observed_60_count")


@feature(
    group="documents",
    unit="count",
    label=("Nombre d'informations manquantes", "Missing items of information"),
)
def missing_items_count(x: Namespace) -> Expr:
    """How many of the form's main items are missing: scores, job, car, home, phone, enquiries."""
    items = ("external_score_1", "external_score_3", "employment_days", "car_age_years",
             "goods_price", "total_area_mode", REQUESTS[0], "circle_observed_30_count")  # fmt: skip
    return x.sum_horizontal(*[x.col(name).is_null().cast(x.Float64) for name in items])

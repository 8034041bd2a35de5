"""The application itself: the form as the client filled it, and what it lacks.

Every column of the form is a feature unless the policy denies it or it says nothing new. A few
counts and means sum up the long lists of the form: documents, phones, addresses.
"""

from __future__ import annotations

from features.engine.declare import Declarations
from features.engine.namespace import LOWERS_RISK, RAISES_RISK, Direction, Expr, Namespace
from features.policy import policy
from features.raw.tables import APPLICATIONS

DECLARED = Declarations("applications")
feature = DECLARED.feature

DIRECTIONS: dict[str, Direction] = {
    "income_total": LOWERS_RISK,
    "amount_credit": RAISES_RISK,
    "annuity": RAISES_RISK,
    "goods_price": RAISES_RISK,
}
"""What is known beforehand about a raw column: it holds for the model, and a test checks it."""

ACTIONABLE = ("amount_credit", "annuity", "goods_price", "income_total")
"""What a client can change: the amount, the term through the instalment, the down payment
through the price of the goods, the income once proven."""

RARE_DOCUMENTS = tuple(f"document_{n}" for n in (2, 4, 7, 10, 12, 17, 19, 20, 21))
SAYS_NOTHING_NEW = {
    "has_mobile": "given by every client",
    **dict.fromkeys(RARE_DOCUMENTS, "given by fewer than one client in a thousand"),
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
    DECLARED.as_it_is(
        _column,
        direction=DIRECTIONS.get(_column.name, 0),
        actionable=_column.name in ACTIONABLE,
        denied_categories=policy().categories_denied_in(_column.name),
    )


def _total(x: Namespace, names: tuple[str, ...]) -> Expr:
    """Return the sum of what is known; missing, not zero, when nothing is."""
    values = [x.col(name) for name in names]
    return x.when(~x.max_horizontal(*values).is_null()).then(x.sum_horizontal(*values))


DOCUMENTS = tuple(f"document_{n}" for n in range(2, 22))
PHONES = ("has_employer_phone", "has_work_phone", "has_home_phone", "has_email")
MISMATCHES = tuple(column.name for column in APPLICATIONS.columns if column.group == "address")
REQUESTS = tuple(c.name for c in APPLICATIONS.columns if c.group == "bureau_requests")


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
    group="bureau_requests",
    unit="count",
    label=(
        "Consultations du bureau de crédit : total sur un an",
        "Credit bureau enquiries: total over a year",
    ),
)
def bureau_requests_count(x: Namespace) -> Expr:
    """Requests to the credit bureau over a year, all windows added (they do not overlap)."""
    return _total(x, REQUESTS)


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
    return _total(x, REQUESTS[:4])


@feature(
    group="documents",
    unit="count",
    label=("Nombre d'informations manquantes", "Missing items of information"),
)
def missing_items_count(x: Namespace) -> Expr:
    """How many of the form's main items are missing: scores, job, car, goods, enquiries."""
    items = ("external_score_1", "external_score_3", "employment_days", "car_age_years",
             "goods_price", REQUESTS[0])  # fmt: skip
    return x.sum_horizontal(*[x.col(name).is_null().cast(x.Float64) for name in items])

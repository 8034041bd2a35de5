"""What sentences about the form and the request claim, from the raw application."""

from __future__ import annotations

import math
import struct

from tests.truth.reading import ago, claim, known, minus, ratio, summed
from tests.truth.records import Client, Row, english_words, figure

WORDS = english_words()
SCORES = ("EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3")
NOT_TAKEN = {"NAME_INCOME_TYPE": {"Maternity leave"}}
"""Answers that policy leaves out: taken as not given, and the sentence says so."""
PLACES = {
    "region of registration is not that of the home": "REG_REGION_NOT_LIVE_REGION",
    "region of registration is not that of the workplace": "REG_REGION_NOT_WORK_REGION",
    "region of the home is not that of the workplace": "LIVE_REGION_NOT_WORK_REGION",
    "city of registration is not that of the home": "REG_CITY_NOT_LIVE_CITY",
    "city of registration is not that of the workplace": "REG_CITY_NOT_WORK_CITY",
    "city of the home is not that of the workplace": "LIVE_CITY_NOT_WORK_CITY",
}
GIVEN = {
    "an employer phone": "FLAG_EMP_PHONE",
    "a landline at work": "FLAG_WORK_PHONE",
    "a landline at home": "FLAG_PHONE",
    "an email address": "FLAG_EMAIL",
}
ENQUIRIES = [f"AMT_REQ_CREDIT_BUREAU_{unit}" for unit in ("HOUR", "DAY", "WEEK", "MON", "QRT")]
ENQUIRIES.append("AMT_REQ_CREDIT_BUREAU_YEAR")
WINDOWS = {
    "in the last day, last hour left out": ENQUIRIES[1:2],
    "in the last week, last day left out": ENQUIRIES[2:3],
    "in the last month, last week left out": ENQUIRIES[3:4],
    "in the last quarter, last month left out": ENQUIRIES[4:5],
    "in the last year, last quarter left out": ENQUIRIES[5:6],
    "over one year": ENQUIRIES,
    "over one month": ENQUIRIES[:4],
}
ADDRESS = list(PLACES.values())
DOCUMENTS = [f"FLAG_DOCUMENT_{number}" for number in range(2, 22)]
MAIN = ("EXT_SOURCE_1", "EXT_SOURCE_3", "DAYS_EMPLOYED", "OWN_CAR_AGE", "AMT_GOODS_PRICE",
        "AMT_REQ_CREDIT_BUREAU_HOUR")  # fmt: skip

FIGURES = {
    "Declared monthly income": "AMT_INCOME_TOTAL",
    "Monthly instalment requested": "AMT_ANNUITY",
    "Amount requested": "AMT_CREDIT",
    "Price of the goods to finance": "AMT_GOODS_PRICE",
}
UNKNOWN = {
    "Declared monthly income: not known": "AMT_INCOME_TOTAL",
    "The declared income is not known": "AMT_INCOME_TOTAL",
    "Monthly instalment: not known": "AMT_ANNUITY",
    "The instalment requested is not known": "AMT_ANNUITY",
    "Credit amount: not known": "AMT_CREDIT",
    "The amount requested is not known": "AMT_CREDIT",
    "Price of the goods financed: not known": "AMT_GOODS_PRICE",
    "The price of the goods is not known": "AMT_GOODS_PRICE",
    "The number of people in the household is not known": "CNT_FAM_MEMBERS",
    "People in the household: not known": "CNT_FAM_MEMBERS",
    "Children: not known": "CNT_CHILDREN",
    "Contract type: not known": "NAME_CONTRACT_TYPE",
    "The source of income is not known, or not taken into account": "NAME_INCOME_TYPE",
    "Occupation: not known": "OCCUPATION_TYPE",
    "Employer's sector: not known": "ORGANIZATION_TYPE",
    "Education level: not known": "NAME_EDUCATION_TYPE",
    "Housing type: not known": "NAME_HOUSING_TYPE",
    "Age of the car: not known": "OWN_CAR_AGE",
    "No start date of a current job is known": "DAYS_EMPLOYED",
    "Last change of phone: date not known": "DAYS_LAST_PHONE_CHANGE",
    "Last change of the official registration: date not known": "DAYS_REGISTRATION",
    "Last change of identity document: date not known": "DAYS_ID_PUBLISH",
}
DECLARED = {
    "Type of credit requested": "NAME_CONTRACT_TYPE",
    "Declared source of income": "NAME_INCOME_TYPE",
    "Declared occupation": "OCCUPATION_TYPE",
    "Declared sector of the employer": "ORGANIZATION_TYPE",
    "Declared education level": "NAME_EDUCATION_TYPE",
    "Declared type of housing": "NAME_HOUSING_TYPE",
}


def _any(names: object) -> str:
    return f"({'|'.join(names)})"  # type: ignore[arg-type]


def answer(form: Row, column: str) -> object:
    """Return an answer of the form as it is taken."""
    value = form[column]
    return None if value in NOT_TAKEN.get(column, ()) else value


@claim(rf"{_any(FIGURES)}: <A>")
def _amount(client: Client, what: str) -> float | None:
    return figure(client.form, FIGURES[what])


@claim(_any(UNKNOWN))
def _unknown(client: Client, what: str) -> bool:
    return answer(client.form, UNKNOWN[what]) is None


@claim(rf"{_any(DECLARED)}: <W>")
def _word(client: Client, what: str) -> str | None:
    value = answer(client.form, DECLARED[what])
    return None if value is None else WORDS.get(str(value), str(value))


@claim("The declared income is zero")
def _no_income(client: Client) -> bool:
    return bool(client.form["AMT_INCOME_TOTAL"] == 0)


OVER = {
    "The instalment takes <P> of the declared monthly income": ("AMT_ANNUITY", "AMT_INCOME_TOTAL"),
    "The credit requested is <N> months of declared income": ("AMT_CREDIT", "AMT_INCOME_TOTAL"),
    r"Time to repay at the instalment requested, without interest: <N>\u00a0months?": (
        "AMT_CREDIT", "AMT_ANNUITY"),
    "The instalment is <P> of the price of the goods": ("AMT_ANNUITY", "AMT_GOODS_PRICE"),
    "The price of the goods is <N> months of declared income": (
        "AMT_GOODS_PRICE", "AMT_INCOME_TOTAL"),
    "The credit requested is <P> of the price of the goods": ("AMT_CREDIT", "AMT_GOODS_PRICE"),
    "Declared monthly income per person in the household: <A>": (
        "AMT_INCOME_TOTAL", "CNT_FAM_MEMBERS"),
}  # fmt: skip
for _sentence, (_top, _bottom) in OVER.items():
    claim(_sentence)(lambda client, t=_top, b=_bottom: ratio(client.form[t], client.form[b]))


@claim("Declared monthly income less the instalment: <A>")
def _left(client: Client) -> float | None:
    return minus(client.form["AMT_INCOME_TOTAL"], client.form["AMT_ANNUITY"])


@claim("The instalment is <P> of the declared monthly income per person in the household")
def _to_income_per_person(client: Client) -> float | None:
    form = client.form
    return ratio(form["AMT_ANNUITY"], ratio(form["AMT_INCOME_TOTAL"], form["CNT_FAM_MEMBERS"]))


@claim("Credit requested less the price of the goods, in instalments: <N>")
def _beyond(client: Client) -> float | None:
    form = client.form
    return ratio(minus(form["AMT_CREDIT"], form["AMT_GOODS_PRICE"]), form["AMT_ANNUITY"])


@claim("The credit requested equals the price of the goods")
def _equals(client: Client) -> bool:
    return minus(client.form["AMT_CREDIT"], client.form["AMT_GOODS_PRICE"]) == 0


@claim(r"Score no\. (\d) from an external body: <N> \(out of 1\)")
def _score(client: Client, number: str) -> float | None:
    return figure(client.form, f"EXT_SOURCE_{number}")


@claim(
    r"Score no\. (\d) from an external body is not known",
    r"The external score no\. (\d) of comparable cases is not estimated",
)
def _no_score(client: Client, number: str) -> bool:
    return client.form[f"EXT_SOURCE_{number}"] is None


@claim(r"Comparable cases usually have an external score no\. (\d) of <N> \(out of 1\)")
def _comparable(client: Client, number: str) -> float | None:
    return client.expected[int(number) - 1]


@claim(r"External score no\. (\d) is not known; usually <N> \(out of 1\) in comparable cases")
def _instead(client: Client, number: str) -> float | None:
    is_known = client.form[f"EXT_SOURCE_{number}"] is not None
    return None if is_known else client.expected[int(number) - 1]


HOW = {"Average": "on average", "Lowest": "at the lowest", "Highest": "at the highest"}


@claim(r"(Average|Lowest|Highest) of the known scores from external bodies: <N> \(out of 1\)")
def _of_scores(client: Client, how: str) -> float | None:
    return summed(HOW[how], [client.form[name] for name in SCORES])


@claim(
    r"Average of the three external scores, unknown ones taken from comparable cases: <N> "
    r"\(out of 1\)"
)
def _all_scores(client: Client) -> float | None:
    own = zip((client.form[name] for name in SCORES), client.expected, strict=True)
    return sum(usual if score is None else score for score, usual in own) / 3


@claim("No score from an external body is known")
def _no_scores(client: Client) -> bool:
    return not known(client.form[name] for name in SCORES)


@claim("Scores from external bodies that are not known: <N> of 3")
def _unknown_scores(client: Client) -> float:
    return sum(client.form[name] is None for name in SCORES)


@claim("All three scores from external bodies are known")
def _every_score(client: Client) -> bool:
    return all(client.form[name] is not None for name in SCORES)


@claim("Current job held for <S>")
def _job(client: Client) -> float | None:
    return ago(client.form["DAYS_EMPLOYED"])


@claim("Current job begun on the day of the application")
def _job_today(client: Client) -> bool:
    return bool(client.form["DAYS_EMPLOYED"] == 0)


@claim("The start date of the current job is known")
def _job_known(client: Client) -> bool:
    return client.form["DAYS_EMPLOYED"] is not None


@claim("Declared dependent children: <N>")
def _children(client: Client) -> float | None:
    return figure(client.form, "CNT_CHILDREN")


@claim("No dependent child is declared")
def _no_child(client: Client) -> bool:
    return bool(client.form["CNT_CHILDREN"] == 0)


@claim("Declared people in the household: <N>")
def _people(client: Client) -> float | None:
    return figure(client.form, "CNT_FAM_MEMBERS")


@claim(r"Children among the people in the household: <N> of <N> \(<P>\)")
def _children_share(client: Client) -> tuple[float | None, ...]:
    some, among = client.form["CNT_CHILDREN"], client.form["CNT_FAM_MEMBERS"]
    return some, among, ratio(some, among)


@claim(r"Declared age of the car: <N>\u00a0years?")
def _car_age(client: Client) -> float | None:
    return figure(client.form, "OWN_CAR_AGE")


@claim("(A car is|No car is|A home of one's own is|No home of one's own is) declared")
def _owned(client: Client, what: str) -> bool:
    column = "FLAG_OWN_CAR" if "car" in what else "FLAG_OWN_REALTY"
    return bool(client.form[column] == ("N" if "No" in what or "not" in what else "Y"))


CHANGES = {
    "the official registration": ("DAYS_REGISTRATION",),
    "identity document": ("DAYS_ID_PUBLISH",),
    "phone": ("DAYS_LAST_PHONE_CHANGE",),
    "registration, identity document or phone": (
        "DAYS_REGISTRATION", "DAYS_ID_PUBLISH", "DAYS_LAST_PHONE_CHANGE"),
}  # fmt: skip


def _changed(client: Client, what: str) -> float | None:
    return summed("at the highest", [client.form[column] for column in CHANGES[what]])


@claim(rf"Last change of {_any(CHANGES)}: <S> ago")
def _change(client: Client, what: str) -> float | None:
    return ago(_changed(client, what))


@claim(rf"Last change of {_any(CHANGES)}: on the day of the application")
def _change_today(client: Client, what: str) -> bool:
    return _changed(client, what) == 0


@claim(rf"The application (gives|does not give) {_any(GIVEN)}")
def _given(client: Client, verb: str, what: str) -> bool:
    return bool(client.form[GIVEN[what]] == (1 if verb == "gives" else 0))


@claim("The mobile phone (could|could not) be reached")
def _reached(client: Client, verb: str) -> bool:
    return bool(client.form["FLAG_CONT_MOBILE"] == (1 if verb == "could" else 0))


@claim(r"Document no\. (\d+) (was|was not) given")
def _document(client: Client, number: str, verb: str) -> bool:
    return bool(client.form[f"FLAG_DOCUMENT_{number}"] == (1 if verb == "was" else 0))


def _counted(sentence: str, none: str, columns: list[str]) -> None:
    claim(sentence)(lambda client: sum(known(client.form[name] for name in columns)))
    claim(none)(lambda client: not any(known(client.form[name] for name in columns)))


_counted(
    "Means of contact given, besides the mobile phone: <N> of 4",
    "No means of contact is given, besides the mobile phone",
    list(GIVEN.values()),
)
_counted("Optional documents given: <N> of 20", "No optional document is given", DOCUMENTS)
_counted("Comparisons of addresses that differ: <N> of 6",
         "All six comparisons of addresses agree", ADDRESS)  # fmt: skip


@claim("Main items of information that are not known: <N>")
def _missing(client: Client) -> float:
    return sum(client.form[name] is None for name in MAIN)


@claim("All main items of information are known")
def _complete(client: Client) -> bool:
    return all(client.form[name] is not None for name in MAIN)


@claim(rf"The {_any(PLACES)}")
def _differs(client: Client, what: str) -> bool:
    return bool(client.form[PLACES[what]] == 1)


@claim("The ((?:region|city) of [a-z ]+ is) (that of the [a-z]+)")
def _agrees(client: Client, start: str, end: str) -> bool:
    return bool(client.form[PLACES[f"{start} not {end}"]] == 0)


@claim(rf"Credit bureau enquiries {_any(WINDOWS)}: <N>")
def _enquiries(client: Client, window: str) -> float | None:
    there = known(client.form[name] for name in WINDOWS[window])
    return sum(there) if there else None


@claim(rf"No credit bureau enquiry {_any(WINDOWS)}")
def _no_enquiry(client: Client, window: str) -> bool:
    return _enquiries(client, window) == 0


@claim("The number of credit bureau enquiries is not known")
def _unknown_enquiries(client: Client) -> bool:
    return not known(client.form[name] for name in ENQUIRIES)


INPUTS = {
    "education": lambda form: form["NAME_EDUCATION_TYPE"],
    "occupation": lambda form: form["OCCUPATION_TYPE"],
    "housing_type": lambda form: form["NAME_HOUSING_TYPE"],
    "income_type": lambda form: answer(form, "NAME_INCOME_TYPE"),
    "employer_type": lambda form: form["ORGANIZATION_TYPE"],
    "contract_type": lambda form: form["NAME_CONTRACT_TYPE"],
    "employment_days": lambda form: form["DAYS_EMPLOYED"],
    "registration_days": lambda form: form["DAYS_REGISTRATION"],
    "identity_document_days": lambda form: form["DAYS_ID_PUBLISH"],
    "phone_change_days": lambda form: form["DAYS_LAST_PHONE_CHANGE"],
    "car_age_years": lambda form: form["OWN_CAR_AGE"],
    "children_count": lambda form: form["CNT_CHILDREN"],
    "family_members_count": lambda form: form["CNT_FAM_MEMBERS"],
    "owns_realty": lambda form: float(form["FLAG_OWN_REALTY"] == "Y"),
    "owns_car": lambda form: float(form["FLAG_OWN_CAR"] == "Y"),
    "amount_credit": lambda form: form["AMT_CREDIT"],
    "annuity": lambda form: form["AMT_ANNUITY"],
    "goods_price": lambda form: form["AMT_GOODS_PRICE"],
    "income_total": lambda form: form["AMT_INCOME_TOTAL"],
    "instalment_to_goods": lambda form: ratio(form["AMT_ANNUITY"], form["AMT_GOODS_PRICE"]),
    "instalment_to_income": lambda form: ratio(form["AMT_ANNUITY"], form["AMT_INCOME_TOTAL"]),
    "credit_to_goods": lambda form: ratio(form["AMT_CREDIT"], form["AMT_GOODS_PRICE"]),
    "credit_to_income": lambda form: ratio(form["AMT_CREDIT"], form["AMT_INCOME_TOTAL"]),
    "goods_to_income": lambda form: ratio(form["AMT_GOODS_PRICE"], form["AMT_INCOME_TOTAL"]),
    "implied_term_months": lambda form: ratio(form["AMT_CREDIT"], form["AMT_ANNUITY"]),
    "income_per_person": lambda form: ratio(form["AMT_INCOME_TOTAL"], form["CNT_FAM_MEMBERS"]),
    "credit_per_person": lambda form: ratio(form["AMT_CREDIT"], form["CNT_FAM_MEMBERS"]),
    "income_less_instalment": lambda form: minus(form["AMT_INCOME_TOTAL"], form["AMT_ANNUITY"]),
    "credit_per_year_in_job": lambda form: _per_year(form["AMT_CREDIT"], form),
    "income_per_year_in_job": lambda form: _per_year(form["AMT_INCOME_TOTAL"], form),
    "car_age_to_employment": lambda form: _per_year(form["OWN_CAR_AGE"], form),
    "phone_change_to_employment": lambda form: ratio(
        form["DAYS_LAST_PHONE_CHANGE"], form["DAYS_EMPLOYED"]
    ),
    "children_to_family": lambda form: ratio(form["CNT_CHILDREN"], form["CNT_FAM_MEMBERS"]),
    "instalment_to_income_per_person": lambda form: ratio(
        form["AMT_ANNUITY"], ratio(form["AMT_INCOME_TOTAL"], form["CNT_FAM_MEMBERS"])
    ),
    "credit_beyond_goods_to_instalment": lambda form: ratio(
        minus(form["AMT_CREDIT"], form["AMT_GOODS_PRICE"]), form["AMT_ANNUITY"]
    ),
    "missing_items_count": lambda form: sum(form[name] is None for name in MAIN),
    "registered_region_differs_home": lambda form: form["REG_REGION_NOT_LIVE_REGION"],
    "registered_region_differs_work": lambda form: form["REG_REGION_NOT_WORK_REGION"],
    "home_region_differs_work": lambda form: form["LIVE_REGION_NOT_WORK_REGION"],
    "contacts_count": lambda form: sum(form[name] for name in GIVEN.values()),
    "documents_count": lambda form: sum(form[name] for name in DOCUMENTS),
    "address_mismatch_count": lambda form: sum(form[name] for name in ADDRESS),
    "registered_city_differs_home": lambda form: form["REG_CITY_NOT_LIVE_CITY"],
    "registered_city_differs_work": lambda form: form["REG_CITY_NOT_WORK_CITY"],
    "home_city_differs_work": lambda form: form["LIVE_CITY_NOT_WORK_CITY"],
    "has_home_phone": lambda form: form["FLAG_PHONE"],
    "has_work_phone": lambda form: form["FLAG_WORK_PHONE"],
    "has_employer_phone": lambda form: form["FLAG_EMP_PHONE"],
    "has_email": lambda form: form["FLAG_EMAIL"],
    "mobile_reachable": lambda form: form["FLAG_CONT_MOBILE"],
    "without_current_job": lambda form: float(form["DAYS_EMPLOYED"] is None),
    "latest_change_days": lambda form: summed(
        "at the highest",
        [form[name] for name in CHANGES["registration, identity document or phone"]],
    ),
    "bureau_requests_count": lambda form: _year(form, ENQUIRIES),
    "bureau_requests_recent_count": lambda form: _year(form, ENQUIRIES[:4]),
    **{
        f"bureau_requests_{window}_count": (lambda form, column=column: form[column])
        for window, column in zip(
            ("hour", "day", "week", "month", "quarter", "year"), ENQUIRIES, strict=True
        )
    },
    **{
        f"external_score_{number}": (lambda form, column=f"EXT_SOURCE_{number}": form[column])
        for number in (1, 2, 3)
    },
    **{
        f"document_{number}": (lambda form, column=f"FLAG_DOCUMENT_{number}": form[column])
        for number in range(2, 22)
    },
}
"""What estimates of external scores read, from the raw form."""


def _per_year(amount: float | None, form: Row) -> float | None:
    """Return an amount for each year of the current job."""
    days = form["DAYS_EMPLOYED"]
    return None if amount is None or not days else amount * -365.25 / days


def _year(form: Row, columns: list[str]) -> float | None:
    there = known(form[name] for name in columns)
    return sum(there) if there else None


def expected_scores(
    form: Row, grids: dict[str, dict], categories: dict[str, tuple[str, ...]]
) -> tuple[float, ...]:
    """Evaluate the three grids of ``estimates.json`` on a raw form: the usual external scores."""
    return tuple(
        _evaluated(form, grids[f"external_score_{number}"], categories) for number in (1, 2, 3)
    )


def _evaluated(form: Row, grid: dict, categories: dict[str, tuple[str, ...]]) -> float:
    total = grid["base"]
    for curve in grid["curves"]:
        value = INPUTS[curve["item"]](form)
        if curve["item"] in categories and value is not None:
            value = categories[curve["item"]].index(value)
        if value is None:
            total += curve["unknown"]
        else:  # the first step whose edge is not exceeded, the last one beyond all
            passed = sum(_single(float(value)) > edge for edge in curve["edges"])
            total += curve["effects"][passed]
    return 1.0 / (1.0 + math.exp(-total))


def _single(value: float) -> float:
    """Round to the precision in which a grid reads its items."""
    narrow: float = struct.unpack("f", struct.pack("f", value))[0]
    return narrow

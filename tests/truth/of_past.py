"""What sentences about past applications with us claim, from their raw rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.truth.reading import (
    ago,
    claim,
    counted,
    known,
    minus,
    ratio,
    share_of,
    share_of_all,
    summed,
)
from tests.truth.records import Client, Row, within

TYPES = {
    "a cash loan": "Cash loans",
    "a consumer loan": "Consumer loans",
    "a revolving credit": "Revolving loans",
}
SINCE = {"six months": 183, "year": 365, "two years": 730}
OUTCOMES = {
    "refused": "Refused",
    "that led to a credit": "Approved",
    "cancelled": "Canceled",
    "approved but not used": "Unused offer",
}
PART = (
    r"( for a (?:cash loan|consumer loan|revolving credit)| over the last (?:six months|year|two "
    r"years)| among the latest \(\d at most\)|)"
)
KINDS: dict[str, tuple[str, str]] = {
    "in the portfolio of shop purchases": ("NAME_PORTFOLIO", "POS"),
    "in the portfolio of cash loans": ("NAME_PORTFOLIO", "Cash"),
    "in the portfolio of cards": ("NAME_PORTFOLIO", "Cards"),
    "on the client's initiative": ("NAME_PRODUCT_TYPE", "walk-in"),
    "on the lender's offer": ("NAME_PRODUCT_TYPE", "x-sell"),
    "as a new client": ("NAME_CLIENT_TYPE", "New"),
    "as a known client": ("NAME_CLIENT_TYPE", "Repeater"),
    "as a returning client": ("NAME_CLIENT_TYPE", "Refreshed"),
    "payable in cash at the bank": ("NAME_PAYMENT_TYPE", "Cash through the bank"),
    "through the contact centre": ("CHANNEL_TYPE", "Contact center"),
    "in a credit and cash office": ("CHANNEL_TYPE", "Credit and cash offices"),
    "in a nationwide network": ("CHANNEL_TYPE", "Country-wide"),
    "in the high rate band": ("NAME_YIELD_GROUP", "high"),
    "in the middle rate band": ("NAME_YIELD_GROUP", "middle"),
    "in the low rate band": ("NAME_YIELD_GROUP", "low_normal"),
    "at a promotional rate": ("NAME_YIELD_GROUP", "low_action"),
}


def latest(rows: list[Row], count: int) -> list[Row]:
    """Return the latest applications, the greatest number first on one day."""
    order = sorted(rows, key=lambda row: (row["DAYS_DECISION"], row["SK_ID_PREV"]), reverse=True)
    return order[:count]


def requests(client: Client, part: str) -> list[Row]:
    """Return the past applications of a part."""
    words = part.strip()
    if words.startswith("for "):
        wanted = TYPES[words.removeprefix("for ")]
        return [row for row in client.past if row["NAME_CONTRACT_TYPE"] == wanted]
    if words.startswith("over "):
        return within(client.past, "DAYS_DECISION", SINCE[words.removeprefix("over the last ")])
    return latest(client.past, int(words.split("(")[1].split()[0])) if words else client.past


def obtained(rows: list[Row]) -> list[Row]:
    """Return the applications that led to a credit."""
    return [row for row in rows if row["NAME_CONTRACT_STATUS"] == "Approved"]


def _any(names: Any) -> str:
    return f"({'|'.join(names)})"


def _came(client: Client, outcome: str, part: str) -> list[bool | None]:
    wanted = OUTCOMES[outcome]
    return [row["NAME_CONTRACT_STATUS"] == wanted for row in requests(client, part)]


@claim(rf"Past applications with us{PART}: <N>")
def _requests(client: Client, part: str) -> float:
    return float(len(requests(client, part)))


@claim(rf"No past application with us{PART} is known")
def _no_request(client: Client, part: str) -> bool:
    return not requests(client, part)


@claim(r"No past application for a (cash loan|consumer loan) is known")
def _no_request_of(client: Client, kind: str) -> bool:
    return not requests(client, f"for a {kind}")


@claim(rf"Past applications {_any(OUTCOMES)}{PART}: <N> of <N>")
def _count_of(client: Client, outcome: str, part: str) -> tuple[float | None, ...]:
    came = _came(client, outcome, part)
    return counted(came), float(len(came))


@claim(rf"Past applications {_any(OUTCOMES)}{PART}: <N>")
def _count(client: Client, outcome: str, part: str) -> float | None:
    return counted(_came(client, outcome, part))


@claim(rf"Past applications {_any(OUTCOMES)}{PART}: <N> of <N> \(<P>\)")
def _share_of(client: Client, outcome: str, part: str) -> tuple[float | None, ...]:
    came = _came(client, outcome, part)
    return counted(came), float(len(came)), share_of(came)


@claim(rf"Share of past applications {_any(OUTCOMES)}{PART}: <P>")
def _share(client: Client, outcome: str, part: str) -> float | None:
    return share_of_all(_came(client, outcome, part))


@claim(rf"Past applications {_any(OUTCOMES)}{PART}: none")
def _none_came(client: Client, outcome: str, part: str) -> bool:
    return not any(_came(client, outcome, part))


@claim(rf"Past applications {_any(OUTCOMES)}{PART}: not known")
def _unknown_outcome(client: Client, outcome: str, part: str) -> bool:
    return not _came(client, outcome, part)


@claim(r"Not one of the latest past applications \((\d) at most\) led to a credit")
def _none_led(client: Client, count: str) -> bool:
    return not obtained(latest(client.past, int(count)))


@claim("No credit obtained with us is known")
def _no_credit(client: Client) -> bool:
    return not obtained(client.past)


@claim("No past application that was refused is known")
def _no_refusal(client: Client) -> bool:
    return not any(_came(client, "refused", ""))


@claim("The latest past application with us (was|was not) refused")
def _latest_refused(client: Client, verb: str) -> bool:
    refused = latest(client.past, 1)[0]["NAME_CONTRACT_STATUS"] == "Refused"
    return refused == (verb == "was")


def _are(rows: list[Row], kind: str) -> list[bool | None]:
    column, value = KINDS[kind]
    return [None if row[column] is None else row[column] == value for row in rows]


@claim(rf"Share of past applications {_any(KINDS)}, among those recorded: <P>")
def _kind(client: Client, kind: str) -> float | None:
    return share_of(_are(client.past, kind))


@claim(rf"No past application {_any(KINDS)} is known")
def _no_kind(client: Client, kind: str) -> bool:
    return not any(_are(client.past, kind))


@claim(rf"The share of past applications {_any(KINDS)} is not known")
def _unknown_kind(client: Client, kind: str) -> bool:
    return not known(_are(client.past, kind))


@claim(rf"Share of the credits obtained with us {_any(KINDS)}, among those recorded: <P>")
def _rate(client: Client, kind: str) -> float | None:
    return share_of(_are(obtained(client.past), kind))


@claim(rf"No credit obtained with us {_any(KINDS)} is known")
def _no_rate(client: Client, kind: str) -> bool:
    return not any(_are(obtained(client.past), kind))


@claim(rf"The share of the credits obtained with us {_any(KINDS)} is not known")
def _unknown_rate(client: Client, kind: str) -> bool:
    return not known(_are(obtained(client.past), kind))


def _insured(client: Client) -> list[bool | None]:
    marks = [row["NFLAG_INSURED_ON_APPROVAL"] for row in client.past]
    return [None if mark is None else mark == 1 for mark in marks]


@claim("Share insured of the past applications whose insurance is recorded: <P>")
def _insured_share(client: Client) -> float | None:
    return share_of(_insured(client))


@claim("No past application with insurance is known")
def _none_insured(client: Client) -> bool:
    return not any(_insured(client))


@claim("The insurance of past applications is not known")
def _insurance_unknown(client: Client) -> bool:
    return not known(_insured(client))


def _decided(which: str, how: str) -> Callable[[Client], float | None]:
    def day(client: Client) -> float | None:
        rows = (
            requests(client, "")
            if which in {"", "refused", "approved"}
            else requests(client, which)
        )
        if which == "approved":
            rows = obtained(rows)
        if which == "refused":
            rows = [row for row in rows if row["NAME_CONTRACT_STATUS"] == "Refused"]
        return summed(how, [row["DAYS_DECISION"] for row in rows])

    return day


def _newest(column: str) -> Callable[[Client], float | None]:
    return lambda client: summed("at the highest", [row[column] for row in client.past])


DATES: dict[str, Callable[[Client], float | None]] = {
    "Latest past application with us": _decided("", "at the highest"),
    "First past application with us": _decided("", "at the lowest"),
    "Average date of past applications with us": _decided("", "on average"),
    "Latest application that led to a credit": _decided("approved", "at the highest"),
    "First application that led to a credit": _decided("approved", "at the lowest"),
    "Average date of the applications that led to a credit": _decided("approved", "on average"),
    "Latest past application refused": _decided("refused", "at the highest"),
    "First past application refused": _decided("refused", "at the lowest"),
    "Average date of the past applications refused": _decided("refused", "on average"),
    "Latest past application for a cash loan": _decided("for a cash loan", "at the highest"),
    "Latest past application for a consumer loan": _decided(
        "for a consumer loan", "at the highest"),
    "Most recent first due date of a credit with us": _newest("DAYS_FIRST_DUE"),
    "Most recent end of the schedule of a credit with us": _newest("DAYS_LAST_DUE"),
    "Most recent end of the contract of a credit with us": _newest("DAYS_TERMINATION"),
}  # fmt: skip


@claim(rf"{_any(DATES)}: <S> ago")
def _since(client: Client, event: str) -> float | None:
    return ago(DATES[event](client))


@claim(rf"{_any(DATES)}: on the day of the application")
def _today(client: Client, event: str) -> bool:
    return DATES[event](client) == 0


@claim(rf"{_any(DATES)}: date not known")
def _no_date(client: Client, event: str) -> bool:
    return DATES[event](client) is None


@claim(r"Average time between two past applications: <N>\u00a0days?")
def _gap(client: Client) -> float | None:
    days = sorted(row["DAYS_DECISION"] for row in client.past)
    return (days[-1] - days[0]) / (len(days) - 1) if len(days) > 1 else None


@claim("Fewer than two past applications with us are known with their date")
def _few(client: Client) -> bool:
    return len(client.past) < 2


def _interest(row: Row) -> float | None:
    granted, months = row["AMT_CREDIT"], row["CNT_PAYMENT"]
    paid = row["AMT_ANNUITY"]
    if not granted or not months or paid is None:
        return None
    return float((paid * months / granted - 1) * 12 / months)


def _over(top: str, bottom: str) -> Callable[[Row], float | None]:
    return lambda row: ratio(row[top], row[bottom]) if (row[bottom] or 0) > 0 else None


TERMS: dict[str, Callable[[Row], float | None]] = {
    "Monthly instalment": lambda row: row["AMT_ANNUITY"],
    "Amount requested": lambda row: row["AMT_APPLICATION"],
    "Amount": lambda row: row["AMT_CREDIT"],
    "Price of the goods": lambda row: row["AMT_GOODS_PRICE"],
    "Down payment": lambda row: row["AMT_DOWN_PAYMENT"],
    "Down-payment share": lambda row: row["RATE_DOWN_PAYMENT"],
    "Term": lambda row: row["CNT_PAYMENT"],
    "Planned yearly cost": _interest,
    "Requested over granted amount": _over("AMT_APPLICATION", "AMT_CREDIT"),
    "Granted amount over the goods' price": _over("AMT_CREDIT", "AMT_GOODS_PRICE"),
    "Instalment over the amount granted": _over("AMT_ANNUITY", "AMT_CREDIT"),
}
OF = (
    r"( in past applications| of the (?:credits|cash loans|consumer loans) obtained with us| of "
    r"the credit from the latest past application| of the credits from the latest past "
    r"applications \(\d at most\))"
)
HOW = "(?:, (on average|at the highest|at the lowest|in total))?"


def _rows(client: Client, of: str) -> list[Row]:
    if of == " in past applications":
        return client.past
    if "latest" in of:
        count = int(of.split("(")[1].split()[0]) if "(" in of else 1
        return obtained(latest(client.past, count))
    kind = of.removeprefix(" of the ").removesuffix("s obtained with us")
    rows = client.past if kind == "credit" else requests(client, f"for a {kind}")
    return obtained(rows)


def _term(client: Client, what: str, of: str, how: str) -> float | None:
    return summed(how or "on average", [TERMS[what](row) for row in _rows(client, of)])


for _figure in (r"<A>", r"<P>(?: of the amount)?", r"<N>\u00a0months?"):
    claim(rf"{_any(TERMS)}{OF}{HOW}: {_figure}")(_term)


@claim(rf"{_any(TERMS)}{OF}: not known")
def _no_term(client: Client, what: str, of: str) -> bool:
    return not known(TERMS[what](row) for row in _rows(client, of))


END = r"Actual end of past (credits|cash loans|consumer loans)"
HOW = {"on average": "on average", "at the earliest": "at the lowest"}


def _late_ends(client: Client, kind: str) -> list[float | None]:
    rows = client.past if kind == "credits" else requests(client, f"for a {kind[:-1]}")
    return [minus(row["DAYS_LAST_DUE"], row["DAYS_LAST_DUE_1ST_VERSION"]) for row in rows]


@claim(rf"{END}, (on average|at the earliest): <D> the planned end")
def _ended(client: Client, kind: str, how: str) -> float | None:
    return summed(HOW[how], _late_ends(client, kind))


@claim(rf"{END}, (on average|at the earliest): on the planned day")
def _ended_on_time(client: Client, kind: str, how: str) -> bool:
    return summed(HOW[how], _late_ends(client, kind)) == 0


@claim(rf"{END}: not known")
def _no_end(client: Client, kind: str) -> bool:
    return not known(_late_ends(client, kind))


def _running(client: Client) -> list[float | None]:
    rows = [row for row in obtained(client.past) if row["DAYS_LAST_DUE"] is None]
    return [row["AMT_ANNUITY"] for row in rows]


@claim("Monthly instalments of credits obtained with us without a known end, in total: <A>")
def _running_sum(client: Client) -> float | None:
    return summed("in total", _running(client))


@claim("No monthly instalment of a credit obtained with us is known to be running")
def _none_running(client: Client) -> bool:
    return not any(known(_running(client)))


AVERAGES = {
    "The credit requested is <N> times the average of loans approved with us": (
        "AMT_CREDIT", "AMT_CREDIT", "on average"),
    "The credit requested is <N> times the largest loan approved with us": (
        "AMT_CREDIT", "AMT_CREDIT", "at the highest"),
    "The instalment is <N> times the average instalment of loans approved with us": (
        "AMT_ANNUITY", "AMT_ANNUITY", "on average"),
    "The instalment is <N> times the largest instalment of a loan approved with us": (
        "AMT_ANNUITY", "AMT_ANNUITY", "at the highest"),
}  # fmt: skip


def _times(client: Client, asked: str, past: str, how: str) -> float | None:
    return ratio(client.form[asked], summed(how, [row[past] for row in obtained(client.past)]))


for _sentence, _of in AVERAGES.items():
    claim(_sentence)(lambda client, of=_of: _times(client, *of))


@claim("The ratio of the credit requested to loans approved with us cannot be computed")
def _no_times(client: Client) -> bool:
    return not _times(client, "AMT_CREDIT", "AMT_CREDIT", "on average")


@claim("The ratio of the instalment to those of approved loans cannot be computed")
def _no_instalment_times(client: Client) -> bool:
    return not _times(client, "AMT_ANNUITY", "AMT_ANNUITY", "on average")


@claim("The term requested, without interest, is <N> times the average of approved loans")
def _terms(client: Client) -> float | None:
    term = ratio(client.form["AMT_CREDIT"], client.form["AMT_ANNUITY"])
    return ratio(term, summed("on average", [row["CNT_PAYMENT"] for row in obtained(client.past)]))


@claim("The ratio of the term requested to those of approved loans cannot be computed")
def _no_terms(client: Client) -> bool:
    return not _terms(client)

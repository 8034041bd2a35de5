"""What sentences about credits with other lenders claim, from the bureau's raw rows.

Amounts are those of the main currency, and a planned end beyond forty years is none: so say the
product's own notes on this table.
"""

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
    summed,
)  # fmt: skip
from tests.truth.records import Client, Row, figure, within

KINDS = {
    "consumer credit": ("Consumer credit",),
    "credit card": ("Credit card",),
    "car loan": ("Car loan",),
    "home loan": ("Mortgage", "Real estate loan"),
    "microloan": ("Microloan",),
}
SINCE = {"six months": 183, "year": 365, "two years": 730, "three years": 1095}
PART = (
    r"((?:all |open |closed )?credits?|(?:open )?(?:consumer credits?|credit cards?|car loans?|"
    r"home loans?|microloans?)|credits? opened in the last (?:six months|year|two years|"
    r"three years))"
)
FORTY_YEARS = 14_610


def part(client: Client, name: str) -> list[Row]:
    """Return the credits that a part is about."""
    rows = client.credits
    if " in the last " in name:
        return within(rows, "DAYS_CREDIT", SINCE[name.split(" in the last ")[1]])
    first, _, rest = name.partition(" ")
    if first in {"open", "closed"}:
        wanted = "Active" if first == "open" else "Closed"
        rows, name = [row for row in rows if row["CREDIT_ACTIVE"] == wanted], rest
    kind = name.removesuffix("s")
    if kind in {"all credit", "credit"}:
        return rows
    return [row for row in rows if row["CREDIT_TYPE"] in KINDS[kind]]


def amount(row: Row, column: str) -> float | None:
    """Return an amount in the main currency."""
    return row[column] if row["CREDIT_CURRENCY"] == "currency 1" else None


def day(row: Row, column: str) -> float | None:
    """Return a day within reason."""
    value = row[column]
    return value if value is not None and abs(value) <= FORTY_YEARS else None


def length(row: Row) -> float | None:
    """Return the planned length of a credit."""
    return minus(day(row, "DAYS_CREDIT_ENDDATE"), row["DAYS_CREDIT"])


def after_end(row: Row) -> float | None:
    """Return how long after its planned end a credit was closed."""
    return minus(day(row, "DAYS_ENDDATE_FACT"), day(row, "DAYS_CREDIT_ENDDATE"))


def owed_share(row: Row) -> float | None:
    """Return the share of a credit that is still owed."""
    borrowed = row["AMT_CREDIT_SUM"]
    return ratio(row["AMT_CREDIT_SUM_DEBT"], borrowed) if borrowed and borrowed > 0 else None


def limit_share(row: Row) -> float | None:
    """Return the share of a limit that is owed."""
    limit = row["AMT_CREDIT_SUM_LIMIT"]
    return ratio(row["AMT_CREDIT_SUM_DEBT"], limit) if limit and limit > 0 else None


def of(column: str) -> Callable[[Row], Any]:
    """Return a column as it is."""
    return lambda row: row[column]


def amount_of(column: str) -> Callable[[Row], Any]:
    """Return an amount in the main currency."""
    return lambda row: amount(row, column)


Read = Callable[[Row], Any]
AMOUNTS: dict[str, tuple[Read, str]] = {
    "Known total borrowed": (amount_of("AMT_CREDIT_SUM"), "in total"),
    "Average amount borrowed": (amount_of("AMT_CREDIT_SUM"), "on average"),
    "Largest amount borrowed": (amount_of("AMT_CREDIT_SUM"), "at the highest"),
    "Known total still owed": (amount_of("AMT_CREDIT_SUM_DEBT"), "in total"),
    "Largest amount still owed": (amount_of("AMT_CREDIT_SUM_DEBT"), "at the highest"),
    "Known limits in total": (amount_of("AMT_CREDIT_SUM_LIMIT"), "in total"),
    "Known instalments in total": (amount_of("AMT_ANNUITY"), "in total"),
    "Total past due when last reported": (amount_of("AMT_CREDIT_SUM_OVERDUE"), "in total"),
    "Largest amount past due when last reported": (
        amount_of("AMT_CREDIT_SUM_OVERDUE"), "at the highest"),
    "Largest amount once past due": (amount_of("AMT_CREDIT_MAX_OVERDUE"), "at the highest"),
}  # fmt: skip
SHARES: dict[str, tuple[Read, str]] = {
    "Share still owed, on average": (owed_share, "on average"),
    "Largest share still owed": (owed_share, "at the highest"),
    "Share owed of the limits, on average": (limit_share, "on average"),
    "Largest share owed of a limit": (limit_share, "at the highest"),
}
LENGTHS: dict[str, tuple[Read, str]] = {
    "Average planned length": (length, "on average"),
    "Longest planned length": (length, "at the highest"),
    "Longest delay when last reported": (of("CREDIT_DAY_OVERDUE"), "at the highest"),
}  # fmt: skip
ENDS: dict[str, tuple[Read, str]] = {
    "Latest planned end": (lambda row: day(row, "DAYS_CREDIT_ENDDATE"), "at the highest"),
    "Closing on average": (after_end, "on average"),
    "Closing at the latest": (after_end, "at the highest"),
}
DATES: dict[str, tuple[Read, str]] = {
    "Latest opening": (of("DAYS_CREDIT"), "at the highest"),
    "Oldest opening": (of("DAYS_CREDIT"), "at the lowest"),
    "Average date of opening": (of("DAYS_CREDIT"), "on average"),
    "Latest closing": (lambda row: day(row, "DAYS_ENDDATE_FACT"), "at the highest"),
}
COUNTS: dict[str, Read] = {
    "Past due when last reported": lambda row: _positive(row["CREDIT_DAY_OVERDUE"]),
    "Extensions": of("CNT_CREDIT_PROLONG"),
    "Sold or written off": lambda row: float(row["CREDIT_ACTIVE"] in {"Sold", "Bad debt"}),
    "Once past due": lambda row: _positive(row["AMT_CREDIT_MAX_OVERDUE"]),
}
NONE: dict[str, Read] = {
    "No limit above zero is known": amount_of("AMT_CREDIT_SUM_LIMIT"),
    "No instalment above zero is known": amount_of("AMT_ANNUITY"),
    "No amount known as past due when last reported": amount_of("AMT_CREDIT_SUM_OVERDUE"),
    "No delay known when last reported": of("CREDIT_DAY_OVERDUE"),
    "No extension known": of("CNT_CREDIT_PROLONG"),
    "No credit known as sold or written off": COUNTS["Sold or written off"],
    "No past delay known": of("AMT_CREDIT_MAX_OVERDUE"),
}
ON_THE_DAY: dict[str, str] = {
    "Latest planned end on the day of the application": "Latest planned end",
    "Closing on average on the planned end": "Closing on average",
    "Closing at the latest on the planned end": "Closing at the latest",
}


def _positive(value: float | None) -> float | None:
    return None if value is None else float(value > 0)


def _any(names: Any) -> str:
    return f"({'|'.join(names)})"


def _figure(table: dict[str, tuple[Read, str]], client: Client, what: str, name: str) -> Any:
    read, how = table[what]
    return summed(how, [read(row) for row in part(client, name)])


def _said(table: dict[str, tuple[Read, str]], figure: str) -> None:
    claim(rf"{_any(table)}, {PART} elsewhere: {figure}")(
        lambda client, what, name: _figure(table, client, what, name)
    )
    claim(rf"{_any(table)}, {PART} elsewhere: (?:date )?not known")(
        lambda client, what, name: _figure(table, client, what, name) is None
    )


_said(AMOUNTS, "<A>(?: a month)?")
_said(SHARES, "<P>")
_said(LENGTHS, r"<N>\u00a0days?")
_said(ENDS, "<D> the (?:application|planned end)")


@claim(rf"{_any(DATES)}, {PART} elsewhere: <S> ago")
def _since(client: Client, what: str, name: str) -> float | None:
    return ago(_figure(DATES, client, what, name))


@claim(rf"{_any(DATES)}, {PART} elsewhere: on the day of the application")
def _today(client: Client, what: str, name: str) -> bool:
    return bool(_figure(DATES, client, what, name) == 0)


@claim(rf"{_any(DATES)}, {PART} elsewhere: date not known")
def _no_date(client: Client, what: str, name: str) -> bool:
    return _figure(DATES, client, what, name) is None


@claim(rf"{_any(ON_THE_DAY)}, {PART} elsewhere")
def _on_the_day(client: Client, what: str, name: str) -> bool:
    return bool(_figure(ENDS, client, ON_THE_DAY[what], name) == 0)


@claim(rf"{_any(NONE)}, {PART} elsewhere")
def _none(client: Client, what: str, name: str) -> bool:
    return not any(value > 0 for value in known(NONE[what](row) for row in part(client, name)))


@claim(rf"{_any(COUNTS)}, {PART} elsewhere: <N>")
def _count(client: Client, what: str, name: str) -> float | None:
    return summed("in total", [COUNTS[what](row) for row in part(client, name)])


@claim(rf"{_any(COUNTS)}, {PART} elsewhere: not known")
def _no_count(client: Client, what: str, name: str) -> bool:
    return not known(COUNTS[what](row) for row in part(client, name))


def _once_marks(client: Client, name: str) -> list[bool | None]:
    marks = [COUNTS["Once past due"](row) for row in part(client, name)]
    return [None if mark is None else bool(mark) for mark in marks]


@claim(rf"Share once past due, among those recorded, {PART} elsewhere: <P>")
def _once(client: Client, name: str) -> float | None:
    return share_of(_once_marks(client, name))


@claim(rf"Share once past due, among those recorded, {PART} elsewhere: not known")
def _once_unknown(client: Client, name: str) -> bool:
    return not known(_once_marks(client, name))


@claim(rf"Share still owed of the total borrowed, {PART} elsewhere: <P>")
def _owed_of_all(client: Client, name: str) -> float | None:
    both = [
        (amount(row, "AMT_CREDIT_SUM_DEBT"), amount(row, "AMT_CREDIT_SUM"))
        for row in part(client, name)
    ]
    told = [(debt, sum_) for debt, sum_ in both if debt is not None and sum_ is not None]
    return ratio(sum(debt for debt, _ in told), sum(sum_ for _, sum_ in told)) if told else None


@claim(rf"Share still owed of the total borrowed, {PART} elsewhere: not known")
def _owed_unknown(client: Client, name: str) -> bool:
    return _owed_of_all(client, name) is None


@claim(r"([A-Z][a-z]+(?: [a-z]+)*),? known with other lenders: <N>")
def _credits(client: Client, name: str) -> float:
    return float(len(part(client, name[0].lower() + name[1:])))


@claim(rf"No {PART} with another lender is known")
def _no_credit(client: Client, name: str) -> bool:
    return not part(client, name)


@claim(r"Still open, all credits elsewhere: <N> of <N> \(<P>\)")
def _still_open(client: Client) -> tuple[float | None, ...]:
    some, among = float(len(part(client, "open credits"))), float(len(client.credits))
    return some, among, ratio(some, among)


@claim("No open credit is known elsewhere")
def _none_open(client: Client) -> bool:
    return not part(client, "open credits")


@claim("Different types of credit known elsewhere: <N>")
def _types(client: Client) -> float:
    return float(len({row["CREDIT_TYPE"] for row in client.credits}))


def _openings(client: Client) -> list[float]:
    return sorted(known(row["DAYS_CREDIT"] for row in client.credits))


@claim(r"Average gap between two credits opened elsewhere: <N>\u00a0days?")
def _gap(client: Client) -> float | None:
    days = _openings(client)
    return (days[-1] - days[0]) / (len(days) - 1) if len(days) > 1 else None


@claim("All credits known elsewhere were opened on the same day")
def _same_day(client: Client) -> bool:
    return len(set(_openings(client))) == 1


@claim("The average gap between credits elsewhere takes at least two opening dates")
def _no_gap(client: Client) -> bool:
    return len(_openings(client)) < 2


OVER = r"( over \d+ months|)"


def _months(client: Client, window: str) -> list[Row]:
    rows = client.credit_months
    return within(rows, "MONTHS_BALANCE", int(window.split()[1])) if window else rows


def _level(row: Row) -> float | None:
    """Return how late a month was, 0 to 5; ``None`` when its status is not known."""
    status = row["STATUS"]
    return None if status in {"X", None} else float(status) if status in "12345" else 0.0


def _beyond(client: Client, window: str, level: int) -> list[bool | None]:
    levels = [_level(row) for row in _months(client, window)]
    return [None if one is None else one > level for one in levels]


@claim(rf"Late months{OVER}, all credits elsewhere together: <N>")
def _late(client: Client, window: str) -> float | None:
    return counted(_beyond(client, window, 0))


@claim(rf"Months more than 30 days late{OVER}, all credits elsewhere together: <N>")
def _very_late(client: Client, window: str) -> float | None:
    return counted(_beyond(client, window, 1))


@claim(
    rf"No late month known{OVER}, credits elsewhere",
    rf"No late monthly record known{OVER}, credits elsewhere",
)
def _none_late(client: Client, window: str) -> bool:
    return not any(_beyond(client, window, 0))


@claim(rf"No month more than 30 days late known{OVER}, credits elsewhere")
def _none_very_late(client: Client, window: str) -> bool:
    return not any(_beyond(client, window, 1))


@claim(
    rf"Late months{OVER}, all credits elsewhere together: not known",
    rf"Months more than 30 days late{OVER}, all credits elsewhere together: not known",
    r"Share of late months among the monthly records with a status"
    rf"{OVER}, credits elsewhere: not known",
    rf"Longest delay{OVER}, credits elsewhere: not known",
)
def _no_level(client: Client, window: str) -> bool:
    return not known(_level(row) for row in _months(client, window))


@claim(
    rf"Share of late months among the monthly records with a status{OVER}, credits elsewhere: <P>"
)
def _late_share(client: Client, window: str) -> float | None:
    return share_of(_beyond(client, window, 0))


@claim(rf"Share of monthly records that are on time{OVER}, credits elsewhere: <P>")
def _on_time(client: Client, window: str) -> float | None:
    return share_of([row["STATUS"] == "0" for row in _months(client, window)])


@claim(rf"No monthly record on time{OVER}, credits elsewhere")
def _none_on_time(client: Client, window: str) -> bool:
    return not any(row["STATUS"] == "0" for row in _months(client, window))


@claim(rf"Share of monthly records that are on time{OVER}, credits elsewhere: not known")
def _no_month(client: Client, window: str) -> bool:
    return not _months(client, window)


@claim(
    rf"Longest delay{OVER}, credits elsewhere: level <N> \(1: 30 days at most; 5: more than 120\)"
)
def _longest(client: Client, window: str) -> float | None:
    return summed("at the highest", [_level(row) for row in _months(client, window)])


def _last_late(client: Client) -> float | None:
    late = [row["MONTHS_BALANCE"] for row in client.credit_months if (_level(row) or 0) > 0]
    return max(late) if late else None


@claim("Last late month on a credit elsewhere: <S> ago")
def _last(client: Client) -> float | None:
    month = _last_late(client)
    return None if month is None else ago(month * 30.4375)


@claim("Last late month on a credit elsewhere: that of the application")
def _last_now(client: Client) -> bool:
    return _last_late(client) == 0


@claim("No late month is known on credits elsewhere")
def _never(client: Client) -> bool:
    return _last_late(client) is None


@claim("No monthly record of a credit elsewhere is known")
def _no_record(client: Client) -> bool:
    return not known(_level(row) for row in client.credit_months)


def _income(client: Client) -> float | None:
    return figure(client.form, "AMT_INCOME_TOTAL")


def _owed_now(client: Client) -> float | None:
    """What is owed on open credits; what is owed to the client weighs nothing."""
    if not client.credits:
        return None
    total = _figure(AMOUNTS, client, "Known total still owed", "open credits")
    return None if total is None else max(total, 0.0)


@claim("Still owed on open credits elsewhere: <N> months of declared income")
def _debt(client: Client) -> float | None:
    return ratio(_owed_now(client), _income(client))


@claim("Nothing known as still owed on open credits elsewhere")
def _no_debt(client: Client) -> bool:
    return not _owed_now(client)


@claim("Credit requested and debt elsewhere, together: <N> months of declared income")
def _together(client: Client) -> float | None:
    owed, asked = _owed_now(client), client.form["AMT_CREDIT"]
    return None if owed is None or asked is None else ratio(owed + asked, _income(client))


@claim("Instalment requested and open instalments elsewhere: <P> of the monthly income")
def _instalments(client: Client) -> float | None:
    there = _figure(AMOUNTS, client, "Known instalments in total", "open credits")
    asked = client.form["AMT_ANNUITY"]
    if not client.credits or there is None or asked is None:
        return None
    return ratio(asked + there, _income(client))


def _worst(client: Client) -> float | None:
    amount: float | None = _figure(AMOUNTS, client, "Largest amount once past due", "all credits")
    return amount


@claim("Largest amount ever past due elsewhere: <P> of the declared monthly income")
def _ever(client: Client) -> float | None:
    return ratio(_worst(client), _income(client))


@claim("No amount ever past due elsewhere is known")
def _never_overdue(client: Client) -> bool:
    return not _worst(client)


@claim("The largest amount ever past due elsewhere is not known")
def _overdue_unknown(client: Client) -> bool:
    return _worst(client) is None


@claim("The credit requested is <N> times the (average|largest) amount borrowed elsewhere")
def _times(client: Client, how: str) -> float | None:
    borrowed = _figure(AMOUNTS, client, f"{how.capitalize()} amount borrowed", "all credits")
    return ratio(client.form["AMT_CREDIT"], borrowed)


@claim("The ratio of debt elsewhere to income cannot be computed")
def _no_ratio(client: Client) -> bool:
    return _debt(client) is None


@claim("The ratio of the credit requested and debt to income cannot be computed")
def _no_exposure(client: Client) -> bool:
    return _together(client) is None


@claim("The ratio of all instalments to income cannot be computed")
def _no_instalments(client: Client) -> bool:
    return _instalments(client) is None


@claim("The ratio of the credit requested to amounts borrowed elsewhere cannot be computed")
def _no_times(client: Client) -> bool:
    return not _times(client, "average") or not _times(client, "largest")

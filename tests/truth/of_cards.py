"""What sentences about credit cards with us claim, from their raw monthly records."""

from __future__ import annotations

from collections.abc import Callable

from tests.truth.reading import claim, counted, known, ratio, share_of, summed
from tests.truth.records import Client, Row, figure, within

MONTHS = r"( over the last \d+ months|)"


def records(client: Client, window: str) -> list[Row]:
    """Return the monthly records of cards over a window."""
    rows = client.card_months
    return within(rows, "MONTHS_BALANCE", int(window.split()[3])) if window else rows


def _over(top: str, bottom: str) -> Callable[[Row], float | None]:
    return lambda row: ratio(row[top], row[bottom]) if (row[bottom] or 0) > 0 else None


def _of(column: str) -> Callable[[Row], float | None]:
    return lambda row: figure(row, column)


USE = _over("AMT_BALANCE", "AMT_CREDIT_LIMIT_ACTUAL")
TO_MINIMUM = _over("AMT_PAYMENT_CURRENT", "AMT_INST_MIN_REGULARITY")
CASH_SHARE = _over("AMT_DRAWINGS_ATM_CURRENT", "AMT_DRAWINGS_CURRENT")
FIGURES: dict[str, tuple[Callable[[Row], float | None], str]] = {
    "Card balance as a share of its limit": (USE, "<P>"),
    "Card balance": (_of("AMT_BALANCE"), "<A>"),
    "Amount drawn per card and month": (_of("AMT_DRAWINGS_CURRENT"), "<A>"),
    "Cash drawn per card and month": (_of("AMT_DRAWINGS_ATM_CURRENT"), "<A>"),
    "Number of drawings per card and month": (_of("CNT_DRAWINGS_CURRENT"), "<N>"),
    "Number of cash drawings per card and month": (_of("CNT_DRAWINGS_ATM_CURRENT"), "<N>"),
    "Card limit": (_of("AMT_CREDIT_LIMIT_ACTUAL"), "<A>"),
    "Share of cash in monthly drawings": (CASH_SHARE, "<P>"),
    "Payment per card and month": (_of("AMT_PAYMENT_CURRENT"), "<A>"),
    "Monthly payment on a card": (TO_MINIMUM, "<N> times the minimum asked"),
    "Monthly payment to the card balance": (
        _over("AMT_PAYMENT_TOTAL_CURRENT", "AMT_BALANCE"), "<P>"),
}  # fmt: skip


def _figure(client: Client, what: str, window: str, how: str) -> float | None:
    return summed(how, [FIGURES[what][0](row) for row in records(client, window)])


for _what, (_, _token) in FIGURES.items():
    claim(rf"({_what}){MONTHS}, (on average|at the highest): {_token}")(_figure)
    claim(rf"({_what}){MONTHS}: not known")(
        lambda client, what, window: not known(FIGURES[what][0](r) for r in records(client, window))
    )


@claim(rf"No cash drawing is known{MONTHS}", r"No cash drawing by card is known()")
def _no_cash(client: Client, window: str) -> bool:
    return not any(known(row["AMT_DRAWINGS_ATM_CURRENT"] for row in records(client, window)))


@claim(rf"No payment known towards a minimum{MONTHS}")
def _no_payment(client: Client, window: str) -> bool:
    return not any(known(TO_MINIMUM(row) for row in records(client, window)))


@claim("Share of cash in the total drawn by card: <P>")
def _cash_share(client: Client) -> float | None:
    cash = known(row["AMT_DRAWINGS_ATM_CURRENT"] for row in client.card_months)
    drawn = known(row["AMT_DRAWINGS_CURRENT"] for row in client.card_months)
    return ratio(sum(cash) if cash else None, sum(drawn))


@claim("The share of cash in the total drawn by card cannot be computed")
def _no_cash_share(client: Client) -> bool:
    return _cash_share(client) is None


@claim("Total paid as a share of the total drawn by card: <P>")
def _paid_share(client: Client) -> float | None:
    paid = known(row["AMT_PAYMENT_TOTAL_CURRENT"] for row in client.card_months)
    drawn = known(row["AMT_DRAWINGS_CURRENT"] for row in client.card_months)
    return ratio(sum(paid) if paid else None, sum(drawn))


@claim("The share paid of the total drawn by card cannot be computed")
def _no_paid_share(client: Client) -> bool:
    return _paid_share(client) is None


def _below_minimum(row: Row) -> float | None:
    """Return what is missing to the minimum asked, less than half a cent being nothing."""
    asked = row["AMT_INST_MIN_REGULARITY"]
    paid = row["AMT_PAYMENT_CURRENT"]
    return None if not asked or asked < 0 or paid is None else round(asked - paid, 2)


FAULTS: dict[str, tuple[Callable[[Row], float | None], Callable[[float], bool]]] = {
    "that are late": (_of("SK_DPD"), lambda days: days > 0),
    "over the limit": (USE, lambda share: share > 1),
    "paid below the minimum asked": (_below_minimum, lambda rest: rest > 0),
    "with a limit that are over it": (USE, lambda share: share > 1),
    "with a minimum asked that are paid below it": (_below_minimum, lambda rest: rest > 0),
}
_FAULT = f"({'|'.join(FAULTS)})"


def _faults(client: Client, fault: str, window: str) -> list[bool | None]:
    read, is_so = FAULTS[fault]
    values = [read(row) for row in records(client, window)]
    return [None if value is None else is_so(value) for value in values]


@claim(rf"Card records {_FAULT}{MONTHS}: <N> of <N>")
def _fault_of(client: Client, fault: str, window: str) -> tuple[float | None, ...]:
    marks = _faults(client, fault, window)
    return counted(marks), float(len(marks))


@claim(rf"Card records {_FAULT}{MONTHS}: <N> of <N> \(<P>\)")
def _fault_share_of(client: Client, fault: str, window: str) -> tuple[float | None, ...]:
    marks = _faults(client, fault, window)
    return counted(marks), float(len(marks)), ratio(counted(marks), float(len(marks)))


@claim(rf"Share of card records {_FAULT}{MONTHS}: <P>")
def _fault_share(client: Client, fault: str, window: str) -> float | None:
    return share_of(_faults(client, fault, window))


@claim(rf"Card records {_FAULT}{MONTHS}: none is known")
def _no_fault(client: Client, fault: str, window: str) -> bool:
    return not any(_faults(client, fault, window))


@claim(rf"Card records {_FAULT}{MONTHS}: not known")
def _fault_unknown(client: Client, fault: str, window: str) -> bool:
    return not known(_faults(client, fault, window))


def _delays(client: Client, window: str) -> list[float | None]:
    return [row["SK_DPD"] for row in records(client, window)]


@claim(rf"Longest delay recorded on a card{MONTHS}: <N>\u00a0days?")
def _longest(client: Client, window: str) -> float | None:
    return summed("at the highest", _delays(client, window))


@claim(rf"No delay is recorded on a card{MONTHS}")
def _no_delay(client: Client, window: str) -> bool:
    return not any(known(_delays(client, window)))


@claim(rf"Delays recorded on a card{MONTHS}: not known")
def _delay_unknown(client: Client, window: str) -> bool:
    return not known(_delays(client, window))


@claim("Credit cards with us: <N>")
def _cards(client: Client) -> float:
    return float(len({row["SK_ID_PREV"] for row in client.card_months}))


@claim("No credit card with us is known")
def _no_card(client: Client) -> bool:
    return not client.card_months


@claim(rf"No card record is known{MONTHS}")
def _no_record(client: Client, window: str) -> bool:
    return not records(client, window)


@claim("Monthly card records known: <N>")
def _records(client: Client) -> float:
    return float(len(client.card_months))


def _balance(client: Client) -> float | None:
    average = _figure(client, "Card balance", " over the last 3 months", "on average")
    return None if average is None else max(average, 0.0)


@claim("Average card balance over 3 months: <P> of the declared monthly income")
def _balance_to_income(client: Client) -> float | None:
    return ratio(_balance(client), client.form["AMT_INCOME_TOTAL"])


@claim("No balance owed on the card, on average over 3 months")
def _no_balance(client: Client) -> bool:
    return not _balance(client)


@claim("The average card balance over 3 months is not known")
def _balance_unknown(client: Client) -> bool:
    return _balance(client) is None

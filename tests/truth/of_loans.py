"""What sentences about loans with us claim: their monthly records, and their instalments.

One instalment is one number of one version of a loan's schedule, however many payments settle it;
one that was due and never paid is late to this day and wholly unpaid.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.truth.reading import (
    DAYS_A_MONTH,
    ago,
    claim,
    counted,
    known,
    ratio,
    share_of_all,
    summed,
)  # fmt: skip
from tests.truth.records import Client, Row, within

MONTHS = r"( over the last \d+ months|)"
SMALL = r"( \(small amounts left out\)|)"
HOW = "(on average|at the highest|in total)"


def records(client: Client, window: str) -> list[Row]:
    """Return the monthly records of loans over a window."""
    rows = client.loan_months
    return within(rows, "MONTHS_BALANCE", int(window.split()[3])) if window else rows


def last_records(client: Client) -> list[Row]:
    """Return the last record of each loan."""
    newest: dict[int, int] = {}
    for row in client.loan_months:
        loan = row["SK_ID_PREV"]
        newest[loan] = max(newest.get(loan, row["MONTHS_BALANCE"]), row["MONTHS_BALANCE"])
    return [row for row in client.loan_months if row["MONTHS_BALANCE"] == newest[row["SK_ID_PREV"]]]


def _days(client: Client, small: str, window: str) -> list[float | None]:
    column = "SK_DPD_DEF" if small else "SK_DPD"
    return [row[column] for row in records(client, window)]


def _marks(values: list[float | None], above: float = 0) -> list[bool | None]:
    return [None if value is None else value > above for value in values]


@claim(rf"Late monthly loan records{SMALL}{MONTHS}: <N>")
def _late(client: Client, small: str, window: str) -> float | None:
    return counted(_marks(_days(client, small, window)))


@claim(rf"Late monthly loan records{SMALL}{MONTHS}: <N> of <N>")
def _late_of(client: Client, small: str, window: str) -> tuple[float | None, ...]:
    days = _days(client, small, window)
    return counted(_marks(days)), float(len(days))


@claim(rf"Late monthly loan records{SMALL}{MONTHS}: <N> of <N> \(<P>\)")
def _late_share_of(client: Client, small: str, window: str) -> tuple[float | None, ...]:
    days = _days(client, small, window)
    return counted(_marks(days)), float(len(days)), ratio(counted(_marks(days)), float(len(days)))


@claim(rf"Share of late monthly loan records{SMALL}{MONTHS}: <P>")
def _late_share(client: Client, small: str, window: str) -> float | None:
    return share_of_all(_marks(_days(client, small, window)))


@claim(
    rf"Late monthly loan records{SMALL}{MONTHS}: none is known",
    rf"No delay is recorded on a loan{SMALL}{MONTHS}",
)
def _none_late(client: Client, small: str, window: str) -> bool:
    return not any(_marks(_days(client, small, window)))


@claim(
    rf"Late monthly loan records{SMALL}{MONTHS}: not known",
    rf"Delays recorded on a loan{SMALL}{MONTHS}: not known",
)
def _no_late(client: Client, small: str, window: str) -> bool:
    return not known(_days(client, small, window))


@claim(rf"Longest delay recorded on a loan{SMALL}{MONTHS}: <N>\u00a0days?")
def _longest(client: Client, small: str, window: str) -> float | None:
    return summed("at the highest", _days(client, small, window))


def _column(rows: list[Row], column: str) -> list[float | None]:
    return [row[column] for row in rows]


@claim(rf"Instalments left to pay at the last record of each loan, {HOW}: <N>")
def _left(client: Client, how: str) -> float | None:
    return summed(how, _column(last_records(client), "CNT_INSTALMENT_FUTURE"))


@claim("Instalments left to pay at the last record of each loan: not known")
def _no_left(client: Client) -> bool:
    return not known(_column(last_records(client), "CNT_INSTALMENT_FUTURE"))


@claim(rf"Instalments left to pay per loan record{MONTHS}, on average: <N>")
def _left_mean(client: Client, window: str) -> float | None:
    return summed("on average", _column(records(client, window), "CNT_INSTALMENT_FUTURE"))


@claim(rf"Instalments left to pay per loan record{MONTHS}: not known")
def _no_left_mean(client: Client, window: str) -> bool:
    return not known(_column(records(client, window), "CNT_INSTALMENT_FUTURE"))


def _left_shares(client: Client) -> list[float | None]:
    return [
        ratio(row["CNT_INSTALMENT_FUTURE"], row["CNT_INSTALMENT"]) for row in last_records(client)
    ]


@claim("Share of instalments left to pay at the last record of each loan, on average: <P>")
def _left_share(client: Client) -> float | None:
    return summed("on average", _left_shares(client))


@claim("Share of instalments left to pay at the last record of each loan: not known")
def _no_left_share(client: Client) -> bool:
    return not known(_left_shares(client))


@claim(rf"Term of the loans recorded, {HOW}(?: over the records)?: <N>\u00a0months?")
def _term(client: Client, how: str) -> float | None:
    return summed(how, _column(client.loan_months, "CNT_INSTALMENT"))


@claim("Term of the loans recorded: not known")
def _no_term(client: Client) -> bool:
    return not known(_column(client.loan_months, "CNT_INSTALMENT"))


@claim(rf"Monthly loan records known{MONTHS}: <N>")
def _records(client: Client, window: str) -> float:
    return float(len(records(client, window)))


@claim(rf"No monthly loan record is known{MONTHS}")
def _no_record(client: Client, window: str) -> bool:
    return not records(client, window)


@claim("No monthly record of a loan with us is known", "No loan followed with us is known")
def _no_loan(client: Client) -> bool:
    return not client.loan_months


def _loans(client: Client) -> float:
    return float(len({row["SK_ID_PREV"] for row in client.loan_months}))


claim("Loans followed with us: <N>")(_loans)
STATE = {"open": "Active", "paid off": "Completed"}


def _in_state(client: Client, state: str) -> set[int]:
    rows = last_records(client)
    return {row["SK_ID_PREV"] for row in rows if row["NAME_CONTRACT_STATUS"] == STATE[state]}


@claim("Loans that are (open|paid off) at the last record of each loan: <N> of <N>")
def _states(client: Client, state: str) -> tuple[float, float]:
    return float(len(_in_state(client, state))), _loans(client)


@claim("No loan is (open|paid off) at the last record of each loan")
def _no_state(client: Client, state: str) -> bool:
    return not _in_state(client, state)


def _paid_off(client: Client, window: str) -> list[Row]:
    rows = records(client, window)
    return [row for row in rows if row["NAME_CONTRACT_STATUS"] == "Completed"]


@claim(rf"Records of a loan that is paid off{MONTHS}: <N>")
def _paid_off_count(client: Client, window: str) -> float:
    return float(len(_paid_off(client, window)))


@claim(rf"No record of a loan that is paid off is known{MONTHS}")
def _none_paid_off(client: Client, window: str) -> bool:
    return not _paid_off(client, window)


def _month(client: Client, which: str) -> float | None:
    how = "at the lowest" if which == "First" else "at the highest"
    return summed(how, _column(client.loan_months, "MONTHS_BALANCE"))


@claim("(First|Latest) loan record known: <S> ago")
def _month_ago(client: Client, which: str) -> float | None:
    month = _month(client, which)
    return None if month is None else ago(month * DAYS_A_MONTH)


@claim("(First|Latest) loan record known: in the month of the application")
def _month_now(client: Client, which: str) -> bool:
    return _month(client, which) == 0


@dataclass(frozen=True)
class Instalment:
    """One instalment with all its payments; ``None`` where the records do not say."""

    loan: int
    order: tuple[Any, ...]
    due_day: float
    due: float | None
    paid: float | None
    last_paid: float | None

    @property
    def missed(self) -> bool:
        """Whether it fell due and nothing was paid."""
        return self.last_paid is None and not self.paid and self.due_day <= 0

    @property
    def settled(self) -> float | None:
        """What was paid."""
        return 0.0 if self.missed else self.paid

    @property
    def late(self) -> float | None:
        """Days from the due date to the last payment, or to this day."""
        until = 0.0 if self.missed else self.last_paid
        return None if until is None else until - self.due_day

    @property
    def rest(self) -> float | None:
        """What is left to pay; less than a cent is nothing."""
        if self.due is None or self.settled is None:
            return None
        left = self.due - self.settled
        return 0.0 if abs(left) < 0.01 else left

    @property
    def share(self) -> float | None:
        """The share that was paid."""
        return ratio(self.settled, self.due) if self.due and self.due > 0 else None


def instalments(client: Client) -> list[Instalment]:
    """Return the instalments, the latest due first."""
    parts: dict[tuple[Any, ...], list[Row]] = {}
    for row in client.payments:
        key = (row["SK_ID_PREV"], row["NUM_INSTALMENT_NUMBER"], row["NUM_INSTALMENT_VERSION"])
        parts.setdefault(key, []).append(row)
    made = [_instalment(key, rows) for key, rows in parts.items()]
    return sorted(made, key=lambda one: (one.due_day, *one.order), reverse=True)


def _instalment(key: tuple[Any, ...], rows: list[Row]) -> Instalment:
    paid = known(row["AMT_PAYMENT"] for row in rows)
    days = [
        row["DAYS_ENTRY_PAYMENT"]
        for row in rows
        if row["AMT_PAYMENT"] is None or row["AMT_PAYMENT"] > 0
    ]
    return Instalment(
        loan=key[0],
        order=key,
        due_day=max(row["DAYS_INSTALMENT"] for row in rows),
        due=summed("at the highest", [row["AMT_INSTALMENT"] for row in rows]),
        paid=sum(paid) if paid else None,
        last_paid=summed("at the highest", days),
    )


PART = r"( over the last (?:\d+ days|year|two years)| among the latest \(\d+ at most\)|)"
YEARS = {"year": 365, "two years": 730}


def part(client: Client, words: str) -> list[Instalment]:
    """Return the instalments of a part."""
    rows = instalments(client)
    if "latest" in words:
        return rows[: int(words.split("(")[1].split()[0])]
    if not words:
        return rows
    span = words.removeprefix(" over the last ")
    most = YEARS.get(span) or int(span.split()[0])
    return [one for one in rows if one.due_day >= -most]


Read = Callable[[Instalment], float | None]
FAULTS: dict[str, tuple[Read, float]] = {
    r"late \(paid or not\)": (lambda one: one.late, 0),
    "more than 7 days late": (lambda one: one.late, 7),
    "not paid in full": (lambda one: one.rest, 0),
}
_FAULT = f"({'|'.join(FAULTS)})"


def _faults(client: Client, fault: str, words: str) -> list[bool | None]:
    read, above = next(FAULTS[name] for name in FAULTS if name.replace("\\", "") == fault)
    return _marks([read(one) for one in part(client, words)], above)


@claim(rf"Instalments {_FAULT}{PART}: <N>")
def _fault(client: Client, fault: str, words: str) -> float | None:
    return counted(_faults(client, fault, words))


@claim(rf"Instalments {_FAULT}{PART}: <N> of <N>")
def _fault_of(client: Client, fault: str, words: str) -> tuple[float | None, ...]:
    marks = _faults(client, fault, words)
    return counted(marks), float(len(marks))


@claim(rf"Instalments {_FAULT}{PART}: <N> of <N> \(<P>\)")
def _fault_share_of(client: Client, fault: str, words: str) -> tuple[float | None, ...]:
    marks = _faults(client, fault, words)
    return counted(marks), float(len(marks)), ratio(counted(marks), float(len(marks)))


@claim(rf"Share of instalments {_FAULT}{PART}: <P>")
def _fault_share(client: Client, fault: str, words: str) -> float | None:
    return share_of_all(_faults(client, fault, words))


@claim(rf"Instalments {_FAULT}{PART}: none is known")
def _no_fault(client: Client, fault: str, words: str) -> bool:
    return not any(_faults(client, fault, words))


@claim(rf"Instalments {_FAULT}{PART}: not known")
def _fault_unknown(client: Client, fault: str, words: str) -> bool:
    return not known(_faults(client, fault, words))


FIGURES: dict[str, tuple[Read, str]] = {
    "Days late per instalment": (lambda one: _above(one.late), "on average"),
    "Days early per instalment": (lambda one: _above(_minus(one.late)), "on average"),
    "Total due less total paid on instalments": (lambda one: one.rest, "in total"),
    "Largest rest due on an instalment": (lambda one: one.rest, "at the highest"),
    "Share paid of each instalment": (lambda one: one.share, "on average"),
    "Total paid on instalments": (lambda one: one.settled, "in total"),
    "Average amount paid per instalment": (lambda one: one.settled, "on average"),
    "Largest amount paid on an instalment": (lambda one: one.settled, "at the highest"),
    "Total due on instalments": (lambda one: one.due, "in total"),
    "Average amount due per instalment": (lambda one: one.due, "on average"),
    "Largest amount due on an instalment": (lambda one: one.due, "at the highest"),
    "Longest delay of an instalment": (lambda one: one.late, "at the highest"),
}
TOKEN = {"Days": "<N>", "Share": "<P>", "Longest": "<D> its due date"}


def _above(value: float | None) -> float | None:
    return None if value is None else max(value, 0.0)


def _minus(value: float | None) -> float | None:
    return None if value is None else -value


def _figure(client: Client, what: str, words: str) -> float | None:
    read, how = FIGURES[what]
    return summed(how, [read(one) for one in part(client, words)])


for _what in FIGURES:
    _token = TOKEN.get(_what.split()[0], "<A>")
    claim(rf"({_what}){PART}(?:, on average| \(negative: overpaid\))?: {_token}")(_figure)
    claim(rf"({_what}){PART}: not known")(
        lambda client, what, words: not known(FIGURES[what][0](one) for one in part(client, words))
    )


@claim(rf"(Longest delay of an instalment){PART}: none")
def _just_in_time(client: Client, what: str, words: str) -> bool:
    return _figure(client, what, words) == 0


@claim("Share paid of the total due on instalments: <P>")
def _paid_to_due(client: Client) -> float | None:
    told = [one for one in instalments(client) if one.settled is not None]
    paid, due = (known(values) for values in zip(*((o.settled, o.due) for o in told), strict=True))
    return ratio(sum(paid), sum(due))


@claim("The share paid of the total due on instalments cannot be computed")
def _no_paid_to_due(client: Client) -> bool:
    return not any(one.settled is not None and one.due for one in instalments(client))


@claim(rf"Instalments known of loans with us{PART}: <N>")
def _known(client: Client, words: str) -> float:
    return float(len(part(client, words)))


@claim(rf"No instalment of a loan with us is known{PART}", rf"No instalment is known{PART}")
def _none_known(client: Client, words: str) -> bool:
    return not part(client, words)


@claim("Instalments due and never paid: <N> of <N>")
def _missed(client: Client) -> tuple[float, float]:
    rows = instalments(client)
    return float(sum(one.missed for one in rows)), float(len(rows))


@claim("Instalments due and never paid: none is known")
def _none_missed(client: Client) -> bool:
    return not any(one.missed for one in instalments(client))


def _streak(client: Client) -> float:
    count = 0
    for one in instalments(client):
        if one.late is None or one.late > 0 or one.rest is None or one.rest > 0:
            break
        count += 1
    return float(count)


claim("Latest instalments in a row paid on time and in full: <N>")(_streak)


@claim("The latest instalment is not known to have been paid on time and in full")
def _no_streak(client: Client) -> bool:
    return _streak(client) == 0


@claim("Loans with us whose instalments are known: <N>")
def _loans_paid(client: Client) -> float:
    return float(len({one.loan for one in instalments(client)}))


def _last_late(client: Client) -> float | None:
    late = [one.due_day for one in instalments(client) if (one.late or 0) > 0]
    return max(late) if late else None


@claim("Latest instalment late, paid or not: due <S> ago")
def _late_ago(client: Client) -> float | None:
    return ago(_last_late(client))


@claim("Latest instalment late, paid or not: due on the day of the application")
def _late_today(client: Client) -> bool:
    return _last_late(client) == 0


@claim("No late instalment of a loan with us is known")
def _never_late(client: Client) -> bool:
    return _last_late(client) is None


DATES: dict[str, Callable[[Client], float | None]] = {
    "First instalment known with us": lambda client: summed(
        "at the lowest", [one.due_day for one in instalments(client)]),
    "Latest known payment of an instalment": lambda client: summed(
        "at the highest", [one.last_paid for one in instalments(client)]),
}  # fmt: skip


@claim(rf"({'|'.join(DATES)}): <S> ago")
def _since(client: Client, event: str) -> float | None:
    return ago(DATES[event](client))


@claim(rf"({'|'.join(DATES)}): on the day of the application")
def _today(client: Client, event: str) -> bool:
    return DATES[event](client) == 0


@claim(rf"({'|'.join(DATES)}): date not known")
def _no_date(client: Client, event: str) -> bool:
    return DATES[event](client) is None


@claim("The instalment is <N> times the average payment per instalment over 12 months")
def _to_paid(client: Client) -> float | None:
    paid = _figure(client, "Average amount paid per instalment", " over the last year")
    return ratio(client.form["AMT_ANNUITY"], paid)


@claim("The ratio of the instalment to payments of the last 12 months cannot be computed")
def _no_to_paid(client: Client) -> bool:
    return _to_paid(client) is None


@claim("Instalments due to us over 12 months, a month: <P> of declared monthly income")
def _due_to_income(client: Client) -> float | None:
    due = _figure(client, "Total due on instalments", " over the last year")
    return ratio(None if due is None else due / 12, client.form["AMT_INCOME_TOTAL"])


@claim("No instalment due to us is known over 12 months")
def _none_due(client: Client) -> bool:
    return not _figure(client, "Total due on instalments", " over the last year")


@claim("The ratio of instalments of the last 12 months to income cannot be computed")
def _no_due(client: Client) -> bool:
    return not client.form["AMT_INCOME_TOTAL"]

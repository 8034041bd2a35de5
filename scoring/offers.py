"""Requests a lender could name instead of the one asked: their geometry, and how a lever moves it.

A lever is a family of one parameter: the amount, the instalment or the income moves in commercial
steps, and all that follows from it moves with it. An offer is rounded to what a person reads of it
(three figures), so that what is said is what was scored.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Self

LEAST_SHARE = 0.25
"""No less than a quarter of what was asked is tried: below, it is another project."""
MOST_TIMES = 4.0
"""No more than four times what was asked is tried; the policy's limits come first."""

_THREE_FIGURES = (*range(100, 200, 2), *range(200, 500, 5), *range(500, 1000, 10))
"""Commercial steps of one decade: from 1 % to 2.5 % apart, 160 of them."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A request: amount and price of the goods, instalment a month, in the lender's currency.

    ``income`` is a month's declared income, where it is what moves; ``None`` leaves it as it is.
    """

    amount: float
    instalment: float
    goods_price: float | None = None
    income: float | None = None

    @classmethod
    def of(cls, application: Mapping[str, object]) -> Self | None:
        """Return the request of an application; ``None`` without an amount or an instalment."""
        amount, instalment = (
            positive(application, "amount_credit"),
            positive(application, "annuity"),
        )
        if amount is None or instalment is None:
            return None
        return cls(amount, instalment, positive(application, "goods_price"))

    @property
    def term_months(self) -> float:
        """Months to repay the amount at this instalment, no interest being known."""
        return self.amount / self.instalment

    @property
    def down_payment(self) -> float | None:
        """What the client pays of the goods: their price less the amount, never below zero."""
        return None if self.goods_price is None else max(self.goods_price - self.amount, 0.0)

    @property
    def changes(self) -> dict[str, float]:
        """The items of an application that say this offer, by their plain names."""
        items = {
            "amount_credit": self.amount,
            "annuity": self.instalment,
            "goods_price": self.goods_price,
            "income_total": self.income,
        }
        return {name: value for name, value in items.items() if value is not None}

    def scaled(self, amount: float) -> Offer:
        """Return the offer of another amount over the same term, its goods in proportion."""
        share = amount / self.amount
        goods = None if self.goods_price is None else rounded(self.goods_price * share)
        return Offer(amount, rounded(self.instalment * share), goods)

    def distance(self, other: Offer) -> float:
        """Return the largest relative change of amount or instalment between two offers."""
        return max(
            abs(math.log(other.amount / self.amount)),
            abs(math.log(other.instalment / self.instalment)),
        )


Offers = tuple[Offer, ...]
"""The steps of one lever, the nearest to what was asked first."""


def smaller_credit(asked: Offer) -> Offers:
    """Return smaller amounts over the same term, for cheaper goods."""
    return tuple(asked.scaled(amount) for amount in _below(asked.amount))


def larger_down_payment(asked: Offer) -> Offers:
    """Return smaller amounts over the same term, for the same goods; none without goods."""
    if asked.goods_price is None:
        return ()
    return tuple(replace(one, goods_price=asked.goods_price) for one in smaller_credit(asked))


def smaller_credit_shorter_term(asked: Offer) -> Offers:
    """Return smaller amounts repaid by the instalment asked, for cheaper goods."""
    return tuple(replace(one, instalment=asked.instalment) for one in smaller_credit(asked))


def longer_term(asked: Offer) -> Offers:
    """Return smaller instalments for the amount asked."""
    return tuple(replace(asked, instalment=one) for one in _below(asked.instalment))


def shorter_term(asked: Offer) -> Offers:
    """Return larger instalments for the amount asked."""
    return tuple(replace(asked, instalment=one) for one in _above(asked.instalment))


def larger_credit(asked: Offer) -> Offers:
    """Return larger amounts over the same term, for dearer goods."""
    return tuple(asked.scaled(amount) for amount in _above(asked.amount))


def lower_income(asked: Offer, income: float) -> Offers:
    """Return the same request with a lower declared income, from ``income`` down."""
    return tuple(replace(asked, income=one) for one in _below(income))


LEVERS: Mapping[str, Callable[[Offer], Offers]] = MappingProxyType(
    {
        lever.__name__: lever
        for lever in (
            smaller_credit,
            larger_down_payment,
            smaller_credit_shorter_term,
            longer_term,
            shorter_term,
        )
    }
)
"""What a client can change at the counter, by name."""
SAME_TERM = ("smaller_credit", "larger_down_payment")
"""The levers that leave the term as it was asked."""


def rungs(low: float, high: float) -> list[float]:
    """Return the commercial amounts from ``low`` (above zero) to ``high``, rising, whole units.

    >>> rungs(97_000, 103_000)
    [97000.0, 98000.0, 99000.0, 100000.0, 102000.0]
    """
    decades = range(math.floor(math.log10(low)), math.floor(math.log10(high)) + 1)
    amounts = [float(f"{three}e{decade - 2}") for decade in decades for three in _THREE_FIGURES]
    return [amount for amount in amounts if low <= amount <= high and amount.is_integer()]


def rounded(amount: float) -> float:
    """Return an amount as a person reads it: whole, three figures above a thousand, one at least.

    >>> rounded(31_634.2), rounded(987.4), rounded(0.2)
    (31600.0, 987.0, 1.0)
    """
    return float(f"{amount:.3g}") if amount >= 1000 else max(float(round(amount)), 1.0)


def positive(application: Mapping[str, object], name: str) -> float | None:
    """Return an item of the form as a number above zero; ``None`` when it is none."""
    value = application.get(name)
    return float(value) if isinstance(value, int | float) and value > 0 else None


def _below(value: float) -> list[float]:
    """Commercial steps under ``value``, down to a quarter of it, the nearest first."""
    return [one for one in reversed(rungs(LEAST_SHARE * value, value)) if one < value]


def _above(value: float) -> list[float]:
    """Commercial steps above ``value``, up to four times it, the nearest first."""
    return [one for one in rungs(value, MOST_TIMES * value) if one > value]

"""Reading a sentence as a person does: what it claims, and the figures written in it.

A claim is a pattern of English words and a function of a client's raw records. In a pattern ``<A>``
is an amount, ``<P>`` a percentage, ``<N>`` another number, ``<S>`` a span of time, ``<D>`` a span
before or after a moment, ``<W>`` words of a category; other groups are handed to the function. It
returns what the raw records give: one value a figure (spans in days, those before a moment
negative, percentages as shares; ``None`` when they do not say), or whether the claim is true where
no figure is written. Nothing of the product is imported here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.truth.records import Client

NUMBER = r"\u2212?\d[\d,]*(?:\.\d+)?"
TOKENS = {
    "A": rf"({NUMBER})",
    "P": rf"({NUMBER}%)",
    "N": rf"({NUMBER})",
    "S": r"(\d+\u00a0(?:days?|months?|years?)(?: and \d+\u00a0months?)?)",
    "D": r"(\d+\u00a0(?:days?|months?|years?)(?: and \d+\u00a0months?)? (?:before|after))",
    "W": r"(.+?)",
}
DAYS_A_MONTH = 30.4375
ROUNDING = 1e-9
"""What adding in another order may change, as a share."""

Claimed = Callable[..., Any]


@dataclass(frozen=True)
class Claim:
    """One kind of sentence: its pattern, which groups are figures, and what raw records give."""

    pattern: re.Pattern[str]
    tokens: tuple[str, ...]
    """One for each group of the pattern, empty for words."""
    truth: Claimed

    def is_true(self, found: re.Match[str], client: Client) -> bool:
        """Tell whether the raw records say what the sentence says."""
        groups = list(zip(self.tokens, found.groups(), strict=True))
        expected = self.truth(client, *(text or "" for token, text in groups if not token))
        figures = [(token, text) for token, text in groups if token]
        if not figures:
            assert isinstance(expected, bool), self.pattern
            return expected
        values = expected if isinstance(expected, tuple) else (expected,)
        assert len(values) == len(figures), self.pattern
        return all(agrees(*one, value) for one, value in zip(figures, values, strict=True))


CLAIMS: list[Claim] = []


def claim(*patterns: str) -> Callable[[Claimed], Claimed]:
    """Register the function that says what sentences of these patterns claim."""

    def register(truth: Claimed) -> Claimed:
        for pattern in patterns:
            groups = re.findall(r"<([APNSDW])>|(\((?!\?))", re.sub(r"\\[().]", "", pattern))
            compiled = re.sub(r"<([APNSDW])>", lambda token: TOKENS[token[1]], pattern)
            tokens = tuple(token for token, _ in groups)
            CLAIMS.append(Claim(re.compile(compiled + r"\."), tokens, truth))
        return truth

    return register


def is_true(sentence: str, client: Client) -> bool | None:
    """Tell whether every reading of ``sentence`` is true of the client; ``None`` when none is."""
    plain = sentence.replace("\u00a0%", "%")
    readings = [(one, found) for one in CLAIMS if (found := one.pattern.fullmatch(plain))]
    return all(one.is_true(found, client) for one, found in readings) if readings else None


def agrees(token: str, text: str, value: Any) -> bool:
    """Tell whether a written figure is ``value``, to the last digit that is written."""
    if value is None:
        return False
    if token == "W":
        return bool(text == value)
    low, high = span(text) if token in {"S", "D"} else interval(token, text)
    if text.endswith("before"):
        low, high = -high, -low
    slack = ROUNDING * max(abs(value), 1e-6)
    return bool(low - slack <= value <= high + slack)


def interval(token: str, text: str) -> tuple[float, float]:
    """Return the values that are written so."""
    digits = text.removesuffix("%").replace(",", "").replace("\u2212", "-")
    read, decimals = float(digits), len(digits.partition(".")[2])
    half = 0.5 * 10.0**-decimals
    if token == "A" and abs(read) >= 1000:  # three digits, then zeros
        half = 0.5 * 10.0 ** (len(str(int(abs(read)))) - 3)
    scale = 100.0 if token == "P" else 1.0
    return (read - half) / scale, (read + half) / scale


def span(text: str) -> tuple[float, float]:
    """Return the days that are written so: to the day, or to the month."""
    if "day" in text:
        days = int(text.split("\u00a0")[0])
        return days - 0.5, days + 0.5
    years = re.search(r"(\d+)\u00a0year", text)
    months = re.search(r"(\d+)\u00a0month", text)
    count = 12 * int(years[1] if years else 0) + int(months[1] if months else 0)
    return DAYS_A_MONTH * (count - 0.5), DAYS_A_MONTH * (count + 0.5)


def figures(sentence: str, language: str) -> list[float]:
    """Return the numbers written in a sentence, but for that of a score or a document."""
    mark, thousands = (",", "\u202f") if language == "fr" else (".", ",")
    number = rf"\u2212?\d[\d{thousands}]*(?:\{mark}\d+)?"
    found = re.findall(number, re.sub(r"n° \d+|no\. \d+", "", sentence))
    plain = (text.replace(thousands, "").replace(mark, ".") for text in found)
    return [float(text.replace("\u2212", "-")) for text in plain]


def known(values: Iterable[float | None]) -> list[float]:
    """Return the values that are there."""
    return [value for value in values if value is not None]


def ratio(top: float | None, bottom: float | None) -> float | None:
    """Return a quotient where both are known and the divisor is not zero."""
    return None if top is None or bottom is None or bottom == 0 else top / bottom


def minus(one: float | None, other: float | None) -> float | None:
    """Return a difference where both are known."""
    return None if one is None or other is None else one - other


def summed(how: str, values: Sequence[float | None]) -> float | None:
    """Sum values up as words say: on average, at the highest, at the lowest, in total."""
    there = known(values)
    if how == "in total":
        return sum(there) if there or not values else None
    if not there:
        return None
    if how == "on average":
        return sum(there) / len(there)
    return {"at the highest": max, "at the lowest": min}[how](there)


def ago(days: float | None) -> float | None:
    """Return how long ago a past day is, itself unless it lies ahead."""
    return None if days is None or days > 0 else -days


def share_of(marks: Sequence[bool | None]) -> float | None:
    """Return the share that is so of what is known to be so or not."""
    return summed("on average", [None if one is None else float(one) for one in marks])


def counted(marks: Sequence[bool | None]) -> float | None:
    """Return how many are so; ``None`` where there are rows and nothing is known of any."""
    return summed("in total", [None if one is None else float(one) for one in marks])


def share_of_all(marks: Sequence[bool | None]) -> float | None:
    """Return the share that is so of all rows: what is not known of a row is not so."""
    return ratio(counted(marks), float(len(marks)))

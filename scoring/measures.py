"""What the policy's rules measure on an application, and how each figure is written.

A measure is declared once, as a formula of ``features.engine.namespace``: the same formula runs on
plain numbers for one application and in Polars for a frame. Any other column of the form may be
measured as it is, save those that nobody is to be judged by. Incomes and instalments are monthly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import isfinite
from typing import Any

import polars as pl

from features import policy as inputs
from features.engine.namespace import POLARS, Expr, Formula, Namespace
from features.engine.traced import Results, straight
from features.raw.categories import category_words
from features.raw.tables import APPLICATIONS, Language, Words
from scoring.contract.currency import in_currency
from scoring.facts.figures import HARD, Form, Value, number

DAYS_A_YEAR = 365.25
MONTHS_A_YEAR = 12
MOST_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of an application: its name, how it is written, how it is computed.

    ``tells_age`` marks what says how old somebody is: a rule on it may decline nobody.
    """

    name: str
    form: Form
    formula: Formula
    tells_age: bool = False

    @property
    def is_word(self) -> bool:
        """Whether its values are words rather than numbers."""
        return self.form == "word"

    def figure(
        self, value: Value, language: Language, currency: str = "", beside: Value = None
    ) -> str:
        """Write ``value`` with as many decimals as tell it from the limit ``beside`` it."""
        if value is None or isinstance(value, str):
            return _UNKNOWN.in_(language) if value is None else category_words(value, language)
        decimals = 0 if float(value).is_integer() else _DECIMALS.get(self.form, 0)
        while value != beside and self._rounded(value, decimals) == beside:
            if decimals == MOST_DECIMALS:
                break
            decimals += 1
        return self._written(value, decimals, language, currency)

    def limit(self, value: float | str, language: Language, currency: str = "") -> str:
        """Write a limit exactly."""
        if isinstance(value, str):
            return category_words(value, language)
        exact = (d for d in range(MOST_DECIMALS) if self._rounded(value, d) == value)
        return self._written(value, next(exact, MOST_DECIMALS), language, currency)

    def _rounded(self, value: float, decimals: int) -> float:
        return round(value, decimals + 2 if self.form == "percent" else decimals)

    def _written(self, value: float, decimals: int, language: Language, currency: str) -> str:
        if self.form == "percent":
            return number(100 * value, language, decimals) + (
                f"{HARD}%" if language == "fr" else "%"
            )
        written = number(value, language, decimals)
        if self.form == "amount":
            return in_currency(written, currency, language)
        if self.form not in _UNITS:
            return written
        one, more = _UNITS[self.form]
        single = abs(value) < 2 if language == "fr" else written == "1"
        return f"{written}{HARD}{(one if single else more).in_(language)}"


_UNKNOWN = Words("non connu", "not known")
_DECIMALS: Mapping[Form, int] = {"years": 1, "months": 1, "times": 1}
_UNITS: Mapping[Form, tuple[Words, Words]] = {
    "days": (Words("jour", "day"), Words("jours", "days")),
    "months": (Words("mois", "month"), Words("mois", "months")),
    "years": (Words("an", "year"), Words("ans", "years")),
}
_FORMS: Mapping[str, Form] = {
    "amount": "amount",
    "days": "days",
    "score": "score",
    "share": "percent",
    "years": "years",
}
"""How a column of the form is written, by its unit; as a count otherwise."""


def _age_years(x: Namespace) -> Expr:
    return x.col("birth_days") / -DAYS_A_YEAR


def _term_months(x: Namespace) -> Expr:
    """Months to repay the amount without interest: the term is at least that."""
    return x.col("amount_credit") / x.col("annuity")


def _events(x: Namespace) -> tuple[Expr, ...]:
    """Days, counted backwards from the application, of what lies in a person's past."""
    names = ("employment_days", "registration_days", "identity_document_days", "phone_change_days")
    return tuple(x.col(name) for name in names)


_DECLARED = (
    Measure("age_years", "years", _age_years, tells_age=True),
    Measure(
        "age_at_end_years",
        "years",
        lambda x: _age_years(x) + _term_months(x) / MONTHS_A_YEAR,
        tells_age=True,
    ),
    Measure("job_years", "years", lambda x: x.col("employment_days") / -DAYS_A_YEAR),
    Measure(
        "age_when_hired_years",
        "years",
        lambda x: (x.col("employment_days") - x.col("birth_days")) / DAYS_A_YEAR,
        tells_age=True,
    ),
    Measure("term_months", "months", _term_months),
    Measure("effort_rate", "percent", lambda x: x.col("annuity") / x.col("income_total")),
    Measure("remaining_income", "amount", lambda x: x.col("income_total") - x.col("annuity")),
    Measure("credit_to_goods", "times", lambda x: x.col("amount_credit") / x.col("goods_price")),
    Measure("goods_to_credit", "times", lambda x: x.col("goods_price") / x.col("amount_credit")),
    Measure(
        "adults_count",
        "count",
        lambda x: x.col("family_members_count") - x.col("children_count"),
    ),
    Measure(
        "earliest_before_birth_days",
        "days",
        lambda x: x.col("birth_days") - x.min_horizontal(*_events(x)),
    ),
    Measure("latest_event_days", "days", lambda x: x.max_horizontal(*_events(x))),
)


@cache
def measures() -> Mapping[str, Measure]:
    """Return every measure a rule may name: the declared ones, then the columns of the form."""
    columns = {
        column.name: Measure(
            column.name,
            "word" if column.kind == "category" else _FORMS.get(column.unit, "count"),
            _column(column.name),
        )
        for column in APPLICATIONS.columns
        if column.kind not in {"id", "target"} and inputs.policy().allows(column.name)
    }
    return columns | {measure.name: measure for measure in _DECLARED}


def _column(name: str) -> Formula:
    return lambda x: x.col(name)


class Computation:
    """Computes some measures: of one application in plain numbers, of many in Polars."""

    def __init__(self, wanted: tuple[Measure, ...]) -> None:
        self._wanted = wanted
        self._words = tuple(one.name for one in wanted if one.is_word)
        self._numbers = tuple(one for one in wanted if not one.is_word)
        read = {name for one in self._numbers for name in one.formula(POLARS).meta.root_names()}
        self._read = tuple(sorted(read))
        self._compute: Results = straight([one.formula for one in self._numbers])

    def one(self, application: Mapping[str, object]) -> dict[str, Value]:
        """Return the measures by name; what is missing, or is no finite number, is ``None``."""
        row = {name: _number(application.get(name)) for name in self._read}
        measured: dict[str, Value] = {
            one.name: value if value is not None and isfinite(value) else None
            for one, value in zip(self._numbers, self._compute(row), strict=True)
        }
        for name in self._words:
            word = application.get(name)
            measured[name] = None if word is None else str(word)
        return measured

    def many(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the same of n applications, one column a measure."""
        absent = [name for name in (*self._read, *self._words) if name not in frame.columns]
        columns = frame.with_columns(pl.lit(None).alias(name) for name in absent).with_columns(
            *(pl.col(name).cast(pl.Float64).fill_nan(None) for name in self._read),
            *(pl.col(name).cast(pl.String) for name in self._words),
        )
        computed = ((one.name, one.formula(POLARS)) for one in self._numbers)
        return columns.select(
            *(pl.when(value.is_finite()).then(value).alias(name) for name, value in computed),
            *self._words,
        )


def _number(value: Any) -> float | None:
    """A value of the form, validated before; not a number is missing."""
    return None if value is None or value != value else float(value)

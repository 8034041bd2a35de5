"""The raw tables, declared once in ``columns.csv``: names, kinds, sentinels, categories and words.

Everything that touches raw data (the prepare step, the checks, the synthetic portfolio, the
service's input, the screens' labels) reads this declaration and nothing else.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple, get_args

import polars as pl

Kind = Literal["id", "target", "integer", "number", "flag", "category"]
Period = Literal["", "month", "instalment"]
Language = Literal["fr", "en"]

DECLARATION = Path(__file__).with_name("columns.csv")

FILES: dict[str, tuple[str, ...]] = {
    "applications": ("application_train", "application_test"),
    "bureau": ("bureau",),
    "bureau_balance": ("bureau_balance",),
    "previous": ("previous_application",),
    "pos": ("POS_CASH_balance",),
    "instalments": ("installments_payments",),
    "cards": ("credit_card_balance",),
}


class Words(NamedTuple):
    """The same words in both languages of the product."""

    fr: str
    en: str

    def in_(self, language: Language) -> str:
        """Return the words in ``language``."""
        return self.fr if language == "fr" else self.en


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a raw table: how the archive spells it and how the product does.

    ``period`` says what an amount is for: a month (an income, the instalment of a loan), one
    instalment, or nothing (a price, a balance).
    """

    table: str
    source: str
    name: str
    kind: Kind
    unit: str
    period: Period
    group: str
    missing_codes: tuple[str, ...]
    label: Words
    categories: tuple[str, ...]

    @property
    def dtype(self) -> pl.DataType:
        """The Polars type of the prepared column. Amounts and days stay exact in 64-bit floats."""
        if self.kind == "category":
            return pl.Enum(self.categories)
        return {
            "id": pl.Int64(),
            "target": pl.Int8(),
            "integer": pl.Int32(),
            "number": pl.Float64(),
            "flag": pl.Int8(),
        }[self.kind]


@dataclass(frozen=True)
class Table:
    """One raw table: the files that hold it and its columns, in the archive's order."""

    name: str
    files: tuple[str, ...]
    columns: tuple[Column, ...]

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Columns by their plain name."""
        return {column.name: column for column in self.columns}

    @cached_property
    def by_source(self) -> dict[str, Column]:
        """Columns by the name the archive gives them."""
        return {column.source: column for column in self.columns}

    @cached_property
    def schema(self) -> pl.Schema:
        """The Polars schema of the prepared table."""
        return pl.Schema({column.name: column.dtype for column in self.columns})

    def __getitem__(self, name: str) -> Column:
        """Return the column of plain name ``name``; ``KeyError`` when there is none."""
        return self.by_name[name]


def _read(row: dict[str, str]) -> Column:
    for field, known in (("kind", get_args(Kind)), ("period", get_args(Period))):
        if row[field] not in known:
            name = f"{row['table']}.{row['name']}"
            msg = f"{DECLARATION.name}: {name} has the unknown {field} {row[field]!r}"
            raise ValueError(msg)
    return Column(
        table=row["table"],
        source=row["source"],
        name=row["name"],
        kind=row["kind"],  # type: ignore[arg-type]  # checked above
        unit=row["unit"],
        period=row["period"],  # type: ignore[arg-type]
        group=row["group"],
        missing_codes=tuple(filter(None, row["missing"].split(";"))),
        label=Words(row["label_fr"], row["label_en"]),
        categories=tuple(filter(None, row["categories"].split(";"))),
    )


def _declared() -> dict[str, Table]:
    with DECLARATION.open(encoding="utf-8", newline="") as lines:
        columns = [_read(row) for row in csv.DictReader(lines)]
    return {
        name: Table(name, files, tuple(c for c in columns if c.table == name))
        for name, files in FILES.items()
    }


TABLES = MappingProxyType(_declared())
APPLICATIONS = TABLES["applications"]

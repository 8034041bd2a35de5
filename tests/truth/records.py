"""One client's raw records, read from an archive with pandas alone: what is missing is ``None``.

The archive's own spellings are kept (``AMT_CREDIT``). Its ways to say that nothing is known are
read as that: empty, ``XNA`` and ``XAP``, and 365243 days (a thousand years ahead).
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

Row = dict[str, Any]
NEVER = 365243
NOTHING = {"XNA", "XAP"}
HISTORIES = {
    "bureau": "credits",
    "previous_application": "past",
    "POS_CASH_balance": "loan_months",
    "installments_payments": "payments",
    "credit_card_balance": "card_months",
}
"""File -> the field of ``Client`` that holds its rows."""

_WORDS = Path(__file__).resolve().parents[2] / "features" / "raw" / "categories.csv"


@dataclass
class Client:
    """The raw rows of one client. ``expected`` are the external scores of comparable cases."""

    form: Row
    credits: list[Row] = field(default_factory=list)
    credit_months: list[Row] = field(default_factory=list)
    past: list[Row] = field(default_factory=list)
    loan_months: list[Row] = field(default_factory=list)
    payments: list[Row] = field(default_factory=list)
    card_months: list[Row] = field(default_factory=list)
    expected: tuple[float, ...] = ()


def read_clients(archive: Path, count: int) -> dict[int, Client]:
    """Return ``count`` clients of a zip, evenly spread, labelled or not, by their number."""
    forms = pd.concat([_frame(archive, "application_train"), _frame(archive, "application_test")])
    places = {round(place * (len(forms) - 1) / (count - 1)) for place in range(count)}
    chosen = forms.iloc[sorted(places)]
    clients = {row["SK_ID_CURR"]: Client(row) for row in _rows(chosen)}
    held = set(zipfile.ZipFile(archive).namelist())
    for stem, name in HISTORIES.items():
        if f"{stem}.csv" in held:
            frame = _frame(archive, stem)
            for row in _rows(frame[frame["SK_ID_CURR"].isin(clients)]):
                getattr(clients[row["SK_ID_CURR"]], name).append(row)
    if "bureau_balance.csv" in held:
        _credit_months(archive, clients)
    return clients


def _credit_months(archive: Path, clients: dict[int, Client]) -> None:
    owner = {row["SK_ID_BUREAU"]: client for client in clients.values() for row in client.credits}
    frame = _frame(archive, "bureau_balance")
    for row in _rows(frame[frame["SK_ID_BUREAU"].isin(owner)]):
        owner[row["SK_ID_BUREAU"]].credit_months.append(row)


def _frame(archive: Path, stem: str) -> pd.DataFrame:
    with zipfile.ZipFile(archive).open(f"{stem}.csv") as file:
        return pd.read_csv(
            file, dtype={"STATUS": str}, low_memory=False, float_precision="round_trip"
        )


def _rows(frame: pd.DataFrame) -> Iterator[Row]:
    for row in frame.to_dict("records"):
        yield {name: None if _is_nothing(value) else value for name, value in row.items()}


def _is_nothing(value: Any) -> bool:
    if isinstance(value, str):
        return value in NOTHING
    return bool(value != value or value == NEVER)


def english_words() -> dict[str, str]:
    """Return the English words of the archive's categories, by their spelling."""
    with _WORDS.open(encoding="utf-8", newline="") as lines:
        return {row["value"]: row["en"] for row in csv.DictReader(lines)}


def figure(row: Row, column: str) -> float | None:
    """Return a figure of a row."""
    value: float | None = row[column]
    return value


def within(rows: Sequence[Row], column: str, most: int) -> list[Row]:
    """Return the rows not older than ``most``, counted backwards from the application."""
    return [row for row in rows if row[column] is not None and row[column] >= -most]

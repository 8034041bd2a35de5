"""What is held about clients: one, a page of them, and what they take away."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from features.raw.tables import Language
from scoring.contract.base import MAX_ID, Output, Probability, Query, Value, Verdict


class Item(Output):
    """One thing held about a client."""

    name: str
    label: str
    value: Value
    unit: str


class Section(Output):
    """Things held that belong together, with where they come from."""

    name: str
    label: str
    origin: str
    items: list[Item]


class ClientResponse(Output):
    """Everything held about one client."""

    client_id: int
    received_at: datetime
    language: Language
    sections: list[Section]


class LanguageQuery(Query):
    """The language of the words."""

    language: Language = "fr"


def _written_as_day(value: object) -> object:
    """Take ``2026-11-23`` alone: seconds since 1970 are no day somebody wrote."""
    if isinstance(value, str) and len(value) != len("2026-11-23"):
        msg = "write the day as YYYY-MM-DD"
        raise ValueError(msg)
    return value


Day = Annotated[date, BeforeValidator(_written_as_day)]
RiskBand = Literal["A", "B", "C", "D", "E", "F", "G"]
Points = Annotated[int, Field(ge=0, le=1000)]


class ClientsQuery(Query):
    """A page of clients, narrowed by what is given; ``after`` is the cursor.

    Verdict, probability, points and band are those of a portfolio run: the last one, or
    ``run_id`` (answered with the first page) to stay on the same scores from page to page.
    Bounds are included.
    """

    after: Annotated[int, Field(ge=0, le=MAX_ID)] = 0
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    client_id: Annotated[int | None, Field(ge=1, le=MAX_ID)] = None
    source: Annotated[str | None, Field(max_length=80)] = None
    verdict: Verdict | None = None
    risk_band: RiskBand | None = None
    probability_from: Probability | None = None
    probability_to: Probability | None = None
    points_from: Points | None = None
    points_to: Points | None = None
    assessed_since: Day | None = Field(default=None, description="an assessment that day or later")
    open_request: Literal["true", "false"] | None = None
    run_id: Annotated[str | None, Field(max_length=40)] = None


class ClientLine(Output):
    """One client in a list: what tells one application from another, and the portfolio's score."""

    client_id: int
    received_at: datetime
    source: str
    contract_type: str | None
    amount_credit: float | None
    annuity: float | None
    verdict: Verdict | None = None
    default_probability: Probability | None = None
    points: int | None = None
    risk_band: str | None = None


class ClientsResponse(Output):
    """A page of clients by number; ask again with ``after`` = ``next`` until it is null."""

    clients: list[ClientLine]
    next: int | None
    run_id: str | None = Field(default=None, description="the portfolio run the scores are from")


class ExportQuery(Query):
    """The form of the export."""

    format: Literal["json", "csv"] = "json"
    language: Language = "fr"

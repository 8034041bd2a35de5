"""What is held about clients: one, a page of them, and what they take away."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from features.tables import Language
from scoring.contract.base import MAX_ID, Output, Query, Value


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


class ClientsQuery(Query):
    """A page of clients: those of one source, or one client by number; ``after`` is the cursor."""

    after: Annotated[int, Field(ge=0, le=MAX_ID)] = 0
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    client_id: Annotated[int | None, Field(ge=1, le=MAX_ID)] = None
    source: Annotated[str | None, Field(max_length=80)] = None


class ClientLine(Output):
    """One client in a list: what tells one application from another."""

    client_id: int
    received_at: datetime
    source: str
    contract_type: str | None
    amount_credit: float | None
    annuity: float | None


class ClientsResponse(Output):
    """A page of clients by number; ask again with ``after`` = ``next`` until it is null."""

    clients: list[ClientLine]
    next: int | None


class ExportQuery(Query):
    """The form of the export."""

    format: Literal["json", "csv"] = "json"
    language: Language = "fr"

"""The forms of a request, and what is typed in them, read as the contract takes it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scoring.contract import (
    APPLICATIONS,
    LEAST_MOTIVE,
    REQUIRED,
    ClientResponse,
    Column,
    OwnRequest,
    Value,
)
from scoring.contract.currency import CURRENCIES
from ui.client_file import APPLICATION, item_of
from ui.format import Format
from ui.rendering import render
from ui.words import Language, Words

SPACES = str.maketrans("", "", " \u00a0\u202f")


class Incomplete(ValueError):
    """What was typed cannot be sent; ``key`` names the words that say what to do."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Typed(BaseModel):
    """A filled-in form, as typed. ``number`` is the form's own: sent twice, it files once."""

    model_config = ConfigDict(frozen=True)

    kind: str = Field(default="", max_length=40)
    motive: str = Field(default="", max_length=2_000)
    number: str = Field(default="", max_length=40)
    item: str = Field(default="", max_length=80)
    value: str = Field(default="", max_length=80)
    unknown: bool = False

    def once(self) -> str:
        """Return what names this form with this content."""
        return str(uuid5(NAMESPACE_URL, self.model_dump_json()))


def new_number() -> str:
    """Return the number of a form nobody has sent yet."""
    return uuid4().hex


def correctable(name: str) -> Column | None:
    """Return the declared item of the application of that name, if there is one."""
    columns = (column for column in APPLICATIONS.columns if column.kind not in {"id", "target"})
    return next((column for column in columns if column.name == name), None)


def read_request(
    typed: Typed, assessment_id: str, received_at: datetime, language: Language
) -> dict[str, Any]:
    """Return the fields of a request; a review is of ``assessment_id``. Raises ``Incomplete``."""
    if len(typed.motive.strip()) < LEAST_MOTIVE:
        raise Incomplete("file.motive.missing")
    asked: dict[str, Any] = {"kind": typed.kind, "motive": typed.motive.strip()}
    if typed.kind == "rectification":
        asked |= {"item": typed.item, "value": _value(typed, received_at, language)}
    elif typed.kind == "review":
        asked["assessment_id"] = assessment_id
    elif typed.kind != "objection":
        raise Incomplete("file.kind.missing")
    try:
        OwnRequest(**asked)
    except ValidationError:
        key = "file.value.wrong" if typed.kind == "rectification" else "file.wrong"
        raise Incomplete(key) from None
    return asked


def _value(typed: Typed, received_at: datetime, language: Language) -> Value:
    column = correctable(typed.item)
    if column is None:
        raise Incomplete("file.item.missing")
    if typed.unknown:
        return None
    if not typed.value.strip():
        raise Incomplete("file.value.missing")
    if column.kind == "category":
        return typed.value
    number = (
        _days(typed.value, received_at)
        if column.unit == "days"
        else read_number(typed.value, language)
    )
    whole = column.kind in {"integer", "flag"} and number.is_integer()
    return int(number) if whole else number


def _days(typed: str, received_at: datetime) -> float:
    """Count days from the application back to a date, the past being negative."""
    try:
        return float((date.fromisoformat(typed.strip()) - received_at.date()).days)
    except ValueError:
        raise Incomplete("file.date.wrong") from None


def read_number(typed: str, language: Language) -> float:
    """Read a number as the language writes it; ``Incomplete`` when it is none."""
    plain = typed.translate(SPACES)
    plain = plain.replace(",", ".") if language == "fr" else plain.replace(",", "")
    digits = plain.replace(".", "", 1).removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 15):
        raise Incomplete("file.value.wrong")
    return float(plain)


def filing_forms(
    client: ClientResponse, assessment_id: str, item: str, address: str, form: Format
) -> Markup:
    """Write both forms; ``item`` is the one chosen to be corrected, empty when none is."""
    words, column = form.words, correctable(item)
    return render(
        "filing.html",
        form,
        address=address,
        number=new_number,
        sections=[s for s in client.sections if s.name.startswith(APPLICATION)],
        column=column,
        held=None if column is None else _held(client, column, form),
        may_be_unknown=column is not None and column.name not in REQUIRED,
        options=None if column is None else _options(column, words),
        sign=CURRENCIES[form.currency] if column and column.unit == "amount" else "",
        kinds=[
            (kind, words(f"file.{kind}"))
            for kind in ("review", "objection")
            if kind == "objection" or assessment_id
        ],
    )


def _held(client: ClientResponse, column: Column, form: Format) -> str:
    held = item_of(client, column.name)
    return form.value(None if held is None else held.value, column.unit, column.name)


def _options(column: Column, words: Words) -> list[tuple[str, str]] | None:
    """Return the values to choose from, with their words; ``None`` for what is typed."""
    first = ("", words("file.choose"))
    if column.kind == "category":
        return [first, *((value, words.category(value)) for value in column.categories)]
    if column.kind == "flag":
        return [first, ("1", words("value.yes")), ("0", words("value.no"))]
    return None

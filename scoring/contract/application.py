"""A credit application as callers send it, from the declaration of the raw tables."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, Field, TypeAdapter, ValidationError, create_model

from features.raw.tables import APPLICATIONS, Column
from scoring.contract.base import Input

_POSITIVE = {"income_total", "amount_credit"}
_LIMITS: dict[str, dict[str, float]] = {
    "amount": {"ge": 0, "le": 1e9},
    "share": {"ge": 0, "le": 1},
    "score": {"ge": 0, "le": 1},
    "index": {"ge": 0, "le": 1},
    "count": {"ge": 0, "le": 1000},
    "years": {"ge": 0, "le": 120},
    "hour": {"ge": 0, "le": 23},
    "rating": {"ge": 1, "le": 3},
    "days": {"ge": -40_000, "le": 0},
}
REQUIRED = ("contract_type", "income_total", "amount_credit", "annuity", "birth_days")
"""Without these an application cannot be scored; every other item may be missing."""


def _field(column: Column) -> tuple[Any, Any]:
    limits: dict[str, float] = dict(_LIMITS.get(column.unit, {}))
    if column.name in _POSITIVE:
        limits = {"gt": 0, "le": 1e9}
    kind: Any = {"integer": int, "number": float, "flag": int, "category": str}[column.kind]
    if column.kind == "flag":
        limits = {"ge": 0, "le": 1}
    words = column.label.en
    if column.kind == "category":
        known = ", ".join(column.categories[:8])
        more = " ..." if len(column.categories) > 8 else ""
        words += f" ({known}{more}; another word is taken as missing)"
        return (
            Annotated[str, Field(max_length=80, description=words)] | None,
            ... if column.name in REQUIRED else None,
        )
    described = Annotated[kind, Field(description=words, **limits)]
    if column.name in REQUIRED:
        return (described, ...)
    return (described | None, None)


_FIELDS: dict[str, Any] = {
    column.name: _field(column)
    for column in APPLICATIONS.columns
    if column.kind not in {"id", "target"}
}

Application: type[BaseModel] = create_model(
    "Application",
    __base__=Input,
    __doc__="A credit application as declared: plain names; an absent or null item is missing.",
    **_FIELDS,
)


def must_be_value_of(item: str, value: float | int | str | None) -> None:
    """Raise ``ValueError`` unless an application may hold ``value`` for ``item``.

    Stricter than the application itself on words: one that is not declared would be taken as
    missing, which nobody asks for on purpose.
    """
    if item not in _FIELDS:
        msg = "item is no item of an application"
        raise ValueError(msg)
    known = APPLICATIONS[item].categories
    if isinstance(value, str) and known and value not in known:
        msg = f"value is none of the words of this item: {', '.join(known)}"
        raise ValueError(msg)
    try:
        _reader(item).validate_python(value, strict=True)
    except ValidationError:
        msg = "value is not one this item may hold: see the model Application"
        raise ValueError(msg) from None


@cache
def _reader(item: str) -> TypeAdapter[Any]:
    return TypeAdapter(_FIELDS[item][0])

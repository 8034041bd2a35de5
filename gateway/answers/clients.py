"""What we hold about a client, grouped, named and with its origin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from features.catalogue import CATALOGUE
from features.engine.declare import Feature
from features.engine.groups import GROUPS
from features.raw.tables import APPLICATIONS, Column, Language, Words
from gateway.asked import Answer, Asked
from gateway.desk import Desk, said
from gateway.errors import Refused
from scoring.contract import (
    MAX_ID,
    ClientResponse,
    FieldError,
    Item,
    LanguageQuery,
    Section,
    Value,
)
from scoring.history import History
from storage import times
from storage.clients import StoredClient

_NUMBER = re.compile(r"[1-9][0-9]{0,15}", re.ASCII)

ORIGINS: Mapping[str, Words] = {
    "applications": Words("demande de crédit", "credit application"),
    "bureau": Words("bureau de crédit", "credit bureau"),
    "bureau_balance": Words("bureau de crédit, suivi mensuel", "credit bureau, monthly record"),
    "previous": Words("demandes passées chez nous", "past applications with us"),
    "pos": Words("prêts chez nous", "loans with us"),
    "instalments": Words("échéances réglées chez nous", "instalments paid to us"),
    "cards": Words("carte de crédit chez nous", "credit card with us"),
    "client": Words("ensemble du dossier", "whole file"),
}
_IDENTITY = Words("Identité", "Identity")


async def client(desk: Desk, asked: Asked) -> Answer:
    """Answer ``GET /clients/{client_id}``."""
    query: LanguageQuery = asked.query
    found = await desk.client(number(asked.path["client_id"]))
    return said(held(found, query.language))


def number(written: str) -> int:
    """Read a client number from an address; ``Refused`` 422 when it is none."""
    if _NUMBER.fullmatch(written) and int(written) <= MAX_ID:
        return int(written)
    fields = [FieldError(field="client_id", message="A whole number from 1 to 2^53 - 1.")]
    raise Refused(422, "invalid", "The address has no client number.", fields=fields)


def held(found: StoredClient, language: Language) -> ClientResponse:
    """Return everything held about a client, missing items included."""
    sections = [*_application(found, language), *_history(found, language)]
    return ClientResponse(
        client_id=found.client_id,
        received_at=times.moment(found.received_at),
        language=language,
        sections=sections,
    )


def _application(found: StoredClient, language: Language) -> Iterator[Section]:
    declared = [column for column in APPLICATIONS.columns if column.kind not in {"id", "target"}]
    for group, columns in _together(declared):
        yield Section(
            name=f"applications.{group}",
            label=_label(group, language),
            origin=ORIGINS["applications"].in_(language),
            items=[
                _item(column, found.snapshot.application.get(column.name), language)
                for column in columns
            ],
        )


def _history(found: StoredClient, language: Language) -> Iterator[Section]:
    known = found.snapshot.history or History.of({})
    features = [feature for feature in CATALOGUE if feature.name in known]
    for table, of_table in groupby(features, key=lambda feature: feature.table):
        for group, members in _together(list(of_table)):
            yield Section(
                name=f"{table}.{group}",
                label=_label(group, language),
                origin=ORIGINS[table].in_(language),
                items=[_item(member, known[member.name], language) for member in members],
            )


def _together(
    declared: Iterable[Column] | Iterable[Feature],
) -> Iterator[tuple[str, list[Column | Feature]]]:
    groups: dict[str, list[Column | Feature]] = {}
    for one in declared:
        groups.setdefault(one.group, []).append(one)
    yield from groups.items()


def _label(group: str, language: Language) -> str:
    return (GROUPS[group].label if group in GROUPS else _IDENTITY).in_(language)


def _item(declared: Column | Feature, value: Value, language: Language) -> Item:
    label = declared.label.in_(language)
    return Item(name=declared.name, label=label, value=value, unit=declared.unit)

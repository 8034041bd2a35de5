"""The Dossier client tab: everything held, grouped, with its origin; what is missing is said."""

from __future__ import annotations

from itertools import groupby

from markupsafe import Markup

from scoring.contract import ClientResponse, Item
from ui.format import Format
from ui.rendering import render

APPLICATION = "applications."
"""How the sections of the application itself are named."""
FIRST_OPEN = frozenset({"applications.loan", "applications.income", "applications.employment"})
"""Sections open at first sight; the others open on request."""


def client_file_page(client: ClientResponse, form: Format, title: str = "dossier.title") -> Markup:
    """Write everything held about the client, by origin, then by theme."""
    by_origin = groupby(client.sections, key=lambda section: section.origin)
    return render(
        "client_file.html",
        form,
        title=title,
        client=client,
        origins=[(origin, list(sections)) for origin, sections in by_origin],
        first_open=FIRST_OPEN,
    )


def missing_in_application(client: ClientResponse) -> int:
    """Count the items of the application that are not filled in."""
    return sum(
        item.value is None
        for section in client.sections
        if section.name.startswith(APPLICATION)
        for item in section.items
    )


def item_of(client: ClientResponse, name: str) -> Item | None:
    """Return the item of that name, wherever it is held."""
    for section in client.sections:
        for item in section.items:
            if item.name == name:
                return item
    return None


def case_line(client: ClientResponse, form: Format) -> Markup:
    """Write the case's title line: number, amount, instalment."""
    terms = []
    for name, key in (("amount_credit", "case.amount"), ("annuity", "case.instalment")):
        item = item_of(client, name)
        if item is not None and item.value is not None:
            terms.append(form.words(key, amount=form.value(item.value, item.unit, item.name)))
    return render("case.html", form, client=client, terms=terms)

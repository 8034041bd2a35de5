"""The Dossier client tab: everything held, grouped, with its origin; what is missing is said."""

from __future__ import annotations

from html import escape
from itertools import groupby

from scoring.contract import ClientResponse, Item, Section
from ui.format import Format
from ui.markup import details, element, text
from ui.words import Words

APPLICATION = "applications."
"""How the sections of the application itself are named."""
FIRST_OPEN = frozenset({"applications.loan", "applications.income", "applications.employment"})
"""Sections open at first sight; the others open on request."""


def dossier_page(client: ClientResponse, form: Format, title: str = "dossier.title") -> str:
    """Write everything held about the client, by origin, then by theme."""
    words = form.words
    origins = (
        _origin(origin, list(sections), form)
        for origin, sections in groupby(client.sections, key=lambda section: section.origin)
    )
    return element(
        "div",
        text("h2", words(title)),
        text("p", words("dossier.received", date=form.date(client.received_at))),
        *origins,
        text("p", words("dossier.not_used"), class_="aside"),
        class_="page",
    )


def missing_in_application(client: ClientResponse) -> int:
    """Count the items of the application that are not filled in."""
    return sum(
        item.value is None
        for section in client.sections
        if section.name.startswith(APPLICATION)
        for item in section.items
    )


def _origin(origin: str, sections: list[Section], form: Format) -> str:
    title = form.words("dossier.origin", origin=origin)
    return element(
        "section", text("h3", title), *(_section(s, form) for s in sections), class_="origin"
    )


def _section(section: Section, form: Format) -> str:
    words = form.words
    held = [item for item in section.items if item.value is not None]
    missing = [item for item in section.items if item.value is None]
    summary = element(
        "summary",
        text("h4", section.label),
        text("span", words.count("dossier.held", len(held)), class_="aside"),
    )
    inside = (
        _items(held, section.label, form) if held else text("p", words("dossier.nothing")),
        _missing(missing, form) if missing else "",
    )
    opened = "" if section.name in FIRST_OPEN else None
    return element("details", summary, *inside, class_="section", open=opened)


def _items(held: list[Item], caption: str, form: Format) -> str:
    """Write the items as a list of terms: it reads well at any width."""
    pairs = (
        element(
            "div", text("dt", item.label), text("dd", form.value(item.value, item.unit, item.name))
        )
        for item in held
    )
    return element("dl", *pairs, class_="items", aria_label=caption)


def _missing(missing: list[Item], form: Format) -> str:
    words = form.words
    names = element("ul", *(text("li", item.label) for item in missing), class_="missing")
    return details(
        words.count("dossier.missing", len(missing)),
        text("p", words("dossier.missing.sentence"), class_="aside"),
        names,
    )


def item_of(client: ClientResponse, name: str) -> Item | None:
    """Return the item of that name, wherever it is held."""
    for section in client.sections:
        for item in section.items:
            if item.name == name:
                return item
    return None


def case_line(client: ClientResponse, form: Format) -> str:
    """Write the case's title line: number, amount, instalment."""
    words = form.words
    parts = []
    for name, key in (("amount_credit", "case.amount"), ("annuity", "case.instalment")):
        item = item_of(client, name)
        if item is not None and item.value is not None:
            parts.append(words(key, amount=form.value(item.value, item.unit, item.name)))
    return element(
        "div",
        text("p", words("case.title", number=form.identifier(client.client_id)), class_="number"),
        text("p", " · ".join(parts)) if parts else "",
        _client_view(words),
        class_="case",
    )


def _client_view(words: Words) -> str:
    """Offer to turn the screen round: search, signature and references are hidden."""
    box = '<input type="checkbox" id="client-view" autocomplete="off">'
    return f'<label class="client-view">{box} {escape(words("case.client_view"))}</label>'

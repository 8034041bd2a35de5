"""The forms of a request: a declared item to correct, a review by a person, an objection."""

from __future__ import annotations

from markupsafe import Markup

from scoring.contract import REQUIRED, ClientResponse, Column
from ui.filing import correctable, new_number
from ui.format import Format
from ui.pages.dossier import APPLICATION, item_of
from ui.rendering import render
from ui.settings import CURRENCIES
from ui.words import Words


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

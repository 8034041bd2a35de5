"""A page of cases to choose from, for who has no number at hand, and what narrows it."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from scoring.contract import ClientLine, ClientsResponse
from ui.figures.risk import risk_alone
from ui.format import Format
from ui.rendering import render
from ui.words import Words


def cases_page(
    answer: ClientsResponse,
    chosen: Mapping[str, str],
    filters: Mapping[str, tuple[str, ...]],
    following: str | None,
    form: Format,
) -> Markup:
    """Write the filters, the cases as a table of links, and the way to the next page.

    ``chosen`` are the filters in use, by the names of ``filters``; ``following`` is the address of
    the next page, ``None`` on the last one.
    """
    words = form.words
    options = {
        name: [("", words("filter.any")), *((v, _said(name, v, words)) for v in values)]
        for name, values in filters.items()
    }
    return render(
        "cases.html",
        form,
        answer=answer,
        chosen=chosen,
        filters=options,
        following=following,
        risk=lambda client: _risk(client, form),
    )


def _said(name: str, value: str, words: Words) -> str:
    if name == "verdict":
        return words(f"verdict.{value}.title")
    return value if name == "risk_band" else words(f"filter.{name}.{value}")


def _risk(client: ClientLine, form: Format) -> str:
    probability = client.default_probability
    return "–" if probability is None else risk_alone(probability, form)

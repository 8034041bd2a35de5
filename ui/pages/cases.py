"""A page of cases to choose from, for who has no number at hand, and what narrows it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from scoring.contract import ClientLine, ClientsResponse
from ui.figures.risk import risk_alone
from ui.format import Format
from ui.markup import choice, element, hidden_shape, text
from ui.words import Words

COLUMNS = ("number", "verdict", "risk", "band", "amount", "instalment")


def cases_page(
    answer: ClientsResponse,
    chosen: Mapping[str, str],
    filters: Mapping[str, tuple[str, ...]],
    following: str | None,
    form: Format,
) -> str:
    """Write the filters, the cases as a table of links, and the way to the next page.

    ``chosen`` are the filters in use, by the names of ``filters``; ``following`` is the address of
    the next page, ``None`` on the last one.
    """
    words = form.words
    return element(
        "section",
        text("h2", words("recent.title")),
        _filters(chosen, filters, words),
        _found(answer, bool(chosen), form),
        element("p", text("a", words("recent.next"), href=following)) if following else "",
        class_="part cases",
    )


def _filters(
    chosen: Mapping[str, str], filters: Mapping[str, tuple[str, ...]], words: Words
) -> str:
    """A plain form: the address holds the search, so that it can be kept and gone back to."""
    fields = (
        choice(
            name,
            words(f"filter.{name}"),
            [("", words("filter.any")), *((v, _said(name, v, words)) for v in values)],
            chosen.get(name, ""),
            prefix="filter",
        )
        for name, values in filters.items()
    )
    clear = text("a", words("filter.clear"), href=f"/{words.language}/") if chosen else ""
    submit = text("button", words("filter.submit"), type="submit", class_="action")
    return element(
        "form",
        *fields,
        element("div", submit, clear, class_="actions"),
        method="get",
        action=f"/{words.language}/",
        aria_label=words("filter.title"),
        class_="filters",
    )


def _said(name: str, value: str, words: Words) -> str:
    if name == "verdict":
        return words(f"verdict.{value}.title")
    return value if name == "risk_band" else words(f"filter.{name}.{value}")


def _found(answer: ClientsResponse, narrowed: bool, form: Format) -> str:
    words = form.words
    if not answer.clients:
        key = "recent.no_run" if narrowed and answer.run_id is None else "recent.none"
        return text("p", words(key), role="status")
    caption = words.count("recent.caption", len(answer.clients))
    heads = (text("th", words(f"recent.{column}"), scope="col") for column in COLUMNS)
    table = element(
        "table",
        text("caption", caption),
        element("thead", element("tr", *heads)),
        element("tbody", *(_line(client, form) for client in answer.clients)),
    )
    note = text("p", words("recent.scores"), class_="aside") if answer.run_id else ""
    return (
        element("div", table, class_="scroll", tabindex="0", role="region", aria_label=caption)
        + note
    )


def _line(client: ClientLine, form: Format) -> str:
    words = form.words
    address = f"/{words.language}/?case={client.client_id}"
    link = text(
        "a",
        form.identifier(client.client_id),
        href=address,
        aria_label=words("case.title", number=form.identifier(client.client_id)),
    )
    return element(
        "tr",
        element("th", link, scope="row"),
        element("td", _verdict(client, words)),
        text("td", _risk(client.default_probability, form)),
        text("td", client.risk_band or "–"),
        text("td", form.value(client.amount_credit, "amount")),
        text("td", form.value(client.annuity, "amount")),
    )


def _verdict(client: ClientLine, words: Words) -> str:
    if client.verdict is None:
        return escape(words("recent.not_scored"))
    key = f"verdict.{client.verdict.value}"
    return hidden_shape(words(f"{key}.shape")) + " " + escape(words(f"{key}.title"))


def _risk(probability: float | None, form: Format) -> str:
    return "–" if probability is None else risk_alone(probability, form)

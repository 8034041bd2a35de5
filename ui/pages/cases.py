"""A page of cases to choose from, for who has no number at hand."""

from __future__ import annotations

from scoring.contract import ClientLine, ClientsResponse
from ui.format import Format
from ui.markup import element, text

COLUMNS = ("number", "amount", "instalment")


def cases_page(answer: ClientsResponse, form: Format) -> str:
    """Write the cases as a table of links, and the way to the next page."""
    words = form.words
    heads = (text("th", words(f"recent.{column}"), scope="col") for column in COLUMNS)
    table = element(
        "table",
        text("caption", words("recent.caption")),
        element("thead", element("tr", *heads)),
        element("tbody", *(_line(client, form) for client in answer.clients)),
    )
    more = ""
    if answer.next is not None:
        link = text("a", words("recent.next"), href=f"/{words.language}/?after={answer.next}")
        more = element("p", link)
    inside = table if answer.clients else text("p", words("recent.none"))
    return element("section", text("h2", words("recent.title")), inside, more, class_="part cases")


def _line(client: ClientLine, form: Format) -> str:
    address = f"/{form.words.language}/?case={client.client_id}"
    return element(
        "tr",
        element("th", text("a", form.identifier(client.client_id), href=address), scope="row"),
        text("td", form.value(client.amount_credit, "amount")),
        text("td", form.value(client.annuity, "amount")),
    )

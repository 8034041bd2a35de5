"""Looking for a case without its number: a page of cases, narrowed by the page's address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args
from urllib.parse import urlencode

from markupsafe import Markup

from scoring.contract import MAX_ID, ClientLine, ClientsQuery, ClientsResponse, Verdict
from scoring.contract.holdings import RiskBand
from ui.context import Context
from ui.errors import ServiceError
from ui.figures.risk import risk_alone
from ui.format import Format
from ui.pages import failure
from ui.rendering import render
from ui.words import Language, Words

CASES_A_PAGE = 10
FILTERS: Mapping[str, tuple[str, ...]] = {
    "verdict": tuple(Verdict),
    "risk_band": get_args(RiskBand),
    "open_request": ("true", "false"),
}
"""What narrows the list and the values each may have, by the contract's names."""


@dataclass(frozen=True, slots=True)
class Search:
    """One page of one search. ``chosen`` holds the filters in use, ``run`` keeps the scores of
    the first page from page to page."""

    chosen: Mapping[str, str]
    after: int = 0
    run: str | None = None

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Search:
        """Read a search from the address; what is none of our values is left out."""
        chosen = {name: asked[name] for name in FILTERS if asked.get(name) in FILTERS[name]}
        after = asked.get("after", "")
        first = int(after) if after.isascii() and after.isdigit() and len(after) <= 16 else 0
        return cls(chosen, min(first, MAX_ID), asked.get("run", "")[:40] or None)

    @property
    def is_narrow(self) -> bool:
        """Say whether somebody asked for this list, rather than just arrived."""
        return bool(self.chosen or self.after)

    def query(self) -> ClientsQuery:
        """Return the question for the service."""
        asked = {**self.chosen, "after": self.after, "limit": CASES_A_PAGE, "run_id": self.run}
        return ClientsQuery.model_validate(asked)

    def address(self, after: int, run: str | None) -> str:
        """Return the address of this search's page behind ``after``."""
        return "?" + urlencode({**self.chosen, "after": after} | ({"run": run} if run else {}))


def cases(
    context: Context, asked: Mapping[str, str], cookies: dict[str, str], language: Language
) -> str:
    """List cases to choose from.

    When they cannot be had, that is said to who asked for them; who just arrived still has the
    search by number, and sees nothing.
    """
    search, form = Search.read(asked), context.format_in(language)
    try:
        found = context.ask(cookies, lambda scoring: scoring.clients(search.query()))
    except ServiceError as error:
        return failure(error, "", form.words) if search.is_narrow else ""
    return cases_page(found, search, form)


def cases_page(answer: ClientsResponse, search: Search, form: Format) -> Markup:
    """Write the filters, the cases as a table of links, and the way to the next page."""
    words = form.words
    options = {
        name: [("", words("filter.any")), *((v, _said(name, v, words)) for v in values)]
        for name, values in FILTERS.items()
    }
    return render(
        "cases.html",
        form,
        answer=answer,
        chosen=search.chosen,
        filters=options,
        following=None if answer.next is None else search.address(answer.next, answer.run_id),
        risk=lambda client: _risk(client, form),
    )


def _said(name: str, value: str, words: Words) -> str:
    if name == "verdict":
        return words(f"verdict.{value}.title")
    return value if name == "risk_band" else words(f"filter.{name}.{value}")


def _risk(client: ClientLine, form: Format) -> str:
    probability = client.default_probability
    return "–" if probability is None else risk_alone(probability, form)

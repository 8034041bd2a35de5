"""What a client may ask about their data: one part, for the advisor's desk and for the client."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scoring.contract import ClientResponse, FiledRequest, LinkLine
from ui.format import Format
from ui.markup import element, text
from ui.pages.filing import filing_forms
from ui.pages.links import links_part
from ui.pages.requests import requests_list
from ui.words import Words


@dataclass(frozen=True, slots=True)
class Rights:
    """What is known of a client's requests.

    ``links`` is ``None`` when the client looks; ``assessment_id`` is empty before the first one.
    """

    client: ClientResponse
    requests: Sequence[FiledRequest]
    assessment_id: str
    links: Sequence[LinkLine] | None
    address: str
    """Where the forms are sent: ``requests``, ``follow-up``, ``links``, ``revoke`` under it."""


def rights_part(rights: Rights, form: Format, said: str = "", item: str = "") -> str:
    """Write requests, forms and links; ``said`` is HTML that tells what was just done."""
    words, address = form.words, rights.address
    advisor = rights.links is not None
    status = element("div", said, class_="said", role="status", tabindex="-1") if said else ""
    closing = f"{address}/follow-up" if advisor else None
    return element(
        "section",
        text("h2", words("rights.title" if advisor else "rights.title.own")),
        text("p", words("rights.delay"), class_="aside"),
        status,
        requests_list(rights.requests, closing, form),
        filing_forms(rights.client, rights.assessment_id, item, f"{address}/requests", form),
        "" if rights.links is None else links_part(rights.links, address, form),
        class_="part rights",
    )


def rights_place(address: str, words: Words) -> str:
    """Write the place the part comes to once it is seen; the page's script asks for it."""
    loading = text("p", words("rights.loading"), class_="aside")
    return element("div", loading, class_="place", data_source=address)

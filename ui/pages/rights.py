"""What a client may ask about their data: one part, for the advisor's desk and for the client."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from scoring.contract import ClientResponse, FiledRequest, LinkLine
from ui.format import Format
from ui.pages.filing import filing_forms
from ui.pages.links import links_part
from ui.pages.requests import requests_list
from ui.rendering import render
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


def rights_part(rights: Rights, form: Format, said: str | Markup = "", item: str = "") -> Markup:
    """Write requests, forms and links; ``said`` tells what was just done."""
    address, advisor = rights.address, rights.links is not None
    closing = f"{address}/follow-up" if advisor else None
    return render(
        "rights.html",
        form,
        advisor=advisor,
        said=said,
        requests=requests_list(rights.requests, closing, form),
        forms=filing_forms(rights.client, rights.assessment_id, item, f"{address}/requests", form),
        links="" if rights.links is None else links_part(rights.links, address, form),
    )


def rights_place(address: str, words: Words) -> Markup:
    """Write the place the part comes to once it is seen; the page's script asks for it."""
    return render("rights_place.html", words, address=address)

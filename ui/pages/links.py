"""The links of a client: made, shown once, listed, revoked."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from scoring.contract import LinkLine, LinkResponse
from ui.format import Format
from ui.rendering import render

DAYS = (1, 7, 14, 30)
USUAL_DAYS = 7


def links_part(links: Sequence[LinkLine], address: str, form: Format) -> Markup:
    """Write what was made, the newest first, and the form that makes another."""
    return render(
        "links.html",
        form,
        links=links,
        address=address,
        days=[(str(number), form.words.count("link.days", number)) for number in DAYS],
        usual=str(USUAL_DAYS),
    )


def new_link(link: LinkResponse, where: str, form: Format) -> Markup:
    """Show a new link, once; ``where`` is the address it opens."""
    return render("new_link.html", form, link=link, where=where)

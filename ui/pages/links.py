"""The links of a client: made, shown once, listed, revoked."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from scoring.contract import LinkLine, LinkResponse
from ui.format import Format
from ui.markup import choice, details, element, text
from ui.pages.filing import hidden, sending_form

DAYS = (1, 7, 14, 30)
USUAL_DAYS = 7


def links_part(links: Sequence[LinkLine], address: str, form: Format) -> str:
    """Write what was made, the newest first, and the form that makes another."""
    words = form.words
    days = [(str(number), words.count("link.days", number)) for number in DAYS]
    making = sending_form(
        f"{address}/links",
        words("link.make"),
        choice("days", words("link.opens"), days, str(USUAL_DAYS), prefix="link"),
    )
    lines = [_line(link, address, form) for link in reversed(links)]
    listed = element("ol", *lines, class_="requests") if lines else text("p", words("link.none"))
    return element(
        "section",
        text("h3", words("link.title")),
        text("p", words("link.what"), class_="aside"),
        listed,
        details(words("link.new"), making, class_="asking"),
        class_="links-of",
    )


def new_link(link: LinkResponse, where: str, form: Format) -> str:
    """Show a new link, once; ``where`` is the address it opens."""
    words = form.words
    field = (
        f'<input id="new-link" type="text" readonly value="{escape(where)}" '
        f'aria-describedby="new-link-once">'
    )
    copy = text("button", words("link.copy"), type="button", class_="action", data_copy="new-link")
    return element(
        "div",
        element("div", text("label", words("link.made"), for_="new-link"), field, class_="field"),
        text("p", words("link.until", moment=form.moment(link.expires_at))),
        text("p", words("link.once"), id="new-link-once", class_="aside"),
        element(
            "p",
            copy,
            " ",
            text("span", "", class_="copied", role="status", data_copied=words("link.copied")),
        ),
        class_="new-link",
    )


def _line(link: LinkLine, address: str, form: Format) -> str:
    words = form.words
    key = link.state.replace(" ", "_")
    state = text("span", words(f"link.state.{key}"), class_=f"state state-{key}")
    until = "" if link.expires_at is None else form.moment(link.expires_at)
    said = [words("link.by", name=link.made_by, moment=form.moment(link.made_at))]
    if until and link.state == "in force":
        said.append(words("link.until", moment=until))
    said.append(words.count("link.views", link.views))
    revoke = sending_form(
        f"{address}/revoke", words("link.revoke"), hidden("link_id", link.link_id)
    )
    inside = revoke if link.state == "in force" else ""
    return element("li", element("p", state), *(text("p", one) for one in said), inside)

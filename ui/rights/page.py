"""What a client may ask about their data: requests, forms and links, for advisor and client."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import gradio as gr
from markupsafe import Markup

from scoring.contract import ClientResponse, Column, FiledRequest, LinkLine, LinkResponse, Value
from ui.components import QUIET, part
from ui.format import Format
from ui.open_case import OpenCase
from ui.rendering import element, render
from ui.rights.filing import correctable, filing_forms
from ui.words import Language, Words, words_in

OUTCOMES = ("accepted", "refused", "answered")
DAYS = (1, 7, 14, 30)
USUAL_DAYS = 7


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


def rights_address(language: Language, client_id: int, assessment_id: str) -> str:
    """Return where the rights of a client are; the review asked for is of the assessment."""
    return f"/{language}/rights/{client_id}/{assessment_id}"


def rights_place(address: str, words: Words) -> Markup:
    """Write the place the part comes to once it is seen; the page's script asks for it."""
    return render("rights_place.html", words, address=address)


def requests_list(requests: Sequence[FiledRequest], closing: str | None, form: Format) -> Markup:
    """Write the requests, the open ones first; ``closing`` is where a closing form is sent.

    Without ``closing`` the client reads: nobody of the lender is named, nothing can be closed.
    """
    ordered = sorted(requests, key=lambda one: one.state != "open")
    return render(
        "requests.html",
        form,
        requests=[(one, _said(one, form)) for one in ordered],
        closing=closing,
        outcomes=[(outcome, form.words(f"follow.{outcome}")) for outcome in OUTCOMES],
    )


def _said(one: FiledRequest, form: Format) -> list[str]:
    said = [_what(one, form)] if one.kind == "rectification" else []
    if one.motive:
        said.append(form.words("requests.motive", motive=one.motive))
    said.append(_filed(one, form))
    if one.follow_up is not None:
        said += _ended(one, form)
    return said


def _what(one: FiledRequest, form: Format) -> str:
    column = correctable(one.item or "")
    if column is None:
        return form.words("requests.purged")
    return form.words(
        "requests.change",
        item=column.label.in_(form.words.language),
        held=_exact(one.held, column, form),
        value=_exact(one.value, column, form),
    )


def _exact(value: Value, column: Column, form: Format) -> str:
    """Write a value to the cent: what is corrected may be cents."""
    if column.unit == "amount" and isinstance(value, int | float):
        return form.money(value)
    return form.value(value, column.unit, column.name)


def _filed(one: FiledRequest, form: Format) -> str:
    words = form.words
    who = one.filed_by if one.filed_by and one.role != "client" else words(_role(one.role))
    filed = words("requests.filed", who=who, moment=form.moment(one.filed_at))
    due = words("requests.due", date=form.date(one.due_on)) if one.state == "open" else ""
    return f"{filed} {due}".strip()


def _ended(one: FiledRequest, form: Format) -> list[str]:
    words, end = form.words, one.follow_up
    assert end is not None, "the caller looked"
    who = end.closed_by or words(_role(end.role))
    said = [words("requests.closed", who=who, moment=form.moment(end.closed_at))]
    return [*said, words("requests.answer", motive=end.motive)] if end.motive else said


def _role(role: str) -> str:
    return "requests.by.client" if role == "client" else "requests.by.staff"


def filed(one: FiledRequest, form: Format) -> Markup:
    """Say that a request is recorded, and when its answer is due."""
    return element("paragraph", form.words("requests.recorded", date=form.date(one.due_on)))


def corrected(again: str, form: Format) -> Markup:
    """Say that the item is corrected; ``again`` opens the case with a new calculation."""
    return render("corrected.html", form, again=again)


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


def rights_tab(language: Language, case: gr.State) -> None:
    """Lay out the place of the part; it is empty without an open case."""
    words, place = words_in(language), part("rights")

    def on_case(opened: OpenCase | None) -> str:
        if opened is None:
            return ""
        address = rights_address(language, opened.client_id, opened.assessment_id)
        return rights_place(f"{address}/requests", words)

    case.change(on_case, case, place, **QUIET)

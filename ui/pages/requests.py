"""Requests of a client: what was asked, where it stands, how it ended; and closing one."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from scoring.contract import Column, FiledRequest, Value
from ui.filing import correctable
from ui.format import Format
from ui.markup import details, element, text
from ui.pages.filing import hidden, motive_field, sending_form
from ui.words import Words

OUTCOMES = ("accepted", "refused", "answered")


def requests_list(requests: Sequence[FiledRequest], closing: str | None, form: Format) -> str:
    """Write the requests, the open ones first; ``closing`` is where a closing form is sent.

    Without ``closing`` the client reads: nobody of the lender is named, nothing can be closed.
    """
    if not requests:
        return text("p", form.words("requests.none"))
    ordered = sorted(requests, key=lambda one: one.state != "open")
    return element("ol", *(_request(one, closing, form) for one in ordered), class_="requests")


def _request(one: FiledRequest, closing: str | None, form: Format) -> str:
    words = form.words
    title = words(f"requests.{one.kind}") if one.kind else words("requests.purged")
    state = text("span", words(f"requests.state.{one.state}"), class_=f"state state-{one.state}")
    said = [_what(one, form)] if one.kind == "rectification" else []
    if one.motive:
        said.append(words("requests.motive", motive=one.motive))
    said.append(_filed(one, form))
    if one.follow_up is not None:
        said += _ended(one, form)
    ending = _closing(one, closing, words) if closing and one.state == "open" else ""
    heading = element("h3", escape(title), " ", state)
    return element("li", heading, *(text("p", sentence) for sentence in said), ending)


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


def _closing(one: FiledRequest, address: str, words: Words) -> str:
    radios = "".join(
        f'<label class="check"><input type="radio" name="outcome" value="{outcome}" required> '
        f"{escape(words(f'follow.{outcome}'))}</label>"
        for outcome in OUTCOMES
    )
    kind = "follow.note.rectification" if one.kind == "rectification" else "follow.note"
    form = sending_form(
        address,
        words("follow.submit"),
        hidden("request_id", one.request_id),
        element("fieldset", text("legend", words("follow.outcome")), radios, class_="field"),
        text("p", words(kind), class_="aside"),
        motive_field(f"{one.request_id}-motive", words("follow.motive"), words),
    )
    return details(words("follow.title"), form, class_="asking")


def filed(one: FiledRequest, form: Format) -> str:
    """Say that a request is recorded, and when its answer is due."""
    return text("p", form.words("requests.recorded", date=form.date(one.due_on)))


def corrected(again: str, form: Format) -> str:
    """Say that the item is corrected; ``again`` opens the case with a new calculation."""
    link = text("a", form.words("follow.again"), href=again)
    return text("p", form.words("follow.corrected")) + element("p", link)

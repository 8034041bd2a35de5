"""The forms of a request: a declared item to correct, a review by a person, an objection."""

from __future__ import annotations

from html import escape

from scoring.contract import REQUIRED, ClientResponse, Column, Item
from ui.filing import correctable, new_number
from ui.format import Format
from ui.markup import choice, details, element, text
from ui.pages.dossier import APPLICATION, item_of
from ui.settings import CURRENCIES
from ui.words import Words

LONGEST_MOTIVE = 2000


def hidden(name: str, value: str) -> str:
    """Write a value that is sent with the form and not shown."""
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'


def motive_field(number: str, label: str, words: Words) -> str:
    """Write the field for the words of a request or of its answer; ``number`` is its id."""
    hint = text("p", words("file.motive.hint"), class_="aside", id=f"{number}-hint")
    area = element(
        "textarea",
        id=number,
        name="motive",
        rows="3",
        maxlength=str(LONGEST_MOTIVE),
        aria_describedby=f"{number}-hint",
    )
    return element("div", text("label", label, for_=number), hint, area, class_="field")


def sending_form(action: str, submit: str, *inside: str, class_: str = "sending") -> str:
    """Write a form that is sent to ``action``; the place of its problem is inside."""
    problem = element("div", class_="form-problem", aria_live="assertive")
    button = text("button", submit, type="submit", class_="action")
    return element("form", *inside, problem, button, method="post", action=action, class_=class_)


def filing_forms(
    client: ClientResponse, assessment_id: str, item: str, address: str, form: Format
) -> str:
    """Write both forms; ``item`` is the one chosen to be corrected, empty when none is."""
    words, column = form.words, correctable(item)
    correcting = (
        _choose_item(client, address, words)
        if column is None
        else _correct(column, item_of(client, item), address, form)
    )
    return details(
        words("file.correct"), correcting, class_="asking", open=None if column is None else ""
    ) + details(words("file.other"), _other(assessment_id, address, words), class_="asking")


def _choose_item(client: ClientResponse, address: str, words: Words) -> str:
    groups = (
        element(
            "optgroup",
            *(text("option", item.label, value=item.name) for item in section.items),
            label=section.label,
        )
        for section in client.sections
        if section.name.startswith(APPLICATION)
    )
    field = element(
        "div",
        text("label", words("file.item"), for_="file-item"),
        element("select", *groups, id="file-item", name="item"),
        class_="field",
    )
    button = text("button", words("file.item.choose"), type="submit", class_="action")
    source = text("p", words("file.source"), class_="aside")
    return element("form", field, source, button, method="get", action=address)


def _correct(column: Column, held: Item | None, address: str, form: Format) -> str:
    words = form.words
    value = None if held is None else held.value
    now = words("file.held", value=form.value(value, column.unit, column.name))
    again = text("a", words("file.item.other"), href=address, data_part="")
    return element(
        "div",
        text("p", column.label.in_(words.language), class_="item"),
        text("p", now),
        sending_form(
            address,
            words("file.submit"),
            hidden("kind", "rectification"),
            hidden("item", column.name),
            hidden("number", new_number()),
            _value_field(column, form),
            "" if column.name in REQUIRED else _unknown(words),
            motive_field("correct-motive", words("file.motive"), words),
        ),
        element("p", again),
    )


def _unknown(words: Words) -> str:
    """Let an item be emptied; the required ones always hold something."""
    box = '<input type="checkbox" name="unknown" value="yes">'
    return f'<label class="check">{box} {escape(words("file.unknown"))}</label>'


def _value_field(column: Column, form: Format) -> str:
    words, label = form.words, form.words("file.value")
    if column.kind == "category":
        known = [("", words("file.choose")), *((c, words.category(c)) for c in column.categories)]
        return choice("value", label, known, "", prefix="correct")
    if column.kind == "flag":
        known = [("", words("file.choose")), ("1", words("value.yes")), ("0", words("value.no"))]
        return choice("value", label, known, "", prefix="correct")
    kind, hint = ("date", "file.value.date") if column.unit == "days" else ("text", "")
    sign = f" ({CURRENCIES[form.currency]})" if column.unit == "amount" else ""
    field = (
        f'<input id="correct-value" name="value" type="{kind}" autocomplete="off" maxlength="40"'
        + (' inputmode="decimal"' if kind == "text" else "")
        + (' aria-describedby="correct-value-hint"' if hint else "")
        + ">"
    )
    said = text("p", words(hint), class_="aside", id="correct-value-hint") if hint else ""
    return element(
        "div", text("label", label + sign, for_="correct-value"), said, field, class_="field"
    )


def _other(assessment_id: str, address: str, words: Words) -> str:
    kinds = ("review", "objection") if assessment_id else ("objection",)
    radios = "".join(
        f'<label class="check"><input type="radio" name="kind" value="{kind}" required> '
        f"{escape(words(f'file.{kind}'))}</label>"
        for kind in kinds
    )
    legend = text("legend", words("file.kind"))
    return sending_form(
        address,
        words("file.submit"),
        hidden("number", new_number()),
        element("fieldset", legend, radios, class_="field"),
        motive_field("other-motive", words("file.motive"), words),
    )
